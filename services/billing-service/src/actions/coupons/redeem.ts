// Redeeming a code for a subscription. First everything about it is checked and the discount is made, then,
// as the last step of the transaction, it is written and counted: the counter belongs to all tenants, so it is
// held as briefly as can be, and nothing else is locked after it.
import type { Caller } from '../../core/caller.ts'
import type { AttachedDiscount, Coupon, DiscountBenefit, PromotionCode } from '../../core/coupon.ts'
import { checkRedeemable, discountEndsAt, refuseCoupon } from '../../core/discounts/life.ts'
import type { Id, InvoiceId } from '../../core/ids.ts'
import type { Currency } from '../../core/money.ts'
import type { PlanPrice } from '../../core/plan.ts'
import { refuse } from '../../core/refusal.ts'
import type { Subscription } from '../../core/subscription.ts'
import type { Instant } from '../../core/time.ts'
import type { Deps } from '../../deps.ts'
import type { CollectionName } from '../../ports/collections.ts'
import type { Reads, TenantTransaction } from '../../ports/store.ts'
import { record } from '../record.ts'
import { offerNamed } from './coupon-verbs.ts'

const discountsMax = 20

type TenantReads = Pick<Reads<CollectionName>, 'find' | 'get' | 'count' | 'stream'>

export interface Redeeming {
  readonly tenantId: string
  readonly code: string
  readonly at: Instant
  /** What it is redeemed for: the plan that will be in force. */
  readonly planCode: string
  readonly price: PlanPrice
  readonly quantity: number
}

/** A discount about to be attached. */
export interface Redemption {
  readonly discount: AttachedDiscount
  readonly coupon: Coupon
  readonly promotion: PromotionCode | null
}

interface Offer {
  readonly coupon: Coupon
  readonly promotion: PromotionCode | null
}

/**
 * Checks a code for a tenant without taking it. Refuses `unknown_coupon`, `coupon_expired`,
 * `coupon_not_applicable`, `currency_mismatch`.
 */
export async function checkCode(reads: TenantReads, asked: Redeeming): Promise<Offer> {
  const offer = await offerNamed(reads, asked.code)
  if (offer === null) return refuse('unknown_coupon', { coupon: asked.code })
  const { coupon, promotion } = offer
  if (promotion !== null) {
    if (coupon.status === 'archived') refuse('coupon_expired', { coupon: asked.code })
    const { onlyTenantId } = promotion
    if (onlyTenantId !== null && onlyTenantId !== asked.tenantId) refuseCoupon(asked.code, 'tenant')
    await checkLimits(reads, asked, promotion, coupon, 'promotionCodeId')
  }
  await checkLimits(reads, asked, coupon, coupon, 'couponId')
  return offer
}

async function checkLimits(
  reads: TenantReads,
  asked: Redeeming,
  offer: Coupon | PromotionCode,
  coupon: Coupon,
  field: 'couponId' | 'promotionCodeId',
): Promise<void> {
  const { price, quantity, at, planCode } = asked
  const counter = await reads.get('couponCounters', offer.id)
  const limited = offer.redemptionsPerTenantMax !== null
  const { benefit, scope } = coupon
  checkRedeemable(
    {
      ...offer,
      code: asked.code,
      archived: offer.status === 'archived',
      redemptions: counter.redemptions,
      tenantRedemptions: limited ? await redeemedBy(reads, offer.id, field) : 0,
      currencies: benefit.kind === 'amount' ? Object.keys(benefit.amountsMinor) : null,
      planCodes: scope?.planCodes ?? null,
    },
    {
      at,
      currency: price.currency,
      planCode,
      firstPurchase: offer.firstPurchaseOnly && !(await hasBought(reads)),
      subtotalMinor: price.amountMinor * quantity + (price.setupMinor ?? 0),
    },
  )
}

const redeemedBy = (
  reads: TenantReads,
  id: string,
  field: 'couponId' | 'promotionCodeId',
): Promise<number> =>
  reads.count('discounts', {
    where: { [field]: id, status: { in: ['attached', 'removed'] } },
  })

/** Whether the tenant was ever asked for money that was not withdrawn again. */
async function hasBought(reads: TenantReads): Promise<boolean> {
  const order = { field: 'createdAt', direction: 'asc' } as const
  for await (const invoice of reads.stream('invoices', { order })) {
    if (!['draft', 'void'].includes(invoice.status) && invoice.totalMinor > 0) return true
  }
  return false
}

function benefitIn(coupon: Coupon, currency: Currency): DiscountBenefit {
  const { benefit } = coupon
  if (benefit.kind === 'percent') return benefit
  return { kind: 'amount', amountMinor: benefit.amountsMinor[currency] ?? 0, currency }
}

type ForSubscription = Pick<
  Subscription,
  'tenantId' | 'id' | 'customerId' | 'anchorZone' | 'discounts'
