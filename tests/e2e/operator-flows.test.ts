// What operators do in the console, in a real browser against the whole product, in both languages: refund,
// replay a webhook, repair a difference, move the clock 14 months; and who is kept out.
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { consoleWords, eventName } from '../../apps/dashboard/src/operator/words/catalogue.ts'
import { en as appEn } from '../../apps/dashboard/src/words/en.ts'
import type { Language } from '../../packages/billing-react/src/formats.ts'
import { translator } from '../../packages/billing-react/src/words/catalogue.ts'
import { discard, type Product, startProduct, temporaryFolder } from '../stack/product.ts'
import { ask, asOperator } from './api.ts'
import { openBrowser } from './browser.ts'
import { demoTokenOf } from './demo-token.ts'
import { linkToPay } from './pay-links.ts'
import { visit } from './visit.ts'

const opened = await openBrowser()
const reason = 'reason' in opened ? opened.reason : ''
const folder = temporaryFolder()

let product: Product
let browser: Browser
let page: Page | undefined
let complaints: string[] = []

const wordsOf = (language: Language) =>
  translator(consoleWords, { language, zone: 'UTC', at: Date.now() })

async function open(path: string, language: Language, person = 'operator'): Promise<Page> {
  const look = { language, theme: 'light', width: 1280 } as const
  const shown = await visit(browser, product.url, { name: path, person, path }, look)
  shown.on('pageerror', error => complaints.push(error.message))
  shown.on('dialog', dialog => complaints.push(dialog.message()))
  page = shown
  return shown
}

const shows = (shown: Page, text: string | RegExp) => shown.getByText(text).first().waitFor()
const press = (shown: Page, name: string | RegExp) =>
  shown.getByRole('button', { name, exact: true }).first().click()

/** An invoice of USD 49.00 that was paid by card. */
async function payment(tenantId: string): Promise<void> {
  const link = await linkToPay(product.url, { tenantId, purpose: 'pay' })
  const token = new URL(link.url).pathname.split('/')[2]
  const answer = await fetch(`${product.url}/api/v1/billing/public/pay/${token}/pay`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ paymentMethodId: 'pm_card_visa' }),
  })
  expect(answer.status).toBe(200)
}

interface StripeList {
  readonly data: { readonly id: string; readonly metadata?: Readonly<Record<string, string>> }[]
}

/** The sandbox that takes the part of Stripe, as its owner speaks to it. */
async function atStripe(method: string, path: string, body?: string, type?: string) {
  const url = /sandbox at (http:\/\/[\d.:]+\d)/.exec(product.banner)?.[1]
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: {
      authorization: 'Bearer sk_test_sandbox',
      ...(body === undefined ? {} : { 'content-type': type ?? 'application/json' }),
    },
    ...(body === undefined ? {} : { body }),
  })
  expect(answer.ok, `${method} ${path} ${answer.status}`).toBe(true)
  return (await answer.json().catch(() => null)) as StripeList | null
}

/** A refund of 9.00 that was made at Stripe, and whose events were lost on the way. */
async function refundMadeElsewhere(tenantId: string): Promise<void> {
  await atStripe('POST', '/sandbox/faults', '{"kind":"webhook_loss","next":20}')
  const known = await atStripe('GET', '/v1/payment_intents?limit=100')
  const intent = known?.data.find(each => each.metadata?.tenant_id === tenantId)
  const form = `payment_intent=${intent?.id}&amount=900`
  await atStripe('POST', '/v1/refunds', form, 'application/x-www-form-urlencoded')
  await atStripe('DELETE', '/sandbox/faults')
}

