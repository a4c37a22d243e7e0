// What tenants do on their pages, in a real browser over the real stack, in both languages.
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { en as appEn } from '../../apps/dashboard/src/words/en.ts'
import { zhCn as appZh } from '../../apps/dashboard/src/words/zh-cn.ts'
import { asAdmin, ask, asOperator, type NewTenant, newTenant } from './api.ts'
import { demoTokenOf } from './demo-token.ts'
import { browserForTests, openStage, type Stage, wordsOf } from './stage.ts'

const { browser, reason } = await browserForTests()
let stage: Stage

const visa = 'pm_card_visa'

/** A new tenant that has a method and, where asked, a plan that is paid. */
async function tenantWith(
  paymentMethodId: string | null,
  plan: string | null = null,
): Promise<NewTenant> {
  const { url } = stage.product
  const tenant = await newTenant(url, { trialDays: 0 })
  if (paymentMethodId !== null) await asAdmin(url, tenant, '/payment-methods', { paymentMethodId })
  if (plan !== null) await asAdmin(url, tenant, '/subscriptions', { plan })
  return tenant
}

const read = async (tenant: NewTenant, path: string) =>
  (await ask(stage.product.url, 'GET', path, { token: tenant.token })).answer

const firstOf = async (tenant: NewTenant, path: string) =>
  ((await read(tenant, path)).data as readonly Record<string, unknown>[])[0]

const dialogOf = (page: Page) => page.getByRole('dialog')

/** The place of a value becomes "anything". */
const around = (phrase: string): RegExp =>
  new RegExp(
    phrase
      .split('@')
      .map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.+'),
  )

const shows = (page: Page, text: string | RegExp) =>
  page.getByText(text).first().waitFor({ state: 'visible' })

