// Giving an open invoice up as bad debt: the debt moves, and an adjustment shows it.
import type { Caller } from '../../core/caller.ts'
import { amountDueMinor, type Invoice, writeOffInvoice } from '../../core/invoice.ts'
import { invoiceWrittenOff } from '../../core/ledger.ts'
import { scheduled } from '../../core/subscription.ts'
import type { Instant } from '../../core/time.ts'
import type { Deps } from '../../deps.ts'
import type { TenantTransaction } from '../../ports/store.ts'
import { recovered } from '../dunning/recover.ts'
import type { Entered } from '../enter.ts'
import { assertNoPaymentRunning } from '../payments/charge.ts'
import { book, record } from '../record.ts'
import { emptyTransaction } from '../transactions/empty-transaction.ts'

/** Refuses `invoice_not_open`, `invoice_already_paid`, `payment_in_progress`. The invoice is locked. */
export async function giveUp(
  deps: Deps,
  tx: TenantTransaction,
  caller: Caller,
  { at, now }: Pick<Entered, 'at' | 'now'>,
  open: Invoice,
): Promise<Invoice> {
  const writtenOff = writeOffInvoice(open, at)
  if (open.processorId === null) await assertNoPaymentRunning(tx, open)
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
    recordedAt: now,
    createdAt: at,
    updatedAt: at,
  })
  const saved = await tx.replace('invoices', writtenOff)
  await book(deps, tx, caller.tenantId, at, [invoiceWrittenOff(saved, owedMinor, transactionId)])
  await afterDebt(tx, saved, at)
  await record(deps, tx, caller, at, [
    {
      type: 'invoice.written_off',
      objectId: open.id,
      data: { customerId: open.customerId, currency: open.currency, owedMinor },
    },
  ])
  return saved
}

/** A debt that is no more drops the change that waited for it, and may end an overdue time. */
export async function afterDebt(tx: TenantTransaction, invoice: Invoice, at: Instant) {
  if (invoice.subscriptionId === null) return
  const before = await tx.lock('subscriptions', invoice.subscriptionId)
  if (before.billedBy === 'stripe') return
  const waited = before.pendingChange?.invoiceId === invoice.id
  const kept = waited ? scheduled({ ...before, pendingChange: null, updatedAt: at }) : before
  const next = await recovered(tx, kept, invoice, at)
  if (next !== before) await tx.replace('subscriptions', next)
}
