// Recording usage: once per key, into the billing period that the event falls into. One event and a thousand
// go the same way, in a fixed number of statements per subscription.
import type { Caller } from '../../core/caller.ts'
import {
  addDecimal,
  compareDecimal,
  isNegativeDecimal,
  subtractDecimal,
} from '../../core/decimal.ts'
import type { Plan } from '../../core/plan.ts'
import { Refusal, refuse } from '../../core/refusal.ts'
import type { Subscription } from '../../core/subscription.ts'
import { type Instant, localDate } from '../../core/time.ts'
import {
  assertTimely,
  isLate,
  keyWindowMs,
  periodStartOf,
  type UsageEvent,
  withinTotal,
} from '../../core/usage.ts'
import { capOf, refuseMetric } from '../../core/usage-price.ts'
import type { Deps } from '../../deps.ts'
import type { Store, TenantTransaction } from '../../ports/store.ts'
import { type Entered, enter } from '../enter.ts'
import { gathered } from '../gathered.ts'
import { planTerms } from '../plans/plan-terms.ts'
import { addLate, refuseBilled } from './late-usage.ts'
import { type Meter, meterKey, totalsOf } from './meters.ts'
import { tellThresholds } from './usage-alerts.ts'

export interface UsageInput {
  readonly subscriptionId: string
  readonly metric: string
  /** Decimal string; with `corrects`, what the event should have said. */
  readonly quantity: string
  readonly occurredAt: Instant | null
  readonly idempotencyKey: string | null
  /** The key of an earlier event that this one replaces. */
  readonly corrects?: string | null
}

export interface UsageRecorded {
  readonly accepted: boolean
  readonly duplicate: boolean
  readonly metric: string
  /** Total of the period that the event fell into. */
  readonly total: string
}

type Outcome = { readonly recorded: UsageRecorded } | { readonly refusal: Refusal }

/**
 * Records one event. Refuses `not_found`, `unknown_metric`, `invalid_timestamp` (more than 5 minutes ahead,
 * or before the subscription), `subscription_ended` and `subscription_not_active` for what came after the end
 * or in a pause, `usage_closed` for what the final invoice missed, `quota_exceeded` at a cap, `operator_only`
 * for what lowers a total.
 */
export async function recordUsage(
  deps: Deps,
  caller: Caller,
  input: UsageInput,
  share: Shared = ({ caller: by, input: of }) => recordGroup(deps, by, [of]),
): Promise<UsageRecorded> {
  const [outcome] = await share({ caller, input })
  if (outcome === undefined) throw new Error('every event has an outcome')
  if ('refusal' in outcome) throw outcome.refusal
  return outcome.recorded
}

interface Single {
  readonly caller: Caller
  readonly input: UsageInput
}

type Shared = (single: Single) => Promise<readonly Outcome[]>

/** Lets single events that come at the same moment share a transaction, each with its own outcome. */
export const sharedRecording = (deps: Deps): Shared =>
  gathered(singles =>
    deps.store.together(singles, (store, { caller, input }) =>
      recordGroup(deps, caller, [input], store),
    ),
  )

export interface BatchEvent extends Omit<UsageInput, 'idempotencyKey'> {
  readonly tenantId: string
  readonly idempotencyKey: string
}

export interface BatchRecorded {
  readonly accepted: number
  readonly duplicates: number
  readonly rejected: readonly { readonly index: number; readonly code: string }[]
}

/** Records many events of many tenants; one that is refused does not hold back the others. */
export async function recordUsageBatch(
  deps: Deps,
  callerFor: (tenantId: string) => Caller,
  events: readonly BatchEvent[],
): Promise<BatchRecorded> {
  const byTenant = new Map<string, { indexes: number[]; events: BatchEvent[] }>()
  for (const [index, event] of events.entries()) {
    const own = byTenant.get(event.tenantId) ?? { indexes: [], events: [] }
    if (own.events.length === 0) byTenant.set(event.tenantId, own)
    own.indexes.push(index)
    own.events.push(event)
  }
  let accepted = 0
  let duplicates = 0
  const rejected: { index: number; code: string }[] = []
  const groups = [...byTenant]
  const recorded = await deps.store.together(groups, (store, [tenantId, group]) =>
    recordGroup(deps, callerFor(tenantId), group.events, store),
  )
  for (const [n, result] of recorded.entries()) {
    if (result.status === 'rejected') throw result.reason
    for (const [at, outcome] of result.value.entries()) {
      const index = groups[n]![1].indexes[at]!
      if ('refusal' in outcome) rejected.push({ index, code: outcome.refusal.code })
      else if (outcome.recorded.accepted) accepted += 1
      else duplicates += 1
    }
  }
  return { accepted, duplicates, rejected: rejected.sort((a, b) => a.index - b.index) }
}

/** One event on its way: what it says, and the agreement it belongs to. */
interface Entry {
  readonly input: UsageInput
  readonly subscription: Subscription
  readonly plan: Plan
  readonly event: UsageEvent
  /** Names the total that it adds to. */
  readonly meter: string
  /** What that total may be at most; null: no bound. */
  readonly cap: string | null
}