>

/** The discount that a code gives a subscription, not written yet. Refuses as `checkCode`. */
export async function discountFor(
  deps: Pick<Deps, 'ids'>,
  reads: TenantReads,
  subscription: ForSubscription,
  asked: Redeeming,
): Promise<Redemption> {
  const { coupon, promotion } = await checkCode(reads, asked)
  const attachedKey = `${subscription.id}:${coupon.id}`
  if ((await reads.find('discounts', { attachedKey })) !== null) {
    refuseCoupon(asked.code, 'attached')
  }
  if (subscription.discounts.length >= discountsMax) refuseCoupon(asked.code, 'too_many')
  const { at } = asked
  const discount: AttachedDiscount = {
    tenantId: subscription.tenantId,
    id: deps.ids.next('discount'),
    customerId: subscription.customerId,
    subscriptionId: subscription.id,
    couponId: coupon.id,
    coupon: coupon.code,
    name: coupon.name,
    promotionCodeId: promotion?.id ?? null,
    promotionCode: promotion?.code ?? null,
    benefit: benefitIn(coupon, asked.price.currency),
    duration: coupon.duration,
    scope: coupon.scope,
    status: 'attached',
    attachedAt: at,
    endsAt: discountEndsAt(coupon.duration, at, subscription.anchorZone),
    uses: 0,
    attachedWith: null,
    attachedKey,
    createdAt: at,
    updatedAt: at,
    version: 1,
  }
  return { discount, coupon, promotion }
}

/** Checks the limits of a counter that is held now, and counts one more. */
async function countOne(
  tx: TenantTransaction,
  code: string,
  offer: Coupon | PromotionCode,
  field: 'couponId' | 'promotionCodeId',
): Promise<void> {
  const counter = await tx.lock('couponCounters', offer.id)
  const { redemptionsMax, redemptionsPerTenantMax } = offer
  if (redemptionsMax !== null && counter.redemptions >= redemptionsMax) {
    refuse('coupon_expired', { coupon: code })
  }
  // The row written just before is among those counted.
  const own = redemptionsPerTenantMax === null ? 0 : await redeemedBy(tx, offer.id, field)
  if (redemptionsPerTenantMax !== null && own > redemptionsPerTenantMax) {
    refuseCoupon(code, 'per_tenant')
  }
  await tx.replace('couponCounters', { ...counter, redemptions: counter.redemptions + 1 })
}

/** Writes a discount: its row must stand before an invoice is counted on it. */
export async function writeDiscount(
  deps: Deps,
  tx: TenantTransaction,
  caller: Caller,
  { discount }: Redemption,
): Promise<void> {
  await tx.insert('discounts', discount)
  await record(deps, tx, caller, discount.attachedAt, [
    {
      type: 'discount.attached',
      objectId: discount.id,
      data: {
        subscriptionId: discount.subscriptionId,
        coupon: discount.coupon,
        promotionCode: discount.promotionCode,
      },
    },
  ])
}

/** A discount that comes with a change which waits for its invoice is withdrawn with that invoice. */
export async function attachWith(
  tx: TenantTransaction,
  { discount }: Redemption,
  invoiceId: InvoiceId,
): Promise<void> {
  const written = await tx.lock('discounts', discount.id)
  await tx.replace('discounts', { ...written, attachedWith: invoiceId })
}

/**
 * Counts a redemption: the last thing a transaction does. Refuses `coupon_expired` and
 * `coupon_not_applicable` when others were faster.
 */
export async function countRedemption(
  tx: TenantTransaction,
  { discount, coupon, promotion }: Redemption,
): Promise<void> {
  const code = discount.promotionCode ?? discount.coupon
  await countOne(tx, code, coupon, 'couponId')
  if (promotion !== null) await countOne(tx, code, promotion, 'promotionCodeId')
}

/** Gives redemptions back: the last thing a transaction does. */
export async function uncountRedemptions(
  tx: TenantTransaction,
  discounts: readonly Pick<AttachedDiscount, 'couponId' | 'promotionCodeId'>[],
): Promise<void> {
  const counts = new Map<string, number>()
  const ids = (kind: 'coupon' | 'promotionCode'): Id<'coupon' | 'promotionCode'>[] =>
    discounts
      .map(discount => (kind === 'coupon' ? discount.couponId : discount.promotionCodeId))
      .filter(id => id !== null)
      .sort()
  // Coupons before their promotion codes, each kind by its id: everybody takes them in one order.
  for (const id of [...ids('coupon'), ...ids('promotionCode')]) {
    counts.set(id, (counts.get(id) ?? 0) + 1)
  }
  for (const [id, count] of counts) {
    const counter = await tx.lock('couponCounters', id)
    const redemptions = counter.redemptions - count
    await tx.replace('couponCounters', { ...counter, redemptions })
  }
}
