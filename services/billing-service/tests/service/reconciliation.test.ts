// Our records held against the processor's: drift of each kind is found once, settled or explained, and the
// certificate of a month says whether both sides agree. A sync reads everything of a tenant again.
import Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { certifyMonth } from '../../src/actions/reconciliation/certify.ts'
import { compareAndRecord, compareNightly } from '../../src/actions/reconciliation/drift-inbox.ts'
import { syncAll } from '../../src/actions/reconciliation/sync.ts'
import { watchPayments } from '../../src/actions/reports/payment-health.ts'
import { jobs } from '../../src/jobs/registry.ts'
import { openWorld, type World } from '../../src/test/world.ts'

let world: World
let stripe: Stripe
beforeAll(async () => {
  world = await openWorld({ jobs: 'off', environment: { MONITOR_PAYMENTS_MIN: '5' } })
  stripe = new Stripe(world.sandbox.secretKey, {
    host: '127.0.0.1',
    port: world.sandbox.port,
    protocol: 'http',
    telemetry: false,
  })
})
afterAll(() => world.close())

const deps = () => world.service.deps
const dayMs = 86_400_000
const month = () => new Date().toISOString().slice(0, 7)

const operate = (method: string, path: string, body?: unknown, tenantId?: string) =>
  world.call(method, path, {
    as: world.operator(),
    ...(tenantId === undefined ? {} : { headers: { 'x-tenant-id': tenantId } }),
    ...(body === undefined ? {} : { body }),
  })

async function paid(tenantId: string) {
  await world.call('POST', '/subscriptions', {
    as: world.admin(tenantId),
    body: { plan: 'starter', trialDays: 0, paymentMethodId: 'pm_card_visa' },
  })
  const where = { type: 'payment' as const }
  const { rows } = await deps().store.of(tenantId).list('transactions', { where, limit: 1 })
  return rows[0]!
}

const compare = () => compareAndRecord(deps(), Date.now() - dayMs, Date.now() + dayMs)

const open = async () => (await operate('GET', '/reconciliation/drift?status=open')).body.data

/** Spoils a row behind the back of all rules. */
async function spoil(tenantId: string, id: string, more: object): Promise<void> {
  await deps().store.transaction(tenantId, async tx => {
    await tx.replace('transactions', { ...(await tx.lock('transactions', id)), ...more })
  })
}

