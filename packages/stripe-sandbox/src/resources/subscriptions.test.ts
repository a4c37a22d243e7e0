// Stripe Billing in the sandbox: subscriptions started, changed, renewed, failing, ended.

import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { failureOf, startTestSandbox, type TestSandbox } from '../test-client.ts'

const day = 86_400
let sandbox: TestSandbox
let stripe: Stripe
let monthly10 = ''
let monthly20 = ''

beforeAll(async () => {
  sandbox = await startTestSandbox()
  stripe = sandbox.stripe
  const product = await stripe.products.create({ name: 'Gold' })
  const price = (amount: number) =>
    stripe.prices.create({
      product: product.id,
      unit_amount: amount,
      currency: 'usd',
      recurring: { interval: 'month' },
    })
  monthly10 = (await price(1000)).id
  monthly20 = (await price(2000)).id
})
afterAll(() => sandbox.close())

/** A subscriber on a test clock frozen at an instant. */
async function subscriber(at: string, card = 'pm_card_visa') {
  const frozen = Date.parse(at) / 1000
  const clock = await stripe.testHelpers.testClocks.create({ frozen_time: frozen })
  const customer = await stripe.customers.create({ test_clock: clock.id })
  const method = await stripe.paymentMethods.attach(card, { customer: customer.id })
  return {
    customer: customer.id,
    default_payment_method: method.id,
    to: (instant: string) =>
      stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: Date.parse(instant) / 1000 }),
  }
}

function iso(seconds: number | undefined): string {
  return new Date((seconds ?? 0) * 1000).toISOString()
}

async function subscribe(
  who: { customer: string; default_payment_method: string },
  more: Partial<Stripe.SubscriptionCreateParams> = {},
) {
  return stripe.subscriptions.create({
    customer: who.customer,
    default_payment_method: who.default_payment_method,
    items: [{ price: monthly10 }],
    ...more,
  })
}

function latestInvoice(id: string) {
  return stripe.subscriptions
    .retrieve(id, { expand: ['latest_invoice'] })
    .then(({ latest_invoice }) => latest_invoice as Stripe.Invoice)
}

describe('renewals', () => {
  it('returns from 28 February to the 31st of March', async () => {
    const who = await subscriber('2027-01-31T00:00:00Z')
    const { id, items } = await subscribe(who)
    expect(iso(items.data[0]?.current_period_end)).toBe('2027-02-28T00:00:00.000Z')
    await who.to('2027-02-28T02:00:00Z')
    const renewed = await stripe.subscriptions.retrieve(id)
    expect(iso(renewed.items.data[0]?.current_period_end)).toBe('2027-03-31T00:00:00.000Z')
    const invoices = await stripe.invoices.list({ subscription: id })
    expect(invoices.data.map(row => [row.billing_reason, row.status, row.amount_paid])).toEqual([
      ['subscription_cycle', 'paid', 1000],
      ['subscription_create', 'paid', 1000],
    ])
    expect(invoices.data[0]?.number).toMatch(/-0002$/)
  })

  it('keeps a renewal a draft for 1 h, then collects it', async () => {
    const who = await subscriber('2027-01-10T00:00:00Z')
    const { id } = await subscribe(who)
    await who.to('2027-02-10T00:30:00Z')
    expect((await latestInvoice(id)).status).toBe('draft')
    await who.to('2027-02-10T01:00:00Z')
    expect((await latestInvoice(id)).status).toBe('paid')
  })

  it('is past due after a decline, and active again once the invoice is paid', async () => {
    const who = await subscriber('2027-01-10T00:00:00Z')
    const { id } = await subscribe(who)
    const failing = await stripe.paymentMethods.attach('pm_card_chargeCustomerFail', {
      customer: who.customer,
    })
    await stripe.subscriptions.update(id, { default_payment_method: failing.id })
    await who.to('2027-02-10T01:00:00Z')
    expect((await stripe.subscriptions.retrieve(id)).status).toBe('past_due')
    const invoice = await latestInvoice(id)
    expect(invoice).toMatchObject({ status: 'open', attempt_count: 1 })
    expect(iso(invoice.next_payment_attempt ?? 0)).toBe('2027-02-13T01:00:00.000Z')
    await stripe.invoices.pay(invoice.id ?? '', { payment_method: who.default_payment_method })
    expect((await stripe.subscriptions.retrieve(id)).status).toBe('active')
  })

  it('ends after four failed tries in 15 days', async () => {
    const who = await subscriber('2027-01-10T00:00:00Z')
    const { id } = await subscribe(who)
    const failing = await stripe.paymentMethods.attach('pm_card_chargeCustomerFail', {
      customer: who.customer,
    })
    await stripe.subscriptions.update(id, { default_payment_method: failing.id })
    await who.to('2027-02-26T00:00:00Z')
    const ended = await stripe.subscriptions.retrieve(id)
    expect(ended).toMatchObject({
      status: 'canceled',
      cancellation_details: { reason: 'payment_failed' },
    })
    expect((await latestInvoice(id)).attempt_count).toBe(4)
  })
})

