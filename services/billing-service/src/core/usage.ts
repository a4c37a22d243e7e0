// Usage events and their roll-up. Events are kept once by their key; what is billed and shown is read from
// the totals per billing period and day.
import { compareDecimal, multiplyDecimal, subtractDecimal } from './decimal.ts'
import type { SubscriptionId, TenantId } from './ids.ts'
import { refuse } from './refusal.ts'
import { anchorOf, isLive, type Subscription } from './subscription.ts'
import { type Instant, periodContaining, toIso } from './time.ts'

/** For at least so long a key counts once (decision 0036). What uses it again later is a new event. */
export const keyWindowMs = 35 * 86_400_000

export interface UsageEvent {
  readonly tenantId: TenantId
  /** The caller's key, or one made for it: the same key counts once. */
  readonly idempotencyKey: string
  readonly subscriptionId: SubscriptionId
  readonly metric: string
  /** Decimal string; negative only as a correction by the issuer. */
  readonly quantity: string
  /** The key of the event whose quantity this one puts right. */
  readonly corrects: string | null
  readonly occurredAt: Instant
  /** Start of the billing period that the event falls into. */
  readonly periodStart: Instant
  /** Local day of the tenant, `YYYY-MM-DD`. */
  readonly day: string
  /** It came when its period was over and billed. */
  readonly late: boolean
  readonly recordedAt: Instant
}

/** Sum of one metric on one day of one billing period. */
export interface UsageTotal {
  readonly tenantId: TenantId
  readonly subscriptionId: SubscriptionId
  readonly metric: string
  readonly periodStart: Instant
  readonly day: string
  readonly quantity: string
  readonly events: number
}

/** What came for a billed period and is not billed yet: the next renewal bills the difference. */
export interface LateTotal {
  readonly tenantId: TenantId
  readonly subscriptionId: SubscriptionId
  readonly metric: string
  readonly periodStart: Instant
  /** Decimal string; zero once it is billed, negative for corrections. */
  readonly quantity: string
  readonly version: number
}

/** That the tenant was told of a threshold: once per period, metric and threshold. */
export interface UsageAlert {
  readonly tenantId: TenantId
  readonly subscriptionId: SubscriptionId
  readonly metric: string
  readonly periodStart: Instant
  /** Percent of the included units, or of the cap. */
  readonly threshold: number
  readonly recordedAt: Instant
}

/** Percent of the quota at which the tenant is told. */
export const thresholds = [50, 80, 100] as const

/** The thresholds that a total has reached; none without a quota. */
export function reachedThresholds(total: string, bound: string | null): number[] {
  if (bound === null || compareDecimal(bound, '0') <= 0) return []
  const hundredfold = multiplyDecimal(total, '100')
  return thresholds.filter(
    threshold => compareDecimal(hundredfold, multiplyDecimal(bound, String(threshold))) >= 0,
  )
}

/** A quantity that takes the period total no lower than zero (choice 21). */
export function withinTotal(quantity: string, total: string): string {
  const least = subtractDecimal('0', total)
  return compareDecimal(quantity, least) < 0 ? least : quantity
}

const aheadMaxMs = 5 * 60_000

/**
 * Refuses `invalid_timestamp`, `subscription_ended` and `subscription_not_active` for usage that cannot belong
 * to a subscription.
 */
export function assertTimely(subscription: Subscription, occurredAt: Instant, at: Instant): void {
  if (occurredAt > at + aheadMaxMs) {
    refuse('invalid_timestamp', {
      value: toIso(occurredAt),
      reason: 'it is more than 5 minutes ahead',
      reasonZh: '晚于当前时间 5 分钟以上',
    })
  }
  if (occurredAt < subscription.createdAt) {
    refuse('invalid_timestamp', {
      value: toIso(occurredAt),
      reason: 'it is before the subscription began',
      reasonZh: '早于订阅开始时间',
    })
  }
  if (!isLive(subscription) && occurredAt >= (subscription.endedAt ?? at)) {
    refuse('subscription_ended', { endedAt: toIso(subscription.endedAt ?? at) })
  }
  // A pause begins where the last period ended; no period that could bill it is running.
  if (subscription.status === 'paused' && occurredAt >= subscription.currentPeriodEnd) {
    refuse('subscription_not_active', { status: 'paused', needed: 'active' })
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

/**
 * Whether a period was over, and so rated, when something came for it: an earlier one, or the last one of a
 * subscription that has ended or pauses. A trial is never rated, so nothing comes late for it.
 */
export function isLate(subscription: Subscription, periodStart: Instant): boolean {
  if (periodStart === subscription.trialStart) return false
  const stands = !isLive(subscription) || subscription.status === 'paused'
  return stands
    ? periodStart <= subscription.currentPeriodStart
    : periodStart < subscription.currentPeriodStart
}