describe.skipIf(browser === null)(`tenants in a browser ${reason}`, () => {
  beforeAll(() => {
    if (browser) stage = openStage(browser)
  })
  afterEach(async () => {
    expect(await stage.clear()).toEqual([])
  })
  afterAll(() => stage?.close())

  describe.each(['en', 'zh-CN'] as const)('in %s', language => {
    const t = wordsOf(language)
    const usd = (money: number) => ({ money, currency: 'USD' })
    const starter = { plan: 'Starter' }

    it('subscribe with a test card and pay 29.00 as the button says', async () => {
      const tenant = await tenantWith(null)
      const page = await stage.open({ language, token: tenant.token, path: '/payment-methods' })
      await page.getByRole('button', { name: t('methods.add') }).click()
      const method = t('method.card', { brand: 'Visa', last4: '4242' })
      await page.getByRole('button', { name: t('methods.addCard', { method }) }).click()
      await shows(page, t('methods.added', { method }))

      await page.goto(`${stage.product.url}/plan`)
      await page.getByRole('button', { name: t('plan.subscribe', starter) }).click()
      const name = t('plan.change.confirmPaySubscribe', {
        ...starter,
        amount: language === 'en' ? '$29.00' : 'US$29.00',
      })
      await dialogOf(page).getByRole('button', { name }).click()
      await shows(page, t('plan.change.done', starter))
      await shows(page, t('subscription.chip.active'))
      expect(await firstOf(tenant, '/invoices')).toMatchObject({ status: 'paid', total: 29 })
    })

    it('confirm at the bank (3-D Secure) and come back to a plan in force', async () => {
      const tenant = await tenantWith('pm_card_authenticationRequired')
      const page = await stage.open({ language, token: tenant.token, path: '/plan' })
      await page.getByRole('button', { name: t('plan.subscribe', starter) }).click()
      await dialogOf(page).locator('button[type=submit]').click()
      await page.waitForURL('**/authenticate/**')
      // Turned away at first: the invoice leads to the bank again.
      const invoice = await firstOf(tenant, '/invoices')
      await page.goto(`${stage.product.url}/invoices/${invoice?.id}`)
      await page.getByRole('button', { name: t('common.confirmBank') }).click()
      await page.waitForURL('**/p')
      await page.getByRole('link', { name: t('pay.confirm.go', { amount: usd(29) }) }).click()
      await page.waitForURL('**/authenticate/**')
      await page.getByRole('button').first().click()
      await page.getByRole('heading', { level: 1, name: t('pay.paid.title') }).waitFor()
      await page.goto(`${stage.product.url}/plan`)
      await shows(page, t('subscription.chip.active'))
    })

    it('are declined, add another card and pay what was declined', async () => {
      const tenant = await tenantWith('pm_card_chargeCustomerFail')
      const page = await stage.open({ language, token: tenant.token, path: '/plan' })
      await page.getByRole('button', { name: t('plan.subscribe', starter) }).click()
      await dialogOf(page).locator('button[type=submit]').click()
      await shows(page, t('subscription.chip.incomplete'))

      await page.goto(`${stage.product.url}/payment-methods`)
      await page.getByRole('button', { name: t('methods.add') }).click()
      await page.getByLabel(t('methods.test.asDefault')).check()
      const method = t('method.card', { brand: 'Visa', last4: '4242' })
      await page.getByRole('button', { name: t('methods.addCard', { method }) }).click()
      await shows(page, t('methods.added', { method }))

      await page.goto(`${stage.product.url}/plan`)
      const toInvoice = page.getByRole('link', { name: t('plan.toInvoice') })
      const active = page.getByText(t('subscription.chip.active'))
      await toInvoice.or(active).first().waitFor()
      if (await toInvoice.isVisible()) {
        await toInvoice.click()
        const pay = t('invoice.pay', { amount: usd(29) })
        await page.getByRole('button', { name: pay }).click()
        await dialogOf(page).getByRole('button', { name: pay }).click()
        await shows(page, t('invoice.chip.paid'))
        await page.goto(`${stage.product.url}/plan`)
      }
      await active.first().waitFor()
    })

    it('upgrade for exactly what was previewed', async () => {
      const tenant = await tenantWith(visa, 'starter')
      const page = await stage.open({ language, token: tenant.token, path: '/plan' })
      const plan = { plan: 'Professional' }
      await page.getByRole('button', { name: t('plan.upgrade', plan) }).click()
      const pay = dialogOf(page).getByRole('button', {
        name: around(t('plan.change.confirmPay', { ...plan, amount: '@' })),
      })
      const previewed = /[\d,]+\.\d\d/.exec((await pay.textContent()) ?? '')?.[0]
      await pay.click()
      await shows(page, t('plan.change.done', plan))
      const charged = await firstOf(tenant, '/transactions')
      expect(charged).toMatchObject({ type: 'payment', status: 'succeeded' })
      expect(Number(charged?.amount).toFixed(2)).toBe(previewed)
    })

    it('add a bank account, get its code wrong once, and verify it', async () => {
      const tenant = await tenantWith(null)
      const page = await stage.open({ language, token: tenant.token, path: '/payment-methods' })
      await page.getByRole('button', { name: t('methods.add') }).click()
      await page.getByRole('radio', { name: t('methods.kind.bank') }).check()
      await page.getByText(t('account.unverified')).click()
      await page.locator('form button[type=submit]').click()
      await shows(page, t('method.chip.pending'))
      await page.getByRole('link', { name: around(t('methods.verifyOf', { method: '@' })) }).click()
      await page.waitForURL('**/verify')
      const code = page.getByLabel(t('verify.code'), { exact: true })
      const submit = page.locator('form button[type=submit]')
      await code.fill('12')
      await submit.click()
      await shows(page, t('verify.codeWrong'))
      await code.fill('SM00ZZ')
      await submit.click()
      await shows(page, around(t('verify.codesLeft', { count: 9 })))
      await code.fill('sm11aa')
      await submit.click()
      await shows(page, around(t('verify.done', { method: '@' })))
      expect(await firstOf(tenant, '/payment-methods')).toMatchObject({ status: 'active' })
    })

    it('pay an open invoice and save its PDF', async () => {
      const tenant = await tenantWith(visa)
      const invoice = await asOperator(stage.product.url, tenant.tenantId, ['POST', '/invoices'], {
        lineItems: [{ description: 'Onboarding', quantity: 2, unitAmount: 225 }],
      })
      const page = await stage.open({ language, token: tenant.token, path: '/overview' })
      const pay = t('invoice.pay', { amount: usd(450) })
      await page.getByRole('button', { name: pay }).click()
      await dialogOf(page).getByRole('button', { name: pay }).click()
      const number = String(invoice.invoiceNumber)
      await shows(page, t('invoice.payDone', { amount: usd(450), number }))
      await page.getByRole('link', { name: number }).first().click()
      await shows(page, t('invoice.chip.paid'))
      const download = page.waitForEvent('download')
      await page.getByRole('button', { name: t('invoice.download') }).click()
      expect((await download).suggestedFilename()).toBe(`${number}.pdf`)
      expect(await (await download).failure()).toBeNull()
    })

    it('see nothing of another tenant', async () => {
      const [mine, theirs] = [await tenantWith(visa, 'starter'), await tenantWith(visa)]
      const invoice = await firstOf(mine, '/invoices')
      const path = `/invoices/${invoice?.id}`
      const page = await stage.open({ language, token: theirs.token, path })
      await shows(page, t('error.title'))
      expect(await page.content()).not.toContain(String(invoice?.invoiceNumber))
      await page.goto(`${stage.product.url}/invoices`)
      await shows(page, t('invoices.empty'))
    })

    it('without the right role are told who may, and may not call either', async () => {
      const { url } = stage.product
      const token = await demoTokenOf(url, 'member')
      const page = await stage.open({ language, token, path: '/overview' })
      await shows(page, t('usage.title'))
      for (const path of ['/invoices', '/transactions', '/payment-methods', '/settings']) {
        await page.goto(url + path)
        await shows(page, t('error.locked'))
        const call = await ask(url, 'GET', path, { token })
        expect(call, path).toMatchObject({ status: 403, answer: { code: 'forbidden' } })
      }
    })

    it('signed out, or with a token that is over, meet the sign-in and nothing else', async () => {
      const words = language === 'en' ? appEn : appZh
      const page = await stage.open({ language, token: null, path: '/invoices' })
      await page.getByRole('heading', { level: 1, name: words['signIn.title'] }).waitFor()
      expect(await page.getByRole('navigation').count()).toBe(0)
      const { url } = stage.product
      expect((await ask(url, 'GET', '/invoices', { token: 'none' })).status).toBe(401)
      const token = await demoTokenOf(url, 'admin')
      const forged = `${token.slice(0, token.lastIndexOf('.'))}.forged`
      const other = await stage.open({ language, token: forged, path: '/invoices' })
      await shows(other, words['signIn.expired'])
    })
  })

  it('open a change by keys alone, leave it by Escape and are back where they were', async () => {
    const t = wordsOf('en')
    const tenant = await tenantWith(visa, 'starter')
    const page = await stage.open({ language: 'en', token: tenant.token, path: '/plan' })
    const upgrade = page.getByRole('button', { name: t('plan.upgrade', { plan: 'Professional' }) })
    await upgrade.waitFor()
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.textContent')).toBe(appEn['app.skip'])
    await page.keyboard.press('Enter')
    const words = await upgrade.textContent()
    const focused = () => page.evaluate<string>('document.activeElement.textContent')
    for (let step = 0; step < 30 && (await focused()) !== words; step += 1) {
      await page.keyboard.press('Tab')
    }
    expect(await focused()).toBe(words)
    await page.keyboard.press('Enter')
    await dialogOf(page).waitFor()
    expect(
      await page.evaluate('document.querySelector("dialog").contains(document.activeElement)'),
    ).toBe(true)
    await page.keyboard.press('Escape')
    await dialogOf(page).waitFor({ state: 'detached' })
    expect(await focused()).toBe(words)
  })
})
