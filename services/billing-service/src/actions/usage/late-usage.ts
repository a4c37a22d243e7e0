// Usage that came for billed periods: kept until a renewal bills the difference.
import { addDecimal, isZeroDecimal } from '../../core/decimal.ts'
import type { Plan } from '../../core/plan.ts'
import type { Subscription } from '../../core/subscription.ts'
import type { LateTotal, UsageEvent } from '../../core/usage.ts'
import { type LateDifference, lateDifference } from '../../core/usage-price.ts'
import type { TenantTransaction } from '../../ports/store.ts'
import { meterKey, totalsOf } from './meters.ts'

/** Adds late events to what waits for the next renewal. Their subscriptions are locked. */
export async function addLate(tx: TenantTransaction, events: readonly UsageEvent[]): Promise<void> {
  const sums = new Map<string, UsageEvent>()
  for (const event of events) {
    const before = sums.get(meterKey(event))?.quantity ?? '0'
    sums.set(meterKey(event), { ...event, quantity: addDecimal(before, event.quantity) })
  }
  for (const { tenantId, subscriptionId, metric, periodStart, quantity } of sums.values()) {
    const key = { subscriptionId, metric, periodStart }
    const waiting = await tx.find('lateTotals', key)
    if (waiting === null) {
      await tx.insert('lateTotals', { tenantId, ...key, quantity, version: 1 })
    } else {
      const added = addDecimal(waiting.quantity, quantity)
      await tx.replace('lateTotals', { ...waiting, quantity: added })
    }
  }
}

/** Late usage of one metric of one billed period, with what it costs. */
export interface LateCharge {
  readonly waiting: LateTotal
  /** Null where nothing is sold above the quota. */
  readonly difference: LateDifference | null
}

/**
 * What late usage of a subscription costs now, oldest period first: for the renewal, which bills it and calls
 * `settleLate` in the same transaction. The plan is the one in force; lock the subscription first.
 */
export async function lateCharges(
  tx: TenantTransaction,
  subscription: Subscription,
  plan: Plan,
): Promise<LateCharge[]> {
  const waiting: LateTotal[] = []
  const rows = tx.stream('lateTotals', { where: { subscriptionId: subscription.id } })
  for await (const row of rows) if (!isZeroDecimal(row.quantity)) waiting.push(row)
  const totals = await totalsOf(tx, waiting)
  return waiting
    .sort((a, b) => a.periodStart - b.periodStart)
    .filter(({ metric }) => plan.metrics[metric] !== undefined)
    .map(row => ({
      waiting: row,
      difference: lateDifference(
        plan,
        row.metric,
        { quantity: totals.get(meterKey(row)) ?? '0', late: row.quantity },
        { currency: subscription.currency, seats: subscription.quantity },
      ),
    }))
}

/** Marks late usage as billed. */
export async function settleLate(
  tx: TenantTransaction,
  charges: readonly LateCharge[],
): Promise<void> {
  if (charges.length === 0) return
  await tx.replaceMany(
    'lateTotals',
    charges.map(({ waiting }) => ({ ...waiting, quantity: '0' })),
  )
}
