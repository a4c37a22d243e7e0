// The end of dunning: no try is left and grace is over. The debt stays; the subscription becomes unpaid or
// is cancelled, as set.
import { systemCaller } from '../../core/caller.ts'
import { type Subscription, withStatus } from '../../core/subscription.ts'
import type { Instant } from '../../core/time.ts'
import type { Deps } from '../../deps.ts'
import type { TenantTransaction } from '../../ports/store.ts'
import { returnUnused } from '../coupons/use-discounts.ts'
import { enter } from '../enter.ts'
import { record } from '../record.ts'
import { billUsageUntil } from '../subscriptions/draft-renewal.ts'

export type DunningEnd = 'unpaid' | 'canceled' | 'nothing'

/** Takes the final action for an invoice whose time is up. The caller knows that it is due. */
export async function endDunning(
  deps: Deps,
  tenantId: string,
  invoiceId: string,
): Promise<DunningEnd> {
  const caller = systemCaller(tenantId, 'end-dunning', invoiceId)
  const { at, settings } = await enter(deps, caller)
  return deps.store.transaction(tenantId, async tx => {
    const invoice = await tx.lock('invoices', invoiceId)
    if (invoice.giveUpAt === null) return 'nothing'
    await tx.replace('invoices', { ...invoice, giveUpAt: null, updatedAt: at })
    if (invoice.status !== 'open' || invoice.subscriptionId === null) return 'nothing'
    const before = await tx.lock('subscriptions', invoice.subscriptionId)
    if (before.status !== 'past_due') return 'nothing'
    const cancels = settings.dunningFinalAction === 'cancel'
    const told: Subscription = cancels
      ? { ...before, cancelReason: 'payment_failed', canceledAt: at }
      : before
    const after = withStatus(told, cancels ? 'canceled' : 'unpaid', at)
    await tx.replace('subscriptions', after)
    await holdDrafts(tx, after, at)
    if (cancels) {
      const entered = { at, settings }
      await billUsageUntil(deps, tx, caller, entered, before, at, 'subscription_cancel')
    }
    await record(deps, tx, caller, at, [
      {
        type: `subscription.${after.status}`,
        objectId: after.id,
        data: { status: [before.status, after.status], invoiceId, reason: 'payment_failed' },
      },
    ])
    if (cancels) await returnUnused(deps, tx, caller, after, at)
    return cancels ? 'canceled' : 'unpaid'
  })
}

/** Drafts of such a subscription wait for a person; no new demand is made by itself. */
export async function holdDrafts(
  tx: TenantTransaction,
  subscription: Subscription,
  at: Instant,
): Promise<void> {
  const { rows } = await tx.list('invoices', {
    where: { subscriptionId: subscription.id, status: 'draft' },
    order: { field: 'createdAt', direction: 'desc' },
    limit: 1000,
  })
  for (const draft of rows) {
    if (draft.finalizeAt === null) continue
    await tx.replace('invoices', { ...draft, finalizeAt: null, updatedAt: at })
  }
}
