// From the credit note record to what its document says. Nothing is looked up here.
import type { CreditNote, CreditNoteLine } from '../core/credit-note.ts'
import { type DocumentContext, frameOf, taxView } from './invoice-view.ts'
import { type PartyFacts, partyView } from './party.ts'
import type { CreditNoteView, LineView } from './views.ts'

export interface CreditNoteContext extends DocumentContext {
  /** Used for a note whose invoice kept no snapshot of its buyer. */
  readonly customer: PartyFacts
  readonly taxName?: string | null
  /** Card and last digits of the payment that was refunded. */
  readonly refundedTo?: string | null
  readonly explain?: (line: CreditNoteLine) => string | null
}

/** The view of a credit note; amounts are positive under its title. */
export function creditNoteView(note: CreditNote, context: CreditNoteContext): CreditNoteView {
  return {
    ...frameOf(context),
    buyer: partyView(note.buyer ?? context.customer, context.language),
    currency: note.currency,
    number: note.creditNoteNumber,
    issuedAt: note.issuedAt,
    state: 'open',
    original: { number: note.invoiceNumber, issuedAt: note.invoiceIssuedAt },
    reason: note.reason,
    lines: note.lines.map(line => lineView(line, note, context)),
    discounts:
      note.discountMinor === 0
        ? []
        : [{ name: null, ratePpm: null, amountMinor: note.discountMinor }],
    taxes: note.taxLines.map(line => taxView(line, { ...context, included: false })),
    subtotalMinor: note.subtotalMinor,
    totalMinor: note.totalMinor,
    lowersInvoiceMinor: note.lowersInvoiceMinor,
    refundedMinor: note.refundedMinor,
    refundedTo: note.refundedMinor > 0 ? (context.refundedTo ?? null) : null,
    toBalanceMinor: note.toBalanceMinor,
  }
}

function lineView(line: CreditNoteLine, note: CreditNote, context: CreditNoteContext): LineView {
  const zh = context.language === 'zh-CN' ? line.descriptionZh : null
  return {
    description: zh ?? line.description,
    period: null,
    quantity: null,
    unitAmount: null,
    taxRatePpm: note.taxLines.length > 1 ? line.taxRatePpm : null,
    amountMinor: line.amountMinor,
    tiers: [],
    explanation: context.explain?.(line) ?? null,
  }
}
