// The invoice that a first payment or a change waits for, when the subscription ends before it is paid: what it
// was for will not come, so nobody shall pay it.
import type { Caller } from '../../core/caller.ts'
import type { InvoiceId } from '../../core/ids.ts'
import type { Invoice } from '../../core/invoice.ts'
import { refuse } from '../../core/refusal.ts'
import type { Subscription } from '../../core/subscription.ts'
import type { Instant } from '../../core/time.ts'
import type { Deps } from '../../deps.ts'
import type { TenantTransaction } from '../../ports/store.ts'
import { withdraw } from '../invoices/withdraw.ts'
import { callOff } from '../payments/call-off.ts'

/** What an end found waiting for its payment. */
export type Awaited = InvoiceId | null

/** The invoice that a first payment or a change waits for. */
export const awaitedBy = ({ status, pendingChange, latestInvoiceId }: Subscription): Awaited =>
  pendingChange?.invoiceId ?? (status === 'incomplete' ? latestInvoiceId : null)

/**
 * Tells the processor before the end, outside its transaction. Money that is on its way cannot be called off;
 * when it comes, it finds nothing to pay and becomes the payer's credit.
 */
export async function callOffAwaited(
  deps: Deps,
  caller: Caller,
  subscription: Subscription,
): Promise<Awaited> {
  const invoiceId = awaitedBy(subscription)
  if (invoiceId !== null) await callOff(deps, caller, invoiceId)
  return invoiceId
}

/** What began to be paid for meanwhile is not called off: the money would come for nothing. */
export function assertNothingNew(locked: Subscription, awaited: Awaited): void {
  const invoiceId = awaitedBy(locked)
  if (invoiceId === null || invoiceId === awaited) return
  refuse('change_pending', { plan: locked.pendingChange?.planCode ?? locked.planCode, invoiceId })
}

/**
 * Voids what was waited for, in the transaction of the end. `before` is the subscription as it was, locked.
 * Answers the invoice, whose discounts are the caller's to give back, or null.
 */
export async function withdrawAwaited(
  deps: Deps,
  tx: TenantTransaction,
  caller: Caller,
  at: Instant,
  before: Subscription,
  awaited: Awaited,
): Promise<Invoice | null> {
  if (awaited === null || awaitedBy(before) !== awaited) return null
  return withdraw(deps, tx, caller, at, await tx.lock('invoices', awaited), 'canceled')
}
