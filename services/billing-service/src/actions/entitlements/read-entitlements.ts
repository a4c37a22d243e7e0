// What a tenant may use now. Live subscriptions are one read of their unique key, plan versions are kept in
// memory, and only a metric needs its totals besides: nothing is denormalised that could go stale.
import type { Caller } from '../../core/caller.ts'
import {
  type Check,
  checkFeature,
  checkLimit,
  checkMetric,
  type Entitlements,
  entitlementsOf,
  type Held,
} from '../../core/entitlements.ts'
import { refuse } from '../../core/refusal.ts'
import type { Subscription } from '../../core/subscription.ts'
import type { Instant } from '../../core/time.ts'
import type { Deps } from '../../deps.ts'
import { billingTime } from '../../ports/clock.ts'
import { planTerms } from '../plans/plan-terms.ts'
import { liveSubscriptions } from '../subscriptions/live.ts'
import { meterKey, totalsOf } from '../usage/meters.ts'

/** Live subscriptions of one tenant that are looked at; more families than this have no use. */
const heldMax = 100

async function heldBy(deps: Deps, tenantId: string): Promise<Held[]> {
  const reads = deps.store.of(tenantId)
  const rows = await liveSubscriptions(reads, heldMax)
  const plans = await planTerms(
    deps,
    reads,
    rows.map(({ planId }) => planId),
  )
  return rows.map(subscription => ({ subscription, plan: plans.get(subscription.planId)! }))
}

/** Billing time matters to grace alone; everybody else is spared the read of the tenant. */
async function timeFor(deps: Deps, tenantId: string, held: readonly Held[]): Promise<Instant> {
  const overdue = held.some(({ subscription }) => subscription.status === 'past_due')
  if (!overdue) return deps.clock.real()
  return billingTime(deps.clock, await deps.store.of(tenantId).get('tenants', tenantId))
}

async function usedBy(deps: Deps, tenantId: string, held: readonly Held[], only?: string) {
  const meters = held.flatMap(({ subscription, plan }) =>
    Object.keys(plan.metrics)
      .filter(metric => only === undefined || metric === only)
      .map(metric => ({
        subscriptionId: subscription.id,
        metric,
        periodStart: subscription.currentPeriodStart,
      })),
  )
  const totals = await totalsOf(deps.store.of(tenantId), meters)
  return (subscription: Subscription, metric: string): string =>
    totals.get(
      meterKey({
        subscriptionId: subscription.id,
        metric,
        periodStart: subscription.currentPeriodStart,
      }),
    ) ?? '0'
}

/** Everything that the tenant may use now. */
export async function readEntitlements(deps: Deps, caller: Caller): Promise<Entitlements> {
  const held = await heldBy(deps, caller.tenantId)
  const usedOf = await usedBy(deps, caller.tenantId, held)
  return entitlementsOf(held, usedOf, await timeFor(deps, caller.tenantId, held))
}

export interface CheckInput {
  readonly feature?: string | undefined
  readonly metric?: string | undefined
  readonly limit?: string | undefined
  /** Decimal string: so many more units, or so many in all of a limit. */
  readonly quantity: string
}

/** Whether one thing may be used now. Refuses `invalid_request` unless exactly one is named. */
export async function checkEntitlement(
  deps: Deps,
  caller: Caller,
  { feature, metric, limit, quantity }: CheckInput,
): Promise<Check> {
  if ([feature, metric, limit].filter(name => name !== undefined).length !== 1) {
    refuse('invalid_request', {}, [{ path: '', message: 'name a feature, a metric or a limit' }])
  }
  const held = await heldBy(deps, caller.tenantId)
  const at = await timeFor(deps, caller.tenantId, held)
  if (feature !== undefined) return checkFeature(held, feature, at)
  if (limit !== undefined) return checkLimit(held, limit, quantity, at)
  const usedOf = await usedBy(deps, caller.tenantId, held, metric)
  return checkMetric(held, metric!, quantity, subscription => usedOf(subscription, metric!), at)
}
