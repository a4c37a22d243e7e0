// What a running contract is going to be worth if it is kept: scheduled changes and ends, and coupons that run
// out, each at the boundary where it takes effect. Decided by the very rules that renew (renewal.ts).
import type { AttachedDiscount } from '../../coupon.ts'
import type { Plan } from '../../plan.ts'
import { decideRenewal } from '../../renewal.ts'
import { isLive, type Subscription, waitsForPayment } from '../../subscription.ts'
import type { Instant } from '../../time.ts'
import { countsAsRecurring } from '../metrics.ts'
import { subscriptionMrrMinor } from '../recurring.ts'

/** What a contract is worth a month from an instant on. */
export interface PlannedValue {
  readonly at: Instant
  readonly mrrMinor: number
}

/** Whether anything is planned that could change what a contract is worth. */
export const isPlanned = (subscription: Subscription): boolean =>
  countsAsRecurring(subscription.status) &&
  !waitsForPayment(subscription) &&
  (subscription.cancelAtPeriodEnd ||
    subscription.pauseAtPeriodEnd ||
    subscription.pendingChange !== null ||
    subscription.discounts.length > 0)

/** Which versions of plans are needed to say what is planned. */
export const plannedPlanIds = ({ planId, pendingChange }: Subscription): string[] =>
  pendingChange === null ? [planId] : [planId, pendingChange.planId]

/** The values at the boundaries before `until`, in order; empty where nothing changes. */
export function plannedValues(
  subscription: Subscription,
  plans: ReadonlyMap<string, Plan>,
  attached: readonly AttachedDiscount[],
  until: Instant,
): PlannedValue[] {
  const values: PlannedValue[] = []
  const settings = {
    trialEndBehavior: 'create_invoice',
    draftHours: 0,
    usageDraftHours: 0,
  } as const
  let at = subscription
  while (isLive(at) && countsAsRecurring(at.status) && at.currentPeriodEnd < until) {
    const facts = { settings, zone: at.anchorZone, methodUsable: true, free: false, used: false }
    const { boundary, subscription: next } = decideRenewal(at, facts)
    at = next
    const mrrMinor = subscriptionMrrMinor(at, plans.get(at.planId) ?? null, attached)
    if (mrrMinor !== values.at(-1)?.mrrMinor) values.push({ at: boundary, mrrMinor })
  }
  return values
}
