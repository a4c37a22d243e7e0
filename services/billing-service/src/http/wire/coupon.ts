import type {
  CouponChangeWire,
  CouponInputWire,
  CouponWire,
  DiscountWire,
  PromotionCodeInputWire,
  PromotionCodeWire,
} from '@quittance/billing-contract/schemas/coupon'
import type {
  CodeAndCoupon,
  createCoupon,
  NewPromotionCode,
  OfferChange,
  WithRedemptions,
} from '../../actions/coupons/coupon-verbs.ts'
import type {
  AttachedDiscount,
  Coupon,
  CouponBenefit,
  RedemptionLimits,
} from '../../core/coupon.ts'
import type { DiscountScope } from '../../core/discounts/kind.ts'
import type { CouponDuration } from '../../core/discounts/life.ts'
import { exponentOf, fromWire, percentToPpm, ppmToPercent } from '../../core/money.ts'
import { refuse } from '../../core/refusal.ts'
import { fromIso, toIso } from '../../core/time.ts'
import { amount, time } from './money.ts'

type Amounts = Readonly<Record<string, number>>

const amountsToWire = (amounts: Amounts | null): Record<string, number> | null =>
  amounts && Object.fromEntries(Object.entries(amounts).map(([c, minor]) => [c, amount(minor, c)]))

function amountsFromWire(wire: Readonly<Record<string, number | string>>, path: string): Amounts {
  const entries = Object.entries(wire).map(([currency, value]) => {
    exponentOf(currency)
    const minor = fromWire(value, currency, `${path}/${currency}`)
    if (minor <= 0) {
      refuse('invalid_amount', {}, [{ path: `${path}/${currency}`, message: 'must be above 0' }])
    }
    return [currency, minor] as const
  })
  return Object.fromEntries(entries)
}

const limitsToWire = (limits: RedemptionLimits) => ({
  redeemBy: time(limits.redeemBy),
  maxRedemptions: limits.redemptionsMax,
  maxRedemptionsPerTenant: limits.redemptionsPerTenantMax,
  minimumAmounts: amountsToWire(limits.minimumsMinor),
  firstPurchaseOnly: limits.firstPurchaseOnly,
})

type LimitsInput = Pick<
  CouponChangeWire,
  'redeemBy' | 'maxRedemptions' | 'maxRedemptionsPerTenant' | 'minimumAmounts' | 'firstPurchaseOnly'
>

/** Only what the body names. */
function limitsNamed(body: LimitsInput): Partial<RedemptionLimits> {
  const { redeemBy, maxRedemptions, maxRedemptionsPerTenant, minimumAmounts } = body
  return {
    ...(redeemBy === undefined
      ? {}
      : { redeemBy: redeemBy === null ? null : fromIso(redeemBy, '/redeemBy') }),
    ...(maxRedemptions === undefined ? {} : { redemptionsMax: maxRedemptions }),
    ...(maxRedemptionsPerTenant === undefined
      ? {}
      : { redemptionsPerTenantMax: maxRedemptionsPerTenant }),
    ...(minimumAmounts === undefined
      ? {}
      : { minimumsMinor: minimumAmounts && amountsFromWire(minimumAmounts, '/minimumAmounts') }),
    ...(body.firstPurchaseOnly === undefined ? {} : { firstPurchaseOnly: body.firstPurchaseOnly }),
  }
}

const limitsFromWire = (body: LimitsInput): RedemptionLimits => ({
  redeemBy: null,
  redemptionsMax: null,
  redemptionsPerTenantMax: null,
  minimumsMinor: null,
  firstPurchaseOnly: false,
  ...limitsNamed(body),
})

const scopeToWire = (scope: DiscountScope | null): CouponWire['appliesTo'] =>
  scope && {
    ...(scope.planCodes ? { plans: [...scope.planCodes] } : {}),
    ...(scope.metrics ? { metrics: [...scope.metrics] } : {}),
    ...(scope.lineKinds ? { lineKinds: [...scope.lineKinds] } : {}),
  }

function scopeFromWire(wire: CouponInputWire['appliesTo']): DiscountScope | null {
  if (wire === undefined) return null
  const { plans: planCodes, metrics, lineKinds } = wire
  const scope = {
    ...(planCodes ? { planCodes } : {}),
    ...(metrics ? { metrics } : {}),
    ...(lineKinds ? { lineKinds } : {}),
  }
  return Object.keys(scope).length === 0 ? null : scope
}

