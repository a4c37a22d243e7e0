import type { SubscriptionWire } from '@quittance/billing-contract/schemas/subscription'
import type {
  SubscriptionUsageWire,
  UsageEventWire,
} from '@quittance/billing-contract/schemas/usage'
import type { SubscriptionUse } from '../../actions/usage/read-usage.ts'
import type { Subscription } from '../../core/subscription.ts'
import { toIso } from '../../core/time.ts'
import type { UsageEvent } from '../../core/usage.ts'
import { discountToWire } from './coupon.ts'
import { amount, time } from './money.ts'

/** A subscription with the usage of its running period. */
export function subscriptionToWire({
  subscription,
  metrics,
  discounts,
}: SubscriptionUse): SubscriptionWire {
  const usage = Object.entries(metrics).map(([metric, use]) => [
    metric,
    {
      quantity: Number(use.quantity),
      included: use.included === null ? null : Number(use.included),
      overage: Number(use.overage),
    },
  ])
  return {
    ...agreementToWire(subscription),
    discounts: discounts.map(discountToWire),
    usage: Object.fromEntries(usage),
  }
}

/** The agreement alone, as lists over all tenants show it. */
export function agreementToWire(s: Subscription): Omit<SubscriptionWire, 'usage' | 'discounts'> {
  return {
    id: s.id,
    tenantId: s.tenantId,
    customerId: s.customerId,
    plan: s.planCode,
    billingCycle: s.billingCycle,
    quantity: s.quantity,
    currency: s.currency,
    status: s.status,
    currentPeriodStart: toIso(s.currentPeriodStart),
    currentPeriodEnd: toIso(s.currentPeriodEnd),
    trialEnd: time(s.trialEnd),
    cancelAtPeriodEnd: s.cancelAtPeriodEnd,
    pauseAtPeriodEnd: s.pauseAtPeriodEnd,
    collectionPause: s.collectionPause,
    graceEndsAt: time(s.graceEndsAt),
    cancelReason: s.cancelReason,
    canceledAt: time(s.canceledAt),
    endedAt: time(s.endedAt),
    pendingChange:
      s.pendingChange === null
        ? null
        : {
            plan: s.pendingChange.planCode,
            billingCycle: s.pendingChange.billingCycle,
            quantity: s.pendingChange.quantity,
            effectiveAt: time(s.pendingChange.effectiveAt),
            invoiceId: s.pendingChange.invoiceId,
          },
    paymentMethodId: s.paymentMethodId,
    billedBy: s.billedBy,
    stripeSubscriptionId: s.processorId,
    latestInvoiceId: s.latestInvoiceId,
    metadata: { ...s.metadata },
    createdAt: toIso(s.createdAt),
    updatedAt: toIso(s.updatedAt),
  }
}

/** Usage of the running period with its price so far. */
export function usageToWire(use: SubscriptionUse): SubscriptionUsageWire {
  const { subscription, metrics, amountMinor } = use
  const { currency } = subscription
  return {
    subscriptionId: subscription.id,
    periodStart: toIso(subscription.currentPeriodStart),
    periodEnd: toIso(subscription.currentPeriodEnd),
    currency,
    metrics: Object.fromEntries(
      Object.entries(metrics).map(([metric, m]) => [
        metric,
        {
          quantity: Number(m.quantity),
          included: m.included === null ? null : Number(m.included),
          overage: Number(m.overage),
          model: m.model,
          unitAmount: m.unitAmount === null ? null : Number(m.unitAmount),
          amount: amount(m.amountMinor, currency),
          days: m.days.map(({ day, quantity }) => ({ day, quantity: Number(quantity) })),
        },
      ]),
    ),
    amount: amount(amountMinor, currency),
  }
}

/** One event as it was counted: a correction shows what it added or took off. */
export const usageEventToWire = (event: UsageEvent): UsageEventWire => ({
  idempotencyKey: event.idempotencyKey,
  subscriptionId: event.subscriptionId,
  metric: event.metric,
  quantity: Number(event.quantity),
  corrects: event.corrects,
  timestamp: toIso(event.occurredAt),
  periodStart: toIso(event.periodStart),
  late: event.late,
  recordedAt: toIso(event.recordedAt),
})
