// The API's manners over HTTP: keys, idempotency, error shapes, pages, expansion, faults.

import Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clientOf, failureOf, startTestSandbox, type TestSandbox } from './test-client.ts'

let sandbox: TestSandbox
let stripe: Stripe

beforeAll(async () => {
  sandbox = await startTestSandbox()
  stripe = sandbox.stripe
})
afterAll(() => sandbox.close())

const payment = {
  amount: 700,
  currency: 'usd',
  payment_method: 'pm_card_visa',
  confirm: true,
  off_session: true,
} as const

describe('keys and versions', () => {
  it('answers 401 to an unknown secret key', async () => {
    const client = clientOf({ port: sandbox.port, secretKey: 'sk_test_somebody_else' })
    const failure = await failureOf(client.accounts.retrieveCurrent())
    expect(failure).toMatchObject({ statusCode: 401, type: 'StripeAuthenticationError' })
    expect(failure.message).toContain('sk_test_****else')
  })

  it('answers the account, the request id and the version', async () => {
    const account = await stripe.accounts.retrieveCurrent()
    expect(account.id).toMatch(/^acct_/)
    expect(account.lastResponse.requestId).toMatch(/^req_/)
    expect(account.lastResponse.apiVersion).toBe('2026-10-28.endive')
  })

  it('refuses an unknown address with 404', async () => {
    const failure = await failureOf(stripe.rawRequest('GET', '/v1/unicorns'))
    expect(failure.message).toContain('Unrecognized request URL (GET: /v1/unicorns)')
  })
})

describe('idempotency keys', () => {
  it('repeats a payment and its header for the same key, and takes the money once', async () => {
    const key = { idempotencyKey: 'pay_once' }
    const first = await stripe.paymentIntents.create(payment, key)
    const again = await stripe.paymentIntents.create(payment, key)
    expect(again.id).toBe(first.id)
    expect(again.lastResponse.headers['idempotent-replayed']).toBe('true')
    const charges = await stripe.charges.list({ payment_intent: first.id })
    expect(charges.data).toHaveLength(1)
  })

  it('repeats a decline for the same key', async () => {
    const declined = { ...payment, payment_method: 'pm_card_visa_chargeDeclined' }
    const first = await failureOf(stripe.paymentIntents.create(declined, { idempotencyKey: 'no' }))
    const again = await failureOf(stripe.paymentIntents.create(declined, { idempotencyKey: 'no' }))
    expect([first.statusCode, again.statusCode]).toEqual([402, 402])
    expect(again.payment_intent?.id).toBe(first.payment_intent?.id)
  })

  it('refuses other parameters under the same key with 400', async () => {
    await stripe.customers.create({ name: 'A' }, { idempotencyKey: 'customer' })
    const failure = await failureOf(
      stripe.customers.create({ name: 'B' }, { idempotencyKey: 'customer' }),
    )
    expect(failure).toMatchObject({ statusCode: 400, type: 'StripeIdempotencyError' })
  })

  it('does not keep a refused parameter', async () => {
    const key = { idempotencyKey: 'second_try' }
    await failureOf(stripe.paymentIntents.create({ ...payment, amount: 1 }, key))
    const paid = await stripe.paymentIntents.create(payment, key)
    expect(paid.status).toBe('succeeded')
  })

  it('answers 409 while the first request of a key is running', async () => {
    sandbox.state.faults.add({ ...oneFault, kind: 'latency', delayMs: 150 })
    const key = { idempotencyKey: 'racing' }
    const first = stripe.customers.create({}, key)
    await expect.poll(() => sandbox.state.faults.list().length).toBe(0)
    const second = await failureOf(stripe.customers.create({}, key))
    expect(second).toMatchObject({ statusCode: 409, code: 'idempotency_key_in_use' })
    expect((await first).id).toMatch(/^cus_/)
  })
})

const oneFault = {
  remaining: 1,
  probability: 1,
  method: 'POST',
  match: null,
  delayMs: 0,
  status: 429,
  performs: false,
} as const