describe('the comparison with the processor', () => {
  it('finds nothing where nothing differs, and counts what is not ours as foreign', async () => {
    await paid('calm')
    await stripe.paymentIntents.create({
      amount: 500,
      currency: 'usd',
      confirm: true,
      payment_method: 'pm_card_visa',
      return_url: 'http://127.0.0.1/',
    })
    expect(await compare()).toEqual({ compared: 1, found: 0, vanished: 0 })
    const certificate = await certifyMonth(deps(), month(), 'ada')
    expect(certificate).toMatchObject({ agrees: true, differenceCount: 0, foreignCount: 1 })
    const { body } = await operate('GET', `/reconciliation/certificates/${month()}`)
    expect(body).toMatchObject({ period: month(), agrees: true, issuedBy: 'ada' })
    expect(body.totals).toEqual([
      {
        kind: 'fees',
        currency: 'USD',
        ours: { count: 1, sum: 1.14 },
        stripe: { count: 1, sum: 1.14 },
        difference: 0,
      },
      {
        kind: 'payments',
        currency: 'USD',
        ours: { count: 1, sum: 29 },
        stripe: { count: 1, sum: 29 },
        difference: 0,
      },
    ])
  })

  it('a fee that we lost is found once, and taking theirs settles it with its posting', async () => {
    const payment = await paid('feeless')
    await spoil('feeless', payment.id, { feeMinor: null, netMinor: null })
    expect(await compare()).toMatchObject({ found: 2 })
    await compare()
    const drifts = await open()
    expect(drifts).toHaveLength(2)
    expect(drifts[1]).toMatchObject({
      objectType: 'payment',
      field: 'fee',
      ours: null,
      theirs: '114',
      moneyAtStake: 1.14,
      tenantId: 'feeless',
      objectId: payment.id,
    })
    const taken = await operate('POST', `/reconciliation/drift/${drifts[1].id}/resolve`, {
      action: 'take_theirs',
    })
    expect(taken.body).toMatchObject({ status: 'resolved', resolution: 'take_theirs' })
    const after = await operate('GET', `/transactions/${payment.id}`, undefined, 'feeless')
    expect(after.body).toMatchObject({ fee: 1.14, net: 27.86 })
    const again = await operate('POST', `/reconciliation/drift/${drifts[1].id}/resolve`, {
      action: 'take_theirs',
    })
    expect(again).toMatchObject({ status: 409, body: { code: 'drift_not_open' } })
    // The other one is gone by itself.
    expect(await compare()).toMatchObject({ found: 0, vanished: 1 })
    const { body } = await operate('GET', '/audit-log?action=drift.resolved', undefined, 'feeless')
    expect(body.data[0]).toMatchObject({
      actor: 'tester',
      changes: { field: 'fee', theirs: '114', resolution: 'take_theirs' },
    })
  })

  it('an amount that differs cannot be taken or pushed, only explained, and then stays quiet', async () => {
    const payment = await paid('odd')
    await spoil('odd', payment.id, { amountMinor: 2_901 })
    await compare()
    const [drift] = (await open()).filter((each: { field: string }) => each.field === 'amount')
    expect(drift).toMatchObject({ ours: '2901', theirs: '2900', moneyAtStake: 0.01 })
    const path = `/reconciliation/drift/${drift.id}/resolve`
    expect((await operate('POST', path, { action: 'push_ours' })).body.code).toBe('drift_remains')
    expect((await operate('POST', path, { action: 'explain' })).status).toBe(400)
    const explained = await operate('POST', path, { action: 'explain', note: 'A cent by hand' })
    expect(explained.body).toMatchObject({ status: 'resolved', note: 'A cent by hand' })
    expect(await compare()).toMatchObject({ found: 1 })
    expect(await open()).toEqual([])
    const certificate = await certifyMonth(deps(), month(), 'ada')
    expect(certificate).toMatchObject({ agrees: false, differenceCount: 1 })
    await spoil('odd', payment.id, { amountMinor: 2_900 })
  })

  it('a refund made elsewhere is missing here, and is recorded by taking theirs', async () => {
    const payment = await paid('elsewhere')
    await stripe.refunds.create({ payment_intent: payment.processorId!, amount: 900 })
    await compare()
    const [drift] = await open()
    expect(drift).toMatchObject({ objectType: 'refund', field: 'missing_here', moneyAtStake: 9 })
    const path = `/reconciliation/drift/${drift.id}/resolve`
    expect((await operate('POST', path, { action: 'take_theirs' })).status).toBe(200)
    const { body } = await operate('GET', '/transactions?type=refund', undefined, 'elsewhere')
    expect(body.data).toHaveLength(1)
    expect(await compareNightly(deps())).toMatchObject({ found: 0 })
  })

  it('a record that the processor does not know is missing there', async () => {
    const payment = await paid('ghost')
    await spoil('ghost', payment.id, { processorId: 'pi_nowhere' })
    await compare()
    const fields = (await open()).map((each: { field: string }) => each.field).sort()
    expect(fields).toEqual(['missing_here', 'missing_there'])
    await spoil('ghost', payment.id, { processorId: payment.processorId })
    await compare()
    expect((await open()).map((each: { field: string }) => each.field)).toEqual(['missing_there'])
  })
})

