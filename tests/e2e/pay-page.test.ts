// The page behind a signed link in a real browser: a decline and its fix, what it shows and hides, its weight.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { gzipSync } from 'node:zlib'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest'
import { translateFor } from '../../packages/billing-react/src/words/words.ts'
import { openBrowser } from './browser.ts'
import { linkToPay } from './pay-links.ts'

const opened = await openBrowser()
const reason = 'reason' in opened ? opened.reason : ''
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const gzipBytesMax = 120 * 1024

const product = inject('product')
let browser: Browser
let context: BrowserContext | undefined

async function openLink(address: string, language: string): Promise<Page> {
  context = await browser.newContext({ viewport: { width: 390, height: 800 }, locale: language })
  const page = await context.newPage()
  await page.goto(address)
  await page.getByRole('heading', { level: 1 }).waitFor()
  return page
}

async function seriousFindings(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe)
  return page.evaluate<readonly string[]>(
    `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => id + ': ' + nodes.map(node => node.target.join(' ')).join(', ')))`,
  )
}

describe.skipIf(reason !== '')(`the page behind a link ${reason}`, () => {
  beforeAll(() => {
    if ('browser' in opened) browser = opened.browser
  })

  afterEach(async () => {
    await context?.close()
    context = undefined
  })

  afterAll(async () => {
    await browser?.close()
  })

  it.each(['en', 'zh-CN'] as const)('is declined, then mended and paid in %s', async language => {
    const t = translateFor({ language, zone: 'UTC', at: Date.now() })
    const tenantId = `mended-${language.toLowerCase()}`
    const { url, number } = await linkToPay(product.url, { tenantId, purpose: 'fix' })
    const page = await openLink(url, language)
    const complaints: string[] = []
    page.on('pageerror', error => complaints.push(error.message))
    const title = page.getByRole('heading', { level: 1 })
    expect(await title.textContent()).toBe(t('pay.fixTitle', { number }))
    expect(new URL(page.url()).pathname).toBe('/f')
    expect(await page.getAttribute('html', 'lang')).toBe(language)
    expect(await page.getByLabel(t('pay.keep')).isChecked()).toBe(true)
    expect(await seriousFindings(page)).toEqual([])

    const pay = page.getByRole('button', {
      name: t('invoice.pay', { amount: { money: 49, currency: 'USD' } }),
    })
    await page.getByText('4000 0000 0000 0341').click()
    await pay.click()
    await page.getByRole('alert').waitFor()
    expect(await page.getByRole('alert').textContent()).toMatch(/Nothing was charged|未产生费用/)

    await page.reload()
    const failed = t('pay.failedWith', {
      day: { day: new Date().toISOString() },
      method: t('method.card', { brand: 'Visa', last4: '0341' }),
    })
    await page.getByText(failed).waitFor()
    await page.getByText('4242 4242 4242 4242').click()
    await pay.click()
    await page.getByRole('heading', { level: 1, name: t('pay.paid.title') }).waitFor()
    await page.getByText(t('method.card', { brand: 'Visa', last4: '4242' })).waitFor()
    expect(await seriousFindings(page)).toEqual([])
    expect(complaints).toEqual([])
  })

  it('asks for a confirmation by the bank and is paid on the way back', async () => {
    const t = translateFor({ language: 'en', zone: 'UTC', at: Date.now() })
    const { url } = await linkToPay(product.url, { tenantId: 'confirmed', purpose: 'pay' })
    const page = await openLink(url, 'en')
    await page.getByText('4000 0027 6000 3184').click()
    await page.getByRole('button', { name: /^Pay \$/ }).click()
    await page.waitForURL('**/authenticate/**')
    await page.goBack()
    const amount = { money: 49, currency: 'USD' }
    await page.getByRole('link', { name: t('pay.confirm.go', { amount }) }).click()
    await page.waitForURL('**/authenticate/**')
    await page.getByRole('button').first().click()
    await page.waitForURL('**/p?**')
    await page.getByRole('heading', { level: 1, name: t('pay.paid.title') }).waitFor()
  })

  it('changes its language in place, and leaves to a page for other ways to pay', async () => {
    const { url, number } = await linkToPay(product.url, { tenantId: 'switched', purpose: 'pay' })
    const page = await openLink(url, 'en')
    await page.getByRole('button', { name: '简体中文' }).click()
    const t = translateFor({ language: 'zh-CN', zone: 'UTC', at: Date.now() })
    await page.getByRole('heading', { name: t('invoice.payTitle', { number }) }).waitFor()
    await page.getByRole('button', { name: t('pay.other') }).click()
    await page.waitForURL('**/checkout/**')
  })

  it('is paid by keys alone, and keeps the token out of the address and its history', async () => {
    const { url } = await linkToPay(product.url, { tenantId: 'keys', purpose: 'fix' })
    const page = await openLink(url, 'en')
    const { keyboard } = page
    // Language, lines, card, consent, button.
    await keyboard.press('Tab')
    await keyboard.press('Tab')
    await keyboard.press('Tab')
    await keyboard.press('ArrowDown')
    expect(await page.getByRole('radio', { name: /5555/ }).isChecked()).toBe(true)
    await keyboard.press('Tab')
    await keyboard.press('Space')
    expect(await page.getByRole('checkbox').isChecked()).toBe(false)
    await keyboard.press('Tab')
    await keyboard.press('Enter')
    const title = page.getByRole('heading', { level: 1, name: 'Paid' })
    await title.waitFor()
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Paid')
    const token = new URL(url).pathname.split('/')[2]!
    expect(await page.evaluate('location.href + document.title')).not.toContain(token)
  })

  it('leads on to the invoices whoever comes back without a link', async () => {
    context = await browser.newContext({ locale: 'en' })
    const page = await context.newPage()
    await page.goto(`${product.url}/p?redirect_status=succeeded`)
    await page.waitForURL('**/invoices')
  })

  it('says of a link that leads nowhere to ask for a new one', async () => {
    const t = translateFor({ language: 'en', zone: 'UTC', at: Date.now() })
    const page = await openLink(`${product.url}/p/nothing`, 'en')
    await page.getByRole('heading', { name: t('pay.dead.title') }).waitFor()
    expect(await seriousFindings(page)).toEqual([])
  })

  it('loads less than 120 KB of compressed scripts, and nothing from elsewhere', async () => {
    const { url } = await linkToPay(product.url, { tenantId: 'light', purpose: 'pay' })
    context = await browser.newContext({ locale: 'en' })
    const page = await context.newPage()
    const scripts: Promise<number>[] = []
    const hosts = new Set<string>()
    page.on('response', answer => {
      hosts.add(new URL(answer.url()).host)
      if (answer.request().resourceType() !== 'script') return
      scripts.push(answer.body().then(body => gzipSync(body).length))
    })
    await page.goto(url)
    await page.getByRole('button', { name: /^Pay \$/ }).waitFor()
    const sizes = await Promise.all(scripts)
    const bytes = sizes.reduce((sum, size) => sum + size, 0)
    expect(sizes.length).toBeGreaterThan(1)
    expect(bytes).toBeLessThan(gzipBytesMax)
    expect([...hosts]).toEqual([new URL(product.url).host])
  })
})
