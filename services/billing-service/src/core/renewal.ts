// What is due for a subscription at its boundary: the end of a trial or of a period. Pure; it reads no
// catalogue and writes nothing. Prices, tax and documents come from pricing.
import type { Arrears, BillingReason, InvoiceLine } from './invoice.ts'
import {
  applyChange,
  dayOfMonth,
  isLive,
  nextPeriod,
  restartPeriod,
  type Subscription,
  waitsForPayment,
  withStatus,
} from './subscription.ts'
import { boundaryAt, type Instant, type Period, toIso } from './time.ts'

const hourMs = 3_600_000

/** How renewals behave; deployment defaults, each tenant may differ. */
export interface RenewalSettings {
  /** What a trial without a usable method becomes (choice 10). */
  readonly trialEndBehavior: 'pause' | 'cancel' | 'create_invoice'
  /** How long a renewal's invoice stays a draft (choice 16). */
  readonly draftHours: number
  /** The same when it bills usage, which may still arrive. */
  readonly usageDraftHours: number
}

export interface RenewalFacts {
  readonly settings: RenewalSettings
  /** The tenant's zone by now; another one than before counts from this boundary on (choice 9). */
  readonly zone: string
  /** Whether there is a method that may be charged. */
  readonly methodUsable: boolean
  /** Whether the plan after the boundary costs nothing in advance. */
  readonly free: boolean
  /** Whether anything that has a price was used in the ended period. */
  readonly used: boolean
}

export type RenewalOutcome = 'renewed' | 'trial_ended' | 'paused' | 'canceled'

export interface Renewal {
  readonly outcome: RenewalOutcome
  readonly subscription: Subscription
  /** The boundary it happened at; everything it writes belongs to this instant. */
  readonly boundary: Instant
  /** What is billed: a period in advance, and the usage of one in arrears. */
  readonly advance: Period | null
  readonly arrears: Arrears | null
  /** What earlier changes left for this invoice. */
  readonly pendingLines: readonly InvoiceLine[]
  readonly billingReason: BillingReason
  /** When the draft becomes a demand; null: it stays a draft (unpaid). */
  readonly finalizeAt: Instant | null
}

/** Whether a boundary has come: the end of the running period or trial. */
export const isRenewalDue = (subscription: Subscription, at: Instant): boolean =>
  isLive(subscription) &&
  subscription.billedBy === 'engine' &&
  subscription.status !== 'paused' &&
  subscription.status !== 'incomplete' &&
  !waitsForPayment(subscription) &&
  subscription.currentPeriodEnd <= at

/** The version of the plan that is in force after the boundary. */
export const planIdAfter = (subscription: Subscription): string =>
  changeAtBoundary(subscription)?.planId ?? subscription.planId

const changeAtBoundary = (subscription: Subscription) => {
  const change = subscription.pendingChange
  const due = change?.effectiveAt != null && change.effectiveAt <= subscription.currentPeriodEnd
  return due ? change : null
}

/** The running period as one that ends at `end`, with the terms that price its usage. */
export const arrearsOf = (subscription: Subscription, end: Instant): Arrears => ({
  planId: subscription.planId,
  quantity: subscription.quantity,
  billingCycle: subscription.billingCycle,
  start: subscription.currentPeriodStart,
  end,
  wholeEnd: subscription.currentPeriodEnd,
})

/** One key per subscription and boundary: whoever bills it again meets the unique key. */
export const renewalKey = (subscription: Subscription, boundary: Instant): string =>
  `${subscription.id}:${toIso(boundary)}`

/**
 * Decides one boundary. A service that was down meets several, each decided by itself and in order, so
 * that every period is billed with its own dates.
 */
export function decideRenewal(subscription: Subscription, facts: RenewalFacts): Renewal {
  const boundary = subscription.currentPeriodEnd
  const trial = subscription.status === 'trialing'
  const arrears = trial ? null : arrearsOf(subscription, boundary)
  const base = {
    boundary,
    arrears,
    pendingLines: subscription.pendingLines,
    advance: null,
    billingReason: 'subscription_cycle',
    finalizeAt: finalizeAt(subscription, facts, trial),
  } as const
  const end = endAt(subscription, facts, trial)
  if (end === 'canceled') {
    const told = subscription.canceledAt === null ? { canceledAt: boundary } : {}
    const over = withStatus({ ...subscription, ...told }, 'canceled', boundary)
    const billed = { ...base, billingReason: 'subscription_cancel' } as const
    return { ...billed, outcome: 'canceled', subscription: over }
  }
  if (end === 'paused') {
    return {
      ...base,
      outcome: 'paused',
      subscription: { ...withStatus(subscription, 'paused', boundary), pendingLines: [] },
    }
  }
  const next = { ...intoNextPeriod(subscription, boundary, facts.zone), pendingLines: [] }
  return {
    ...base,
    outcome: trial ? 'trial_ended' : 'renewed',
    subscription: trial ? withStatus(next, 'active', boundary) : next,
    advance: facts.free ? null : { start: next.currentPeriodStart, end: next.currentPeriodEnd },
  }
}

function endAt(
  subscription: Subscription,
  { methodUsable, free, settings }: RenewalFacts,
  trial: boolean,
): 'canceled' | 'paused' | null {
  if (subscription.cancelAtPeriodEnd) return 'canceled'
  if (subscription.pauseAtPeriodEnd) return 'paused'
  if (!trial || methodUsable || free || settings.trialEndBehavior === 'create_invoice') return null
  return settings.trialEndBehavior === 'cancel' ? 'canceled' : 'paused'
}

/** A first invoice becomes a demand at once; renewals leave time for late usage and review. */
function finalizeAt(
  subscription: Subscription,
  { settings, used }: RenewalFacts,
  trial: boolean,
): Instant | null {
  const boundary = subscription.currentPeriodEnd
  if (subscription.status === 'unpaid') return null
  if (trial) return boundary
  return boundary + (used ? settings.usageDraftHours : settings.draftHours) * hourMs
}

function intoNextPeriod(subscription: Subscription, boundary: Instant, zone: string): Subscription {
  const change = changeAtBoundary(subscription)
  if (change === null) {
    const next =
      zone === subscription.anchorZone
        ? nextPeriod(subscription)
        : inZone(subscription, boundary, zone)
    return { ...next, updatedAt: boundary }
  }
  const changed = applyChange(subscription, { ...change, restartsPeriodAt: null }, boundary)
  if (zone !== subscription.anchorZone) return inZone(changed, boundary, zone)
  if (changed.billingCycle === subscription.billingCycle) return nextPeriod(changed)
  // Another cycle counts its periods from here; the day of the month stays the agreed one.
  return restartPeriod(changed, boundary, subscription.anchorDay)
}

/**
 * Periods go on from the boundary by the local time of another zone, without a gap or an overlap. The day of
 * the month is the boundary's own there. Where a short month had moved the boundary off the agreed day, that
 * day is kept if it falls on this boundary there too: any other would start the next period later.
 */
function inZone(subscription: Subscription, boundary: Instant, zone: string): Subscription {
  const { anchorDay } = subscription
  const holds = boundaryAt({ at: boundary, zone, day: anchorDay }, 'monthly', 0) === boundary
  const day = holds ? anchorDay : dayOfMonth(boundary, zone)
  return restartPeriod({ ...subscription, anchorZone: zone }, boundary, day)
}