describe('a sync', () => {
  it('of one tenant settles what no event told: a refund, a dispute', async () => {
    const payment = await paid('silent')
    await stripe.refunds.create({ payment_intent: payment.processorId!, amount: 100 })
    const response = await fetch(`${world.sandbox.url}/sandbox/disputes`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${world.sandbox.secretKey}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ charge: payment.processorChargeId }),
    })
    expect(response.ok).toBe(true)
    const { body } = await operate('POST', '/sync', undefined, 'silent')
    expect(body).toEqual({
      tenantId: 'silent',
      payments: 1,
      refunds: 1,
      disputes: 1,
      methods: 1,
      ignored: 0,
    })
    const disputes = await operate('GET', '/disputes', undefined, 'silent')
    expect(disputes.body.data).toHaveLength(1)
    expect(
      await deps()
        .store.of('silent')
        .count('transactions', { where: { type: 'refund' } }),
    ).toBe(1)
  })

  it('of all tenants that is stopped goes on after the last one that was finished', async () => {
    const seen: number[] = []
    const stopping = syncAll(deps(), {
      restart: false,
      onProgress({ done }) {
        seen.push(done)
        if (done === 2) throw new Error('stopped')
      },
    })
    await expect(stopping).rejects.toThrow('stopped')
    const rest: number[] = []
    await syncAll(deps(), { restart: false, onProgress: ({ done }) => rest.push(done) })
    expect(seen).toEqual([1, 2])
    expect(rest[0]).toBe(3)
    expect(await deps().store.system.find('marks', 'sync')).toBeNull()
  })

  it('is the operator’s alone, and its jobs are on the timetable', async () => {
    const answer = await world.call('POST', '/sync', { as: world.admin('silent') })
    expect(answer.body.code).toBe('operator_only')
    const names = jobs.filter(({ at }) => at !== undefined).map(({ name }) => name)
    expect(names).toContain('compare-with-processor')
    expect((await operate('GET', '/reconciliation/certificates/1999-01')).status).toBe(404)
  })
})

describe('the health of payments', () => {
  it('is told by method, brand and reason, and a rate over its threshold alarms once a day', async () => {
    const declined = await world.call('POST', '/subscriptions', {
      as: world.admin('poor'),
      body: { plan: 'starter', trialDays: 0, paymentMethodId: 'pm_card_chargeCustomerFail' },
    })
    expect(declined.body.status).toBe('incomplete')
    const { body } = await operate('GET', '/reports/payment-health')
    expect(body.total).toEqual({ attempts: 7, succeeded: 6, failed: 1, successRate: 85.7143 })
    expect(body.byMethod).toEqual([{ name: 'card', ...body.total }])
    expect(body.byBrand).toEqual([{ name: 'visa', ...body.total }])
    expect(body.byDay).toHaveLength(1)
    expect(body.byReason).toMatchObject([{ code: 'generic_decline', count: 1 }])
    expect(body.disputes).toEqual({ count: 1, lost: 0, rate: 16.6667 })
    expect(body.alerts.map(({ name }: { name: string }) => name)).toEqual([
      'refund_rate',
      'dispute_rate',
    ])
    expect(body.told).toEqual([])
    expect([await watchPayments(deps()), await watchPayments(deps())]).toEqual([2, 0])
    const after = await operate('GET', '/reports/payment-health')
    expect(after.body.told).toHaveLength(2)
    const none = await operate('GET', '/reports/payment-health?to=2020-01-02T00:00:00Z')
    expect(none.body).toMatchObject({ total: { attempts: 0, successRate: null }, alerts: [] })
    expect(
      (await world.call('GET', '/reports/payment-health', { as: world.admin('poor') })).status,
    ).toBe(403)
  })
})

describe('a payment that only the processor has', () => {
  it('a payment that a lost backup forgot stands to the payer’s credit by taking theirs, once', async () => {
    await paid('forgotten')
    const intent = await stripe.paymentIntents.create({
      amount: 4_200,
      currency: 'usd',
      payment_method: 'pm_card_visa',
      confirm: true,
      return_url: 'https://example.com/back',
      metadata: { tenant_id: 'forgotten', transaction_id: 'txn_forgotten' },
    })
    expect(intent.status).toBe('succeeded')
    await compare()
    const [drift] = (await open()).filter(
      (each: { field: string }) => each.field === 'missing_here',
    )
    expect(drift).toMatchObject({ objectType: 'payment', field: 'missing_here', moneyAtStake: 42 })
    const path = `/reconciliation/drift/${drift.id}/resolve`
    expect((await operate('POST', path, { action: 'take_theirs' })).status).toBe(200)
    const { body } = await operate('GET', '/transactions?type=payment', undefined, 'forgotten')
    const adopted = body.data.filter((each: { amount: number }) => each.amount === 42)
    expect(adopted).toMatchObject([{ status: 'succeeded', invoiceId: null }])
    const credit = await operate('GET', '/credit-balance', undefined, 'forgotten')
    expect(credit.body.balances).toMatchObject([{ currency: 'USD', balance: 42 }])
    await compareNightly(deps())
    const left = (await open()).map((each: { field: string }) => each.field)
    expect(left).not.toContain('missing_here')
  })
})
