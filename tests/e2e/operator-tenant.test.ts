// What an operator looks up and agrees with a tenant: the search over tenants and invoices, and a tenant's settings.
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { consoleWords } from '../../apps/dashboard/src/operator/words/catalogue.ts'
import { translator } from '../../packages/billing-react/src/words/catalogue.ts'
import { ask } from './api.ts'
import { demoTokenOf } from './demo-token.ts'
import { linkToPay } from './pay-links.ts'
import { browserForTests, openStage, type Stage } from './stage.ts'

const { browser, reason } = await browserForTests()
let stage: Stage
let token: string

const shows = (page: Page, text: string) => page.getByText(text).first().waitFor()

describe.skipIf(browser === null)(`a tenant in the console ${reason}`, () => {
  beforeAll(async () => {
    if (!browser) return
    stage = openStage(browser)
    token = await demoTokenOf(stage.product.url, 'operator')
  })
  afterEach(async () => {
    expect(await stage.clear()).toEqual([])
  })
  afterAll(() => stage?.close())

  describe.each(['en', 'zh-CN'] as const)('in %s', language => {
    const t = translator(consoleWords, { language, zone: 'UTC', at: Date.now() })

    it('is found by the beginning of its id, and an invoice by its number', async () => {
      const { url } = stage.product
      const tenantId = `found-${language.toLowerCase()}-tenant`
      const { number } = await linkToPay(url, { tenantId, purpose: 'pay' })
      const page = await stage.open({ language, token, path: '/operator/search' })
      const seek = async (text: string) => {
        await page.getByLabel(t('search.field')).fill(text)
        await page.getByRole('button', { name: t('search.go'), exact: true }).click()
      }
      await shows(page, t('search.start'))
      await seek(tenantId.slice(0, -3))
      await page.locator(`main a[href$="/tenants/${tenantId}"]`).first().waitFor()
      await shows(page, t('search.noInvoice'))
      await seek(number.toLowerCase())
      await page.getByRole('link', { name: number }).waitFor()
      await shows(page, t('search.noTenant'))
    })

    it('is given 30 days of trial and a tax rate of 8.875%, and nothing else changes', async () => {
      const { url } = stage.product
      const tenantId = `terms-${language.toLowerCase()}`
      await linkToPay(url, { tenantId, purpose: 'pay' })
      const before = await ask(url, 'GET', '/settings', { token, tenantId })
      const path = `/operator/tenants/${tenantId}?tab=settings`
      const page = await stage.open({ language, token, path })
      await page.getByRole('button', { name: t('terms.edit') }).click()
      const dialog = page.getByRole('dialog')
      const save = dialog.getByRole('button', { name: t('terms.save') })
      expect(await save.isDisabled()).toBe(true)
      await dialog.getByLabel(t('terms.trialDays'), { exact: true }).fill('30')
      await dialog.getByLabel(t('terms.taxRate'), { exact: true }).fill('8.875')
      await save.click()
      await shows(page, t('terms.saved'))
      await shows(page, '8.875%')
      const after = await ask(url, 'GET', '/settings', { token, tenantId })
      expect(after.answer).toEqual({ ...before.answer, trialDays: 30, taxRate: 8.875 })
    })
  })
})
