// The agreement between a tenant and the issuer: its states, its period, and what a change of it means.
// Amounts are computed elsewhere (pricing, proration); here is only the life of the agreement.
import { assert } from './assert.ts'
import type { CustomerId, InvoiceId, PaymentMethodId, SubscriptionId, TenantId } from './ids.ts'
import type { Currency } from './money.ts'
import { refuse } from './refusal.ts'
import { type Anchor, type Cycle, type Instant, localDate, periodAt, toIso } from './time.ts'

export type SubscriptionStatus =
  | 'trialing'
  | 'active'
  | 'past_due'
  | 'unpaid'
  | 'paused'
  | 'incomplete'
  | 'incomplete_expired'
  | 'canceled'

/** What the subscription will become: at once when its invoice is paid, or at a set time. */
export interface PendingChange {
  readonly planId: string
  readonly planCode: string
  readonly billingCycle: Cycle
  readonly quantity: number
  /** When it takes effect; null means: when `invoiceId` is paid. */
  readonly effectiveAt: Instant | null
  readonly invoiceId: InvoiceId | null
  /** A change of the cycle starts a new period; otherwise the period is kept. */
  readonly restartsPeriodAt: Instant | null
}

export interface Subscription {
  readonly tenantId: TenantId
  readonly id: SubscriptionId
  readonly customerId: CustomerId
  /** The catalogue version it was sold under. */
  readonly planId: string
  readonly planCode: string
  readonly planFamily: string
  readonly billingCycle: Cycle
  readonly quantity: number
  readonly currency: Currency
  readonly status: SubscriptionStatus
  readonly anchorAt: Instant
  readonly anchorZone: string
  readonly anchorDay: number
  /** Which period from the anchor is running; periods are computed from the anchor, never chained. */
  readonly periodIndex: number
  readonly currentPeriodStart: Instant
  readonly currentPeriodEnd: Instant
  readonly trialStart: Instant | null
  readonly trialEnd: Instant | null
  readonly cancelAtPeriodEnd: boolean
  readonly cancelReason: string | null
  readonly canceledAt: Instant | null
  readonly endedAt: Instant | null
  readonly pendingChange: PendingChange | null
  readonly discounts: readonly { readonly coupon: string; readonly attachedAt: Instant }[]
  readonly paymentMethodId: PaymentMethodId | null
  readonly billedBy: 'engine' | 'stripe'
  readonly latestInvoiceId: InvoiceId | null
  /** `<customer>:<family>` while live, else null: a unique key allows one live subscription per family. */
  readonly liveKey: string | null
  /** When the engine must next look at it; null when it never needs to. */
  readonly nextBillingAt: Instant | null
  readonly metadata: Readonly<Record<string, string>>
  readonly createdAt: Instant
  readonly updatedAt: Instant
  readonly version: number
}

/** The moves between statuses. Source: the eight statuses of the processor's own model, choice 14. */
const moves: Readonly<Record<SubscriptionStatus, readonly SubscriptionStatus[]>> = {
  incomplete: ['active', 'trialing', 'incomplete_expired', 'canceled'],
  incomplete_expired: [],
  trialing: ['active', 'past_due', 'paused', 'canceled', 'incomplete'],
  active: ['past_due', 'unpaid', 'paused', 'canceled', 'trialing'],
  past_due: ['active', 'unpaid', 'canceled', 'paused'],
  unpaid: ['active', 'canceled', 'past_due'],
  paused: ['active', 'canceled', 'past_due'],
  canceled: [],
}

/** Whether a status may follow another. */
export const mayBecome = (from: SubscriptionStatus, to: SubscriptionStatus): boolean =>
  moves[from].includes(to)

const ended: readonly SubscriptionStatus[] = ['canceled', 'incomplete_expired']

/** Whether it still exists for its tenant: everything but the two ends. */
export const isLive = (subscription: Pick<Subscription, 'status'>): boolean =>
  !ended.includes(subscription.status)

/** Whether its plan may be used (grace and hard stops are the entitlements' business). */
export const grantsAccess = (subscription: Pick<Subscription, 'status'>): boolean =>
  ['trialing', 'active', 'past_due'].includes(subscription.status)

