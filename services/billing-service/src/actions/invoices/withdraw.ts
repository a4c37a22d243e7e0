// Withdrawing an invoice that nobody paid, because what it was for will not come: the one way in which the
// engine voids by itself.
import type { Caller } from '../../core/caller.ts'
import { type Invoice, voidInvoice } from '../../core/invoice.ts'
import { invoiceVoided } from '../../core/ledger.ts'
import type { Instant } from '../../core/time.ts'
import type { Deps } from '../../deps.ts'
import type { TenantTransaction } from '../../ports/store.ts'
import { book, record } from '../record.ts'
import { returnBalance } from './issue-invoice.ts'

/** Nothing was paid or credited on it, so it can still be withdrawn. */
const isUntouched = (invoice: Invoice): boolean =>
  invoice.status === 'open' && invoice.amountPaidMinor === 0 && invoice.amountCreditedMinor === 0

/**
 * Voids a locked invoice, gives back what it took of the balance, and answers it; its discounts are the
 * caller's to give back. One that is touched, or none, is left as it is: then null.
 */
export async function withdraw(
  deps: Deps,
  tx: TenantTransaction,
  caller: Caller,
  at: Instant,
  invoice: Invoice | null,
  reason: string,
): Promise<Invoice | null> {
  if (invoice === null || !isUntouched(invoice)) return null
  const voided = await tx.replace('invoices', voidInvoice(invoice, at))
  await book(deps, tx, caller.tenantId, at, [invoiceVoided(voided)])
  await returnBalance(deps, tx, voided, at)
  await record(deps, tx, caller, at, [
    { type: 'invoice.voided', objectId: voided.id, data: { reason } },
  ])
  return voided
}
