// The agreement between a tenant and the issuer: its states, its period, and what a change of it means.
// Amounts are computed elsewhere (pricing, proration); here is only the life of the agreement.
import { assert } from './assert.ts'
import type { GrantedChange } from './bank-debit-access.ts'
import type { DiscountReference } from './coupon.ts'
import type { CustomerId, InvoiceId, PaymentMethodId, SubscriptionId, TenantId } from './ids.ts'
import type { InvoiceLine } from './invoice.ts'
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
  /** The method that pays for it and goes with it: a declined one is not kept. */
  readonly paymentMethodId?: PaymentMethodId
  /** Whether its invoice also bills the lines that waited for the next one. */
  readonly billsPendingLines?: boolean
  /** When it is dropped unless it was paid for; absent on a change that waits for its time alone. */
  readonly expiresAt?: Instant
}

export type CollectionPause = 'void' | 'keep_as_draft' | 'mark_uncollectible'

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
  /** A change in force whose bank debit has not cleared; it is taken back if the debit fails. */
  readonly grantedChange: GrantedChange | null
  /** Those attached, in the order of stacking; their terms and uses are rows of their own. */
  readonly discounts: readonly DiscountReference[]
  readonly paymentMethodId: PaymentMethodId | null
  /** Who runs its cycle: our engine, or Stripe Billing, whose copy this then is. */
  readonly billedBy: 'engine' | 'stripe'
  /** Stripe's name of a mirrored one; null until Stripe has answered, and for those of the engine. */
  readonly processorId: string | null
  /** When a mirrored one that Stripe has not answered for must be looked for there; else null. */
  readonly checkAt: Instant | null
  readonly latestInvoiceId: InvoiceId | null
  /** `<customer>:<family>` while live, else null: a unique key allows one live subscription per family. */
  readonly liveKey: string | null
  /** When the engine must next look at it; null when it never needs to. */
  readonly nextBillingAt: Instant | null
  /** Whose time it is due in: jobs of live tenants never see the subscriptions of test tenants. */
  readonly clock: 'live' | 'test'
  /** Until when its plan may be used although an invoice is overdue; null while none is. */
  readonly graceEndsAt: Instant | null
  /** Whether the service stops at the end of the period that is paid for. */
  readonly pauseAtPeriodEnd: boolean
  /** What changes cost or give back that is billed with the next invoice. */
  readonly pendingLines: readonly InvoiceLine[]
  /** What becomes of its invoices while collecting pauses and the service runs on (choice 13). */
  readonly collectionPause: CollectionPause | null
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

export type Access =
  | { readonly granted: true; readonly until: Instant | null }
  | { readonly granted: false; readonly reason: SubscriptionStatus }

/**
 * Whether its plan may be used at an instant (choice 15): a trial and a paid period grant it, an overdue
 * invoice only until grace has ended. The status does not change when grace ends.
 */
export function accessOf(
  subscription: Pick<Subscription, 'status' | 'graceEndsAt'>,
  at: Instant,
): Access {
  const { status, graceEndsAt } = subscription
  if (status === 'trialing' || status === 'active') return { granted: true, until: null }
  if (status === 'past_due' && (graceEndsAt === null || at < graceEndsAt)) {
    return { granted: true, until: graceEndsAt }
  }
  return { granted: false, reason: status }
}

/** A first payment, and a change that waits for a confirmation, may take this long. */
export const confirmationMs = 23 * 3_600_000

/**
 * When the engine must next look at a subscription: at the end of its period or trial, when a change that
 * was not paid expires, or when a first payment that never came has had its time. Null: never again.
 */
export function nextDueAt(subscription: Subscription): Instant | null {
  if (!isLive(subscription) || subscription.status === 'paused') {
    return subscription.pendingChange?.expiresAt ?? null
  }
  if (subscription.billedBy !== 'engine') return null
  if (subscription.status === 'incomplete') return subscription.createdAt + confirmationMs
  if (waitsForPayment(subscription)) return subscription.pendingChange?.expiresAt ?? null
  return subscription.currentPeriodEnd
}

/**
 * Whether a change is on its way that takes effect when its invoice is paid. No period ends meanwhile: paid a few
 * days later, the change would find a period that was billed by the old terms, and its time would be paid twice.
 */
export const waitsForPayment = ({ pendingChange }: Subscription): boolean =>
  pendingChange !== null && pendingChange.invoiceId !== null && pendingChange.effectiveAt === null

/** The same subscription, due when its state says. */
export const scheduled = (subscription: Subscription): Subscription => ({
  ...subscription,
  nextBillingAt: nextDueAt(subscription),
})

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
  const overdue = status === 'past_due' || status === 'unpaid'
  return scheduled({
    ...subscription,
    status,
    endedAt: over ? at : null,
    liveKey: over ? null : subscription.liveKey,
    pendingChange: over ? null : subscription.pendingChange,
    pendingLines: over ? [] : subscription.pendingLines,
    collectionPause: over ? null : subscription.collectionPause,
    graceEndsAt: overdue ? subscription.graceEndsAt : null,
    // An unpaid one is cut off already, and from there only payment or the end lead on.
    pauseAtPeriodEnd: [...ended, 'paused', 'unpaid'].includes(status)
      ? false
      : subscription.pauseAtPeriodEnd,
    updatedAt: at,
  })
}

