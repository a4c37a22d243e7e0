// Coupons and promotion codes as they are offered, and discounts as they are attached. What a discount takes
// off is core/discounts/; who may redeem a coupon and how long a discount lasts is core/discounts/life.ts.
import type { DiscountScope } from './discounts/kind.ts'
import type { CouponDuration } from './discounts/life.ts'
import type { CustomerId, Id, InvoiceId, SubscriptionId, TenantId } from './ids.ts'
import type { Currency } from './money.ts'
import type { Instant } from './time.ts'

/** Who may redeem, how often and until when. Null means no limit. Coupons and promotion codes have their own. */
export interface RedemptionLimits {
  /** The last instant at which it may be redeemed. */
  readonly redeemBy: Instant | null
  readonly redemptionsMax: number | null
  readonly redemptionsPerTenantMax: number | null
  /** What one period costs at least, per currency, before discounts and tax. */
  readonly minimumsMinor: Readonly<Record<Currency, number>> | null
  readonly firstPurchaseOnly: boolean
}

/** What a coupon is worth: a share in any currency, or an amount in those it names. */
export type CouponBenefit =
  | { readonly kind: 'percent'; readonly ratePpm: number }
  | { readonly kind: 'amount'; readonly amountsMinor: Readonly<Record<Currency, number>> }

export type OfferStatus = 'active' | 'archived'

/** A coupon of the issuer's catalogue. Its worth, duration and scope never change; its limits may. */
export interface Coupon extends RedemptionLimits {
  readonly id: Id<'coupon'>
  readonly code: string
  /** The code in capitals: unique, because nobody reads a difference of case. */
  readonly codeKey: string
  readonly name: string | null
  readonly benefit: CouponBenefit
  readonly duration: CouponDuration
  readonly scope: DiscountScope | null
  readonly status: OfferStatus
  readonly metadata: Readonly<Record<string, string>>
  readonly createdAt: Instant
  readonly createdBy: string
  readonly updatedAt: Instant
  readonly version: number
}

/** A code of its own for a coupon, with limits that hold besides the coupon's. */
export interface PromotionCode extends RedemptionLimits {
  readonly id: Id<'promotionCode'>
  readonly code: string
  readonly codeKey: string
  readonly couponId: Id<'coupon'>
  /** Only this tenant may redeem it; null: any. */
  readonly onlyTenantId: TenantId | null
  readonly status: OfferStatus
  readonly createdAt: Instant
  readonly createdBy: string
  readonly updatedAt: Instant
  readonly version: number
}

/** How often a coupon or a promotion code is redeemed: the row that every redemption locks. */
export interface CouponCounter {
  /** Of the coupon or the promotion code. */
  readonly id: string
  readonly redemptions: number
  readonly version: number
}

/** What a discount takes off, in the currency of its subscription. */
export type DiscountBenefit =
  | { readonly kind: 'percent'; readonly ratePpm: number }
  | { readonly kind: 'amount'; readonly amountMinor: number; readonly currency: Currency }

/**
 * A redeemed coupon, with its terms as they were. `attached`: it counts. `removed`: taken off again after
 * an invoice used it. `returned`: nothing used it, and its redemption was given back.
 */
export interface AttachedDiscount {
  readonly tenantId: TenantId
  readonly id: Id<'discount'>
  readonly customerId: CustomerId
  readonly subscriptionId: SubscriptionId
  readonly couponId: Id<'coupon'>
  readonly coupon: string
  readonly name: string | null
  readonly promotionCodeId: Id<'promotionCode'> | null
  readonly promotionCode: string | null
  readonly benefit: DiscountBenefit
  readonly duration: CouponDuration
  readonly scope: DiscountScope | null
  readonly status: 'attached' | 'removed' | 'returned'
  /** Billing time; the order of stacking, and the start of a repeating discount. */
  readonly attachedAt: Instant
  /** When a repeating discount ends. */
  readonly endsAt: Instant | null
  /** Drafts and demands that it stands on. */
  readonly uses: number
  /** The invoice of the change it came with, and is withdrawn with. */
  readonly attachedWith: InvoiceId | null
  /** `<subscription>:<coupon>` while attached, else null: a coupon is attached once. */
  readonly attachedKey: string | null
  readonly createdAt: Instant
  readonly updatedAt: Instant
  readonly version: number
}

/** A discount as its subscription names it. */
export interface DiscountReference {
  readonly id: Id<'discount'>
  readonly coupon: string
  readonly attachedAt: Instant
}

/** How a code is compared: without case and the blanks around it. */
export const codeKeyOf = (code: string): string => code.trim().toUpperCase()

export const referenceOf = ({ id, coupon, attachedAt }: AttachedDiscount): DiscountReference => ({
  id,
  coupon,
  attachedAt,
})