interface Group {
  /** The store keeps plans that were read; what is asked and written goes through `tx`. */
  readonly deps: Deps
  readonly caller: Caller
  readonly entered: Entered
  readonly tx: TenantTransaction
}

const refusalOf = (error: unknown): Refusal => {
  if (error instanceof Refusal) return error
  throw error
}

/** Refused where it stands; any other error is a fault of the whole group. At once, where nothing is read. */
function judged<T>(work: () => T | Promise<T>): T | Refusal | Promise<T | Refusal> {
  try {
    const done = work()
    return done instanceof Promise ? done.catch(refusalOf) : done
  } catch (error) {
    return refusalOf(error)
  }
}

async function recordGroup(
  deps: Deps,
  caller: Caller,
  inputs: readonly UsageInput[],
  store: Store = deps.store,
): Promise<Outcome[]> {
  const entered = await enter({ ...deps, store }, caller)
  return store.transaction(caller.tenantId, async tx => {
    const group: Group = { deps, caller, entered, tx }
    const entries = await held(group, await steadyEntries(group, inputs))
    const usable = entries.filter(isEntry)
    const fresh = new Set(await tx.ingest(usable.map(({ event }) => event)))
    const totals = await totalsOf(tx, metersOf(usable))
    const taken = usable.filter(({ event }) => fresh.has(event.idempotencyKey))
    await addLate(
      tx,
      taken.map(({ event }) => event).filter(({ late }) => late),
    )
    await tellThresholds(group, taken, totals)
    return entries.map(entry => {
      if (entry instanceof Refusal) return { refusal: entry }
      const { event } = entry
      // A key that stands twice in one batch counts for its first event.
      const accepted = fresh.delete(event.idempotencyKey)
      const total = totals.get(entry.meter) ?? '0'
      return { recorded: { accepted, duplicate: !accepted, metric: event.metric, total } }
    })
  })
}

const isEntry = (entry: Entry | Refusal): entry is Entry => !(entry instanceof Refusal)

/** Each total once. */
const metersOf = (entries: readonly Entry[]): Meter[] => [
  ...new Map(entries.map(({ meter, event }) => [meter, event])).values(),
]

/**
 * The entries by subscriptions that stay as they are until the end: while an event is on its way, no renewal
 * and no end rates its period, so that it is in what they rate or waits as late. Whatever needs the total
 * before it locks its subscription, so that two such events never read the same total; all others share it
 * and wait for nobody who records.
 */
async function steadyEntries(
  group: Group,
  inputs: readonly UsageInput[],
): Promise<(Entry | Refusal)[]> {
  const { tx } = group
  const ids = [...new Set(inputs.map(input => input.subscriptionId))].sort()
  const read = await tx.getMany('subscriptions', ids)
  const first = await entriesOf(group, inputs, read)
  const alone = boundIds(first)
  const kept: Subscription[] = []
  for (const { id } of read) {
    kept.push(await (alone.has(id) ? tx.lock('subscriptions', id) : tx.share('subscriptions', id)))
  }
  const stale = kept.some(({ version }, at) => version !== read[at]!.version)
  if (!stale && !first.some(entry => isEntry(entry) && entry.event.late)) return first
  const entries = await entriesOf(group, inputs, kept)
  for (const id of boundIds(entries)) if (!alone.has(id)) await tx.lock('subscriptions', id)
  return entries
}

async function entriesOf(
  group: Group,
  inputs: readonly UsageInput[],
  subscriptions: readonly Subscription[],
): Promise<(Entry | Refusal)[]> {
  const { deps, tx } = group
  const plans = await planTerms(
    deps,
    tx,
    subscriptions.map(({ planId }) => planId),
  )
  const byId = new Map<string, Subscription>(subscriptions.map(each => [each.id, each]))
  const entries: (Entry | Refusal)[] = []
  for (const input of inputs) {
    const entry = judged(() => {
      const subscription = byId.get(input.subscriptionId)
      if (subscription === undefined) refuse('not_found', { noun: 'subscription', nounZh: '订阅' })
      const plan = plans.get(subscription.planId)!
      if (plan.metrics[input.metric] === undefined) refuseMetric(plan, input.metric)
      const cap = capOf(plan, input.metric, { seats: subscription.quantity })
      const entryOf = (event: UsageEvent): Entry => {
        return { input, subscription, plan, event, meter: meterKey(event), cap }
      }
      const event = eventOf(group, subscription, input)
      return event instanceof Promise ? event.then(entryOf) : entryOf(event)
    })
    entries.push(entry instanceof Promise ? await entry : entry)
  }
  return entries
}

/** The event that an input means; a promise where something is read for it. */
function eventOf(
  group: Group,
  subscription: Subscription,
  input: UsageInput,
): UsageEvent | Promise<UsageEvent> {
  const { entered, tx } = group
  if (input.corrects) {
    return correctedEvent(tx, subscription, input).then(corrected =>
      billable(group, subscription, newEvent(group, subscription, input, corrected)),
    )
  }
  assertTimely(subscription, input.occurredAt ?? entered.at, entered.at)
  return billable(group, subscription, newEvent(group, subscription, input, null))
}

