// Money recorded once, whatever breaks between the processor's answer and its settlement, and webhooks
// stored once however often they come.
import { createHmac } from 'node:crypto'
import Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { jobs } from '../../src/jobs/registry.ts'
import { openWorld, type World } from '../../src/test/world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

const stripeOf = () =>
  new Stripe(world.sandbox.secretKey, {
    host: '127.0.0.1',
    port: world.sandbox.port,
    protocol: 'http',
    telemetry: false,
  })

const deliver = (event: unknown, secret = 'whsec_world') => {
  const raw = JSON.stringify(event)
  const t = Math.floor(Date.now() / 1000)
  const v1 = createHmac('sha256', secret).update(`${t}.${raw}`).digest('hex')
  return world.call('POST', '/webhooks/stripe', {
    raw,
    headers: { 'stripe-signature': `t=${t},v1=${v1}` },
  })
}

const run = async (name: string) => jobs.find(job => job.name === name)!.run(world.service.deps)

describe('webhooks', () => {
  it('the five events of the mission, sent twice each, are stored once each', async () => {
    const types = [
      'customer.subscription.created',
      'customer.subscription.updated',
      'customer.subscription.deleted',
      'invoice.payment_succeeded',
      'invoice.payment_failed',
    ]
    for (const [i, type] of types.entries()) {
      const object = type.startsWith('invoice')
        ? { object: 'invoice', id: `in_${i}` }
        : { object: 'subscription', id: `sub_${i}` }
      const event = {
        id: `evt_mission_${i}`,
        object: 'event',
        type,
        api_version: '2026-10-28.endive',
        created: Math.floor(Date.now() / 1000),
        livemode: false,
        data: { object },
      }
      expect((await deliver(event)).status).toBe(200)
      expect((await deliver(event)).status).toBe(200)
    }
    const { rows } = await world.service.deps.store.system.list('inbox', { limit: 100 })
    expect(
      rows
        .filter(row => row.id.includes('evt_mission'))
        .map(row => row.type)
        .sort(),
    ).toEqual([...types].sort())
  })

  it('a signature of another secret is 400 and nothing is stored', async () => {
    const event = {
      id: 'evt_forged',
      object: 'event',
      type: 'charge.succeeded',
      data: { object: {} },
    }
    expect((await deliver(event, 'whsec_other')).status).toBe(400)
    const found = await world.service.deps.store.system.find('inbox', 'stripe:evt_forged')
    expect(found).toBeNull()
  })
})

