// Rows of discounts for the store's contract.
import type { AttachedDiscount } from '../../core/coupon.ts'
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
