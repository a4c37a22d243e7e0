// Lists over all tenants: the issuer's staff sees everybody's, nobody else sees any.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWorld, type World } from '../../src/test/world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
  for (const [tenant, plan] of [
    ['acme', 'starter'],
    ['acme-labs', 'professional'],
    ['birch', 'starter'],
  ] as const) {
    const as = world.admin(tenant)
    const { body } = await world.call('GET', '/customers', { as })
    const name = { name: `${tenant} Ltd`, address: { country: 'GB' } }
    await world.call('PATCH', `/customers/${body.data[0].id}`, { as, body: name })
    const subscription = { plan, trialDays: 0, paymentMethodId: 'pm_card_visa' }
    await world.call('POST', '/subscriptions', { as, body: subscription })
  }
  const headers = { 'x-tenant-id': 'birch' }
  const lineItems = [{ description: 'Set-up', quantity: 1, unitAmount: 450 }]
  await world.call('POST', '/invoices', { as: world.operator(), headers, body: { lineItems } })
})
afterAll(() => world.close())

const list = (path: string, as = world.operator()) => world.call('GET', `/issuer${path}`, { as })

describe('the tenants', () => {
  it('come newest first, with plan, country and the 450.00 that one owes', async () => {
    const { body } = await list('/tenants')
    expect(body.data.map((t: { tenantId: string }) => t.tenantId)).toEqual([
      'birch',
      'acme-labs',
      'acme',
    ])
    expect(body.data[0]).toMatchObject({
      name: 'birch Ltd',
      country: 'GB',
      kind: 'live',
      currency: 'USD',
      subscriptions: [{ plan: 'starter', status: 'active' }],
      amountDue: [{ currency: 'USD', amount: 450 }],
    })
    expect(body.data[1].amountDue).toEqual([])
  })

  it('are found by the beginning of their id, page by page', async () => {
    const first = await list('/tenants?q=acme&limit=1')
    expect(first.body.data[0].tenantId).toBe('acme')
    const second = await list(`/tenants?q=acme&limit=1&cursor=${first.body.nextCursor}`)
    expect(second.body.data[0].tenantId).toBe('acme-labs')
    expect(second.body.hasMore).toBe(false)
  })
})

describe('subscriptions, invoices and transactions', () => {
  it('carry the name of their billing account', async () => {
    const subscriptions = await list('/subscriptions?planCode=starter')
    expect(subscriptions.body.data.map((s: { customerName: string }) => s.customerName)).toEqual([
      'birch Ltd',
      'acme Ltd',
    ])
    const invoices = await list('/invoices?status=open')
    expect(invoices.body.data).toMatchObject([{ total: 450, customerName: 'birch Ltd' }])
    const number = invoices.body.data[0].invoiceNumber
    expect((await list(`/invoices?invoiceNumber=${number}`)).body.data).toHaveLength(1)
    const payments = await list('/transactions?type=payment&tenantId=acme')
    expect(payments.body.data).toMatchObject([{ amount: 29, customerName: 'acme Ltd' }])
  })

  it('are the operator’s alone, who needs to name no tenant', async () => {
    for (const path of ['/tenants', '/subscriptions', '/invoices', '/transactions']) {
      expect((await list(path, world.admin('acme'))).body.code).toBe('operator_only')
      expect((await list(path, world.platform())).status).toBe(403)
      expect((await list(`${path}?colour=red`)).status).toBe(400)
    }
  })
})
