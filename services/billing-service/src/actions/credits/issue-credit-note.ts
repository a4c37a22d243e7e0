// A credit note comes into being: number, figures, its mark on the invoice, postings; one transaction.

import type { Caller } from '../../core/caller.ts'
import {
  type CreditedLine,
  type CreditNote,
  creditInvoice,
  noteFigures,
} from '../../core/credit-note.ts'
import type { Invoice } from '../../core/invoice.ts'
import { creditNoteIssued } from '../../core/ledger.ts'
import type { Transaction } from '../../core/payment.ts'
import { refuse } from '../../core/refusal.ts'
import { settingsOf } from '../../core/tenant.ts'
import type { Deps } from '../../deps.ts'
import type { TenantTransaction } from '../../ports/store.ts'
import { brandingOf } from '../branding/branding-of.ts'
import type { Entered } from '../enter.ts'
import { documentSeries, takeDocumentNumber } from '../invoices/document-series.ts'
import { paidFor } from '../payments/paid-for.ts'
import { book, record } from '../record.ts'
import { emptyTransaction } from '../transactions/empty-transaction.ts'
import { moveCredit } from './move-credit.ts'

export interface NoteTerms {
  /** The invoice, locked. */
  readonly invoice: Invoice
  /** What it takes of each line, in the order of the invoice's lines. */
  readonly parts: readonly CreditedLine[]
  /** Where it goes; what is neither owed nor refunded goes to the balance. */
  readonly lowersInvoiceMinor: number
  readonly refundedMinor: number
  readonly reason: string | null
  readonly requestKey: string | null
}

/** Issues a credit note and marks its invoice. Refuses `invalid_request` where nothing would be credited. */
export async function issueCreditNote(
  deps: Deps,
  tx: TenantTransaction,
  caller: Caller,
  entered: Entered,
  terms: NoteTerms,
): Promise<CreditNote> {
  const { at, now } = entered
  const { invoice, parts, lowersInvoiceMinor, refundedMinor } = terms
  const figures = noteFigures(invoice, parts)
  if (figures.totalMinor <= 0) {
    refuse('invalid_request', {}, [{ path: '/amount', message: 'nothing would be credited' }])
  }
  const series = await documentSeries(deps, tx, entered, 'credit_note')
  const branding = await brandingOf(tx, invoice.tenantId)
  const note: CreditNote = {
    tenantId: invoice.tenantId,
    id: deps.ids.next('creditNote'),
    creditNoteNumber: await takeDocumentNumber(tx, series, branding),
    invoiceId: invoice.id,
    invoiceNumber: invoice.invoiceNumber!,
    invoiceIssuedAt: invoice.issuedAt!,
    customerId: invoice.customerId,
    currency: invoice.currency,
    ...figures,
    lowersInvoiceMinor,
    refundedMinor,
    toBalanceMinor: figures.totalMinor - lowersInvoiceMinor - refundedMinor,
    onBadDebt: invoice.status === 'uncollectible',
    reason: terms.reason,
    requestKey: terms.requestKey,
    buyer: invoice.buyer,
    issuer: invoice.issuer,
    brandingId: branding?.id ?? null,
    issuedAt: at,
    createdAt: at,
    recordedAt: now,
  }
  await tx.insert('creditNotes', note)
  const credited = await tx.replace('invoices', creditInvoice(invoice, parts, note, at))
  await book(deps, tx, invoice.tenantId, at, [creditNoteIssued(note)])
  await moveCredit(deps, tx, {
    ...note,
    kind: 'credit_note',
    amountMinor: note.toBalanceMinor,
    cause: note.id,
    invoiceId: invoice.id,
    creditNoteId: note.id,
    reason: note.reason,
    at,
  })
  if (lowersInvoiceMinor > 0) {
    await tx.insert('transactions', lowering(deps, note, invoice, { at, now }))
  }
  await record(deps, tx, caller, at, [
    {
      type: 'credit_note.issued',
      objectId: note.id,
      data: {
        creditNoteNumber: note.creditNoteNumber,
        invoiceId: invoice.id,
        customerId: note.customerId,
        currency: note.currency,
        totalMinor: note.totalMinor,
        lowersInvoiceMinor,
        refundedMinor,
        toBalanceMinor: note.toBalanceMinor,
      },
    },
  ])
  if (invoice.status !== 'paid' && credited.status === 'paid') {
    await record(deps, tx, caller, at, [
      {
        type: 'invoice.paid',
        objectId: invoice.id,
        data: { invoiceNumber: invoice.invoiceNumber },
      },
    ])
    if (invoice.subscriptionId) {
      const settings = settingsOf(await tx.get('tenants', invoice.tenantId), deps.settings)
      await paidFor({ deps, tx, caller, settings, at }, credited)
    }
  }
  return note
}

/** What it took off the debt, shown among the transactions: money that no longer has to come. */
function lowering(
  deps: Deps,
  note: CreditNote,
  invoice: Invoice,
  { at, now }: Pick<Entered, 'at' | 'now'>,
): Transaction {
  return {
    ...emptyTransaction,
    tenantId: note.tenantId,
    id: deps.ids.next('transaction'),
    customerId: note.customerId,
    type: 'adjustment',
    status: 'succeeded',
    currency: note.currency,
    amountMinor: -note.lowersInvoiceMinor,
    feeMinor: 0,
    netMinor: 0,
    settlementCurrency: note.currency,
    invoiceId: invoice.id,
    subscriptionId: invoice.subscriptionId,
    creditNoteId: note.id,
    reason: note.reason,
    processor: 'none',
    planCode: invoice.planCode,
    country: invoice.country,
    processedAt: at,
    recordedAt: now,
    createdAt: at,
    updatedAt: at,
  }
}