describe('faults', () => {
  it('keeps a 500 for its key', async () => {
    sandbox.state.faults.add({ ...oneFault, kind: 'server_error' })
    const key = { idempotencyKey: 'broken' }
    const first = await failureOf(stripe.customers.create({}, key))
    const again = await failureOf(stripe.customers.create({}, key))
    expect([first.statusCode, again.statusCode]).toEqual([500, 500])
  })

  it('performs a payment and cuts the line; the same key then tells the outcome', async () => {
    const client = new Stripe(sandbox.secretKey, {
      protocol: 'http',
      host: '127.0.0.1',
      port: sandbox.port,
      maxNetworkRetries: 1,
    })
    const before = sandbox.state.list('charge').length
    sandbox.state.faults.add({ ...oneFault, kind: 'reset_after' })
    const paid = await client.paymentIntents.create(payment, { idempotencyKey: 'cut' })
    expect(paid.lastResponse.headers['idempotent-replayed']).toBe('true')
    expect(sandbox.state.list('charge').length).toBe(before + 1)
  })

  it('performs a payment and never answers, when the metadata asks for it', async () => {
    const failure = await failureOf(
      stripe.paymentIntents.create(
        { ...payment, metadata: { sandbox_fault: 'timeout_after' } },
        { idempotencyKey: 'silent', timeout: 200 },
      ),
    )
    expect(failure.type).toBe('StripeConnectionError')
    const [intent] = sandbox.state.list('payment_intent')
    expect(intent).toMatchObject({
      status: 'succeeded',
      metadata: { sandbox_fault: 'timeout_after' },
    })
  })

  it('refuses with 429 as often as asked, then works', async () => {
    sandbox.state.faults.add({ ...oneFault, kind: 'rate_limit' })
    expect((await failureOf(stripe.customers.create())).statusCode).toBe(429)
    expect((await stripe.customers.create()).id).toMatch(/^cus_/)
  })
})

describe('lists and expansion', () => {
  it('pages 5 customers newest first, forwards and backwards', async () => {
    const clean = await startTestSandbox()
    for (const name of ['1', '2', '3', '4', '5']) await clean.stripe.customers.create({ name })
    const first = await clean.stripe.customers.list({ limit: 2 })
    expect(first.data.map(row => row.name)).toEqual(['5', '4'])
    expect(first.has_more).toBe(true)
    const cursor = first.data[1]?.id ?? ''
    const second = await clean.stripe.customers.list({ limit: 2, starting_after: cursor })
    expect(second.data.map(row => row.name)).toEqual(['3', '2'])
    const back = await clean.stripe.customers.list({
      limit: 2,
      ending_before: second.data[1]?.id ?? '',
    })
    expect(back.data.map(row => row.name)).toEqual(['4', '3'])
    const all = await clean.stripe.customers.list({ limit: 2 }).autoPagingToArray({ limit: 10 })
    expect(all).toHaveLength(5)
    await clean.close()
  })

  it('expands four levels and lists, and refuses a fifth level', async () => {
    const intent = await stripe.paymentIntents.create(payment)
    const list = await stripe.paymentIntents.list({
      limit: 1,
      expand: ['data.latest_charge.balance_transaction'],
    })
    const [listed] = list.data
    const charge = listed?.latest_charge as Stripe.Charge
    expect(listed?.id).toBe(intent.id)
    expect((charge.balance_transaction as Stripe.BalanceTransaction).fee).toBe(50)
    const failure = await failureOf(
      stripe.paymentIntents.retrieve(intent.id, { expand: ['a.b.c.d.e'] }),
    )
    expect(failure.message).toContain('more than 4 levels')
    const unknown = await failureOf(
      stripe.paymentIntents.retrieve(intent.id, { expand: ['colour'] }),
    )
    expect(unknown.message).toContain('cannot be expanded (colour)')
  })

  it('merges metadata, removes a key by an empty value, and all by an empty metadata', async () => {
    const { id } = await stripe.customers.create({ metadata: { a: '1', b: '2' } })
    const merged = await stripe.customers.update(id, { metadata: { b: '', c: '3' } })
    expect(merged.metadata).toEqual({ a: '1', c: '3' })
    expect((await stripe.customers.update(id, { metadata: '' })).metadata).toEqual({})
  })
})
