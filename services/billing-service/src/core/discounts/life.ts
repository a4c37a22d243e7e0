// The life of a coupon: who may redeem it, and for which invoices an attached discount still counts.
// Months are meant by `repeating`, not invoices, so a proration invoice does not eat one.

import type { RedemptionLimits } from '../coupon.ts'
import type { Currency } from '../money.ts'
import { refuse } from '../refusal.ts'
import { anchorAt, boundaryAt, type Instant } from '../time.ts'

export type CouponDuration =
  | { readonly kind: 'once' }
  | { readonly kind: 'forever' }
  | { readonly kind: 'repeating'; readonly months: number }

/** What decides whether a code may be redeemed; null means no limit. */
export interface RedeemableTerms extends RedemptionLimits {
  readonly code: string
  readonly archived: boolean
  /** Of all tenants, and of this one. */
  readonly redemptions: number
  readonly tenantRedemptions: number
  /** An amount works in its own currencies alone; null for percentages. */
  readonly currencies: readonly Currency[] | null
  readonly planCodes: readonly string[] | null
}

export interface Redemption {
  readonly at: Instant
  readonly currency: Currency
  readonly planCode: string | null
  readonly firstPurchase: boolean
  /** What one period costs, before discounts and tax. */
  readonly subtotalMinor: number
}

const reasons = {
  plan: ['it is for other plans', '仅适用于其他套餐'],
  first_purchase: ['it is for first purchases', '仅限首次购买'],
  minimum_amount: ['the amount is below its minimum', '金额未达到最低要求'],
  per_tenant: ['it was redeemed as often as one account may', '已达到单个账户的使用次数上限'],
  tenant: ['it is meant for somebody else', '仅限指定账户使用'],
  attached: ['it is already attached', '该订阅已使用此优惠券'],
  too_many: ['the subscription has as many discounts as it may', '该订阅的优惠数量已达上限'],
} as const

/** Refuses `coupon_not_applicable` with the term that stands in the way. */
export function refuseCoupon(coupon: string, term: keyof typeof reasons): never {
  const [reason, reasonZh] = reasons[term]
  return refuse('coupon_not_applicable', { coupon, term, reason, reasonZh })
}

/**
 * Whether a coupon may be attached now. Refuses `coupon_expired` (archived, or its date or its number of
 * redemptions is over), `currency_mismatch`, `coupon_not_applicable` with the term that stands in the way.
 */
export function checkRedeemable(terms: RedeemableTerms, redemption: Redemption): void {
  const { code, redeemBy, redemptionsMax, redemptionsPerTenantMax, currencies, planCodes } = terms
  if (terms.archived || (redeemBy !== null && redemption.at > redeemBy)) {
    refuse('coupon_expired', { coupon: code })
  }
  if (redemptionsMax !== null && terms.redemptions >= redemptionsMax) {
    refuse('coupon_expired', { coupon: code })
  }
  if (redemptionsPerTenantMax !== null && terms.tenantRedemptions >= redemptionsPerTenantMax) {
    refuseCoupon(code, 'per_tenant')
  }
  if (currencies !== null && !currencies.includes(redemption.currency)) {
    refuse('currency_mismatch', {
      currency: currencies.join(', '),
      expected: redemption.currency,
    })
  }
  if (planCodes && !(redemption.planCode !== null && planCodes.includes(redemption.planCode))) {
    refuseCoupon(code, 'plan')
  }
  if (terms.firstPurchaseOnly && !redemption.firstPurchase) refuseCoupon(code, 'first_purchase')
  const minimumMinor = terms.minimumsMinor?.[redemption.currency] ?? null
  const short = minimumMinor !== null && redemption.subtotalMinor < minimumMinor
  // A minimum that names other currencies alone cannot be met in this one.
  if (short || (terms.minimumsMinor !== null && minimumMinor === null)) {
    refuseCoupon(code, 'minimum_amount')
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

/** Whether an attached discount counts for an invoice at `at`. `uses` are invoices it stands on. */
export function isDiscountLive(
  attached: {
    readonly duration: CouponDuration
    readonly attachedAt: Instant
    readonly endsAt: Instant | null
    readonly uses: number
  },
  at: Instant,
): boolean {
  if (at < attached.attachedAt) return false
  if (attached.duration.kind === 'once') return attached.uses === 0
  return attached.endsAt === null || at < attached.endsAt
}
