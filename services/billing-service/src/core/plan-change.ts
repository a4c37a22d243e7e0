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

/**
 * What a change in mid-period does. `now`: prorated and invoiced now, in force when paid. `next_invoice`: in
 * force now, prorated on the next invoice. `period_end`: in force at the end of the period. `full_price`: a new
 * period now at its full price, nothing back for the old one. `none`: in force now, no money before the next
 * period.
 */
export type ProrationBehavior = 'now' | 'next_invoice' | 'period_end' | 'full_price' | 'none'

/** What the issuer may ask for with one change; the end of the period is `when`. */
export type AskedBehavior = Exclude<ProrationBehavior, 'period_end'>

/** Which behaviour a tenant has by direction (choices 2, 3 and 5), and how time is counted (choice 1). */
export interface ProrationSettings {
  readonly upgradeBehavior: ProrationBehavior
  readonly downgradeBehavior: ProrationBehavior
  readonly cycleChangeBehavior: 'now' | 'period_end'
  readonly prorationUnit: 'second' | 'day'
}

/** How a tenant counts time; days are those of the agreement's own zone. */
export const countingOf = (
  { prorationUnit }: Pick<ProrationSettings, 'prorationUnit'>,
  zone: string,
): Counting => (prorationUnit === 'day' ? { by: 'day', zone } : { by: 'second' })

export interface ChangeRequest {
  readonly from: Offer
  readonly to: Offer
  /** As the caller says, before the tenant's settings. */
  readonly when: 'now' | 'period_end' | null
  readonly behavior: ProrationBehavior | null
  readonly settings: ProrationSettings
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
  /** In force at once; the lines wait on it for the next invoice. */
  | { readonly kind: 'deferred'; readonly subscription: Subscription }
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
  const behavior = behaviorOf(request, cycleChanges)
  if (behavior === 'period_end') {
    const pendingChange = { ...target, effectiveAt: subscription.currentPeriodEnd }
    return { kind: 'scheduled', subscription: { ...subscription, pendingChange, updatedAt: at } }
  }
  return changeNow(subscription, request, target, behavior)
}

/** The caller's word first, then the tenant's setting for the direction. */
function behaviorOf(request: ChangeRequest, cycleChanges: boolean): ProrationBehavior {
  const { from, to, when, settings } = request
  if (request.behavior !== null) return request.behavior
  if (when === 'period_end') return when
  const usual = cycleChanges
    ? settings.cycleChangeBehavior
    : isUpgrade(from, to)
      ? settings.upgradeBehavior
      : settings.downgradeBehavior
  return when === 'now' && usual === 'period_end' ? 'now' : usual
}

function changeNow(
  subscription: Subscription,
  { to, at, counting, charged, newLineId }: ChangeRequest,
  target: PendingChange,
  behavior: ProrationBehavior,
): ChangeDecision {
  const cycleChanges = subscription.billingCycle !== to.price.billingCycle
  const wasFree = charged.length === 0
  const full = behavior === 'full_price'
  const restarts = full || cycleChanges || (wasFree && to.price.amountMinor > 0)
  const period = restarts
    ? periodAt(anchorAt(at, subscription.anchorZone), to.price.billingCycle, 0)
    : { start: subscription.currentPeriodStart, end: subscription.currentPeriodEnd }
  const change: PendingChange = { ...target, restartsPeriodAt: restarts ? at : null }
  if (behavior === 'none' && !restarts) {
    return { kind: 'applied', subscription: applyChange(subscription, change, at) }
  }
  const back = full ? [] : charged
  const fresh = changeLines(newLineId, back, { ...to, period, at, counting })
  if (behavior === 'next_invoice' && !restarts) {
    const pendingLines = [...subscription.pendingLines, ...fresh]
    const changed = { ...applyChange(subscription, change, at), pendingLines }
    return { kind: 'deferred', subscription: changed }
  }
  return invoiced(subscription, { ...change, billsPendingLines: true }, fresh, at)
}

/** What waits for the next invoice comes with this one: it may be given back in the same breath. */
function invoiced(
  subscription: Subscription,
  change: PendingChange,
  fresh: readonly InvoiceLine[],
  at: Instant,
): ChangeDecision {
  const lines = [...subscription.pendingLines, ...fresh]
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