function assertNotEnded(subscription: Subscription): void {
  if (!isLive(subscription)) {
    refuse('subscription_ended', { endedAt: toIso(subscription.endedAt ?? subscription.updatedAt) })
  }
}

/**
 * Schedules the end for the end of the period that is paid for, or ends it now. Without a paid period (the
 * first payment never came, it is paused or unpaid) it ends now either way.
 */
export function cancel(
  subscription: Subscription,
  when: 'period_end' | 'now',
  reason: string | null,
  at: Instant,
): Subscription {
  assertNotEnded(subscription)
  const told = { cancelReason: reason, canceledAt: at, updatedAt: at }
  const unpaidFor: readonly SubscriptionStatus[] = ['incomplete', 'paused', 'unpaid']
  if (when === 'now' || unpaidFor.includes(subscription.status)) {
    return withStatus({ ...subscription, ...told, cancelAtPeriodEnd: false }, 'canceled', at)
  }
  return scheduled({
    ...subscription,
    ...told,
    cancelAtPeriodEnd: true,
    pauseAtPeriodEnd: false,
    pendingChange: null,
  })
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
    paymentMethodId: change.paymentMethodId ?? subscription.paymentMethodId,
    pendingChange: null,
    pendingLines: change.billsPendingLines ? [] : subscription.pendingLines,
    updatedAt: at,
  }
  if (change.restartsPeriodAt === null) return scheduled(next)
  return started(restartPeriod(next, change.restartsPeriodAt), change.restartsPeriodAt, at)
}

/** A period that was paid for ends a trial or a pause. */
function started(subscription: Subscription, from: Instant, at: Instant): Subscription {
  if (subscription.status === 'trialing') {
    return withStatus({ ...subscription, trialEnd: from }, 'active', at)
  }
  return subscription.status === 'paused' ? withStatus(subscription, 'active', at) : subscription
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
  return scheduled({
    ...subscription,
    anchorAt: anchor.at,
    anchorDay: anchor.day,
    periodIndex: 0,
    currentPeriodStart: period.start,
    currentPeriodEnd: period.end,
  })
}

/** Moves on to the next period, computed from the anchor. */
export function nextPeriod(subscription: Subscription): Subscription {
  const periodIndex = subscription.periodIndex + 1
  const period = periodAt(anchorOf(subscription), subscription.billingCycle, periodIndex)
  return scheduled({
    ...subscription,
    periodIndex,
    currentPeriodStart: period.start,
    currentPeriodEnd: period.end,
  })
}

/**
 * Schedules a pause for the end of the period that is paid for (choice 13), or takes it back. Refuses
 * `subscription_ended`, and `subscription_not_active` unless it runs and owes nothing.
 */
export function schedulePause(
  subscription: Subscription,
  pause: boolean,
  at: Instant,
): Subscription {
  assertNotEnded(subscription)
  const { status } = subscription
  if (status !== 'active' && status !== 'trialing') {
    refuse('subscription_not_active', { status, needed: 'active' })
  }
  if (subscription.pauseAtPeriodEnd === pause) return subscription
  return { ...subscription, pauseAtPeriodEnd: pause, updatedAt: at }
}

/**
 * Pauses collecting and keeps the service (choice 13): invoices go on being made and are voided, kept as
 * drafts or given up as they come. Null collects again. Refuses `subscription_ended`, and
 * `subscription_not_active` for one that is paused, unpaid or was never paid.
 */
export function pauseCollection(
  subscription: Subscription,
  collectionPause: CollectionPause | null,
  at: Instant,
): Subscription {
  assertNotEnded(subscription)
  const { status } = subscription
  const runs = status === 'active' || status === 'trialing' || status === 'past_due'
  if (!runs) refuse('subscription_not_active', { status, needed: 'active' })
  if (subscription.collectionPause === collectionPause) return subscription
  return { ...subscription, collectionPause, updatedAt: at }
}

/**
 * Moves the end of a trial to a later instant; billing starts there. Refuses `subscription_ended` and
 * `subscription_not_active` (it is in no trial).
 */
export function moveTrialEnd(
  subscription: Subscription,
  trialEnd: Instant,
  at: Instant,
): Subscription {
  assertNotEnded(subscription)
  const { status, anchorZone: zone } = subscription
  if (status !== 'trialing') refuse('subscription_not_active', { status, needed: 'trialing' })
  assert(trialEnd > at, 'a trial ends in the future')
  return scheduled({
    ...subscription,
    trialEnd,
    currentPeriodEnd: trialEnd,
    anchorAt: trialEnd,
    anchorDay: dayOfMonth(trialEnd, zone),
    updatedAt: at,
  })
}

/** The local day of the month of an instant in a zone: the anchor day of an agreement that starts then. */
export function dayOfMonth(at: Instant, zone: string): number {
  return Number(localDate(at, zone).slice(8, 10))
}
