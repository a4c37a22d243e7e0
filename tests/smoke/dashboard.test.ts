// The dashboard in a real browser against the whole product, once in each language.
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { en as appEn } from '../../apps/dashboard/src/words/en.ts'
import { zhCn as appZh } from '../../apps/dashboard/src/words/zh-cn.ts'
import type { Language } from '../../packages/billing-react/src/formats.ts'
import { translateFor } from '../../packages/billing-react/src/words/words.ts'
import { openBrowser } from '../e2e/browser.ts'
import { discard, type Product, startProduct, temporaryFolder } from '../stack/product.ts'

const opened = await openBrowser()
const reason = 'reason' in opened ? opened.reason : ''
const folder = temporaryFolder()

let product: Product
let browser: Browser
let context: BrowserContext | undefined
/** What the browser complained about: scripts that failed, policies that were broken. */
let complaints: string[] = []

/** Places of a phrase become "anything", so that words are found whatever the date or amount. */
function pattern(phrase: string): RegExp {
  const escaped = phrase.replace(/[.*+?^$()|[\]\\]/g, '\\$&')
  return new RegExp(escaped.replace(/\{\w+\}/g, '.+'))
}

interface Visit {
  readonly language: Language
  readonly width?: number
}

async function openPage({ language, width = 1280 }: Visit): Promise<Page> {
  context = await browser.newContext({ viewport: { width, height: 900 }, locale: language })
  const page = await context.newPage()
  page.on('pageerror', error => complaints.push(error.message))
  page.on('console', message => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  await page.goto(product.url)
  return page
}

const app = (language: Language) => (language === 'en' ? appEn : appZh)

async function signIn(page: Page, language: Language, name: string): Promise<void> {
  const words = app(language)['signIn.as'].replace('{name}', name)
  await page.getByRole('button', { name: words, exact: true }).click()
  await page.waitForURL('**/overview')
}

const openNavigation = (page: Page, name: string) =>
  page.getByRole('navigation').getByRole('link', { name, exact: true }).click()

const shows = (page: Page, text: string | RegExp) =>
  page.getByText(text).first().waitFor({ state: 'visible' })

const sidewaysPixels = (page: Page) =>
  page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')

describe.skipIf(reason !== '')(`the dashboard in a browser ${reason}`, () => {
  beforeAll(async () => {
    if ('browser' in opened) browser = opened.browser
    product = await startProduct({ dataDir: join(folder, 'data') })
  })

  afterEach(async () => {
    await context?.close()
    context = undefined
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
    const reader = { language, zone: 'UTC', at: Date.now() }
    const t = translateFor(reader)
    const words = app(language)
    const phrase = (key: 'subscription.chip.trialing' | 'subscription.chip.ends') =>
      pattern(t(key, { day: '{day}' }))
    const admin = language === 'en' ? 'Tenant admin' : '租户管理员'

    it('takes a new tenant from an empty account to a trial, its end and back', async () => {
      const page = await openPage({ language })
      await signIn(page, language, 'New tenant')
      expect(await page.getAttribute('html', 'lang')).toBe(language)
      await shows(page, t('overview.noPlan'))

      await openNavigation(page, words['nav.paymentMethods'])
      await page.getByRole('button', { name: t('methods.add') }).click()
      const visa = t('method.card', { brand: 'Visa', last4: '4242' })
      await page.getByRole('button', { name: t('methods.addCard', { method: visa }) }).click()
      await shows(page, t('methods.added', { method: visa }))

      await openNavigation(page, words['nav.plan'])
      const starter = { plan: 'Starter' }
      await page.getByRole('button', { name: t('plan.subscribe', starter) }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByRole('button', { name: t('plan.change.confirmSubscribe', starter) }).click()
      await shows(page, t('plan.change.done', starter))
      await shows(page, phrase('subscription.chip.trialing'))

      await page.getByRole('button', { name: t('plan.cancel.open') }).click()
      const confirm = pattern(t('plan.cancel.confirmLater', { ...starter, day: '{day}' }))
      await dialog.getByRole('button', { name: confirm }).click()
      await shows(page, phrase('subscription.chip.ends'))
      await page.getByRole('button', { name: t('plan.reactivate', starter) }).click()
      await shows(page, phrase('subscription.chip.trialing'))
    })

    it('shows an invoice with lines, reasons and totals, and saves its PDF', async () => {
      const page = await openPage({ language })
      await signIn(page, language, admin)
      await openNavigation(page, words['nav.invoices'])
      const number = page.getByRole('row').nth(1).getByRole('link')
      const invoiceNumber = (await number.textContent()) ?? ''
      await number.click()
      await page.getByRole('heading', { level: 1, name: invoiceNumber }).waitFor()
      await page.getByText(t('invoice.why'), { exact: true }).first().click()
      await shows(page, ' × ')
      await shows(page, t('invoice.subtotal'))
      const download = page.waitForEvent('download')
      await page.getByRole('button', { name: t('invoice.download') }).click()
      expect((await download).suggestedFilename()).toBe(`${invoiceNumber}.pdf`)
      expect(await (await download).failure()).toBeNull()
    })

    it('exports the transactions that it lists', async () => {
      const page = await openPage({ language })
      await signIn(page, language, admin)
      await openNavigation(page, words['nav.transactions'])
      await shows(page, t('transaction.chip.succeeded'))
      const download = page.waitForEvent('download')
      const button = t('transactions.exportAs', { format: 'CSV' })
      await page.getByRole('button', { name: button }).click()
      expect((await download).suggestedFilename()).toMatch(/^transactions-\d{4}-\d\d-\d\d\.csv$/)
    })

    it('tells a member who may read invoices, and keeps plan and usage readable', async () => {
      const page = await openPage({ language })
      await signIn(page, language, 'Tenant member')
      await shows(page, t('usage.title'))
      await page.goto(`${product.url}/invoices`)
      await shows(page, t('error.locked'))
    })

    it('fits 360 pixels without sideways scrolling', async () => {
      const page = await openPage({ language, width: 360 })
      await signIn(page, language, admin)
      const paths = [
        'overview',
        'plan',
        'usage',
        'invoices',
        'payment-methods',
        'transactions',
        'settings',
      ]
      for (const path of paths) {
        await page.goto(`${product.url}/${path}`)
        await page.getByRole('heading', { level: 1 }).waitFor()
        await page.waitForLoadState('networkidle')
        expect(await sidewaysPixels(page), path).toBeLessThanOrEqual(0)
      }
    })
  })

  it('pays an open invoice of 450.00 with the amount on the button', async () => {
    const t = translateFor({ language: 'en', zone: 'UTC', at: Date.now() })
    const page = await openPage({ language: 'en' })
    await signIn(page, 'en', 'Tenant admin')
    const amount = { money: 450, currency: 'USD' }
    await page.getByRole('button', { name: t('invoice.pay', { amount }) }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: t('invoice.pay', { amount }) }).click()
    await shows(page, pattern(t('invoice.payDone', { amount, number: '{number}' })))
  })

  it('loads at most 250 KB of compressed scripts for the overview', async () => {
    context = await browser.newContext({ locale: 'en' })
    const page = await context.newPage()
    const scripts: Promise<number>[] = []
    page.on('response', answer => {
      if (answer.request().resourceType() !== 'script') return
      scripts.push(answer.body().then(body => gzipSync(body).length))
    })
    await page.goto(product.url)
    await signIn(page, 'en', 'Tenant admin')
    await shows(page, 'USD')
    const sizes = await Promise.all(scripts)
    expect(sizes.length).toBeGreaterThan(0)
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(250_000)
  })

  it('keeps the token out of the address and of lasting storage', async () => {
    const page = await openPage({ language: 'en' })
    await signIn(page, 'en', 'Tenant admin')
    await openNavigation(page, appEn['nav.invoices'])
    expect(page.url()).toBe(`${product.url}/invoices`)
    const lasting = await page.evaluate<string>('JSON.stringify(localStorage)')
    expect(lasting).not.toContain('eyJ')
  })
})
