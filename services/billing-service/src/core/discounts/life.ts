// The life of a coupon: who may redeem it, and for which invoices an attached discount still counts.
// Months are meant by `repeating`, not invoices, so a proration invoice does not eat one.

import type { Currency } from '../money.ts'
import { refuse } from '../refusal.ts'
import { anchorAt, boundaryAt, type Instant } from '../time.ts'

export type CouponDuration =
  | { readonly kind: 'once' }
  | { readonly kind: 'forever' }
  | { readonly kind: 'repeating'; readonly months: number }

/** The terms of a coupon that decide who may redeem it. Null means no limit. */
export interface CouponTerms {
  readonly redeemBy: Instant | null
  readonly redemptionsMax: number | null
  readonly redemptions: number
  /** An amount coupon works in its own currency alone; null for percentages. */
  readonly currency: Currency | null
  readonly planCodes: readonly string[] | null
  readonly firstPurchaseOnly: boolean
  readonly minimumMinor: number | null
}

export interface Redemption {
  readonly at: Instant
  readonly currency: Currency
  readonly planCode: string | null
  readonly firstPurchase: boolean
  readonly subtotalMinor: number
}

/**
 * Whether a coupon may be attached now. Refuses `coupon_expired` (its date or its number of redemptions
 * is over), `currency_mismatch`, `coupon_not_applicable` with the term that stands in the way.
 */
export function checkRedeemable(terms: CouponTerms, redemption: Redemption): void {
  const { redeemBy, redemptionsMax, redemptions, currency, planCodes, minimumMinor } = terms
  if (redeemBy !== null && redemption.at > redeemBy) refuse('coupon_expired')
  if (redemptionsMax !== null && redemptions >= redemptionsMax) refuse('coupon_expired')
  if (currency !== null && currency !== redemption.currency) {
    refuse('currency_mismatch', { currency: redemption.currency, expected: currency })
  }
  if (planCodes && !(redemption.planCode !== null && planCodes.includes(redemption.planCode))) {
    refuse('coupon_not_applicable', { term: 'plan' })
  }
  if (terms.firstPurchaseOnly && !redemption.firstPurchase) {
    refuse('coupon_not_applicable', { term: 'first_purchase' })
  }
  if (minimumMinor !== null && redemption.subtotalMinor < minimumMinor) {
    refuse('coupon_not_applicable', { term: 'minimum_amount' })
  }
}

/** When a discount that starts at `startedAt` ends; null for the ones that time does not end. */
export function discountEndsAt(
  duration: CouponDuration,
  startedAt: Instant,
  zone: string,
): Instant | null {
  if (duration.kind !== 'repeating') return null
  return boundaryAt(anchorAt(startedAt, zone), 'monthly', duration.months)
}

/** Whether an attached discount counts for an invoice at `at`. `uses` are invoices it was used up by. */
export function isDiscountLive(
  attached: {
    readonly duration: CouponDuration
    readonly startedAt: Instant
    readonly uses: number
  },
  zone: string,
  at: Instant,
): boolean {
  if (at < attached.startedAt) return false
  if (attached.duration.kind === 'once') return attached.uses === 0
  const endsAt = discountEndsAt(attached.duration, attached.startedAt, zone)
  return endsAt === null || at < endsAt
}
