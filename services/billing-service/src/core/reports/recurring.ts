// What a subscription is worth a month, what a customer's subscriptions are worth together, and the log of
// every change of it. Source: rules sheet, section 11 and choice 35.
import type { AttachedDiscount } from '../coupon.ts'
import { applyDiscounts, type Discount } from '../discounts/index.ts'
import { isDiscountLive } from '../discounts/life.ts'
import type { CustomerId, SubscriptionId, TenantId } from '../ids.ts'
import type { Currency } from '../money.ts'
import type { Plan } from '../plan.ts'
import type { Subscription } from '../subscription.ts'
import type { Cycle, Instant } from '../time.ts'
import { countsAsRecurring, type MovementKind, movementOf, mrrMinor } from './metrics.ts'

/** What the live subscriptions of a customer are worth a month, in one currency. */
export interface RecurringRevenue {
  readonly tenantId: TenantId
  /** `<customer>:<currency>`. */
  readonly id: string
  readonly customerId: CustomerId
  readonly currency: Currency
  readonly mrrMinor: number
  /** Of each subscription that is worth something. */
  readonly bySubscription: Readonly<Record<SubscriptionId, number>>
  /** When it was first worth anything: coming back later is reactivation. */
  readonly startedAt: Instant | null
  readonly createdAt: Instant
  readonly updatedAt: Instant
  readonly version: number
}

/** One change of a subscription's monthly value, named by what it means for its customer. */
export interface MrrMovement {
  readonly tenantId: TenantId
  /** `<subscription>:<version>`: a change of a subscription moves its value once. */
  readonly id: string
  readonly customerId: CustomerId
  readonly subscriptionId: SubscriptionId
  readonly kind: Exclude<MovementKind, 'none'>
  readonly currency: Currency
  readonly changeMinor: number
  /** Of the subscription, afterwards. */
  readonly mrrMinor: number
  /** Of all of the customer's subscriptions in the currency, before and afterwards. */
  readonly customerBeforeMinor: number
  readonly customerAfterMinor: number
  readonly planCode: string
  readonly billingCycle: Cycle
  readonly quantity: number
  readonly occurredAt: Instant
}

const asDiscount = ({ id, attachedAt, scope, benefit }: AttachedDiscount): Discount => ({
  id,
  attachedAt,
  scope,
  ...benefit,
})

/**
 * The contract price of a month after recurring discounts, as of the subscription's last change. Discounts
 * for one invoice do not recur; usage and one-off charges are no part of it, nor is tax, but for plans whose
 * prices contain it.
 */
export function subscriptionMrrMinor(
  subscription: Subscription,
  plan: Plan | null,
  attached: readonly AttachedDiscount[],
): number {
  if (plan === null || !countsAsRecurring(subscription.status)) return 0
  const { currency, billingCycle, quantity, planCode, updatedAt } = subscription
  const price = plan.prices.find(p => p.currency === currency && p.billingCycle === billingCycle)
  if (price === undefined) return 0
  const amountMinor = price.amountMinor * quantity
  const recurring = attached.filter(
    discount => discount.duration.kind !== 'once' && isDiscountLive(discount, updatedAt),
  )
  const { discountMinor } = applyDiscounts(
    [{ amountMinor, kind: 'recurring', planCode, metric: null }],
    recurring.map(asDiscount),
    { currency, percentLevel: 'total', stacking: 'attached' },
  )
  return mrrMinor([{ amountMinor, interval: billingCycle, discountMinor }])
}

export const recurringIdOf = ({ customerId, currency }: Subscription): string =>
  `${customerId}:${currency}`

/** A customer that was never worth anything in the currency of the subscription. */
export const noRevenue = (subscription: Subscription): RecurringRevenue => ({
  tenantId: subscription.tenantId,
  id: recurringIdOf(subscription),
  customerId: subscription.customerId,
  currency: subscription.currency,
  mrrMinor: 0,
  bySubscription: {},
  startedAt: null,
  createdAt: subscription.updatedAt,
  updatedAt: subscription.updatedAt,
  version: 1,
})

/** The customer and the log after a subscription came to be worth something else; null when it did not. */
export function moveRevenue(
  before: RecurringRevenue,
  subscription: Subscription,
  mrrMinorNow: number,
): { readonly revenue: RecurringRevenue; readonly movement: MrrMovement } | null {
  const { id: subscriptionId, updatedAt: at } = subscription
  const changeMinor = mrrMinorNow - (before.bySubscription[subscriptionId] ?? 0)
  if (changeMinor === 0) return null
  const afterMinor = before.mrrMinor + changeMinor
  const { kind } = movementOf({
    beforeMinor: before.mrrMinor,
    afterMinor,
    paidBefore: before.startedAt !== null,
  })
  if (kind === 'none') return null
  const { [subscriptionId]: _gone, ...others } = before.bySubscription
  const { tenantId, customerId, currency, planCode, billingCycle, quantity, version } = subscription
  return {
    revenue: {
      ...before,
      mrrMinor: afterMinor,
      bySubscription: mrrMinorNow === 0 ? others : { ...others, [subscriptionId]: mrrMinorNow },
      startedAt: before.startedAt ?? at,
      updatedAt: at,
    },
    movement: {
      tenantId,
      id: `${subscriptionId}:${version}`,
      customerId,
      subscriptionId,
      kind,
      currency,
      changeMinor,
      mrrMinor: mrrMinorNow,
      customerBeforeMinor: before.mrrMinor,
      customerAfterMinor: afterMinor,
      planCode,
      billingCycle,
      quantity,
      occurredAt: at,
    },
  }
}
