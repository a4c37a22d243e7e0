// Giving an open invoice up: the debt moves to bad debt, shown as an adjustment. For the issuer's decision and
// for mirrored invoices that Stripe has given up.
import type { Caller } from '../../core/caller.ts'
import { amountDueMinor, type Invoice, writeOffInvoice } from '../../core/invoice.ts'
import { invoiceWrittenOff } from '../../core/ledger.ts'
import type { Instant } from '../../core/time.ts'
import type { Deps } from '../../deps.ts'
import type { TenantTransaction } from '../../ports/store.ts'
import { emptyTransaction } from '../payments/charge.ts'
import { book, record } from '../record.ts'

/** Refuses as core when the invoice is not open. */
export async function giveUp(
  deps: Deps,
  tx: TenantTransaction,
  caller: Caller,
  open: Invoice,
  at: Instant,
): Promise<Invoice> {
  const writtenOff = writeOffInvoice(open, at)
  const owedMinor = amountDueMinor(open)
  const transactionId = deps.ids.next('transaction')
  await tx.insert('transactions', {
    ...emptyTransaction,
    tenantId: caller.tenantId,
    id: transactionId,
    customerId: open.customerId,
    type: 'adjustment',
    status: 'succeeded',
    currency: open.currency,
    amountMinor: -owedMinor,
    netMinor: 0,
    feeMinor: 0,
    settlementCurrency: open.currency,
    invoiceId: open.id,
    reason: 'written_off',
    processor: 'none',
    processedAt: at,
    recordedAt: deps.clock.real(),
    createdAt: at,
    updatedAt: at,
  })
  const saved = await tx.replace('invoices', writtenOff)
  await book(deps, tx, caller.tenantId, at, [invoiceWrittenOff(saved, owedMinor, transactionId)])
  await record(deps, tx, caller, at, [
    { type: 'invoice.written_off', objectId: open.id, data: { owedMinor } },
  ])
  return saved
}
