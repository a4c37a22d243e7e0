// Before a change of terms counts, the running period is one that was renewed and paid for: what a change gives
// back comes from paid lines alone, so a period still to be paid would be charged beside the new terms.
import { refuse } from '../../core/refusal.ts'
import { isRenewalDue } from '../../core/renewal.ts'
import type { Subscription } from '../../core/subscription.ts'
import type { Instant } from '../../core/time.ts'
import type { Deps } from '../../deps.ts'
import { collectInvoice } from '../dunning/collect-invoice.ts'
import { finalizeDue } from '../invoices/finalize-due.ts'
import { renewSubscription } from './renew-subscription.ts'

/**
 * Renews a period that has ended where no job has come to it yet, then issues and charges the invoice of the
 * running one. A decline makes it past due, as by itself. Refuses `payment_in_progress` while it is on its way.
 */
export async function settleRunning(
  deps: Deps,
  tenantId: string,
  subscriptionId: string,
  at: Instant,
): Promise<void> {
  const reads = deps.store.of(tenantId)
  const before = await reads.get('subscriptions', subscriptionId)
  if (isRenewalDue(before, at)) await renewSubscription(deps, tenantId, subscriptionId)
  const draft = await invoiceOf(deps, tenantId, subscriptionId)
  if (draft?.status === 'draft') await finalizeDue(deps, tenantId, draft.id)
  const open = await invoiceOf(deps, tenantId, subscriptionId)
  if (open?.status === 'open') await collectInvoice(deps, tenantId, open.id)
  const left = await invoiceOf(deps, tenantId, subscriptionId)
  if (left?.status === 'open') refuse('payment_in_progress', { transactionId: left.id })
}

/**
 * The invoice of the running period, a renewal's or the first one, while the subscription is one that may be changed.
 * The first one is open when a bank debit grants what it pays for before it has cleared.
 */
async function invoiceOf(deps: Deps, tenantId: string, subscriptionId: string) {
  const reads = deps.store.of(tenantId)
  const subscription: Subscription = await reads.get('subscriptions', subscriptionId)
  if (subscription.status !== 'active') return null
  const { rows } = await reads.list('invoices', {
    where: { subscriptionId: subscription.id },
    order: { field: 'createdAt', direction: 'desc' },
    limit: 20,
  })
  const running = rows.find(
    ({ renewalKey, billingReason, lines }) =>
      (renewalKey !== null || billingReason === 'subscription_create') &&
      lines.some(line => line.periodStart === subscription.currentPeriodStart),
  )
  return running ?? null
}
