// Rows of discounts and quotes for the store's contract.
import type { AttachedDiscount } from '../../core/coupon.ts'
import type { Quote } from '../../core/quote.ts'
import type { Subscription } from '../../core/subscription.ts'
import { newYear, serial } from './rows.ts'

export function discountRow(
  subscription: Subscription,
  more: Partial<AttachedDiscount> = {},
): AttachedDiscount {
  const couponId = `cpn_${serial()}` as const
  return {
    tenantId: subscription.tenantId,
    id: `disc_${serial()}`,
    customerId: subscription.customerId,
    subscriptionId: subscription.id,
    couponId,
    coupon: 'SPRING',
    name: null,
    promotionCodeId: null,
    promotionCode: null,
    benefit: { kind: 'percent', ratePpm: 100_000 },
    duration: { kind: 'forever' },
    scope: null,
    status: 'attached',
    attachedAt: newYear,
    endsAt: null,
    uses: 0,
    attachedWith: null,
    attachedKey: `${subscription.id}:${couponId}`,
    createdAt: newYear,
    updatedAt: newYear,
    version: 1,
    ...more,
  }
}

export const quoteRow = (subscription: Subscription, more: Partial<Quote> = {}): Quote => ({
  tenantId: subscription.tenantId,
  id: `quo_${serial()}`,
  subscriptionId: subscription.id,
  request: { plan: 'professional' },
  facts: {
    subscription: '[]',
    plan: '[]',
    trial: '[0]',
    discounts: '[]',
    tax: '[]',
    paid_time: '[]',
    credit: '[0]',
    amount: '[0,0]',
  },
  currency: 'USD',
  dueNowMinor: 0,
  at: newYear,
  expiresAt: newYear + 900_000,
  usedAt: null,
  createdAt: newYear,
  updatedAt: newYear,
  version: 1,
  ...more,
})