const durationToWire = (duration: CouponDuration) => ({
  duration: duration.kind,
  months: duration.kind === 'repeating' ? duration.months : null,
})

function durationFromWire({ duration, months }: CouponInputWire): CouponDuration {
  if (duration === 'repeating') {
    if (months !== undefined) return { kind: duration, months }
    return refuse('invalid_request', {}, [
      { path: '/months', message: 'is needed for a repeating coupon' },
    ])
  }
  if (months === undefined) return { kind: duration }
  return refuse('invalid_request', {}, [
    { path: '/months', message: 'belongs to a repeating coupon alone' },
  ])
}

function benefitFromWire({ percentOff, amountsOff }: CouponInputWire): CouponBenefit {
  if ((percentOff === undefined) === (amountsOff === undefined)) {
    refuse('invalid_request', {}, [
      { path: '/percentOff', message: 'give either percentOff or amountsOff' },
    ])
  }
  if (amountsOff !== undefined) {
    return { kind: 'amount', amountsMinor: amountsFromWire(amountsOff, '/amountsOff') }
  }
  const ratePpm = percentToPpm(percentOff!, '/percentOff')
  if (ratePpm <= 0 || ratePpm > 1_000_000) {
    refuse('invalid_request', {}, [
      { path: '/percentOff', message: 'must be above 0 and at most 100' },
    ])
  }
  return { kind: 'percent', ratePpm }
}

export const couponFromWire = (body: CouponInputWire): Parameters<typeof createCoupon>[2] => ({
  code: body.code,
  name: body.name ?? null,
  benefit: benefitFromWire(body),
  duration: durationFromWire(body),
  scope: scopeFromWire(body.appliesTo),
  ...limitsFromWire(body),
  metadata: body.metadata ?? {},
})

export const offerChangeFromWire = (body: CouponChangeWire): OfferChange => ({
  ...limitsNamed(body),
  ...(body.name === undefined ? {} : { name: body.name }),
  ...(body.metadata === undefined ? {} : { metadata: body.metadata }),
  ...(body.status === undefined ? {} : { status: body.status }),
})

export const promotionFromWire = (body: PromotionCodeInputWire): NewPromotionCode => ({
  code: body.code,
  coupon: body.coupon,
  onlyTenantId: body.tenantId ?? null,
  ...limitsFromWire(body),
})

export function couponToWire({ offer, redemptions }: WithRedemptions<Coupon>): CouponWire {
  const { benefit } = offer
  return {
    id: offer.id,
    code: offer.code,
    name: offer.name,
    percentOff: benefit.kind === 'percent' ? ppmToPercent(benefit.ratePpm) : null,
    amountsOff: benefit.kind === 'amount' ? amountsToWire(benefit.amountsMinor) : null,
    ...durationToWire(offer.duration),
    appliesTo: scopeToWire(offer.scope),
    ...limitsToWire(offer),
    redemptions,
    status: offer.status,
    metadata: { ...offer.metadata },
    createdAt: toIso(offer.createdAt),
    createdBy: offer.createdBy,
    updatedAt: toIso(offer.updatedAt),
  }
}

export const promotionToWire = ({
  offer,
  redemptions,
  coupon,
}: CodeAndCoupon): PromotionCodeWire => ({
  id: offer.id,
  code: offer.code,
  coupon,
  tenantId: offer.onlyTenantId,
  ...limitsToWire(offer),
  redemptions,
  status: offer.status,
  createdAt: toIso(offer.createdAt),
  createdBy: offer.createdBy,
  updatedAt: toIso(offer.updatedAt),
})

export function discountToWire(discount: AttachedDiscount): DiscountWire {
  const { benefit } = discount
  return {
    id: discount.id,
    coupon: discount.coupon,
    promotionCode: discount.promotionCode,
    name: discount.name,
    percentOff: benefit.kind === 'percent' ? ppmToPercent(benefit.ratePpm) : null,
    amountOff: benefit.kind === 'amount' ? amount(benefit.amountMinor, benefit.currency) : null,
    ...durationToWire(discount.duration),
    appliesTo: scopeToWire(discount.scope),
    attachedAt: toIso(discount.attachedAt),
    endsAt: time(discount.endsAt),
    uses: discount.uses,
  }
}
