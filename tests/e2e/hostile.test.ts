// Names that try to be markup, and what the pages keep to: their policy, their storage, their addresses.
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { quittance } from '../stack/product.ts'
import { asAdmin, ask, asOperator } from './api.ts'
import { browserForTests, openStage, type Stage, wordsOf } from './stage.ts'

const { browser, reason } = await browserForTests()
/** Allowed as an id of a tenant: printable, without spaces and commas. */
const tenantId = '<img/src=x/onerror=globalThis.taken=1>"><svg/onload=globalThis.taken=1>'
const name = `<script>globalThis.taken=1</script>${'长'.repeat(60)}${'W'.repeat(80)}`
let stage: Stage
let token: string

const isTaken = (page: Page) => page.evaluate<boolean>('globalThis.taken !== undefined')
const sidewaysPixels = (page: Page) =>
  page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')

async function prepare(): Promise<{ readonly invoiceId: string; readonly linkPath: string }> {
  const { url } = stage.product
  const admin = { token, tenantId }
  await asAdmin(url, admin, '/payment-methods', { paymentMethodId: 'pm_card_visa' })
  const { answer } = await ask(url, 'GET', '/customers', { token })
  const [customer] = answer.data as readonly { readonly id: string }[]
  const body = { name, invoiceEmails: ['"><b>@example.com'], purchaseOrder: name.slice(0, 90) }
  expect(await ask(url, 'PATCH', `/customers/${customer?.id}`, { token, body })).toMatchObject({
    status: 200,
  })
  const invoice = await asOperator(url, tenantId, ['POST', '/invoices'], {
    lineItems: [{ description: name, quantity: 1, unitAmount: 49 }],
  })
  const invoiceId = String(invoice.id)
  const link = await asOperator(url, tenantId, ['POST', `/invoices/${invoiceId}/pay-link`], {})
  return { invoiceId, linkPath: new URL(String(link.url)).pathname }
}

describe.skipIf(browser === null)(`hostile names ${reason}`, () => {
  let prepared: Awaited<ReturnType<typeof prepare>>
  beforeAll(async () => {
    if (!browser) return
    stage = openStage(browser)
    const settings = stage.product.settings
    const told = await quittance(['token', '--role', 'admin', '--tenant', tenantId], settings)
    token = told.stdout.trim()
    prepared = await prepare()
  })
  afterEach(async () => {
    expect(await stage.clear()).toEqual([])
  })
  afterAll(() => stage?.close())

  it('stand as text inside their boxes on every page, and run nothing', async () => {
    const t = wordsOf('en')
    const page = await stage.open({ language: 'en', token, path: '/overview', width: 360 })
    const paths = [
      '/overview',
      '/plan',
      '/usage',
      '/invoices',
      `/invoices/${prepared.invoiceId}`,
      '/payment-methods',
      '/transactions',
      '/settings',
      prepared.linkPath,
    ]
    for (const path of paths) {
      await page.goto(stage.product.url + path)
      await page.getByRole('heading', { level: 1 }).waitFor()
      await page.waitForLoadState('networkidle')
      expect(await isTaken(page), path).toBe(false)
      expect(await sidewaysPixels(page), path).toBeLessThanOrEqual(0)
    }
    await page.locator('summary', { hasText: t('pay.lines') }).click()
    expect(await page.getByText('<script>globalThis.taken=1').count()).toBeGreaterThan(0)
    expect(await sidewaysPixels(page)).toBeLessThanOrEqual(0)
  })

  it('meet a policy that lets no inline script run', async () => {
    for (const path of ['/overview', '/p/nothing']) {
      const answer = await fetch(stage.product.url + path, { headers: { accept: 'text/html' } })
      const policy = answer.headers.get('content-security-policy') ?? ''
      const scripts = /script-src ([^;]+)/.exec(policy)?.[1]
      expect(scripts, path).toBe("'self'")
      expect(await answer.text(), path).not.toMatch(/<script(?![^>]*\bsrc=)|\son\w+=|javascript:/i)
    }
    const page = await stage.open({ language: 'en', token, path: '/overview' })
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.evaluate(`{
      const script = document.createElement('script')
      script.textContent = 'globalThis.taken = 1'
      document.body.append(script)
    }`)
    expect(await isTaken(page)).toBe(false)
    // The browser says so itself; that is what this test asks for.
    expect((await stage.clear()).every(text => text.includes('Content Security Policy'))).toBe(true)
  })

  it('leave the token out of every address and of lasting storage', async () => {
    const page = await stage.open({ language: 'en', token, path: '/overview' })
    const addresses: string[] = []
    page.on('request', request => addresses.push(request.url()))
    for (const path of ['/invoices', '/settings', '/transactions']) {
      await page.goto(stage.product.url + path)
      await page.waitForLoadState('networkidle')
      addresses.push(page.url())
    }
    expect(addresses.filter(address => address.includes(token))).toEqual([])
    const lasting = await page.evaluate<string>('JSON.stringify(localStorage) + document.cookie')
    expect(lasting).not.toContain(token)
  })
})
