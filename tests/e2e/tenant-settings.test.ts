// What tenants set on their pages: billing details, mails, a pause and its end; and what they save as files.
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { asAdmin, ask, newTenant } from './api.ts'
import { demoTokenOf } from './demo-token.ts'
import { browserForTests, openStage, type Stage, wordsOf } from './stage.ts'

const { browser, reason } = await browserForTests()
let stage: Stage

const shows = (page: Page, text: string) =>
  page.getByText(text).first().waitFor({ state: 'visible' })

async function subscribed() {
  const { url } = stage.product
  const tenant = await newTenant(url, { trialDays: 0 })
  const paymentMethodId = 'pm_card_visa'
  await asAdmin(url, tenant, '/payment-methods', { paymentMethodId })
  await asAdmin(url, tenant, '/subscriptions', { plan: 'starter' })
  return tenant
}

describe.skipIf(browser === null)(`settings in a browser ${reason}`, () => {
  beforeAll(() => {
    if (browser) stage = openStage(browser)
  })
  afterEach(async () => {
    expect(await stage.clear()).toEqual([])
  })
  afterAll(() => stage?.close())

  describe.each(['en', 'zh-CN'] as const)('in %s', language => {
    const t = wordsOf(language)

    it('keep billing details before there is a plan or a method, and refuse an address that is none', async () => {
      const { token } = await newTenant(stage.product.url)
      const page = await stage.open({ language, token, path: '/settings' })
      await page.getByRole('button', { name: t('settings.editDetails') }).click()
      const field = (key: 'name' | 'country' | 'taxIdValue' | 'taxIdType' | 'invoiceEmails') =>
        page.getByLabel(
          t(`settings.field.${key}`) + (language === 'en' ? ' ' : '') + t('common.optional'),
          { exact: true },
        )
      await field('name').fill('Harbour & Söhne 有限公司')
      await field('country').fill('de')
      await field('taxIdType').fill('eu_vat')
      await field('taxIdValue').fill('DE123456789')
      await field('invoiceEmails').fill('nobody')
      await page.getByRole('button', { name: t('settings.saveDetails') }).click()
      await shows(page, t('settings.mailWrong'))
      await field('invoiceEmails').fill('a@example.com\nb@example.com')
      await page.getByRole('button', { name: t('settings.saveDetails') }).click()
      await shows(page, t('settings.detailsSaved'))
      const { answer } = await ask(stage.product.url, 'GET', '/customers', { token })
      expect((answer.data as readonly object[])[0]).toMatchObject({
        name: 'Harbour & Söhne 有限公司',
        address: { country: 'DE' },
        taxIds: [{ type: 'eu_vat', value: 'DE123456789' }],
        invoiceEmails: ['a@example.com', 'b@example.com'],
      })
    })

    it('switch a mail off, and cannot switch off what the contract asks for', async () => {
      const { token } = await subscribed()
      const page = await stage.open({ language, token, path: '/settings' })
      const receipt = page.getByRole('checkbox', { name: t('mail.payment_succeeded') })
      await receipt.click()
      await shows(page, t('settings.mailSaved', { mail: t('mail.payment_succeeded') }))
      expect(await receipt.isChecked()).toBe(false)
      expect(await page.getByRole('checkbox', { name: t('mail.dunning_final') }).isDisabled()).toBe(
        true,
      )
      const { answer } = await ask(stage.product.url, 'GET', '/settings', { token })
      expect(answer.notifications).toMatchObject({ payment_succeeded: { enabled: false } })
    })

    it('schedule a pause and take it back', async () => {
      const { token } = await subscribed()
      const page = await stage.open({ language, token, path: '/plan' })
      const plan = { plan: 'Starter' }
      await page.getByRole('button', { name: t('plan.pause.open') }).click()
      await page.getByRole('dialog').locator('button[type=submit]').click()
      await page.getByRole('button', { name: t('plan.resumeKeep', plan) }).click()
      await shows(page, t('plan.resumed', plan))
      await page.getByRole('button', { name: t('plan.pause.open') }).waitFor()
    })

    it('sort what they see and save it as a file', async () => {
      const token = await demoTokenOf(stage.product.url, 'admin')
      const page = await stage.open({ language, token, path: '/invoices' })
      const amount = page.getByRole('button', { name: `${t('invoices.amount')} USD`, exact: true })
      await amount.click()
      const head = page.locator('th', { has: amount })
      expect(await head.getAttribute('aria-sort')).toBe('ascending')
      const shown = await page.locator('tbody td[data-slot=amount]').allTextContents()
      const values = shown.map(text => Number(text.replaceAll(',', '')))
      expect(values).toEqual([...values].sort((a, b) => a - b))
      const download = page.waitForEvent('download')
      await page.getByRole('button', { name: t('common.export', { count: values.length }) }).click()
      expect((await download).suggestedFilename()).toMatch(/^invoices-\d{4}-\d\d-\d\d\.csv$/)
      await page.goto(`${stage.product.url}/invoices?view=credit-notes`)
      const pdf = page.waitForEvent('download')
      await page.getByRole('button', { name: /PDF/ }).first().click()
      expect((await pdf).suggestedFilename()).toMatch(/-CN-0001\.pdf$/)
    })
  })
})
