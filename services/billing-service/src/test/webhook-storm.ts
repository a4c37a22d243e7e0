// One and the same life of some tenants, told by webhooks in two ways: in order and once each, or shuffled,
// each delivered one to three times and some lost. What is stored in the end must be the same, row by row.
import { createHmac } from 'node:crypto'
import Stripe from 'stripe'
import { applyInbox } from '../actions/webhooks/apply-inbox.ts'
import { backfillEvents } from '../actions/webhooks/backfill-events.ts'
import type { Dispute } from '../core/dispute.ts'
import type { Transaction } from '../core/payment.ts'
import type { World } from './world.ts'

export interface StormOptions {
  /** Tenants; each leaves some eight events. */
  readonly tenants: number
  readonly shuffled: boolean
  readonly seed: number
}

export interface StormCounts {
  readonly events: number
  readonly deliveries: number
  readonly lost: number
  readonly found: number
  readonly readings: number
}

/** A small generator of chance that gives the same numbers for the same seed. */
function chanceOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 0x1_00_00_00_00
  }
}

const tenantName = (at: number) => `storm-${String(at).padStart(4, '0')}`

async function steer(world: World, path: string, body: object): Promise<void> {
  const response = await fetch(`${world.sandbox.url}/sandbox/${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${world.sandbox.secretKey}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${path}: ${await response.text()}`)
}

/** What a tenant does, by its number: pays, is refunded here or elsewhere, disputed, or fails. */
async function live(world: World, stripe: Stripe, at: number): Promise<void> {
  const tenantId = tenantName(at)
  const methods = ['pm_card_visa', 'pm_card_mastercard', 'pm_card_refundFail', 'pm_card_amex']
  const created = await world.call('POST', '/subscriptions', {
    as: world.admin(tenantId),
    body: { plan: 'starter', trialDays: 0, paymentMethodId: methods[at % methods.length] },
  })
  if (created.status !== 201) throw new Error(JSON.stringify(created.body))
  const { deps } = world.service
  const { rows } = await deps.store.of(tenantId).list('transactions', { limit: 1 })
  const payment = rows[0]!
  const operator = { as: world.operator(), headers: { 'x-tenant-id': tenantId } }
  const refund = (amount: number) =>
    world.call('POST', `/transactions/${payment.id}/refund`, { ...operator, body: { amount } })
  switch (at % 5) {
    case 0:
      await steer(world, 'disputes', { charge: payment.processorChargeId })
      break
    case 1:
      await refund(10)
      await refund(5)
      break
    case 2:
      await refund(20)
      break
    case 3:
      await stripe.refunds.create({ payment_intent: payment.processorId!, amount: 700 })
      break
    default:
      await stripe.paymentIntents.update(payment.processorId!, { metadata: { note: 'touched' } })
  }
}

/** Disputes of the first tenants are decided: every second one is won. */
async function decide(world: World): Promise<void> {
  const disputes = world.sandbox.state.list('dispute').toReversed()
  for (const [at, { id }] of disputes.entries()) {
    await steer(world, `disputes/${id}`, { outcome: at % 2 === 0 ? 'won' : 'lost' })
  }
}

async function deliver(world: World, event: unknown): Promise<void> {
  const raw = JSON.stringify(event)
  const t = Math.floor(Date.now() / 1000)
  const v1 = createHmac('sha256', 'whsec_world').update(`${t}.${raw}`).digest('hex')
  const headers = { 'stripe-signature': `t=${t},v1=${v1}` }
  const answer = await world.call('POST', '/webhooks/stripe', { raw, headers })
  if (answer.status !== 200) throw new Error(`delivery: ${answer.status}`)
}

function shuffle<T>(items: T[], chance: () => number): T[] {
  for (let at = items.length - 1; at > 0; at -= 1) {
    const other = Math.floor(chance() * (at + 1))
    ;[items[at], items[other]] = [items[other]!, items[at]!]
  }
  return items
}

const lostShare = 0.02
const applyEvery = 200

type Event = World['sandbox']['state'] extends { list(table: 'event'): (infer E)[] } ? E : never

/** Deliveries that wait for their phase. */
interface Post {
  readonly byPhase: Event[][]
  readonly known: Set<string>
  lost: number
}

/**
 * Takes in what happened in a phase. In order, each event is delivered once and now; else one to three times,
 * each in this phase or a later one, and some never.
 */
function takeIn(
  post: Post,
  events: readonly Event[],
  phase: number,
  chance: (() => number) | null,
): void {
  for (const event of events) {
    if (post.known.has(event.id)) continue
    post.known.add(event.id)
    if (chance !== null && chance() < lostShare) {
      post.lost += 1
      continue
    }
    const times = chance === null ? 1 : 1 + Math.floor(chance() * 3)
    for (let time = 0; time < times; time += 1) {
      const later = chance === null ? 0 : Math.floor(chance() * (post.byPhase.length - phase))
      post.byPhase[phase + later]!.push(event)
    }
  }
}

