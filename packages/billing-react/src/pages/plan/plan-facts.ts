// Reading plans: which price applies, what a change of plan means. No amounts are calculated; plans
// come from the API in the order of their price.
import type { PlanWire, SubscriptionWire } from '../../data/wire.ts'

export type Cycle = SubscriptionWire['billingCycle']

export interface PlanPrice {
  readonly amount: number
  readonly currency: string
}

/** The price of a plan in a cycle, in the currency asked for or else the first it is sold in. */
export function priceOf(
  plan: Pick<PlanWire, 'prices'> | undefined,
  billingCycle: Cycle,
  currency?: string,
): PlanPrice | null {
  const inCycle = plan?.prices.filter(price => price.billingCycle === billingCycle) ?? []
  return (
    inCycle.find(price => price.currency === currency) ?? (currency ? null : inCycle[0]) ?? null
  )
}

/** What the next invoice will be about: a change that is scheduled by then is already counted. */
export function nextTerms(
  subscription: Pick<SubscriptionWire, 'plan' | 'billingCycle' | 'quantity' | 'pendingChange'>,
): { readonly plan: string; readonly billingCycle: Cycle; readonly quantity: number } {
  const change = subscription.pendingChange
  return change && change.effectiveAt !== null ? change : subscription
}

/** What comes next for the payer; each has its own title. */
export type NextCharge = 'renewal' | 'first' | 'final' | 'none' | 'paused'

type ForNextCharge = Pick<SubscriptionWire, 'status' | 'cancelAtPeriodEnd'>

/** Which charge comes next. */
export function nextCharge(subscription: ForNextCharge): NextCharge {
  switch (subscription.status) {
    case 'trialing':
      return subscription.cancelAtPeriodEnd ? 'none' : 'first'
    case 'paused':
      return 'paused'
    case 'active':
    case 'past_due':
    case 'unpaid':
      return subscription.cancelAtPeriodEnd ? 'final' : 'renewal'
    default:
      return 'none'
  }
}

/** How a plan stands to the one in force. */
export type PlanMove = 'subscribe' | 'current' | 'cycle' | 'upgrade' | 'downgrade'

/** What choosing a plan would be. The API lists plans by price, so the later one is the upgrade. */
export function planMove(
  plans: readonly Pick<PlanWire, 'code'>[],
  current: Pick<SubscriptionWire, 'plan' | 'billingCycle'> | null,
  chosen: { readonly code: string; readonly billingCycle: Cycle },
): PlanMove {
  if (!current) return 'subscribe'
  if (current.plan === chosen.code) {
    return current.billingCycle === chosen.billingCycle ? 'current' : 'cycle'
  }
  const rank = (code: string) => plans.findIndex(plan => plan.code === code)
  return rank(chosen.code) > rank(current.plan) ? 'upgrade' : 'downgrade'
}

/** When a change takes effect: upgrades now and for money, everything else with the next period. */
export const whenOf = (move: PlanMove): 'now' | 'period_end' =>
  move === 'upgrade' ? 'now' : 'period_end'

/** Included units: more or less of a metric; null is unlimited, a missing metric is nothing. */
export function compareIncluded(
  mine: number | null | undefined,
  theirs: number | null | undefined,
): 'same' | 'more' | 'less' {
  const size = (value: number | null | undefined): number =>
    value === null ? Number.POSITIVE_INFINITY : (value ?? 0)
  if (size(mine) === size(theirs)) return 'same'
  return size(theirs) > size(mine) ? 'more' : 'less'
}

/** The metrics of which a plan includes less than the present one. */
export function smallerQuotas(
  mine: Pick<PlanWire, 'included'> | undefined,
  theirs: Pick<PlanWire, 'included'>,
): string[] {
  if (!mine) return []
  return Object.keys(mine.included).filter(
    metric => compareIncluded(mine.included[metric], theirs.included[metric]) === 'less',
  )
}
