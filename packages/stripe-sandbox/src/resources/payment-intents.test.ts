// Payments by card through the official SDK: success, declines, 3-D Secure, capture, limits.

import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { failureOf, startTestSandbox, type TestSandbox } from '../test-client.ts'

let sandbox: TestSandbox
let stripe: Stripe

beforeAll(async () => {
  sandbox = await startTestSandbox()
  stripe = sandbox.stripe
})
afterAll(() => sandbox.close())

async function customerWith(card: string) {
  const customer = await stripe.customers.create({ email: 'payer@example.com' })
  const method = await stripe.paymentMethods.attach(card, { customer: customer.id })
  return { customer: customer.id, payment_method: method.id }
}

function typesOf(objectId: string): string[] {
  return sandbox.state
    .list('event')
    .filter(({ data }) => 'id' in data.object && data.object.id === objectId)
    .map(event => event.type)
    .reverse()
}

describe('paying with a card that works', () => {
  it('takes 50.00 usd off session and books a fee of 1.75', async () => {
    const payer = await customerWith('pm_card_visa')
    const intent = await stripe.paymentIntents.create({
      ...payer,
      amount: 5000,
      currency: 'usd',
      confirm: true,
      off_session: true,
      metadata: { attempt_id: 'att_1' },
      expand: ['latest_charge.balance_transaction'],
    })
    expect(intent.status).toBe('succeeded')
    expect(intent.amount_received).toBe(5000)
    const charge = intent.latest_charge as Stripe.Charge
    expect(charge).toMatchObject({ paid: true, captured: true, metadata: { attempt_id: 'att_1' } })
    expect(charge.balance_transaction).toMatchObject({ amount: 5000, fee: 175, net: 4825 })
    expect(typesOf(intent.id)).toEqual(['payment_intent.created', 'payment_intent.succeeded'])
    expect(typesOf(charge.id)).toEqual(['charge.succeeded'])
  })

  it('waits in requires_payment_method without a method, and confirms with one later', async () => {
    const intent = await stripe.paymentIntents.create({
      amount: 1200,
      currency: 'eur',
      allowed_payment_method_types: ['card'],
    })
    expect(intent.status).toBe('requires_payment_method')
    expect(intent.payment_method_types).toEqual(['card'])
    const failure = await failureOf(stripe.paymentIntents.confirm(intent.id))
    expect(failure.code).toBe('payment_intent_unexpected_state')
    const paid = await stripe.paymentIntents.confirm(intent.id, { payment_method: 'pm_card_visa' })
    expect(paid.status).toBe('succeeded')
    const again = await failureOf(stripe.paymentIntents.cancel(intent.id))
    expect(again.message).toContain('status of succeeded')
  })

  it('captures 30.00 of 50.00, and expires an uncaptured one after 7 days', async () => {
    const base = {
      amount: 5000,
      currency: 'usd',
      confirm: true,
      off_session: true,
      capture_method: 'manual',
    } as const
    const held = await stripe.paymentIntents.create({
      ...(await customerWith('pm_card_visa')),
      ...base,
    })
    expect(held).toMatchObject({ status: 'requires_capture', amount_capturable: 5000 })
    const taken = await stripe.paymentIntents.capture(held.id, { amount_to_capture: 3000 })
    expect(taken).toMatchObject({ status: 'succeeded', amount_received: 3000 })
    const other = await stripe.paymentIntents.create({
      ...(await customerWith('pm_card_visa')),
      ...base,
    })
    sandbox.state.advance(7 * 86_400_000)
    const expired = await stripe.paymentIntents.retrieve(other.id)
    expect(expired).toMatchObject({ status: 'canceled', cancellation_reason: 'automatic' })
  })
})

