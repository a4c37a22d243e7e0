// The time machine: a test tenant's own clock, set once and moved forward, and everything that falls due on
// the way, each thing at its own instant. Only billing time moves; tokens and `recordedAt` stay real.
import type { Caller } from '../../core/caller.ts'
import type { DomainEvent } from '../../core/records.ts'
import { refuse } from '../../core/refusal.ts'
import type { Tenant } from '../../core/tenant.ts'
import { type Instant, toIso } from '../../core/time.ts'
import type { Deps } from '../../deps.ts'
import type { TenantTransaction } from '../../ports/store.ts'
import { type Entered, enter } from '../enter.ts'
import { record } from '../record.ts'
import { whileReserved } from '../reserve.ts'
import { nextMoment, pendingOf, workAt } from './due-work.ts'

export interface TestClock {
  readonly kind: Tenant['kind']
  readonly now: Instant
}

export interface Advanced extends TestClock {
  /** False when a limit of one call was met first: call again with the same target. */
  readonly complete: boolean
  /** What happened on the way, in order. */
  readonly timeline: readonly DomainEvent[]
}

/** One call moves through at most this many moments and this much real time. */
const momentsMax = 5_000
const callMs = 45_000
/** At one instant one thing may lead to another, but not for ever. */
const roundsMax = 50
const timelineMax = 5_000

/** Room is left for every period, trial and deadline that begins at such a time: no store holds the year 10000. */
const clockMax = Date.parse('2500-01-01T00:00:00Z')

function assertReachable(at: Instant): void {
  if (at <= clockMax) return
  refuse('invalid_timestamp', {
    value: toIso(at),
    reason: `a test clock goes no further than ${toIso(clockMax)}`,
    reasonZh: `测试时钟最远到 ${toIso(clockMax)}`,
  })
}

/** Where the tenant's clock stands. */
export async function readTestClock(deps: Deps, caller: Caller): Promise<TestClock> {
  const { tenant, at } = await enter(deps, caller)
  return { kind: tenant.kind, now: at }
}

/**
 * Gives a tenant a clock of its own, for ever, and sets it. Refuses `test_clock_unavailable` on a live
 * deployment, and `tenant_has_records` for a live tenant that is in use, and
 * `invalid_timestamp` beyond the year 2500.
 */
export async function setTestClock(
  deps: Deps,
  caller: Caller,
  to: Instant | null,
): Promise<TestClock> {
  await assertAvailable(deps, caller)
  const { at: before, tenant } = await enter(deps, caller)
  const at = to ?? before
  assertReachable(at)
  if (tenant.kind === 'test' && at < before) refuse('clock_only_forward', { now: toIso(before) })
  await deps.store.transaction(caller.tenantId, async tx => {
    const current = await tx.lock('tenants', caller.tenantId)
    if (await isUsed(tx)) refuse('tenant_has_records', { kind: current.kind })
    await tx.replace('tenants', { ...current, kind: 'test', clockAt: at, updatedAt: at })
    await record(deps, tx, caller, at, [
      { type: 'test_clock.set', objectId: caller.tenantId, data: { now: toIso(at) } },
    ])
  })
  return { kind: 'test', now: at }
}

async function assertAvailable(deps: Deps, caller: Caller): Promise<void> {
  const stamp = await deps.store.of(caller.tenantId).find('deployment', 'deployment')
  if (stamp?.mode === 'live') refuse('test_clock_unavailable')
}

/** Time cannot be moved under records that are there already. */
async function isUsed(tx: TenantTransaction): Promise<boolean> {
  for (const collection of [
    'subscriptions',
    'invoices',
    'transactions',
    'paymentMethods',
  ] as const) {
    const { rows } = await tx.list(collection, { limit: 1 })
    if (rows.length > 0) return true
  }
  return false
}

/**
 * Moves a test tenant's clock forward and does everything that falls due, in order. Refuses
 * `test_clock_unavailable`, `not_a_test_tenant`, `clock_only_forward`, `invalid_timestamp` beyond the year
 * 2500, and `clock_moving` while another call moves it.
 */
export async function advanceTestClock(
  deps: Deps,
  caller: Caller,
  targetOf: (from: Instant, zone: string) => Instant,
): Promise<Advanced> {
  await assertAvailable(deps, caller)
  const entered = await enter(deps, caller)
  if (entered.tenant.kind !== 'test') refuse('not_a_test_tenant')
  const reserved = await whileReserved(deps, caller.tenantId, 'test-clock', () =>
    advance(deps, caller, entered, targetOf(entered.at, entered.settings.zone)),
  )
  return reserved === null ? refuse('clock_moving') : reserved.result
}

async function advance(
  deps: Deps,
  caller: Caller,
  { at: from, now: startedAt, settings }: Entered,
  target: Instant,
): Promise<Advanced> {
  const { tenantId } = caller
  assertReachable(target)
  if (target < from) refuse('clock_only_forward', { now: toIso(from) })
  let at = from
  let complete = false
  for (let moments = 0; moments < momentsMax; moments += 1) {
    if (deps.clock.real() - startedAt > callMs) break
    const moment = nextMoment(await pendingOf(deps, tenantId, settings), at)
    complete = moment === null || moment > target
    at = complete ? target : Math.max(at, moment!)
    await moveTo(deps, tenantId, at)
    if (complete) break
    await workThrough(deps, tenantId, settings, at)
  }
  return {
    kind: 'test',
    now: at,
    complete,
    timeline: await timelineSince(deps, tenantId, startedAt),
  }
}

/** The processor's time first: what it settles on the way is there to be read. */
async function moveTo(deps: Deps, tenantId: string, at: Instant): Promise<void> {
  await deps.processor.advanceClock?.(at)
  await deps.store.transaction(tenantId, async tx => {
    const tenant = await tx.lock('tenants', tenantId)
    await tx.replace('tenants', { ...tenant, clockAt: at, updatedAt: at })
  })
}

async function workThrough(
  deps: Deps,
  tenantId: string,
  settings: Entered['settings'],
  at: Instant,
): Promise<void> {
  for (let round = 0; round < roundsMax; round += 1) {
    const pending = await pendingOf(deps, tenantId, settings)
    const moment = nextMoment(pending, at)
    const waiting = round === 0 && pending.unfinished.length > 0
    if (!waiting && (moment === null || moment > at)) return
    await workAt(deps, tenantId, pending, at)
  }
  throw new Error(`work of ${tenantId} at ${toIso(at)} does not come to an end`)
}

async function timelineSince(
  deps: Deps,
  tenantId: string,
  startedAt: Instant,
): Promise<DomainEvent[]> {
  const timeline: DomainEvent[] = []
  const events = deps.store.of(tenantId).stream('events', {
    range: { field: 'recordedAt', from: startedAt },
    order: { field: 'recordedAt', direction: 'asc' },
  })
  for await (const event of events) {
    timeline.push(event)
    if (timeline.length >= timelineMax) break
  }
  return timeline
}
