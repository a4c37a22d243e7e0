// Recurring-revenue arithmetic: monthly value, its movements, and the rates made of them. It reads no
// records; the reports fold them into these figures.

import { mulDiv, sumMinor } from '../money.ts'
import { type Cycle, type Instant, type Interval, intervalOf } from '../time.ts'

/** One recurring item at its contract price, without tax, one-off charges or usage. */
export interface RecurringItem {
  /** Price of one interval, for the whole quantity. */
  readonly amountMinor: number
  readonly interval: Cycle | Interval
  /** Recurring discounts of one interval. */
  readonly discountMinor?: number
}

/** Monthly recurring revenue of the items: the value after discounts, each item rounded once. */
export function mrrMinor(items: readonly RecurringItem[]): number {
  return sumMinor(items.map(monthlyMinor))
}

function monthlyMinor(item: RecurringItem): number {
  const { unit, count } = intervalOf(item.interval)
  const amountMinor = item.amountMinor - (item.discountMinor ?? 0)
  const perYear = { day: 365, week: 52, month: 12, quarter: 4, year: 1 }[unit]
  return mulDiv(amountMinor, perYear, 12 * count, 'half_away')
}

/** Annual recurring revenue. */
export function arrMinor(monthlyRevenueMinor: number): number {
  return mulDiv(monthlyRevenueMinor, 12, 1, 'half_away')
}

/**
 * Whether a subscription counts: trials, incomplete, unpaid, paused and ended ones do not; one that is
 * past due does, unless the tenant's setting leaves it out.
 */
export function countsAsRecurring(status: string, pastDueCounts = true): boolean {
  return status === 'active' || (status === 'past_due' && pastDueCounts)
}

/** What happened to the monthly value of one customer. */
export type MovementKind =
  | 'new_business'
  | 'expansion'
  | 'contraction'
  | 'churn'
  | 'reactivation'
  | 'none'

export interface Movement {
  readonly kind: MovementKind
  readonly changeMinor: number
}

/**
 * Names the change of one customer's monthly value. A second subscription is expansion, the end of one
 * of two is contraction, the end of the last is churn, and coming back is reactivation.
 */
export function movementOf(customer: {
  readonly beforeMinor: number
  readonly afterMinor: number
  readonly paidBefore: boolean
}): Movement {
  const { beforeMinor, afterMinor, paidBefore } = customer
  return {
    kind: kindOf(beforeMinor, afterMinor, paidBefore),
    changeMinor: afterMinor - beforeMinor,
  }
}

function kindOf(beforeMinor: number, afterMinor: number, paidBefore: boolean): MovementKind {
  if (beforeMinor === afterMinor) return 'none'
  if (beforeMinor === 0) return paidBefore ? 'reactivation' : 'new_business'
  if (afterMinor === 0) return 'churn'
  return afterMinor > beforeMinor ? 'expansion' : 'contraction'
}

/** When lost revenue counts as lost: at the end of the time that was paid, or at once if it ended so. */
export function churnRecognisedAt(subscription: {
  readonly canceledAt: Instant
  readonly currentPeriodEnd: Instant
  readonly endedAt: Instant | null
}): Instant {
  return subscription.endedAt ?? Math.max(subscription.canceledAt, subscription.currentPeriodEnd)
}

/** Movements of a span, all as positive amounts, and the value at its start. */
export interface Movements {
  readonly startMinor: number
  readonly churnMinor: number
  readonly contractionMinor: number
  readonly expansionMinor: number
  readonly reactivationMinor: number
}

/** A share of the start in parts per million; null when there was nothing at the start. */
function ratioPpm(partMinor: number, startMinor: number): number | null {
  return startMinor === 0 ? null : mulDiv(partMinor, 1_000_000, startMinor, 'half_away')
}

/** (churn + contraction) / start, in parts per million. */
export function grossChurnPpm(movements: Movements): number | null {
  return ratioPpm(movements.churnMinor + movements.contractionMinor, movements.startMinor)
}

/** (churn + contraction - expansion - reactivation) / start; negative when growth outweighs loss. */
export function netChurnPpm(movements: Movements): number | null {
  const { churnMinor, contractionMinor, expansionMinor, reactivationMinor } = movements
  const lostMinor = churnMinor + contractionMinor - expansionMinor - reactivationMinor
  return ratioPpm(lostMinor, movements.startMinor)
}

/** (start + expansion - contraction - churn) / start of the same customers; new ones are left out. */
export function netRetentionPpm(movements: Movements): number | null {
  const { startMinor, expansionMinor, contractionMinor, churnMinor } = movements
  return ratioPpm(startMinor + expansionMinor - contractionMinor - churnMinor, startMinor)
}

/** As net retention without expansion: at most 100 %. */
export function grossRetentionPpm(movements: Movements): number | null {
  const { startMinor, contractionMinor, churnMinor } = movements
  return ratioPpm(startMinor - contractionMinor - churnMinor, startMinor)
}

/** Customers lost / customers at the start. */
export function logoChurnPpm(lost: number, atStart: number): number | null {
  return ratioPpm(lost, atStart)
}