describe('paying with a card that fails', () => {
  it('declines 0341 with 402, the intent in the error and a failed charge on record', async () => {
    const payer = await customerWith('pm_card_chargeCustomerFail')
    const failure = await failureOf(
      stripe.paymentIntents.create({
        ...payer,
        amount: 900,
        currency: 'usd',
        confirm: true,
        off_session: true,
      }),
    )
    expect(failure).toMatchObject({
      statusCode: 402,
      type: 'StripeCardError',
      code: 'card_declined',
      decline_code: 'generic_decline',
    })
    const intent = failure.payment_intent as Stripe.PaymentIntent
    expect(intent).toMatchObject({ status: 'requires_payment_method', payment_method: null })
    expect(intent.last_payment_error?.payment_method?.id).toBe(payer.payment_method)
    const stored = await stripe.paymentIntents.retrieve(intent.id, { expand: ['latest_charge'] })
    expect(stored.latest_charge).toMatchObject({ status: 'failed', failure_code: 'card_declined' })
    expect(typesOf(intent.id)).toEqual(['payment_intent.created', 'payment_intent.payment_failed'])
  })

  it('refuses to attach the chargeDeclined cards, each with its own code', async () => {
    const { id } = await stripe.customers.create()
    const attach = (card: string) => failureOf(stripe.paymentMethods.attach(card, { customer: id }))
    const funds = await attach('pm_card_visa_chargeDeclinedInsufficientFunds')
    expect(funds).toMatchObject({ statusCode: 402, decline_code: 'insufficient_funds' })
    expect(await attach('pm_card_chargeDeclinedExpiredCard')).toMatchObject({
      code: 'expired_card',
    })
    expect(await attach('pm_card_visa_chargeDeclinedStolenCard')).toMatchObject({
      decline_code: 'stolen_card',
    })
    expect((await stripe.paymentMethods.list({ customer: id })).data).toEqual([])
  })

  it('blocks a card of the highest risk', async () => {
    const payer = await customerWith('pm_card_radarBlock')
    const failure = await failureOf(
      stripe.paymentIntents.create({
        ...payer,
        amount: 900,
        currency: 'usd',
        confirm: true,
        off_session: true,
      }),
    )
    const charge = await stripe.charges.retrieve(String(failure.charge))
    expect(charge.outcome).toMatchObject({ type: 'blocked', reason: 'highest_risk_level' })
  })
})

describe('cards that want 3-D Secure', () => {
  const payment = { amount: 2000, currency: 'usd', confirm: true } as const

  it('declines 3184 off session with authentication_required', async () => {
    const payer = await customerWith('pm_card_authenticationRequired')
    const failure = await failureOf(
      stripe.paymentIntents.create({ ...payer, ...payment, off_session: true }),
    )
    expect(failure).toMatchObject({ statusCode: 402, code: 'authentication_required' })
  })

  it('parks 3184 on session with an address to send the customer to', async () => {
    const payer = await customerWith('pm_card_authenticationRequired')
    const intent = await stripe.paymentIntents.create({
      ...payer,
      ...payment,
      return_url: 'https://example.com/back',
    })
    expect(intent.status).toBe('requires_action')
    expect(intent.next_action?.redirect_to_url?.url).toBe(
      `${sandbox.url}/authenticate/${intent.id}`,
    )
  })

  it('fails instead of parking when asked to error on required actions', async () => {
    const payer = await customerWith('pm_card_authenticationRequired')
    const failure = await failureOf(
      stripe.paymentIntents.create({
        ...payer,
        ...payment,
        error_on_requires_action: true,
        return_url: 'https://example.com/back',
      }),
    )
    expect(failure.code).toBe('authentication_required')
  })

  it('lets 0446 pass off session, and 3155 only once it was set up', async () => {
    const ready = await customerWith('pm_card_authenticationRequiredSetupForOffSession')
    const paid = await stripe.paymentIntents.create({ ...ready, ...payment, off_session: true })
    expect(paid.status).toBe('succeeded')
    const fresh = await customerWith('pm_card_authenticationRequiredOnSetup')
    const failure = await failureOf(
      stripe.paymentIntents.create({ ...fresh, ...payment, off_session: true }),
    )
    expect(failure.code).toBe('authentication_required')
  })
})

describe('requests that Stripe refuses', () => {
  const refused = (params: Record<string, unknown>) =>
    failureOf(stripe.paymentIntents.create(params as unknown as Stripe.PaymentIntentCreateParams))

  it('knows no payment_method_types since endive', async () => {
    const failure = await refused({ amount: 100, currency: 'usd', payment_method_types: ['card'] })
    expect(failure).toMatchObject({
      statusCode: 400,
      code: 'payment_method_types_no_longer_supported',
    })
  })

  it('names what is missing, unknown, malformed, too small or too large', async () => {
    expect((await refused({ currency: 'usd' })).code).toBe('parameter_missing')
    expect(await refused({ amount: 100, currency: 'usd', colour: 'red' })).toMatchObject({
      code: 'parameter_unknown',
      param: 'colour',
    })
    expect((await refused({ amount: '9.5', currency: 'usd' })).code).toBe(
      'parameter_invalid_integer',
    )
    expect((await refused({ amount: 49, currency: 'usd' })).code).toBe('amount_too_small')
    expect((await refused({ amount: 49, currency: 'jpy' })).message).toContain('¥50')
    expect((await refused({ amount: 100_000_000, currency: 'usd' })).code).toBe('amount_too_large')
  })

  it("refuses one customer's method for another", async () => {
    const mine = await customerWith('pm_card_visa')
    const other = await stripe.customers.create()
    const again = await failureOf(
      stripe.paymentMethods.attach(mine.payment_method, { customer: other.id }),
    )
    expect(again.message).toBe(
      'The payment method you provided has already been attached to a customer.',
    )
    const failure = await refused({
      amount: 100,
      currency: 'usd',
      customer: other.id,
      payment_method: mine.payment_method,
    })
    expect(failure.message).toContain('does not have a payment method with the ID')
  })
})