describe('starting', () => {
  it('takes 25 % and then 1.00 off two units of 10.00', async () => {
    const who = await subscriber('2027-01-10T00:00:00Z')
    const percent = await stripe.coupons.create({ percent_off: 25, duration: 'once' })
    const amount = await stripe.coupons.create({
      amount_off: 100,
      currency: 'usd',
      duration: 'forever',
    })
    const started = await subscribe(who, {
      items: [{ price: monthly10, quantity: 2 }],
      discounts: [{ coupon: percent.id }, { coupon: amount.id }],
    })
    const invoice = await latestInvoice(started.id)
    expect(invoice).toMatchObject({ subtotal: 2000, total: 1400, amount_paid: 1400 })
    await who.to('2027-02-10T01:00:00Z')
    expect((await latestInvoice(started.id)).total).toBe(1900)
  })

  it('stays incomplete after a decline and expires 23 h later with a void invoice', async () => {
    const who = await subscriber('2027-01-10T00:00:00Z', 'pm_card_chargeCustomerFail')
    const started = await subscribe(who)
    expect(started.status).toBe('incomplete')
    await who.to('2027-01-10T23:00:00Z')
    expect((await stripe.subscriptions.retrieve(started.id)).status).toBe('incomplete_expired')
    expect((await latestInvoice(started.id)).status).toBe('void')
  })

  it('leaves nothing behind when asked to error if incomplete', async () => {
    const who = await subscriber('2027-01-10T00:00:00Z', 'pm_card_chargeCustomerFail')
    const failure = await failureOf(subscribe(who, { payment_behavior: 'error_if_incomplete' }))
    expect(failure).toMatchObject({ statusCode: 402, code: 'card_declined' })
    const { data } = await stripe.subscriptions.list({ customer: who.customer, status: 'all' })
    expect(data).toEqual([])
  })

  it('becomes active when the payment of its first invoice is confirmed later', async () => {
    const who = await subscriber('2027-01-10T00:00:00Z')
    const started = await subscribe(who, {
      payment_behavior: 'default_incomplete',
      expand: ['latest_invoice.payments', 'latest_invoice.confirmation_secret'],
    })
    const invoice = started.latest_invoice as Stripe.Invoice
    const intent = String(invoice.payments?.data[0]?.payment.payment_intent)
    expect(invoice.confirmation_secret?.client_secret).toContain(intent)
    await stripe.paymentIntents.confirm(intent, {
      payment_method: who.default_payment_method,
      return_url: 'https://example.com/back',
    })
    expect((await stripe.subscriptions.retrieve(started.id)).status).toBe('active')
    const { data } = await stripe.invoicePayments.list({ invoice: invoice.id ?? '' })
    expect(data[0]).toMatchObject({ status: 'paid', amount_paid: 1000 })
  })

  it('gives a trial of 14 days, warns 3 days before its end, then charges', async () => {
    const who = await subscriber('2027-01-10T00:00:00Z')
    const started = await subscribe(who, { trial_period_days: 14 })
    expect(started.status).toBe('trialing')
    expect((await latestInvoice(started.id)).total).toBe(0)
    await who.to('2027-01-21T00:00:00Z')
    const warned = await stripe.events.list({ type: 'customer.subscription.trial_will_end' })
    expect(warned.data[0]?.data.object).toMatchObject({ id: started.id })
    expect(warned.data[0]?.created).toBe((started.trial_end ?? 0) - 3 * day)
    await who.to('2027-01-24T01:00:00Z')
    expect((await latestInvoice(started.id)).amount_paid).toBe(1000)
  })
})

describe('changing and ending', () => {
  it('moves from 10.00 to 20.00 at half time: credits 5.00, charges 10.00 at once', async () => {
    const who = await subscriber('2027-04-01T00:00:00Z')
    const started = await subscribe(who)
    await who.to('2027-04-16T00:00:00Z')
    await stripe.subscriptions.update(started.id, {
      items: [{ id: started.items.data[0]?.id ?? '', price: monthly20 }],
      proration_behavior: 'always_invoice',
    })
    const invoice = await latestInvoice(started.id)
    expect(invoice.lines.data.map(line => line.amount)).toEqual([-500, 1000])
    expect(invoice).toMatchObject({ billing_reason: 'subscription_update', amount_paid: 500 })
  })

  it('carries prorations to the next invoice', async () => {
    const who = await subscriber('2027-04-01T00:00:00Z')
    const started = await subscribe(who)
    await who.to('2027-04-16T00:00:00Z')
    await stripe.subscriptions.update(started.id, {
      items: [{ id: started.items.data[0]?.id ?? '', price: monthly20 }],
    })
    await who.to('2027-05-01T01:00:00Z')
    expect((await latestInvoice(started.id)).amount_paid).toBe(2500)
  })

  it('ends with its period, and at once when cancelled', async () => {
    const who = await subscriber('2027-04-01T00:00:00Z')
    const later = await subscribe(who)
    await stripe.subscriptions.update(later.id, { cancel_at_period_end: true })
    const now = await subscribe(who)
    expect((await stripe.subscriptions.cancel(now.id)).status).toBe('canceled')
    await who.to('2027-05-01T00:00:00Z')
    expect(await stripe.subscriptions.retrieve(later.id)).toMatchObject({
      status: 'canceled',
      ended_at: Date.parse('2027-05-01T00:00:00Z') / 1000,
    })
    expect((await stripe.invoices.list({ subscription: later.id })).data).toHaveLength(1)
  })
})
