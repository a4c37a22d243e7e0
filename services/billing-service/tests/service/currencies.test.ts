// Currencies without decimals and with three, from the subscription to the export.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWorld, type World } from '../../src/test/world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
  const plan = (code: string, jpy: number, kwd: number) => ({
    code,
    name: code,
    family: 'global',
    prices: [
      { currency: 'USD', billingCycle: 'monthly', amount: 30 },
      { currency: 'JPY', billingCycle: 'monthly', amount: jpy },
      { currency: 'KWD', billingCycle: 'monthly', amount: kwd },
    ],
    included: { calls: 10 },
    metrics: {
      calls: {
        charges: [
          { currency: 'USD', price: { model: 'standard', unitAmount: 0.01 } },
          { currency: 'JPY', price: { model: 'standard', unitAmount: 1.5 } },
          { currency: 'KWD', price: { model: 'standard', unitAmount: 0.0025 } },
        ],
      },
    },
  })
  const body = { plans: [plan('global', 4500, 9.5), plan('global-plus', 9000, 19)] }
  const { status } = await world.call('POST', '/plans', { as: world.operator(), body })
  expect(status).toBe(200)
})
afterAll(() => world.close())

const subscribe = (as: string, more: object) =>
  world.call('POST', '/subscriptions', {
    as,
    body: { plan: 'global', trialDays: 0, paymentMethodId: 'pm_card_visa', ...more },
  })

const operator = (tenant: string) => ({
  as: world.operator(),
  headers: { 'x-tenant-id': tenant },
})

describe.each([
  ['JPY', 4500, 1000, '4500', 8],
  ['KWD', 9.5, 2.25, '9.500', 0.013],
])('a tenant billed in %s', (currency, price, refunded, written, overage) => {
  const tenant = `in-${currency}`

  it(`is charged ${written}, refunded ${refunded}, and exported so`, async () => {
    const as = world.admin(tenant)
    const { status, body } = await subscribe(as, { currency })
    expect(status).toBe(201)
    expect(body).toMatchObject({ currency, status: 'active', payment: { status: 'succeeded' } })
    const invoices = await world.call('GET', '/invoices', { as })
    expect(invoices.body.data[0]).toMatchObject({ currency, total: price, amountPaid: price })
    const transactionId = body.payment.transactionId
    const refund = await world.call('POST', `/transactions/${transactionId}/refund`, {
      ...operator(tenant),
      body: { amount: refunded },
    })
    expect(refund.status).toBe(201)
    expect(refund.body).toMatchObject({ currency, amount: refunded, status: 'succeeded' })
    const csv = await world.call('GET', '/transactions/export/csv', { as })
    expect(csv.body).toContain(written)
    expect(csv.body).toContain(currency)
    const summary = await world.call('GET', '/transactions/summary/year', { as })
    expect(summary.body.currencies[0]).toMatchObject({
      currency,
      payments: price,
      refunds: refunded,
    })
  })

  it(`pays ${overage} for 5 calls above the quota`, async () => {
    const as = world.admin(tenant)
    const { body } = await world.call('GET', '/subscriptions', { as })
    const path = `/subscriptions/${body.data[0].id}/usage`
    await world.call('POST', path, { as, body: { metric: 'calls', quantity: 15 } })
    const usage = await world.call('GET', path, { as })
    expect(usage.body).toMatchObject({ currency, amount: overage })
  })

  it('cannot change the currency while it subscribes, and can afterwards', async () => {
    const as = world.admin(tenant)
    const change = () =>
      world.call('PATCH', '/settings', { ...operator(tenant), body: { currency: 'EUR' } })
    const refused = await change()
    expect([refused.status, refused.body.code]).toEqual([409, 'currency_locked'])
    const beside = await subscribe(as, { plan: 'starter', currency: 'USD' })
    expect([beside.status, beside.body.code]).toEqual([409, 'currency_locked'])
    const { body } = await world.call('GET', '/subscriptions', { as })
    await world.call('POST', `/subscriptions/${body.data[0].id}/cancel`, {
      as,
      body: { when: 'now' },
    })
    expect((await change()).status).toBe(200)
    expect((await world.call('GET', '/settings', { as })).body.currency).toBe('EUR')
  })
})

describe('amounts of such currencies', () => {
  it('with too many decimals are 400: 45.5 JPY, 9.5005 KWD', async () => {
    for (const [currency, amount] of [
      ['JPY', 45.5],
      ['KWD', 9.5005],
    ]) {
      const prices = [{ currency, billingCycle: 'monthly', amount }]
      const body = { plans: [{ code: 'bad', name: 'Bad', prices }] }
      const answer = await world.call('POST', '/plans', { as: world.operator(), body })
      expect([answer.status, answer.body.code]).toEqual([400, 'invalid_amount'])
    }
  })

  it('a plan without a price in the tenant’s currency is 400 unknown_plan', async () => {
    const answer = await subscribe(world.admin('yen'), { plan: 'starter', currency: 'JPY' })
    expect([answer.status, answer.body.code]).toEqual([400, 'unknown_plan'])
  })
})
