// An existing Stripe account comes in, read only, as often as one likes; then our engine's next invoices are
// held against Stripe's previews.
import Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { importAccount } from '../../src/actions/mirror/import-account.ts'
import { shadowAll } from '../../src/actions/mirror/shadow.ts'
import { makeStripeProcessor } from '../../src/adapters/stripe/processor.ts'
import type { Deps } from '../../src/deps.ts'
import { openWorld, type World } from '../../src/test/world.ts'

let world: World
let stripe: Stripe
let deps: Deps
let mapped: string
let unmapped: string

const dayMs = 86_400_000

async function customer(name: string, metadata: Record<string, string>, price: string) {
  const made = await stripe.customers.create({ name, metadata })
  const method = await stripe.paymentMethods.attach('pm_card_visa', { customer: made.id })
  await stripe.customers.update(made.id, {
    invoice_settings: { default_payment_method: method.id },
  })
  await stripe.subscriptions.create({ customer: made.id, items: [{ price, quantity: 3 }] })
  return made.id
}

const priceOf = async (amount: number) =>
  (
    await stripe.prices.create({
      currency: 'usd',
      unit_amount: amount,
      recurring: { interval: 'month' },
      product_data: { name: 'Team' },
    })
  ).id

beforeAll(async () => {
  world = await openWorld({ jobs: 'off' })
  const { secretKey, port, url } = world.sandbox
  stripe = new Stripe(secretKey, { host: '127.0.0.1', port, protocol: 'http', telemetry: false })
  const readOnly = { secretKey, apiBase: url, webhookSecrets: ['whsec_world'], readOnly: true }
  deps = { ...world.service.deps, processor: makeStripeProcessor(readOnly) }
  mapped = await priceOf(1_000)
  unmapped = await priceOf(9_900)
  const plan = {
    code: 'team',
    name: 'Team',
    family: 'team',
    prices: [{ currency: 'USD', billingCycle: 'monthly', amount: 10, stripePriceId: mapped }],
  }
  await world.call('POST', '/plans', { as: world.operator(), body: { plans: [plan] } })
  await customer('Acme', { account: 'acme' }, mapped)
  await customer('Unmapped', { account: 'unmapped' }, unmapped)
  await customer('Stranger', {}, mapped)
  world.sandbox.state.advance(32 * dayMs)
  const [paid] = (await stripe.paymentIntents.list({ limit: 1 })).data
  await stripe.refunds.create({ payment_intent: paid!.id, amount: 100 })
}, 60_000)
afterAll(() => world.close())

const options = { tenantKey: 'account', restart: false, onProgress: () => undefined }

const rowsOf = async (tenantId: string, noun: string) =>
  (await world.call('GET', `/${noun}`, { as: world.admin(tenantId) })).body.data

const snapshot = async () => {
  const response = await fetch(`${world.sandbox.url}/sandbox/snapshot`, {
    headers: { authorization: `Bearer ${world.sandbox.secretKey}` },
  })
  return response.text()
}

describe('importing an account', () => {
  it('takes what has a tenant and a plan, says what it left and why, and changes nothing at Stripe', async () => {
    const before = await snapshot()
    const imported = await importAccount(deps, options)
    expect(await snapshot()).toBe(before)
    expect(imported).toMatchObject({ customers: 2, methods: 2, subscriptions: 1, invoices: 2 })
    expect(imported.left.join('\n')).toContain(unmapped)
    expect(imported.left.join('\n')).toContain('names no tenant in account')
    expect(await rowsOf('acme', 'subscriptions')).toMatchObject([
      { plan: 'team', quantity: 3, billedBy: 'stripe', status: 'active' },
    ])
    const invoices = await rowsOf('acme', 'invoices')
    expect(invoices.map((each: { total: number }) => each.total)).toEqual([30, 30])
    const [method] = await rowsOf('acme', 'payment-methods')
    expect(method).toMatchObject({ type: 'card', isDefault: true })
  })

  it('dates what it brings in as it happened, not as it came', async () => {
    const transactions = await rowsOf('acme', 'transactions')
    const payments = transactions.filter((each: { type: string }) => each.type === 'payment')
    expect(payments).toHaveLength(2)
    const [newer, older] = payments.map((each: { createdAt: string }) => Date.parse(each.createdAt))
    expect(newer - older).toBeGreaterThan(27 * dayMs)
  })

  it('a second run adds nothing', async () => {
    const { store } = deps
    const count = async () => [
      await store.system.count('subscriptions', {}),
      await store.system.count('invoices', {}),
      await store.system.count('transactions', {}),
      await store.system.count('paymentMethods', {}),
      await store.system.count('ledgerEntries', {}),
    ]
    const before = await count()
    expect((await importAccount(deps, options)).methods).toBe(0)
    expect(await count()).toEqual(before)
  })

  it('goes on after the customer where it was stopped', async () => {
    const stopped = importAccount(deps, {
      ...options,
      onProgress: () => {
        throw new Error('stopped')
      },
    })
    await expect(stopped).rejects.toThrow('stopped')
    let seen = 0
    await importAccount(deps, { ...options, onProgress: () => (seen += 1) })
    expect(seen).toBe(2)
  })

  it('each customer may be a tenant under its own id', async () => {
    const imported = await importAccount(deps, { ...options, tenantKey: null })
    expect(imported.customers).toBe(3)
    const stranger = world.sandbox.state.list('customer').find(({ name }) => name === 'Stranger')!
    expect(await rowsOf(stranger.id, 'subscriptions')).toHaveLength(1)
  })

  it('a connection that only reads sends nothing else', async () => {
    const before = world.sandbox.state.list('customer').length
    const request = { tenantId: 'x', customerId: 'cus_x', name: null, email: null }
    await expect(deps.processor.createCustomer(request)).rejects.toThrow('create customer')
    expect(world.sandbox.state.list('customer')).toHaveLength(before)
  })
})

describe('shadow mode', () => {
  const shadow = () => shadowAll(deps, 'acme', () => undefined)

  it('finds the next invoice of 30.00 the same here as in Stripe’s preview', async () => {
    expect(await shadow()).toEqual({ compared: 1, same: 1, differences: [] })
  })

  it('names a discount that only Stripe gives', async () => {
    const coupon = await stripe.coupons.create({ percent_off: 10, duration: 'forever' })
    const [subscription] = await rowsOf('acme', 'subscriptions')
    await stripe.subscriptions.update(subscription.stripeSubscriptionId, {
      discounts: [{ coupon: coupon.id }],
    })
    const { same, differences } = await shadow()
    expect(same).toBe(0)
    expect(differences.join('\n')).toContain(
      'recurring line 1, discount: 0.00 USD here, 3.00 USD at Stripe',
    )
    expect(differences.join('\n')).toContain('total: 30.00 USD here, 27.00 USD at Stripe')
  })
})
