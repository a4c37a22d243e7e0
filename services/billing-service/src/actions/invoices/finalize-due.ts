// A draft whose window has passed becomes a demand: usage is rated once more, the number is taken, and the
// first charge is due.
import { systemCaller } from '../../core/caller.ts'
import type { Invoice } from '../../core/invoice.ts'
import type { Subscription } from '../../core/subscription.ts'
import type { Deps } from '../../deps.ts'
import type { TenantTransaction } from '../../ports/store.ts'
import { countUses, returnDiscounts } from '../coupons/use-discounts.ts'
import { type Entered, enter } from '../enter.ts'
import { arrearsLines } from '../usage/arrears-lines.ts'
import { absorbLate, returnLate } from '../usage/late-usage.ts'
import { giveUp } from './give-up.ts'
import { issueInvoice } from './issue-invoice.ts'
import { removeDraft } from './remove-draft.ts'
import { repricedDraft } from './reprice-draft.ts'
import { withdraw } from './withdraw.ts'

export type Finalized = 'issued' | 'deleted' | 'nothing'

/** Finalises a draft by itself; the caller knows that it is due. */
export async function finalizeDue(
  deps: Deps,
  tenantId: string,
  invoiceId: string,
): Promise<Finalized> {
  const caller = systemCaller(tenantId, 'finalize-drafts', invoiceId)
  const entered = await enter(deps, caller)
  return deps.store.transaction(tenantId, async tx => {
    const stored = await tx.find('invoices', invoiceId)
    if (stored === null) return 'nothing'
    const draft = await tx.lock('invoices', invoiceId)
    if (draft.status !== 'draft' || draft.finalizeAt === null) return 'nothing'
    const subscription = await subscriptionOf(tx, draft)
    const pause = subscription?.collectionPause ?? null
    if (pause === 'keep_as_draft') {
      await tx.replace('invoices', { ...draft, finalizeAt: null, updatedAt: entered.at })
      return 'nothing'
    }
    const rated = await rateAgain(deps, tx, entered, draft, subscription)
    if (rated.lines.length === 0) {
      await removeDraft(deps, tx, caller, entered.at, draft, { reason: 'nothing_to_bill' })
      return 'deleted'
    }
    await countUses(tx, draft, rated, entered.at)
    const issued = await issueInvoice(deps, tx, caller, entered, rated, {
      stored: true,
      collect: pause === null,
    })
    if (issued.status === 'open' && pause === 'mark_uncollectible') {
      await giveUp(deps, tx, caller, entered, issued)
    } else if (pause === 'void') {
      const withdrawn = await withdraw(deps, tx, caller, entered.at, issued, 'collection_paused')
      if (withdrawn !== null) await returnLate(tx, withdrawn)
      if (withdrawn !== null) await returnDiscounts(deps, tx, caller, withdrawn, entered.at)
    }
    return 'issued'
  })
}

/**
 * Whose it is. Held where its usage is rated again, so that what is recorded meanwhile is either in the totals or
 * waits for the next renewal.
 */
async function subscriptionOf(
  tx: TenantTransaction,
  { subscriptionId, arrears }: Invoice,
): Promise<Subscription | null> {
  if (subscriptionId === null) return null
  return arrears === null
    ? tx.get('subscriptions', subscriptionId)
    : tx.lock('subscriptions', subscriptionId)
}

/** Usage that arrived while it was a draft, and corrections, count; everything else stays as drafted. */
async function rateAgain(
  deps: Deps,
  tx: TenantTransaction,
  entered: Entered,
  draft: Invoice,
  subscription: Subscription | null,
): Promise<Invoice> {
  const { arrears } = draft
  if (arrears === null || subscription === null) return draft
  const usage = await arrearsLines(deps, tx, subscription, arrears)
  await absorbLate(tx, subscription.id, arrears.start)
  const others = draft.lines.filter(
    line => line.kind !== 'usage' || line.periodStart !== arrears.start,
  )
  return repricedDraft(deps, tx, entered, draft, [...usage, ...others])
}
