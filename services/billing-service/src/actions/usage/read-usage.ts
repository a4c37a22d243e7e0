// Usage of the running period of subscriptions: per metric and day, with quota, overage and price so far.
import type { Caller } from '../../core/caller.ts'
import type { AttachedDiscount } from '../../core/coupon.ts'
import { addDecimal } from '../../core/decimal.ts'
import { sumMinor } from '../../core/money.ts'
import type { Plan } from '../../core/plan.ts'
import type { Subscription } from '../../core/subscription.ts'
import type { UsageEvent, UsageTotal } from '../../core/usage.ts'
import { type MetricUse, metricUse } from '../../core/usage-price.ts'
import type { Deps } from '../../deps.ts'
import type { Page } from '../../ports/store.ts'
import { attachedDiscounts } from '../coupons/use-discounts.ts'
import { planTerms } from '../plans/plan-terms.ts'
import { type ListInput, listRecorded } from '../read-list.ts'

export interface DayUse {
  readonly day: string
  readonly quantity: string
}

export interface SubscriptionUse {
  readonly subscription: Subscription
  readonly plan: Plan
  readonly metrics: Readonly<Record<string, MetricUse & { readonly days: readonly DayUse[] }>>
  readonly amountMinor: number
  /** Attached to it, in the order of stacking. */
  readonly discounts: readonly AttachedDiscount[]
}

/** Reads the usage of subscriptions that were read already; a fixed number of reads however many there are. */
export async function usageOf(
  deps: Deps,
  tenantId: string,
  subscriptions: readonly Subscription[],
): Promise<SubscriptionUse[]> {
  if (subscriptions.length === 0) return []
  const reads = deps.store.of(tenantId)
  const plans = await planTerms(
    deps,
    reads,
    subscriptions.map(s => s.planId),
  )
  const totals = new Map<string, UsageTotal[]>(subscriptions.map(({ id }) => [id, []]))
  const stream = reads.stream('usageTotals', {
    where: {
      subscriptionId: { in: subscriptions.map(s => s.id) },
      periodStart: { in: [...new Set(subscriptions.map(s => s.currentPeriodStart))] },
    },
  })
  for await (const total of stream) totals.get(total.subscriptionId)?.push(total)
  const attached = await attachedDiscounts(reads, subscriptions)
  return subscriptions.map(subscription => {
    const plan = plans.get(subscription.planId)
    if (plan === undefined) throw new Error(`the plan ${subscription.planId} is in the catalogue`)
    const discounts = attached.filter(d => d.subscriptionId === subscription.id)
    return { ...useOf(subscription, plan, totals.get(subscription.id) ?? []), discounts }
  })
}

function useOf(
  subscription: Subscription,
  plan: Plan,
  totals: readonly UsageTotal[],
): Omit<SubscriptionUse, 'discounts'> {
  const own = totals.filter(total => total.periodStart === subscription.currentPeriodStart)
  const metrics = Object.fromEntries(
    Object.keys(plan.metrics).map(metric => {
      const days = own.filter(total => total.metric === metric)
      const quantity = days.reduce((sum, day) => addDecimal(sum, day.quantity), '0')
      return [
        metric,
        {
          ...metricUse(plan, metric, quantity, {
            currency: subscription.currency,
            seats: subscription.quantity,
          }),
          days: days.map(({ day, quantity: used }) => ({ day, quantity: used })),
        },
      ]
    }),
  )
  const amountMinor = sumMinor(Object.values(metrics).map(use => use.amountMinor))
  return { subscription, plan, metrics, amountMinor }
}

export interface EventsInput extends ListInput {
  readonly metric?: string | undefined
}

/** The single events of a subscription, newest first. Refuses `not_found`, `invalid_cursor`. */
export async function listUsageEvents(
  deps: Deps,
  caller: Caller,
  id: string,
  input: EventsInput,
): Promise<Page<UsageEvent>> {
  const reads = deps.store.of(caller.tenantId)
  const subscription = await reads.get('subscriptions', id)
  const { metric } = input
  return listRecorded(deps, caller.tenantId, 'usageEvents', {
    where: { subscriptionId: subscription.id, ...(metric === undefined ? {} : { metric }) },
    input,
  })
}

/** The usage of one subscription. Refuses `not_found`. */
export async function getUsage(deps: Deps, caller: Caller, id: string): Promise<SubscriptionUse> {
  const subscription = await deps.store.of(caller.tenantId).get('subscriptions', id)
  const [use] = await usageOf(deps, caller.tenantId, [subscription])
  return use!
}