describe.skipIf(reason !== '')(`the console in a browser ${reason}`, () => {
  beforeAll(async () => {
    if ('browser' in opened) browser = opened.browser
    product = await startProduct({ dataDir: join(folder, 'data') })
  })

  afterEach(async () => {
    await page?.context().close()
    page = undefined
    const found = complaints
    complaints = []
    expect(found).toEqual([])
  })

  afterAll(async () => {
    await browser?.close()
    await product?.stop()
    discard(folder, product ? [product] : [])
  })

  describe.each(['en', 'zh-CN'] as const)('in %s', language => {
    const t = wordsOf(language)
    const tenantOf = (purpose: string) => `${purpose}-${language.toLowerCase()}`

    it('refunds 20.00 of 49.00 and says that 29.00 are left', async () => {
      const tenantId = tenantOf('refund')
      await payment(tenantId)
      const shown = await open(`/operator/transactions?type=payment&tenantId=${tenantId}`, language)
      await shown.locator('main a[href*="/transactions/"]').first().click()
      await press(shown, t('refund.open'))
      const dialog = shown.getByRole('dialog')
      await dialog.getByText('USD 49.00').first().waitFor()
      await dialog.getByLabel(t('refund.amount')).fill('20')
      const amount = { money: '20', currency: 'USD' }
      await dialog.getByRole('button', { name: t('refund.confirm', { amount }) }).click()
      await shows(shown, t('refund.done', { amount: { money: 20, currency: 'USD' } }))
      await shows(shown, 'USD 29.00')
    })

    it('refuses to refund more than is left, and says how much that is', async () => {
      const tenantId = tenantOf('limit')
      await payment(tenantId)
      const shown = await open(`/operator/transactions?type=payment&tenantId=${tenantId}`, language)
      await shown.locator('main a[href*="/transactions/"]').first().click()
      await press(shown, t('refund.open'))
      const dialog = shown.getByRole('dialog')
      await dialog.getByLabel(t('refund.amount')).fill('50')
      const amount = { money: '50', currency: 'USD' }
      await dialog.getByRole('button', { name: t('refund.confirm', { amount }) }).click()
      await dialog.getByRole('alert').getByText('49').first().waitFor()
    })

    it('says what a new price of a plan changes, and puts the new version on offer', async () => {
      const version = language === 'en' ? 2 : 3
      const shown = await open('/operator/plans', language)
      await press(shown, t('plan.edit', { name: 'Enterprise' }))
      const dialog = shown.getByRole('dialog')
      await dialog.getByLabel(/USD/).nth(1).fill(`30${version}0`)
      await dialog.getByRole('button', { name: t('plan.compare') }).click()
      await dialog.getByText('prices/USD/yearly').waitFor()
      const confirm = t('plan.confirm', { code: 'enterprise', version })
      await dialog.getByRole('button', { name: confirm }).click()
      await shows(shown, t('plan.pushed', { name: 'Enterprise' }))
      await shows(shown, `enterprise@${version}`)
    })

    it('replays a webhook, which changes nothing that is known already', async () => {
      const tenantId = tenantOf('replay')
      await payment(tenantId)
      await asOperator(product.url, tenantId, ['POST', '/jobs/apply-events/run'], {})
      const shown = await open(`/operator/webhooks?tenantId=${tenantId}`, language)
      await shown.locator('main button.op-peek').first().click()
      await press(shown, t('webhook.replay'))
      await shows(shown, t('webhook.replayed', { count: 1 }))
    })

    it('finds a refund that was made elsewhere, and takes theirs', async () => {
      const tenantId = tenantOf('drift')
      await payment(tenantId)
      await refundMadeElsewhere(tenantId)
      const shown = await open('/operator/drift', language)
      await press(shown, t('drift.compare', { count: 7 }))
      await shown.locator('main button.op-peek').first().click()
      const dialog = shown.getByRole('dialog')
      await dialog.getByText('USD 9.00').first().waitFor()
      await dialog.getByRole('button', { name: t('drift.take_theirs') }).click()
      await shows(shown, t('drift.settled'))
      await shows(shown, t('drift.empty'))
      await shown.goto(`${product.url}/operator/transactions?type=refund&tenantId=${tenantId}`)
      await shows(shown, '−9.00')
    })
  })

  it('shows a hostile name of a tenant as text', async () => {
    const tenantId = 'hostile'
    const name = '<img src=x onerror=alert(1)>'
    await payment(tenantId)
    const token = await demoTokenOf(product.url, 'operator')
    const { answer } = await ask(product.url, 'GET', '/customers', { token, tenantId })
    const [customer] = answer.data as { id: string }[]
    await asOperator(product.url, tenantId, ['PATCH', `/customers/${customer?.id}`], { name })
    const shown = await open(`/operator/tenants/${tenantId}`, 'en')
    await shown.getByRole('heading', { level: 1, name }).waitFor()
    expect(await shown.locator('main img').count()).toBe(0)
  })

  it('keeps a tenant’s admin out, on the page and at the API', async () => {
    const shown = await open('/operator/tenants', 'en', 'admin')
    await shows(shown, appEn['operator.lockedBody'])
    const answer = await fetch(`${product.url}/api/v1/billing/issuer/tenants`, {
      headers: { authorization: `Bearer ${await demoTokenOf(product.url, 'admin')}` },
    })
    expect(answer.status).toBe(403)
  })

  // Last, because a clock that moves takes the sandbox's own with it: what Stripe dates comes later then.
  describe.each(['en', 'zh-CN'] as const)('at last, in %s', language => {
    const t = wordsOf(language)
    const tenantOf = (purpose: string) => `${purpose}-${language.toLowerCase()}`

    it('moves a clock 14 months: 14 renewals, 13 of them paid, the last still a draft', async () => {
      const tenantId = tenantOf('clock')
      await asOperator(product.url, tenantId, ['POST', '/test-clock'], {})
      await asOperator(product.url, tenantId, ['POST', '/subscriptions'], {
        plan: 'starter',
        trialDays: 0,
        paymentMethodId: 'pm_card_visa',
      })
      const shown = await open(`/operator/time-machine?tenantId=${tenantId}`, language)
      await press(shown, t('clock.fourteenMonths'))
      const summary = shown.getByRole('region', { name: t('clock.summary') })
      await summary.waitFor({ timeout: 110_000 })
      for (const [type, count] of [
        ['subscription.renewed', 14],
        ['invoice.paid', 13],
      ] as const) {
        await summary.getByText(`${eventName(type, t)} ${count}`).waitFor()
      }
    })
  })
})
