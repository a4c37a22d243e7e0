// Recording usage: once per key, into the billing period that the event falls into.
import type { Caller } from '../../core/caller.ts'
import { addDecimal, compareDecimal, isNegativeDecimal } from '../../core/decimal.ts'
import type { Plan } from '../../core/plan.ts'
import { Refusal, refuse } from '../../core/refusal.ts'
import { anchorOf, isLive, type Subscription } from '../../core/subscription.ts'
import { type Instant, localDate, periodContaining, toIso } from '../../core/time.ts'
import type { UsageEvent } from '../../core/usage.ts'
import { isHardCap, refuseMetric } from '../../core/usage-price.ts'
import type { Deps } from '../../deps.ts'
import type { TenantTransaction } from '../../ports/store.ts'
import { type Entered, enter } from '../enter.ts'

const aheadMaxMs = 5 * 60_000

export interface UsageInput {
  readonly subscriptionId: string
  readonly metric: string
  /** Decimal string. */
  readonly quantity: string
  readonly occurredAt: Instant | null
  readonly idempotencyKey: string | null
}

export interface UsageRecorded {
  readonly accepted: boolean
  readonly duplicate: boolean
  readonly metric: string
  /** Total of the period that the event fell into. */
  readonly total: string
}

/**
 * Records one event. Refuses `not_found`, `unknown_metric`, `invalid_timestamp` (more than 5 minutes ahead,
 * or before the subscription), `quota_exceeded` on a hard cap, `operator_only` for a negative quantity.
 */
export async function recordUsage(
  deps: Deps,
  caller: Caller,
  input: UsageInput,
): Promise<UsageRecorded> {
  const entered = await enter(deps, caller)
  return deps.store.transaction(caller.tenantId, async tx => {
    const subscription = await tx.get('subscriptions', input.subscriptionId)
    const plan = await tx.get('plans', subscription.planId)
    const event = eventOf(deps, caller, entered, subscription, plan, input)
    const before = await totalOf(tx, event)
    const known = await tx.find('usageEvents', event.idempotencyKey)
    if (known === null) refuseBeyondCap(plan, event, before)
    const fresh = await tx.ingest([event])
    const accepted = fresh.has(event.idempotencyKey)
    return {
      accepted,
      duplicate: !accepted,
      metric: event.metric,
      total: accepted ? addDecimal(before, event.quantity) : before,
    }
  })
}

function eventOf(
  deps: Pick<Deps, 'ids'>,
  caller: Caller,
  { at, now }: Entered,
  subscription: Subscription,
  plan: Plan,
  input: UsageInput,
): UsageEvent {
  if (plan.metrics[input.metric] === undefined) refuseMetric(plan, input.metric)
  if (isNegativeDecimal(input.quantity) && !caller.mayAsIssuer('policy.manage')) {
    refuse('operator_only')
  }
  const occurredAt = input.occurredAt ?? at
  assertTimely(subscription, occurredAt, at)
  return {
    tenantId: caller.tenantId,
    idempotencyKey: input.idempotencyKey ?? deps.ids.next('event'),
    subscriptionId: subscription.id,
    metric: input.metric,
    quantity: input.quantity,
    occurredAt,
    periodStart: periodStartOf(subscription, occurredAt),
    day: localDate(occurredAt, subscription.anchorZone),
    recordedAt: now,
  }
}

function assertTimely(subscription: Subscription, occurredAt: Instant, at: Instant): void {
  const value = toIso(occurredAt)
  if (occurredAt > at + aheadMaxMs) {
    refuse('invalid_timestamp', {
      value,
      reason: 'it is more than 5 minutes ahead',
      reasonZh: '晚于当前时间 5 分钟以上',
    })
  }
  if (occurredAt < subscription.createdAt) {
    refuse('invalid_timestamp', {
      value,
      reason: 'it is before the subscription began',
      reasonZh: '早于订阅开始时间',
    })
  }
  if (!isLive(subscription) && occurredAt >= (subscription.endedAt ?? at)) {
    refuse('subscription_ended', { endedAt: toIso(subscription.endedAt ?? at) })
  }
}

/** The period an event falls into: the trial, the running one, or an earlier one from the anchor. */
export function periodStartOf(subscription: Subscription, occurredAt: Instant): Instant {
  if (occurredAt >= subscription.currentPeriodStart) {
    return occurredAt < subscription.currentPeriodEnd || subscription.periodIndex < 0
      ? subscription.currentPeriodStart
      : periodContaining(anchorOf(subscription), subscription.billingCycle, occurredAt).start
  }
  if (subscription.trialStart !== null && occurredAt < (subscription.trialEnd ?? 0)) {
    return subscription.trialStart
  }
  if (occurredAt < subscription.anchorAt) return subscription.createdAt
  return periodContaining(anchorOf(subscription), subscription.billingCycle, occurredAt).start
}

