// Steering by HTTP: the secret key, the clock, seeded faults, events again, browser keys.

import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { failureOf, startTestSandbox, type TestSandbox } from './test-client.ts'
import { type Steering, steeringOf } from './test-steering.ts'

let sandbox: TestSandbox
let stripe: Stripe
let steer: Steering

beforeAll(async () => {
  sandbox = await startTestSandbox()
  stripe = sandbox.stripe
  steer = steeringOf(sandbox)
})
afterAll(() => sandbox.close())

describe('steering', () => {
  it('needs the secret key', async () => {
    const answer = await fetch(`${sandbox.url}/sandbox/clock`)
    expect(answer.status).toBe(401)
    const browser = steeringOf({ url: sandbox.url, secretKey: sandbox.publishableKey })
    expect(await browser('clock', undefined, 'GET')).toHaveProperty('error')
  })

  it('moves the clock by 3d or to an instant, and never back', async () => {
    const before = await steer<{ now: number }>('clock', undefined, 'GET')
    const after = await steer<{ now: number; iso: string }>('clock', { by: '3d' })
    expect(after.now - before.now).toBeGreaterThanOrEqual(3 * 86_400)
    const customer = await stripe.customers.create()
    expect(customer.created).toBeGreaterThanOrEqual(after.now)
    expect(await steer('clock', { to: '2001-01-01T00:00:00Z' })).toHaveProperty('error')
  })

  it('strikes the same requests for the same seed', async () => {
    const run = async () => {
      await steer('faults', { seed: 7, kind: 'lock_timeout', probability: 0.5, method: 'POST' })
      const outcomes: boolean[] = []
      for (let count = 0; count < 12; count += 1) {
        outcomes.push(
          await stripe.customers.create().then(
            () => true,
            () => false,
          ),
        )
      }
      await steer('faults', undefined, 'DELETE')
      return outcomes
    }
    const first = await run()
    expect(first).toContain(true)
    expect(first).toContain(false)
    const refused = first.filter(created => !created).length
    expect(await steer('faults', undefined, 'GET')).toMatchObject({
      faults: [],
      struck: { lock_timeout: refused },
    })
    expect(await run()).toEqual(first)
  })

  it('holds a balance transaction back until charge.updated', async () => {
    await steer('faults', { kind: 'late_balance' })
    const intent = await stripe.paymentIntents.create({
      amount: 1000,
      currency: 'usd',
      payment_method: 'pm_card_visa',
      confirm: true,
      off_session: true,
      expand: ['latest_charge'],
    })
    const charge = intent.latest_charge as Stripe.Charge
    expect(charge.balance_transaction).toBeNull()
    await steer('clock', { by: '1s' })
    const [updated] = (await stripe.events.list({ type: 'charge.updated' })).data
    expect(updated?.data.previous_attributes).toMatchObject({ balance_transaction: null })
    expect((await stripe.charges.retrieve(charge.id)).balance_transaction).toMatch(/^txn_/)
  })

  it('emits any event about an object again', async () => {
    const { id } = await stripe.customers.create()
    await steer('emit', { type: 'customer.updated', object: id })
    const [event] = (await stripe.events.list({ limit: 1 })).data
    expect(event).toMatchObject({ type: 'customer.updated', data: { object: { id } } })
  })
})

describe('a browser with the publishable key', () => {
  const post = (path: string, fields: Record<string, string>) =>
    fetch(`${sandbox.url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${sandbox.publishableKey}` },
      body: new URLSearchParams(fields),
    })

  it('confirms a set-up with its client secret and nothing without', async () => {
    const setup = await stripe.setupIntents.create({ allowed_payment_method_types: ['card'] })
    const path = `/v1/setup_intents/${setup.id}/confirm`
    expect((await post(path, { payment_method: 'pm_card_visa' })).status).toBe(401)
    const confirmed = await post(path, {
      payment_method: 'pm_card_visa',
      client_secret: setup.client_secret ?? '',
    })
    expect(confirmed.status).toBe(200)
    expect(confirmed.headers.get('access-control-allow-origin')).toBe('*')
    expect((await post('/v1/customers', {})).status).toBe(401)
  })

  it('reads card numbers, and refuses a wrong one, an unknown one and a past year', async () => {
    const card = (number: string, year = '2099') => ({
      type: 'card',
      'card[number]': number,
      'card[exp_month]': '12',
      'card[exp_year]': year.slice(-2),
    })
    const made = await post('/v1/payment_methods', card('4242 4242 4242 4242', '2040'))
    expect(await made.json()).toMatchObject({ card: { last4: '4242', exp_year: 2040 } })
    const code = async (fields: Record<string, string>) => {
      const answer = await post('/v1/payment_methods', fields)
      const { error } = (await answer.json()) as { error: Stripe.StripeRawError }
      return [answer.status, error.code, error.decline_code]
    }
    expect(await code(card('4242424242424241', '2040'))).toEqual([
      402,
      'incorrect_number',
      undefined,
    ])
    expect(await code(card('4111111111111111', '2040'))).toEqual([
      402,
      'card_declined',
      'test_mode_live_card',
    ])
    expect((await code(card('4242424242424242', '2020')))[1]).toBe('invalid_expiry_year')
  })
})

describe('methods that were used up', () => {
  it('refuses a method used once without a customer, or detached', async () => {
    const payment = { amount: 900, currency: 'usd', confirm: true, off_session: true } as const
    const once = await stripe.paymentIntents.create({ ...payment, payment_method: 'pm_card_visa' })
    const again = await failureOf(
      stripe.paymentIntents.create({ ...payment, payment_method: String(once.payment_method) }),
    )
    expect(again.message).toContain('It may not be used again')
    const customer = await stripe.customers.create()
    const method = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id })
    await stripe.paymentMethods.detach(method.id)
    const back = await failureOf(stripe.paymentMethods.attach(method.id, { customer: customer.id }))
    expect(back.message).toContain('was detached')
  })
})
