// What a change of plan, cycle or quantity means: when it takes effect, what it costs now. Pure; the
// defaults are choices 2, 3 and 5: upgrades now, downgrades at the end of the period, no money in a trial.
import type { InvoiceLine } from './invoice.ts'
import { isUpgrade, type Plan, type PlanPrice } from './plan.ts'
import { changeLines, type LineIds, netOfLines, type PaidLine } from './pricing.ts'
import type { Counting } from './proration.ts'
import { refuse } from './refusal.ts'
import { applyChange, isLive, type PendingChange, type Subscription } from './subscription.ts'
import { anchorAt, type Instant, periodAt, toIso } from './time.ts'

export interface Offer {
  readonly plan: Plan
  readonly price: PlanPrice
  readonly quantity: number
}

export interface ChangeRequest {
  readonly from: Offer
  readonly to: Offer
  readonly when: 'now' | 'period_end' | null
  readonly at: Instant
  readonly counting: Counting
  /** What was really charged for the time after `at`. */
  readonly charged: readonly PaidLine[]
  readonly newLineId: LineIds
}

export type ChangeDecision =
  /** In force at once, nothing to pay. */
  | { readonly kind: 'applied'; readonly subscription: Subscription }
  /** In force at the end of the period. */
  | { readonly kind: 'scheduled'; readonly subscription: Subscription }
  /** In force at once; an invoice over 0 with these lines moves the difference to the credit balance. */
  | {
      readonly kind: 'credited'
      readonly lines: readonly InvoiceLine[]
      readonly change: PendingChange
    }
  /** In force when an invoice with these lines is paid. */
  | {
      readonly kind: 'to_pay'
      readonly lines: readonly InvoiceLine[]
      readonly change: PendingChange
    }

/**
 * Decides a change. Refuses `subscription_ended`, `subscription_not_active` (nothing was paid yet, or it
 * is overdue) and `change_pending`.
 */
export function decideChange(subscription: Subscription, request: ChangeRequest): ChangeDecision {
  assertChangeable(subscription)
  const { from, to, at } = request
  const cycleChanges = from.price.billingCycle !== to.price.billingCycle
  const target: PendingChange = {
    planId: to.plan.id,
    planCode: to.plan.code,
    billingCycle: to.price.billingCycle,
    quantity: to.quantity,
    effectiveAt: null,
    invoiceId: null,
    restartsPeriodAt: null,
  }
  if (subscription.status === 'trialing') {
    return { kind: 'applied', subscription: applyChange(subscription, target, at) }
  }
  const upgrade = isUpgrade(from, to)
  const when = request.when ?? (upgrade || cycleChanges ? 'now' : 'period_end')
  if (when === 'period_end') {
    const pendingChange = { ...target, effectiveAt: subscription.currentPeriodEnd }
    return { kind: 'scheduled', subscription: { ...subscription, pendingChange, updatedAt: at } }
  }
  return changeNow(subscription, request, target, cycleChanges)
}

function changeNow(
  subscription: Subscription,
  { to, at, counting, charged, newLineId }: ChangeRequest,
  target: PendingChange,
  cycleChanges: boolean,
): ChangeDecision {
  const wasFree = charged.length === 0
  const restarts = cycleChanges || (wasFree && to.price.amountMinor > 0)
  const period = restarts
    ? periodAt(anchorAt(at, subscription.anchorZone), to.price.billingCycle, 0)
    : { start: subscription.currentPeriodStart, end: subscription.currentPeriodEnd }
  const change: PendingChange = { ...target, restartsPeriodAt: restarts ? at : null }
  const lines = changeLines(newLineId, charged, { ...to, period, at, counting })
  const netMinor = netOfLines(lines)
  if (netMinor > 0) return { kind: 'to_pay', lines, change }
  if (lines.length > 0) return { kind: 'credited', lines, change }
  return { kind: 'applied', subscription: applyChange(subscription, change, at) }
}

function assertChangeable(subscription: Subscription): void {
  if (!isLive(subscription)) {
    refuse('subscription_ended', { endedAt: toIso(subscription.endedAt ?? subscription.updatedAt) })
  }
  const { pendingChange } = subscription
  if (pendingChange?.invoiceId) {
    refuse('change_pending', {
      plan: pendingChange.planCode,
      invoiceId: pendingChange.invoiceId,
    })
  }
  const { grantedChange } = subscription
  if (grantedChange !== null) {
    refuse('change_pending', {
      plan: subscription.planCode,
      invoiceId: grantedChange.invoiceId,
    })
  }
  if (subscription.status !== 'active' && subscription.status !== 'trialing') {
    refuse('subscription_not_active', { status: subscription.status, needed: 'active' })
  }
}
