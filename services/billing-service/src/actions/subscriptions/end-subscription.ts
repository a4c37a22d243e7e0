// Cancelling and taking the cancellation back.

import type { Caller } from '../../core/caller.ts'
import { countingOf } from '../../core/plan-change.ts'
import { refuse } from '../../core/refusal.ts'
import { cancel, reactivate, type Subscription } from '../../core/subscription.ts'
import type { Deps } from '../../deps.ts'
import type { TenantTransaction } from '../../ports/store.ts'
import { changedSubscription } from '../changed-row.ts'
import { countUses, returnDiscounts, returnUnused } from '../coupons/use-discounts.ts'
import { enter } from '../enter.ts'
import { cancelMirrored, reactivateMirrored } from '../mirror/change-mirrored.ts'
import { record } from '../record.ts'
import { runRefund } from '../transactions/refund.ts'
import { assertNothingNew, callOffAwaited, withdrawAwaited } from './awaited.ts'
import { type BegunRefund, settleEnd } from './settle-end.ts'

export interface CancelSubscription {
  readonly when?: 'period_end' | 'now' | undefined
  readonly refund?: 'none' | 'credit' | 'refund' | undefined
  readonly reason?: string | undefined
}

/**
 * Ends a subscription at the end of its paid period, or now (choice 11). An end now bills what was used; with
 * `credit` or `refund` the unused time of what was charged comes back as credit notes, limited to paid minus
 * used. Refuses `subscription_ended`, `operator_only`, `invalid_request` for money back at a later end, and
 * `change_pending` for a change that began meanwhile.
 */
export async function cancelSubscription(
  deps: Deps,
  caller: Caller,
  subscriptionId: string,
  input: CancelSubscription,
): Promise<Subscription> {
  const entered = await enter(deps, caller)
  const { at } = entered
  const current = await deps.store.of(caller.tenantId).get('subscriptions', subscriptionId)
  const { when = 'period_end', refund = 'none', reason = null } = input
  if (refund === 'refund' && !caller.mayAsIssuer('transactions.refund')) refuse('operator_only')
  if (current.billedBy === 'stripe') return cancelMirrored(deps, caller, current, input)
  const asked = cancel(current, when, reason, at)
  if (refund !== 'none' && asked.status !== 'canceled') {
    refuse('invalid_request', {}, [
      {
        path: '/refund',
        message: 'needs "when": "now"; at the end of the period nothing is unused',
      },
    ])
  }
  const awaited = await callOffAwaited(deps, caller, current)
  let refunds: readonly BegunRefund[] = []
  const canceled = (locked: Subscription) => {
    assertNothingNew(locked, awaited)
    return cancel(locked, when, reason, at)
  }
  const type = 'subscription.cancel_requested'
  await change(deps, caller, subscriptionId, at, type, canceled, async (tx, before, after) => {
    refunds = []
    const withdrawn = await withdrawAwaited(deps, tx, caller, at, before, awaited)
    if (after.status !== 'canceled') {
      if (withdrawn !== null) await returnDiscounts(deps, tx, caller, withdrawn, at)
      return
    }
    await countUses(tx, withdrawn, null, at)
    const counting = countingOf(entered.settings, before.anchorZone)
    refunds = await settleEnd(deps, tx, caller, entered, { before, counting, refund, reason })
    await returnUnused(deps, tx, caller, await tx.get('subscriptions', after.id), at)
  })
  for (const { refund: written, processorPaymentId } of refunds) {
    await runRefund(deps, caller, written, processorPaymentId)
  }
  return deps.store.of(caller.tenantId).get('subscriptions', subscriptionId)
}

/** Takes a scheduled end back. Refuses `subscription_ended`. */
export async function reactivateSubscription(
  deps: Deps,
  caller: Caller,
  subscriptionId: string,
): Promise<Subscription> {
  const { at } = await enter(deps, caller)
  const found = await deps.store.of(caller.tenantId).get('subscriptions', subscriptionId)
  if (found.billedBy === 'stripe') return reactivateMirrored(deps, caller, found)
  return change(deps, caller, subscriptionId, at, 'subscription.reactivated', current =>
    reactivate(current, at),
  )
}

function change(
  deps: Deps,
  caller: Caller,
  subscriptionId: string,
  at: number,
  type: string,
  decide: (current: Subscription) => Subscription,
  then?: (tx: TenantTransaction, before: Subscription, saved: Subscription) => Promise<void>,
): Promise<Subscription> {
  return deps.store.transaction(caller.tenantId, async tx => {
    const current = await tx.lock('subscriptions', subscriptionId)
    const next = decide(current)
    if (next === current) return current
    const saved = await tx.replace('subscriptions', next)
    await record(deps, tx, caller, at, [
      {
        type,
        objectId: saved.id,
        data: {
          status: [current.status, saved.status],
          cancelAtPeriodEnd: saved.cancelAtPeriodEnd,
          reason: saved.cancelReason,
        },
        changed: changedSubscription(current, saved),
      },
    ])
    await then?.(tx, current, saved)
    return saved
  })
}
