// A draft goes away: nothing else ever does. What it would have billed of late usage waits again, and its
// subscription forgets it.
import type { Caller } from '../../core/caller.ts'
import type { Invoice } from '../../core/invoice.ts'
import type { Instant } from '../../core/time.ts'
import type { Deps } from '../../deps.ts'
import type { TenantTransaction } from '../../ports/store.ts'
import { returnDiscounts } from '../coupons/use-discounts.ts'
import { record } from '../record.ts'
import { returnLate } from '../usage/late-usage.ts'

/** Removes a locked draft; the caller knows that it is one. */
export async function removeDraft(
  deps: Deps,
  tx: TenantTransaction,
  caller: Caller,
  at: Instant,
  draft: Invoice,
  data: Readonly<Record<string, string>> = {},
): Promise<void> {
  await tx.remove('invoices', draft.id)
  await returnLate(tx, draft)
  if (draft.subscriptionId !== null) {
    const subscription = await tx.lock('subscriptions', draft.subscriptionId)
    if (subscription.latestInvoiceId === draft.id) {
      await tx.replace('subscriptions', { ...subscription, latestInvoiceId: null, updatedAt: at })
    }
  }
  await record(deps, tx, caller, at, [{ type: 'invoice.deleted', objectId: draft.id, data }])
  await returnDiscounts(deps, tx, caller, draft, at)
}
