import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWorld, type World } from '../../src/test/world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

describe('the main job', () => {
  it('subscribing to professional with a good card charges 99.00 and is active', async () => {
    const as = world.admin('acme')
    const created = await world.call('POST', '/subscriptions', {
      as,
      body: { plan: 'professional', paymentMethodId: 'pm_card_visa', trialDays: 0 },
    })
    expect(created.body).toMatchObject({ plan: 'professional', status: 'active' })
    expect(created.status).toBe(201)
    const invoices = await world.call('GET', '/invoices', { as })
    expect(invoices.body.data).toHaveLength(1)
    expect(invoices.body.data[0]).toMatchObject({ status: 'paid', total: 99, amountPaid: 99, amountDue: 0 })
    const transactions = await world.call('GET', '/transactions', { as })
    expect(transactions.body.data[0]).toMatchObject({ type: 'payment', status: 'succeeded', amount: 99, fee: 3.17, net: 95.83 })
  })
})
