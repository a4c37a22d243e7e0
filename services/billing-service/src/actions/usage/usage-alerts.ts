// Telling of thresholds: an event at 50, 80 and 100 % of a quota, once per period, metric and threshold.
import type { Caller } from '../../core/caller.ts'
import type { Plan } from '../../core/plan.ts'
import type { Subscription } from '../../core/subscription.ts'
import { toIso } from '../../core/time.ts'
import { reachedThresholds, type UsageAlert, type UsageEvent } from '../../core/usage.ts'
import { capOf, includedUnits } from '../../core/usage-price.ts'
import type { Deps } from '../../deps.ts'
import type { TenantTransaction } from '../../ports/store.ts'
import type { Entered } from '../enter.ts'
import { record } from '../record.ts'
import { meterKey } from './meters.ts'

interface Telling {
  readonly deps: Deps
  readonly caller: Caller
  readonly entered: Entered
  readonly tx: TenantTransaction
}

interface Used {
  readonly subscription: Subscription
  readonly plan: Plan
  readonly event: UsageEvent
  readonly meter: string
}

const boundOf = ({ subscription, plan, event }: Used): string | null => {
  const terms = { seats: subscription.quantity }
  return includedUnits(plan, event.metric, terms) ?? capOf(plan, event.metric, terms)
}

/** Writes the events of thresholds that running periods have reached and that were not told yet. */
export async function tellThresholds(
  telling: Telling,
  used: readonly Used[],
  totals: ReadonlyMap<string, string>,
): Promise<void> {
  const { caller, entered, tx } = telling
  const meters = new Map(used.filter(({ event }) => !event.late).map(u => [u.meter, u]))
  const reached = [...meters].flatMap(([key, each]) => {
    const total = totals.get(key) ?? '0'
    return reachedThresholds(total, boundOf(each)).map(threshold => ({ each, total, threshold }))
  })
  if (reached.length === 0) return
  const rowOf = ({ each: { event }, threshold }: (typeof reached)[number]): UsageAlert => ({
    tenantId: caller.tenantId,
    subscriptionId: event.subscriptionId,
    metric: event.metric,
    periodStart: event.periodStart,
    threshold,
    recordedAt: entered.now,
  })
  const placeOf = (alert: UsageAlert) => `${meterKey(alert)} ${alert.threshold}`
  const keys = reached.map(rowOf).map(({ subscriptionId, metric, periodStart, threshold }) => ({
    subscriptionId,
    metric,
    periodStart,
    threshold,
  }))
  const told = new Set((await tx.getMany('usageAlerts', keys.slice(0, 1000))).map(placeOf))
  for (const one of reached) {
    if (told.has(placeOf(rowOf(one)))) continue
    const written = await tx.insertMany('usageAlerts', [rowOf(one)], { onConflict: 'skip' })
    if (written === 1) await tell(telling, one.each, one.total, one.threshold)
  }
}

function tell(
  { deps, caller, entered, tx }: Telling,
  used: Used,
  total: string,
  threshold: number,
): Promise<void> {
  const { event, subscription } = used
  return record(deps, tx, caller, entered.at, [
    {
      type: 'usage.threshold_reached',
      objectId: subscription.id,
      data: {
        metric: event.metric,
        threshold,
        quantity: total,
        included: boundOf(used),
        periodStart: toIso(event.periodStart),
      },
    },
  ])
}