export const anchorOf = (subscription: Subscription): Anchor => ({
  at: subscription.anchorAt,
  zone: subscription.anchorZone,
  day: subscription.anchorDay,
})

/** Moves to a status and keeps what depends on it (the live key, the end) in step. */
export function withStatus(
  subscription: Subscription,
  status: SubscriptionStatus,
  at: Instant,
): Subscription {
  if (subscription.status === status) return subscription
  assert(
    mayBecome(subscription.status, status),
    `a subscription goes from ${subscription.status} to ${status}`,
  )
  const over = ended.includes(status)
  return {
    ...subscription,
    status,
    endedAt: over ? at : null,
    liveKey: over ? null : subscription.liveKey,
    nextBillingAt: over ? null : subscription.nextBillingAt,
    pendingChange: over ? null : subscription.pendingChange,
    updatedAt: at,
  }
}

function assertNotEnded(subscription: Subscription): void {
  if (!isLive(subscription)) {
    refuse('subscription_ended', { endedAt: toIso(subscription.endedAt ?? subscription.updatedAt) })
  }
}

/**
 * Schedules the end for the end of the period that is paid for, or ends it now. A subscription whose first
 * payment never came has no paid period and ends now either way.
 */
export function cancel(
  subscription: Subscription,
  when: 'period_end' | 'now',
  reason: string | null,
  at: Instant,
): Subscription {
  assertNotEnded(subscription)
  const told = { cancelReason: reason, canceledAt: at, updatedAt: at }
  if (when === 'now' || subscription.status === 'incomplete') {
    return withStatus({ ...subscription, ...told, cancelAtPeriodEnd: false }, 'canceled', at)
  }
  return { ...subscription, ...told, cancelAtPeriodEnd: true, pendingChange: null }
}

/** Clears a scheduled end. After the end it is refused: debts and periods cannot be resumed by a flag. */
export function reactivate(subscription: Subscription, at: Instant): Subscription {
  assertNotEnded(subscription)
  if (!subscription.cancelAtPeriodEnd) return subscription
  return {
    ...subscription,
    cancelAtPeriodEnd: false,
    cancelReason: null,
    canceledAt: null,
    updatedAt: at,
  }
}

/** Puts a change in force. The period is kept unless the cycle changed, which starts a new one. */
export function applyChange(
  subscription: Subscription,
  change: PendingChange,
  at: Instant,
): Subscription {
  const next: Subscription = {
    ...subscription,
    planId: change.planId,
    planCode: change.planCode,
    billingCycle: change.billingCycle,
    quantity: change.quantity,
    pendingChange: null,
    updatedAt: at,
  }
  return change.restartsPeriodAt === null ? next : restartPeriod(next, change.restartsPeriodAt)
}

/** Starts counting periods anew from an instant. */
export function restartPeriod(
  subscription: Subscription,
  from: Instant,
  day?: number,
): Subscription {
  const anchor: Anchor = {
    at: from,
    zone: subscription.anchorZone,
    day: day ?? dayOfMonth(from, subscription.anchorZone),
  }
  const period = periodAt(anchor, subscription.billingCycle, 0)
  return {
    ...subscription,
    anchorAt: anchor.at,
    anchorDay: anchor.day,
    periodIndex: 0,
    currentPeriodStart: period.start,
    currentPeriodEnd: period.end,
    nextBillingAt: period.end,
  }
}

/** Moves on to the next period, computed from the anchor. */
export function nextPeriod(subscription: Subscription): Subscription {
  const periodIndex = subscription.periodIndex + 1
  const period = periodAt(anchorOf(subscription), subscription.billingCycle, periodIndex)
  return {
    ...subscription,
    periodIndex,
    currentPeriodStart: period.start,
    currentPeriodEnd: period.end,
    nextBillingAt: period.end,
  }
}

/** The local day of the month of an instant in a zone: the anchor day of an agreement that starts then. */
export function dayOfMonth(at: Instant, zone: string): number {
  return Number(localDate(at, zone).slice(8, 10))
}
