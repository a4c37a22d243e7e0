// Cancelling and taking the cancellation back.
import type { Caller } from '../../core/caller.ts'
import { refuse } from '../../core/refusal.ts'
import { cancel, reactivate, type Subscription } from '../../core/subscription.ts'
import type { Deps } from '../../deps.ts'
import type { TenantTransaction } from '../../ports/store.ts'
import { enter } from '../enter.ts'
import { cancelMirrored, reactivateMirrored } from '../mirror/change-mirrored.ts'
import { record } from '../record.ts'
import { billUsageUntil } from './draft-renewal.ts'

export interface CancelSubscription {
  readonly when?: 'period_end' | 'now' | undefined
  readonly refund?: 'none' | 'credit' | 'refund' | undefined
  readonly reason?: string | undefined
}

/** Ends a subscription at the end of its paid period, or now. Refuses `subscription_ended`, `operator_only`. */
export async function cancelSubscription(
  deps: Deps,
  caller: Caller,
  subscriptionId: string,
  input: CancelSubscription,
): Promise<Subscription> {
  const { at, settings } = await enter(deps, caller)
  const found = await deps.store.of(caller.tenantId).get('subscriptions', subscriptionId)
  if (input.refund === 'refund' && !caller.mayAsIssuer('transactions.refund')) {
    refuse('operator_only')
  }
  if (found.billedBy === 'stripe') return cancelMirrored(deps, caller, found, input)
  if (input.refund !== undefined && input.refund !== 'none') refuse('not_built_yet')
  const canceled = (current: Subscription) =>
    cancel(current, input.when ?? 'period_end', input.reason ?? null, at)
  const type = 'subscription.cancel_requested'
  return change(deps, caller, subscriptionId, at, type, canceled, async (tx, before, saved) => {
    if (saved.status !== 'canceled') return
    await billUsageUntil(deps, tx, caller, { at, settings }, before, at, 'subscription_cancel')
  })
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
      },
    ])
    await then?.(tx, current, saved)
    return saved
  })
}
