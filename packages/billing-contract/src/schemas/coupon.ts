// Coupons, promotion codes and attached discounts as callers see them. Amounts are in major units.
import { type Static, Type } from 'typebox'
import { AmountInput, Currency, Metadata, Nullable, Time } from './values.ts'

const strict = { additionalProperties: false } as const

export const CouponCode = Type.String({
  minLength: 1,
  maxLength: 64,
  pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]*$',
  description: 'Upper and lower case are the same',
})

const Duration = Type.Union(
  [Type.Literal('once'), Type.Literal('repeating'), Type.Literal('forever')],
  { description: 'once: one invoice; repeating: `months` from the time it is attached' },
)

const Status = Type.Union([Type.Literal('active'), Type.Literal('archived')])
const name = Type.String({ minLength: 1, maxLength: 64 })
const count = Type.Integer({ minimum: 1, maximum: 1_000_000_000 })
const ByCurrency = Type.Record(Currency, Type.Number(), {
  description: 'Amount in major units, by currency',
})
const ByCurrencyInput = Type.Record(Currency, AmountInput, {
  minProperties: 1,
  maxProperties: 50,
  description: 'Amount in major units, by currency',
})
const names = Type.Array(name, { minItems: 1, maxItems: 100 })

const AppliesTo = Type.Object(
  {
    plans: Type.Optional(names),
    metrics: Type.Optional(names),
    lineKinds: Type.Optional(names),
  },
  { ...strict, description: 'Every part that is given must fit a line' },
)

const limits = {
  redeemBy: Nullable(Time),
  maxRedemptions: Nullable(count),
  maxRedemptionsPerTenant: Nullable(count),
  minimumAmounts: Nullable(ByCurrency),
  firstPurchaseOnly: Type.Boolean(),
}

const limitsInput = {
  redeemBy: Type.Optional(Nullable(Time)),
  maxRedemptions: Type.Optional(Nullable(count)),
  maxRedemptionsPerTenant: Type.Optional(Nullable(count)),
  minimumAmounts: Type.Optional(Nullable(ByCurrencyInput)),
  firstPurchaseOnly: Type.Optional(Type.Boolean()),
}

const worth = {
  percentOff: Nullable(Type.Number({ description: 'Percent, e.g. 12.5' })),
  amountsOff: Nullable(ByCurrency),
  duration: Duration,
  months: Nullable(Type.Integer()),
}

export const Coupon = Type.Object({
  id: Type.String(),
  code: Type.String(),
  name: Nullable(Type.String()),
  ...worth,
  appliesTo: Nullable(AppliesTo),
  ...limits,
  redemptions: Type.Integer(),
  status: Status,
  metadata: Metadata,
  createdAt: Time,
  createdBy: Type.String(),
  updatedAt: Time,
})

export const CouponInput = Type.Object(
  {
    code: CouponCode,
    name: Type.Optional(name),
    percentOff: Type.Optional(
      Type.Union([Type.Number({ exclusiveMinimum: 0, maximum: 100 }), Type.String()], {
        description: 'Percent, up to 4 decimals; or amountsOff',
      }),
    ),
    amountsOff: Type.Optional(ByCurrencyInput),
    duration: Duration,
    months: Type.Optional(Type.Integer({ minimum: 1, maximum: 120 })),
    appliesTo: Type.Optional(AppliesTo),
    ...limitsInput,
    metadata: Type.Optional(Metadata),
  },
  strict,
)

export const CouponChange = Type.Object(
  {
    name: Type.Optional(Nullable(name)),
    ...limitsInput,
    metadata: Type.Optional(Metadata),
    status: Type.Optional(Status),
  },
  { ...strict, minProperties: 1 },
)

export const PromotionCode = Type.Object({
  id: Type.String(),
  code: Type.String(),
  coupon: Type.String({ description: 'Code of the coupon' }),
  tenantId: Nullable(Type.String({ description: 'Only this tenant may redeem it' })),
  ...limits,
  redemptions: Type.Integer(),
  status: Status,
  createdAt: Time,
  createdBy: Type.String(),
  updatedAt: Time,
})

export const PromotionCodeInput = Type.Object(
  {
    code: CouponCode,
    coupon: CouponCode,
    tenantId: Type.Optional(Type.String({ minLength: 1, maxLength: 128 })),
    ...limitsInput,
  },
  strict,
)

export const PromotionCodeChange = Type.Object(
  { ...limitsInput, status: Type.Optional(Status) },
  { ...strict, minProperties: 1 },
)

/** A redeemed coupon on a subscription, in the order of stacking. */
export const Discount = Type.Object({
  id: Type.String(),
  coupon: Type.String(),
  promotionCode: Nullable(Type.String()),
  name: Nullable(Type.String()),
  percentOff: Nullable(Type.Number()),
  amountOff: Nullable(Type.Number()),
  duration: Duration,
  months: Nullable(Type.Integer()),
  appliesTo: Nullable(AppliesTo),
  attachedAt: Time,
  endsAt: Nullable(Time),
  uses: Type.Integer({ description: 'Invoices it stands on; a once-discount is over after 1' }),
})

export type CouponWire = Static<typeof Coupon>
export type CouponInputWire = Static<typeof CouponInput>
export type CouponChangeWire = Static<typeof CouponChange>
export type PromotionCodeWire = Static<typeof PromotionCode>
export type PromotionCodeInputWire = Static<typeof PromotionCodeInput>
export type DiscountWire = Static<typeof Discount>
