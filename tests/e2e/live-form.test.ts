// With a real key: Stripe's script is loaded when its form is shown and not before, the policy lets it in, and what
// our service is told is a name for the method.
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Sandbox, startSandbox } from '../../packages/stripe-sandbox/src/server.ts'
import {
  discard,
  type Product,
  quittance,
  startProduct,
  temporaryFolder,
} from '../stack/product.ts'
import { browserForTests, wordsOf } from './stage.ts'
import { sessionWith } from './visit.ts'

const { browser, reason } = await browserForTests()
const folder = temporaryFolder()
const jwtSecret = 'a secret that only this test knows, 32 bytes and more'
let sandbox: Sandbox
let product: Product

/** Stands for Stripe's script: its form, and a method that the payer has given in it. */
const script = `window.Stripe = key => ({
  elements: ({ clientSecret, appearance }) => ({
    create: () => ({
      mount(place) { place.textContent = ['Payment Element', key, clientSecret.split('_')[0],
        appearance.variables.colorPrimary].join(' ') },
      unmount() {}, destroy() {},
    }),
  }),
  confirmSetup: async () => ({ setupIntent: { status: 'succeeded', payment_method: 'pm_card_visa' } }),
  retrieveSetupIntent: async () => ({}),
})`

async function openMethods(): Promise<{ page: Page; asked: string[]; complaints: string[] }> {
  const { stdout } = await quittance(['token', '--role', 'admin', '--tenant', 'live'], {
    JWT_SECRET: jwtSecret,
  })
  const context = await browser!.newContext({ locale: 'en' })
  const kept = JSON.stringify(sessionWith(stdout.trim(), 'Tester'))
  await context.addInitScript(`sessionStorage.setItem('quittance.session', ${kept})`)
  const page = await context.newPage()
  const asked: string[] = []
  const complaints: string[] = []
  page.on('console', message => {
    if (/Content Security Policy/.test(message.text())) complaints.push(message.text())
  })
  await page.route('https://js.stripe.com/**', route => {
    asked.push(route.request().url())
    return route.fulfill({ contentType: 'text/javascript', body: script })
  })
  await page.goto(`${product.url}/payment-methods`)
  return { page, asked, complaints }
}

describe.skipIf(browser === null)(`a real key ${reason}`, () => {
  beforeAll(async () => {
    sandbox = await startSandbox({ dataDir: null })
    product = await startProduct({
      dataDir: join(folder, 'data'),
      settings: {
        STRIPE_SECRET_KEY: sandbox.secretKey,
        STRIPE_PUBLISHABLE_KEY: sandbox.publishableKey,
        STRIPE_WEBHOOK_SECRET: 'whsec_of_this_test',
        STRIPE_API_BASE: sandbox.url,
        JWT_SECRET: jwtSecret,
      },
    })
  })
  afterAll(async () => {
    await browser?.close()
    await product?.stop()
    await sandbox?.close()
    discard(folder, product ? [product] : [])
  })

  it('shows Stripe’s form in the colours of the page and keeps the method it names', async () => {
    const t = wordsOf('en')
    const { page, asked, complaints } = await openMethods()
    const add = page.getByRole('button', { name: t('methods.add') })
    await add.waitFor()
    expect(asked).toEqual([])
    await add.click()
    await page.getByText(`Payment Element ${sandbox.publishableKey} seti #`).waitFor()
    expect(asked).toHaveLength(1)
    await page.getByRole('button', { name: t('methods.live.save') }).click()
    const method = t('method.card', { brand: 'Visa', last4: '4242' })
    await page.getByText(t('methods.added', { method })).waitFor()
    expect(complaints).toEqual([])
    await page.context().close()
  })
})