/** Refuses what comes for a billed period that no invoice will bill. */
function billable(
  { entered: { settings }, tx }: Group,
  subscription: Subscription,
  event: UsageEvent,
): UsageEvent | Promise<UsageEvent> {
  if (!event.late) return event
  const checked = refuseBilled(tx, subscription, event.periodStart, settings.lateUsage)
  return checked.then(() => event)
}

function newEvent(
  { deps, caller, entered: { at, now } }: Group,
  subscription: Subscription,
  input: UsageInput,
  corrected: UsageEvent | null,
): UsageEvent {
  const occurredAt = corrected?.occurredAt ?? input.occurredAt ?? at
  const periodStart = corrected?.periodStart ?? periodStartOf(subscription, occurredAt)
  return {
    tenantId: caller.tenantId,
    idempotencyKey: input.idempotencyKey ?? deps.ids.next('event'),
    subscriptionId: subscription.id,
    metric: input.metric,
    quantity: input.quantity,
    corrects: input.corrects ?? null,
    occurredAt,
    periodStart,
    day: corrected?.day ?? localDate(occurredAt, subscription.anchorZone),
    late: isLate(subscription, periodStart),
    recordedAt: now,
  }
}

async function correctedEvent(
  tx: TenantTransaction,
  subscription: Subscription,
  input: UsageInput,
): Promise<UsageEvent> {
  const found = await tx.find('usageEvents', input.corrects!)
  const same = found?.subscriptionId === subscription.id && found.corrects === null
  if (found === null || !same) refuse('not_found', { noun: 'usage event', nounZh: '用量事件' })
  if (found.metric !== input.metric) {
    refuse('invalid_request', {}, [
      { path: '/metric', message: `the event ${input.corrects} counts ${found.metric}` },
    ])
  }
  return found
}

const lowers = ({ event }: Entry): boolean =>
  event.corrects !== null || isNegativeDecimal(event.quantity)

const isBound = (entry: Entry): boolean => entry.event.late || lowers(entry) || entry.cap !== null

const boundIds = (entries: readonly (Entry | Refusal)[]): ReadonlySet<string> =>
  new Set(
    entries
      .filter(isEntry)
      .filter(isBound)
      .map(({ event }) => event.subscriptionId),
  )

/**
 * Holds events to caps, corrections to what they correct, and totals above zero. Their subscriptions are
 * locked.
 */
async function held(
  group: Group,
  entries: readonly (Entry | Refusal)[],
): Promise<(Entry | Refusal)[]> {
  const { tx, entered } = group
  const bound = entries.filter(isEntry).filter(isBound)
  if (bound.length === 0) return [...entries]
  const keys = [...new Set(bound.map(({ event }) => event.idempotencyKey))]
  // A key whose window is over may be taken in again, so what uses it is held like a new one.
  const since = entered.now - keyWindowMs
  const known = new Set(
    (await tx.getMany('usageEvents', keys))
      .filter(({ recordedAt }) => recordedAt >= since)
      .map(({ idempotencyKey }) => idempotencyKey),
  )
  const running = new Map(await totalsOf(tx, metersOf(bound)))
  const settled: (Entry | Refusal)[] = []
  for (const entry of entries) {
    const free = entry instanceof Refusal || known.has(entry.event.idempotencyKey)
    if (!free) known.add(entry.event.idempotencyKey)
    settled.push(free ? entry : await judged(() => holdOne(group, entry, running)))
  }
  return settled
}

async function holdOne(
  { caller, tx }: Group,
  entry: Entry,
  running: Map<string, string>,
): Promise<Entry> {
  const { event, plan, meter, cap } = entry
  const before = running.get(meter) ?? '0'
  const change =
    event.corrects === null
      ? event.quantity
      : subtractDecimal(event.quantity, await countedFor(tx, event.corrects))
  if (isNegativeDecimal(change) && !caller.mayAsIssuer('policy.manage')) refuse('operator_only')
  const quantity = withinTotal(change, before)
  const total = addDecimal(before, quantity)
  if (cap !== null && !isNegativeDecimal(quantity) && compareDecimal(total, cap) > 0) {
    refuse('quota_exceeded', { plan: plan.code, metric: event.metric, included: cap, total })
  }
  running.set(meter, total)
  return { ...entry, event: { ...event, quantity } }
}

/** What an event counts for by now: itself and what put it right before. */
async function countedFor(tx: TenantTransaction, idempotencyKey: string): Promise<string> {
  const original = await tx.get('usageEvents', idempotencyKey)
  const [sum] = await tx.sum('usageEvents', {
    where: { corrects: idempotencyKey },
    sum: ['quantity'],
  })
  return addDecimal(original.quantity, sum?.sums.quantity ?? '0')
}