async function applyAll(world: World): Promise<number> {
  let readings = 0
  for (;;) {
    const counts = await applyInbox(world.service.deps)
    readings += counts.read
    if (counts.failed + counts.dead > 0) throw new Error(JSON.stringify(counts))
    if (counts.taken === 0) return readings
  }
}

/** Lives the life in three phases and tells it. Events are applied while others still arrive. */
export async function storm(world: World, options: StormOptions): Promise<StormCounts> {
  const stripe = new Stripe(world.sandbox.secretKey, {
    host: '127.0.0.1',
    port: world.sandbox.port,
    protocol: 'http',
    telemetry: false,
  })
  const { state } = world.sandbox
  const chance = options.shuffled ? chanceOf(options.seed) : null
  const phases = [
    async () => {
      for (let at = 0; at < options.tenants; at += 1) await live(world, stripe, at)
    },
    async () => {
      state.advance(10_000)
      await decide(world)
    },
    async () => {
      state.advance(3 * 86_400_000)
      await steer(world, 'payouts', { currency: 'usd' })
    },
  ]
  const post: Post = { byPhase: phases.map(() => []), known: new Set(), lost: 0 }
  let deliveries = 0
  let readings = 0
  for (const [phase, happen] of phases.entries()) {
    await happen()
    takeIn(post, state.list('event').toReversed(), phase, chance)
    const due = post.byPhase[phase]!
    if (chance !== null) shuffle(due, chance)
    for (let from = 0; from < due.length; from += applyEvery) {
      await Promise.all(due.slice(from, from + applyEvery).map(event => deliver(world, event)))
      readings += await applyAll(world)
    }
    deliveries += due.length
  }
  const { found } = await backfillEvents(world.service.deps)
  readings += await applyAll(world)
  return { events: post.known.size, deliveries, lost: post.lost, found, readings }
}

/** Ids differ from run to run: each is named by its kind and the order in which it is met. */
function namer() {
  const names = new Map<string, string>()
  return (id: string | null): string | null => {
    if (id === null) return null
    const known = names.get(id)
    if (known !== undefined) return known
    const prefix = id.split('_')[0] ?? ''
    const name = `${prefix}#${names.size}`
    names.set(id, name)
    return name
  }
}

const byMoney = (a: Transaction, b: Transaction): number =>
  a.type.localeCompare(b.type) ||
  a.amountMinor - b.amountMinor ||
  String(a.reason).localeCompare(String(b.reason)) ||
  a.status.localeCompare(b.status)

/** Everything that money left of a tenant, without ids and times, one line a row. */
export async function stateOf(world: World, at: number): Promise<string[]> {
  const reads = world.service.deps.store.of(tenantName(at))
  const all = async <T>(rows: AsyncIterable<T>): Promise<T[]> => {
    const list: T[] = []
    for await (const row of rows) list.push(row)
    return list
  }
  const order = { field: 'createdAt', direction: 'asc' } as const
  const transactions = (await all(reads.stream('transactions', { order }))).sort(byMoney)
  const name = namer()
  const lines = transactions.map(t => {
    const own = name(t.id)
    return [
      own,
      t.type,
      t.status,
      t.amountMinor,
      t.feeMinor,
      t.netMinor,
      t.amountRefundedMinor,
      t.amountRefundPendingMinor,
      t.amountDisputedMinor,
      t.failureCode,
      t.reason,
      name(t.relatedTransactionId),
      t.checkAt === null ? 'final' : 'waits',
    ].join(' ')
  })
  const disputes = await all(reads.stream('disputes', { order }))
  const disputed = disputes.map((d: Dispute) =>
    ['dispute', d.status, d.amountMinor, d.heldMinor, d.feeMinor, d.lostMinor].join(' '),
  )
  const subscriptions = await all(reads.stream('subscriptions', { order }))
  const invoices = await all(reads.stream('invoices', { order }))
  const notes = await all(reads.stream('creditNotes', { order }))
  const balances = await all(reads.stream('creditBalances', {}))
  const booked = await reads.sum('ledgerEntries', {
    sum: ['amountMinor'],
    groupBy: ['kind', 'account'],
  })
  return [
    ...lines,
    ...disputed,
    ...subscriptions.map(s => `subscription ${s.status} ${s.cancelReason}`),
    ...invoices.map(
      i =>
        `invoice ${i.status} ${i.amountPaidMinor} ${i.amountRefundedMinor} ${i.amountCreditedMinor}`,
    ),
    ...notes.map(n => `credit note ${n.totalMinor} ${n.refundedMinor}`).sort(),
    ...balances.map(b => `balance ${b.balanceMinor}`),
    ...booked.map(({ group, sums, count }) =>
      ['booked', group.kind, group.account, count, sums.amountMinor].join(' '),
    ),
  ]
}

/** The states of all tenants of a storm. */
export async function statesOf(world: World, tenants: number): Promise<string[][]> {
  const states: string[][] = []
  for (let at = 0; at < tenants; at += 1) states.push(await stateOf(world, at))
  return states
}