describe('a crash between the processor’s answer and the settlement', () => {
  it('the charge is found and settled once: one payment, one charge, books in balance', async () => {
    const { deps } = world.service
    const as = world.admin('crash')
    const created = await world.call('POST', '/invoices', {
      as: world.operator(),
      headers: { 'x-tenant-id': 'crash' },
      body: { lineItems: [{ description: 'Setup', quantity: 1, unitAmount: 75 }] },
    })
    await world.call('POST', '/payment-methods', { as, body: { paymentMethodId: 'pm_card_visa' } })
    const charge = deps.processor.charge
    const crashing = {
      ...deps.processor,
      charge: async (request: Parameters<typeof charge>[0]) => {
        await charge(request)
        throw new Error('the process ended here')
      },
    }
    Object.assign(deps, { processor: crashing })
    const paid = await world.call('POST', `/invoices/${created.body.id}/pay`, { as })
    expect(paid.status).toBe(500)
    Object.assign(deps, { processor: { ...crashing, charge } })
    const before = await world.call('GET', '/transactions', { as })
    expect(before.body.data[0].status).toBe('pending')
    const again = await world.call('POST', `/invoices/${created.body.id}/pay`, { as })
    expect(again.body.code).toBe('payment_in_progress')

    const { tenantId, id } = before.body.data[0]
    await deps.store.transaction(tenantId, async tx => {
      const row = await tx.lock('transactions', id)
      await tx.replace('transactions', { ...row, checkAt: 0 })
    })
    expect(await run('reconcile')).toMatchObject({ settled: 1 })
    expect(await run('reconcile')).toMatchObject({ taken: 0 })

    const after = await world.call('GET', '/transactions', { as })
    expect(after.body.data).toHaveLength(1)
    expect(after.body.data[0]).toMatchObject({ status: 'succeeded', amount: 75, fee: 2.48 })
    const invoice = await world.call('GET', `/invoices/${created.body.id}`, { as })
    expect(invoice.body).toMatchObject({ status: 'paid', amountPaid: 75 })
    const customers = await deps.store.of('crash').list('customers', { limit: 1 })
    const charges = await stripeOf().charges.list({ customer: customers.rows[0]!.processorId! })
    expect(charges.data.map(c => c.amount)).toEqual([7500])
    const [sum] = await deps.store.of('crash').sum('ledgerEntries', { sum: ['amountMinor'] })
    expect(sum?.sums.amountMinor).toBe('0')
  })

  it('answer, webhook and reconciliation of one charge together book it once', async () => {
    const { deps } = world.service
    const as = world.admin('thrice')
    await world.call('POST', '/subscriptions', {
      as,
      body: { plan: 'starter', trialDays: 0, paymentMethodId: 'pm_card_visa' },
    })
    const { body } = await world.call('GET', '/transactions', { as })
    const [row] = (await deps.store.of('thrice').list('transactions', { limit: 1 })).rows
    const event = {
      id: 'evt_thrice',
      object: 'event',
      type: 'payment_intent.succeeded',
      api_version: '2026-10-28.endive',
      created: 1,
      data: { object: { id: row!.processorId, object: 'payment_intent' } },
    }
    await deliver(event)
    await run('apply-events')
    const entries = await deps.store.of('thrice').list('ledgerEntries', { limit: 100 })
    expect(entries.rows.filter(e => e.kind === 'payment_received')).toHaveLength(2)
    expect(entries.rows.filter(e => e.kind === 'processing_fee')).toHaveLength(2)
    expect(
      (await world.call('GET', `/transactions/${body.data[0].id}`, { as })).body,
    ).toMatchObject({
      status: 'succeeded',
      fee: 1.14,
    })
  })

  it('a charge that never reached the processor is called off, and the invoice can be paid', async () => {
    const { deps } = world.service
    const as = world.admin('never')
    const created = await world.call('POST', '/invoices', {
      as: world.operator(),
      headers: { 'x-tenant-id': 'never' },
      body: { lineItems: [{ description: 'Setup', quantity: 1, unitAmount: 10 }] },
    })
    await world.call('POST', '/payment-methods', { as, body: { paymentMethodId: 'pm_card_visa' } })
    const { charge } = deps.processor
    const dead = {
      ...deps.processor,
      charge: async () => {
        throw new Error('the process ended here')
      },
    }
    Object.assign(deps, { processor: dead })
    await world.call('POST', `/invoices/${created.body.id}/pay`, { as })
    Object.assign(deps, { processor: { ...dead, charge } })
    const { body } = await world.call('GET', '/transactions', { as })
    await deps.store.transaction('never', async tx => {
      const row = await tx.lock('transactions', body.data[0].id)
      await tx.replace('transactions', { ...row, checkAt: 0, recordedAt: row.recordedAt - 600_000 })
    })
    // Ten minutes by a clock that may have been set; by the one that cannot, it was looked for just now.
    await run('reconcile')
    const waiting = await deps.store.of('never').get('transactions', body.data[0].id)
    expect(waiting.status).toBe('pending')
    const steady = deps.clock.steady()
    vi.spyOn(deps.clock, 'steady').mockReturnValue(steady + 181_000)
    await deps.store.transaction('never', async tx => {
      const row = await tx.lock('transactions', body.data[0].id)
      await tx.replace('transactions', { ...row, checkAt: 0 })
    })
    await run('reconcile')
    vi.restoreAllMocks()
    const after = await deps.store.of('never').get('transactions', body.data[0].id)
    expect(after.status).toBe('canceled')
    const paid = await world.call('POST', `/invoices/${created.body.id}/pay`, { as })
    expect(paid.body).toMatchObject({ status: 'paid', attempts: 2 })
  })
})