async function totalOf(tx: TenantTransaction, event: UsageEvent): Promise<string> {
  const [sum] = await tx.sum('usageTotals', {
    where: {
      subscriptionId: event.subscriptionId,
      metric: event.metric,
      periodStart: event.periodStart,
    },
    sum: ['quantity'],
  })
  return sum?.sums.quantity ?? '0'
}

function refuseBeyondCap(plan: Plan, event: UsageEvent, before: string): void {
  const included = plan.metrics[event.metric]?.included ?? null
  const total = addDecimal(before, event.quantity)
  if (!isHardCap(plan, event.metric) || included === null) return
  if (compareDecimal(total, included) <= 0) return
  refuse('quota_exceeded', { plan: plan.code, metric: event.metric, included, total })
}

export interface BatchEvent extends Omit<UsageInput, 'idempotencyKey'> {
  readonly tenantId: string
  readonly idempotencyKey: string
}

export interface BatchRecorded {
  readonly accepted: number
  readonly duplicates: number
  readonly rejected: readonly { readonly index: number; readonly code: string }[]
}

/** Records many events, tenant by tenant; one that is refused does not hold back the others. */
export async function recordUsageBatch(
  deps: Deps,
  callerFor: (tenantId: string) => Caller,
  events: readonly BatchEvent[],
): Promise<BatchRecorded> {
  const byTenant = new Map<string, { event: BatchEvent; index: number }[]>()
  events.forEach((event, index) => {
    const group = byTenant.get(event.tenantId) ?? []
    group.push({ event, index })
    byTenant.set(event.tenantId, group)
  })
  let accepted = 0
  let duplicates = 0
  const rejected: { index: number; code: string }[] = []
  for (const [tenantId, group] of byTenant) {
    const outcome = await recordGroup(deps, callerFor(tenantId), group)
    accepted += outcome.accepted
    duplicates += outcome.duplicates
    rejected.push(...outcome.rejected)
  }
  return { accepted, duplicates, rejected: rejected.sort((a, b) => a.index - b.index) }
}

async function recordGroup(
  deps: Deps,
  caller: Caller,
  group: readonly { event: BatchEvent; index: number }[],
): Promise<BatchRecorded> {
  const entered = await enter(deps, caller)
  return deps.store.transaction(caller.tenantId, async tx => {
    const agreements = await agreementsOf(
      tx,
      group.map(({ event }) => event.subscriptionId),
    )
    const rejected: { index: number; code: string }[] = []
    const usable: UsageEvent[] = []
    const running = new Map<string, string>()
    const seen = new Set<string>()
    for (const { event, index } of group) {
      try {
        const agreement = agreements.get(event.subscriptionId)
        if (agreement === undefined) refuse('not_found', { noun: 'subscription', nounZh: '订阅' })
        const row = eventOf(deps, caller, entered, agreement.subscription, agreement.plan, event)
        await holdToCap(tx, agreement.plan, row, running, seen)
        usable.push(row)
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        rejected.push({ index, code: error.code })
      }
    }
    const fresh = await tx.ingest(usable)
    return { accepted: fresh.size, duplicates: usable.length - fresh.size, rejected }
  })
}

/** Counts towards a hard cap what this batch adds, once per key. */
async function holdToCap(
  tx: TenantTransaction,
  plan: Plan,
  event: UsageEvent,
  running: Map<string, string>,
  seen: Set<string>,
): Promise<void> {
  if (!isHardCap(plan, event.metric) || seen.has(event.idempotencyKey)) return
  if ((await tx.find('usageEvents', event.idempotencyKey)) !== null) return
  const key = `${event.subscriptionId}:${event.metric}:${event.periodStart}`
  const before = running.get(key) ?? (await totalOf(tx, event))
  refuseBeyondCap(plan, event, before)
  running.set(key, addDecimal(before, event.quantity))
  seen.add(event.idempotencyKey)
}

async function agreementsOf(tx: TenantTransaction, ids: readonly string[]) {
  const subscriptions = await tx.getMany('subscriptions', [...new Set(ids)])
  const plans = await tx.getMany('plans', [...new Set(subscriptions.map(s => s.planId))])
  const planOf = new Map(plans.map(plan => [plan.id, plan]))
  return new Map(
    subscriptions.map(subscription => [
      subscription.id as string,
      { subscription, plan: planOf.get(subscription.planId)! },
    ]),
  )
}
