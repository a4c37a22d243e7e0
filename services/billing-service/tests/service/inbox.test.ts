// The inbox of webhooks over real HTTP and PostgreSQL: one reading settles all events of an object, failures
// come back and are given up in the end, operators see and replay them.
import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { whileLeased } from '../../src/actions/lease.ts'
import { applyInbox } from '../../src/actions/webhooks/apply-inbox.ts'
import { hastenEvents } from '../../src/actions/webhooks/hasten-events.ts'
import { triesMax } from '../../src/core/inbox.ts'
import { Refusal } from '../../src/core/refusal.ts'
import { jobs } from '../../src/jobs/registry.ts'
import { startJobs } from '../../src/jobs/runner.ts'
import { openWorld, type World } from '../../src/test/world.ts'

let world: World
let intentId: string
let chargeId: string

beforeAll(async () => {
  world = await openWorld({ jobs: 'off' })
  await world.call('POST', '/subscriptions', {
    as: world.admin('inbox'),
    body: { plan: 'starter', trialDays: 0, paymentMethodId: 'pm_card_visa' },
  })
  const [row] = (await deps().store.of('inbox').list('transactions', { limit: 1 })).rows
  intentId = row!.processorId!
  chargeId = row!.processorChargeId!
})
afterAll(() => world.close())

const deps = () => world.service.deps
let made = 0

async function deliver(type: string, object: Record<string, unknown>, more = {}): Promise<string> {
  made += 1
  const id = `evt_inbox_${made}`
  const raw = JSON.stringify({
    id,
    object: 'event',
    type,
    api_version: '2026-10-28.endive',
    created: 1_790_000_000 + made,
    data: { object },
    ...more,
  })
  const t = Math.floor(Date.now() / 1000)
  const v1 = createHmac('sha256', 'whsec_world').update(`${t}.${raw}`).digest('hex')
  const headers = { 'stripe-signature': `t=${t},v1=${v1}` }
  expect((await world.call('POST', '/webhooks/stripe', { raw, headers })).status).toBe(200)
  return id
}

const operate = (method: string, path: string, body?: unknown) =>
  world.call(method, path, { as: world.operator(), ...(body === undefined ? {} : { body }) })

/** Counts the readings of the processor while something runs, or makes them fail. */
async function watching<T>(work: () => Promise<T>, failure?: string) {
  const { readObject } = deps().processor
  let reads = 0
  const watched: typeof readObject = async (type, id) => {
    reads += 1
    if (failure !== undefined) throw new Error(failure)
    return readObject(type, id)
  }
  const before = deps().processor
  Object.assign(deps(), { processor: { ...before, readObject: watched } })
  try {
    return { result: await work(), reads }
  } finally {
    Object.assign(deps(), { processor: before })
  }
}

describe('events of one object', () => {
  it('5 events about one payment and its charge are settled by 1 reading', async () => {
    await deliver('payment_intent.succeeded', { object: 'payment_intent', id: intentId })
    for (const name of ['succeeded', 'updated', 'updated', 'refunded']) {
      await deliver(`charge.${name}`, {
        object: 'charge',
        id: chargeId,
        payment_intent: intentId,
      })
    }
    const { result, reads } = await watching(() => applyInbox(deps()))
    expect(reads).toBe(1)
    expect(result).toMatchObject({ taken: 5, applied: 5, read: 1 })
    const { body } = await operate('GET', '/webhook-events?tenantId=inbox')
    expect(body.data).toHaveLength(5)
    expect(body.data[0]).toMatchObject({
      status: 'applied',
      subject: `payment_intent:${intentId}`,
      tenantId: 'inbox',
    })
  })

  it('while another worker has the object in hand they wait, and nothing is read', async () => {
    await deliver('payment_intent.succeeded', { object: 'payment_intent', id: intentId })
    const held = await whileLeased(deps(), `object:payment_intent:${intentId}`, () =>
      watching(() => applyInbox(deps())),
    )
    expect(held?.result).toMatchObject({ reads: 0, result: { taken: 1, busy: 1 } })
    await operate('POST', '/webhook-events/replay', { status: 'received' })
    expect(await applyInbox(deps())).toMatchObject({ applied: 1 })
  })

  it('an event of another API version, without the fields we know, is applied by re-reading', async () => {
    const old = { object: 'payment_intent', id: intentId, amount: 'of long ago' }
    const id = await deliver('payment_intent.succeeded', old, { api_version: '2019-02-19' })
    expect(await applyInbox(deps())).toMatchObject({ applied: 1 })
    const { body } = await operate('GET', `/webhook-events/${id}`)
    expect(body).toMatchObject({ status: 'applied', apiVersion: '2019-02-19' })
    expect(body.payload.data.object.amount).toBe('of long ago')
  })

  it('types that we do not know, and objects that are not ours, are kept and say why', async () => {
    const unknown = await deliver('issuing_card.created', { object: 'issuing.card', id: 'ic_1' })
    const stranger = await deliver('refund.created', { object: 'refund', id: 're_none' })
    expect(await applyInbox(deps())).toMatchObject({ ignored: 2 })
    const reasons = await Promise.all(
      [unknown, stranger].map(async id => (await operate('GET', `/webhook-events/${id}`)).body),
    )
    expect(reasons.map(({ status, reason }) => `${status}: ${reason}`)).toEqual([
      'ignored: nothing follows from this event',
      'ignored: the processor does not know the object any more',
    ])
  })
})

