// The pages a customer's browser visits: 3-D Secure and checkout.

import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { failureOf, startTestSandbox, type TestSandbox } from './test-client.ts'
import { press, type Steering, steeringOf } from './test-steering.ts'

let sandbox: TestSandbox
let stripe: Stripe
let steer: Steering

beforeAll(async () => {
  sandbox = await startTestSandbox()
  stripe = sandbox.stripe
  steer = steeringOf(sandbox)
})
afterAll(() => sandbox.close())

describe('the 3-D Secure page', () => {
  async function parked() {
    const intent = await stripe.paymentIntents.create({
      amount: 2500,
      currency: 'usd',
      payment_method: 'pm_card_authenticationRequired',
      confirm: true,
      return_url: 'https://example.com/back?order=7',
    })
    return { id: intent.id, url: intent.next_action?.redirect_to_url?.url ?? '' }
  }

  it('shows $25.00 with two buttons, and Complete pays and returns the customer', async () => {
    const { id, url } = await parked()
    const shown = await (await fetch(url)).text()
    expect(shown).toContain('$25.00')
    expect(shown).toContain('Complete')
    const { status, location } = await press(url, { outcome: 'complete' })
    expect(status).toBe(303)
    const back = new URL(location)
    expect(back.searchParams.get('order')).toBe('7')
    expect(back.searchParams.get('payment_intent')).toBe(id)
    expect(back.searchParams.get('redirect_status')).toBe('succeeded')
    expect((await stripe.paymentIntents.retrieve(id)).status).toBe('succeeded')
  })

  it('returns the customer with a failure, and the intent asks for another method', async () => {
    const { id, url } = await parked()
    const { location } = await press(url, { outcome: 'fail' })
    expect(location).toContain('redirect_status=failed')
    const intent = await stripe.paymentIntents.retrieve(id)
    expect(intent.last_payment_error?.code).toBe('payment_intent_authentication_failure')
  })

  it('sets a card up so that it then pays off session', async () => {
    const customer = await stripe.customers.create()
    const setup = await stripe.setupIntents.create({
      customer: customer.id,
      payment_method: 'pm_card_authenticationRequiredOnSetup',
      confirm: true,
      return_url: 'https://example.com/back',
    })
    await press(setup.next_action?.redirect_to_url?.url ?? '', { outcome: 'complete' })
    const done = await stripe.setupIntents.retrieve(setup.id)
    expect(done.status).toBe('succeeded')
    const paid = await stripe.paymentIntents.create({
      amount: 1000,
      currency: 'usd',
      customer: customer.id,
      payment_method: String(done.payment_method),
      confirm: true,
      off_session: true,
    })
    expect(paid.status).toBe('succeeded')
  })
})

describe('the checkout page', () => {
  const params: Stripe.Checkout.SessionCreateParams = {
    mode: 'payment',
    success_url: 'https://example.com/ok?session={CHECKOUT_SESSION_ID}',
    line_items: [
      {
        quantity: 2,
        price_data: { currency: 'usd', unit_amount: 1500, product_data: { name: 'Top <up>' } },
      },
    ],
    payment_intent_data: { metadata: { attempt_id: 'att_9' } },
  }

  it('escapes what it shows, stays open after a decline, then takes Alipay', async () => {
    const session = await stripe.checkout.sessions.create(params)
    const url = session.url ?? ''
    expect(await (await fetch(url)).text()).toContain('Top &lt;up&gt;')
    const refused = await press(url, { method: 'card', number: '4000000000009995' })
    expect(refused.text).toContain('insufficient funds')
    const { location } = await press(url, { method: 'alipay' })
    expect(location).toBe(`https://example.com/ok?session=${session.id}`)
    const paid = await stripe.checkout.sessions.retrieve(session.id, {
      expand: ['payment_intent.latest_charge'],
    })
    expect(paid).toMatchObject({
      status: 'complete',
      payment_status: 'paid',
      amount_total: 3000,
      payment_intent: {
        metadata: { attempt_id: 'att_9' },
        latest_charge: { payment_method_details: { type: 'alipay' } },
      },
    })
  })

  it('sends a 3-D Secure card to its bank and back to the success address', async () => {
    const session = await stripe.checkout.sessions.create(params)
    const toBank = await press(session.url ?? '', { method: 'card', number: '4000002760003184' })
    expect(toBank.location).toContain('/authenticate/pi_')
    const back = await press(toBank.location, { outcome: 'complete' })
    expect(back.location).toContain(`session=${session.id}`)
  })

  it('completes unpaid with a bank account, and is paid when the bank settles', async () => {
    const session = await stripe.checkout.sessions.create(params)
    await press(session.url ?? '', { method: 'us_bank_account' })
    const waiting = await stripe.checkout.sessions.retrieve(session.id)
    expect(waiting).toMatchObject({ status: 'complete', payment_status: 'unpaid' })
    await steer('settle', { payment_intent: waiting.payment_intent })
    expect((await stripe.checkout.sessions.retrieve(session.id)).payment_status).toBe('paid')
    const { data } = await stripe.events.list({
      types: ['checkout.session.completed', 'checkout.session.async_payment_succeeded'],
      limit: 2,
    })
    expect(data.map(event => event.type)).toEqual([
      'checkout.session.async_payment_succeeded',
      'checkout.session.completed',
    ])
  })

  it('expires after 24 h, and refuses payment_method_types', async () => {
    const session = await stripe.checkout.sessions.create(params)
    await steer('clock', { by: '25h' })
    expect((await stripe.checkout.sessions.retrieve(session.id)).status).toBe('expired')
    const wrong = { ...params, payment_method_types: ['card'] }
    const failure = await failureOf(
      stripe.checkout.sessions.create(wrong as Stripe.Checkout.SessionCreateParams),
    )
    expect(failure.code).toBe('payment_method_types_no_longer_supported')
  })
})
