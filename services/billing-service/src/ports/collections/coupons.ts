// The issuer's coupons and promotion codes, how often they are redeemed, and discounts of tenants.
import type { AttachedDiscount, Coupon, CouponCounter, PromotionCode } from '../../core/coupon.ts'
import { declare, stamps } from './declare.ts'

const limits = {
  redeemBy: 'instant?',
  redemptionsMax: 'integer?',
  redemptionsPerTenantMax: 'integer?',
  minimumsMinor: 'json?',
  firstPurchaseOnly: 'boolean',
} as const

export const couponsCollections = {
  coupons: declare<Coupon>({
    scope: 'system',
    table: 'coupons',
    fields: {
      id: 'text',
      code: 'text',
      codeKey: 'text',
      name: 'text?',
      benefit: 'json',
      duration: 'json',
      scope: 'json?',
      status: 'text',
      ...limits,
      metadata: 'json',
      createdBy: 'text',
      ...stamps,
    },
    key: ['id'],
    unique: [['codeKey']],
    indexes: [
      ['createdAt', 'id'],
      ['status', 'createdAt', 'id'],
    ],
  }),
  promotionCodes: declare<PromotionCode>({
    scope: 'system',
    table: 'promotion_codes',
    fields: {
      id: 'text',
      code: 'text',
      codeKey: 'text',
      couponId: 'text',
      onlyTenantId: 'text?',
      status: 'text',
      ...limits,
      createdBy: 'text',
      ...stamps,
    },
    key: ['id'],
    unique: [['codeKey']],
    indexes: [
      ['createdAt', 'id'],
      ['couponId', 'createdAt', 'id'],
    ],
  }),
  couponCounters: declare<CouponCounter>({
    scope: 'system',
    table: 'coupon_counters',
    fields: { id: 'text', redemptions: 'integer', version: 'integer' },
    key: ['id'],
  }),
  discounts: declare<AttachedDiscount>({
    scope: 'tenant',
    table: 'discounts',
    fields: {
      tenantId: 'text',
      id: 'text',
      customerId: 'text',
      subscriptionId: 'text',
      couponId: 'text',
      coupon: 'text',
      name: 'text?',
      promotionCodeId: 'text?',
      promotionCode: 'text?',
      benefit: 'json',
      duration: 'json',
      scope: 'json?',
      status: 'text',
      attachedAt: 'instant',
      endsAt: 'instant?',
      uses: 'integer',
      attachedWith: 'text?',
      attachedKey: 'text?',
      ...stamps,
    },
    key: ['id'],
    unique: [['attachedKey']],
    indexes: [
      ['couponId', 'createdAt', 'id'],
      ['promotionCodeId', 'createdAt', 'id'],
      ['subscriptionId', 'createdAt', 'id'],
    ],
    references: { customerId: 'customers', subscriptionId: 'subscriptions' },
  }),
} as const