describe('an event that cannot be applied', () => {
  it(`is tried ${triesMax} times, given up with its reason, and applied when an operator asks`, async () => {
    const id = await deliver('payment_intent.succeeded', { object: 'payment_intent', id: intentId })
    await watching(async () => {
      for (let tries = 0; tries < triesMax; tries += 1) {
        await deps().store.system.transaction(async tx => {
          const row = await tx.lock('inbox', `stripe:${id}`)
          await tx.replace('inbox', { ...row, dueAt: 0 })
        })
        await applyInbox(deps())
      }
    }, 'Stripe is in a dream')
    const dead = await operate('GET', '/webhook-events?status=dead')
    expect(dead.body.data).toHaveLength(1)
    expect(dead.body.data[0]).toMatchObject({
      attempts: triesMax,
      reason: 'Stripe is in a dream',
      nextAttempt: null,
    })
    const replayed = await operate('POST', `/webhook-events/${id}/replay`)
    expect(replayed.body).toMatchObject({ status: 'received', replays: 1, replayedBy: 'tester' })
    expect(await applyInbox(deps())).toMatchObject({ applied: 1 })
    const after = await operate('GET', `/webhook-events/${id}`)
    expect(after.body).toMatchObject({ status: 'applied', reason: null })
  })

  it('all events of a filter are replayed at once, and book nothing twice', async () => {
    const before = await deps().store.of('inbox').count('ledgerEntries', {})
    const { body } = await operate('POST', '/webhook-events/replay', { tenantId: 'inbox' })
    expect(body).toEqual({ replayed: 8, hasMore: false })
    expect(await applyInbox(deps())).toMatchObject({ applied: 8, read: 1 })
    expect(await deps().store.of('inbox').count('ledgerEntries', {})).toBe(before)
  })
})

describe('who may see the inbox', () => {
  it('operators alone: an admin is refused, an unknown event is 404, a filter is needed to replay', async () => {
    const as = world.admin('inbox')
    expect((await world.call('GET', '/webhook-events', { as })).body.code).toBe('operator_only')
    expect((await operate('GET', '/webhook-events/evt_nowhere')).status).toBe(404)
    expect((await operate('POST', '/webhook-events/evt_nowhere/replay')).status).toBe(404)
    expect((await operate('POST', '/webhook-events/replay', {})).status).toBe(400)
    expect((await operate('GET', '/webhook-events?status=lost')).status).toBe(400)
  })
})

describe('when the database went away while an event was in hand', () => {
  it('the next run takes it up again, not the one in ten minutes', async () => {
    const { store } = deps()
    let outages = 0
    const transaction: typeof store.system.transaction = body => {
      if (outages > 0) return store.system.transaction(body)
      outages += 1
      return Promise.reject(new Refusal('unavailable', { part: 'database', partZh: '数据库' }))
    }
    const away = { ...deps(), store: { ...store, system: { ...store.system, transaction } } }
    const id = await deliver('payment_intent.succeeded', { object: 'payment_intent', id: intentId })
    const state = async () => (await store.system.get('inbox', `stripe:${id}`)).state
    const running = startJobs(
      away,
      jobs.filter(({ name }) => name === 'apply-events'),
    )
    try {
      await expect.poll(state, { timeout: 20_000 }).toBe('applied')
      expect(outages).toBe(1)
    } finally {
      await running.stop()
    }
  })
})

describe('after a kill', () => {
  it('events that the dead worker had taken are due at once, behind 1,200 that wait', async () => {
    const { system } = deps().store
    const known = await system.list('inbox', { limit: 1 })
    const now = Date.now()
    const like = (id: string, dueAt: number) => ({
      ...known.rows[0]!,
      id: `stripe:evt_${id}`,
      subject: '',
      state: 'received' as const,
      dueAt,
      processedAt: null,
      version: 1,
    })
    const waiting = Array.from({ length: 1_200 }, (_, n) => like(`waiting_${n}`, now - 1_000))
    const taken = [1, 2, 3].map(n => like(`taken_${n}`, now + 9 * 60_000))
    await system.transaction(async tx => {
      await tx.insertMany('inbox', waiting)
      await tx.insertMany('inbox', taken)
    })
    await hastenEvents(deps())
    const rows = await system.getMany(
      'inbox',
      taken.map(({ id }) => id),
    )
    expect(rows.map(({ dueAt }) => (dueAt ?? 0) <= Date.now())).toEqual([true, true, true])
  })
})
