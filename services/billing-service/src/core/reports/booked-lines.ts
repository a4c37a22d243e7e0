// The lines of a booked document as reports count them: positive when it was issued, negative when it was
// voided or credited. The same figures as its posting (ledger.ts), told apart by what each line sold.
import type { CreditNoteLine } from '../credit-note.ts'
import type { InvoiceLine, TaxLine } from '../invoice.ts'
import type { PostingKind } from '../ledger.ts'
import { allocate } from '../money.ts'
import type { DocumentFact } from './facts.ts'

/** The postings of documents. */
export const documentPostings = [
  'invoice_finalized',
  'invoice_voided',
  'credit_note_issued',
] as const satisfies readonly PostingKind[]

export interface BookedLine {
  readonly kind: InvoiceLine['kind']
  readonly planCode: string | null
  readonly metric: string | null
  /** Signed; before discounts and tax. */
  readonly amountMinor: number
  /** Signed. */
  readonly discountMinor: number
  /** The line of the invoice that it is, or takes back. */
  readonly of: InvoiceLine | null
}

/** What was booked of each line. What moves to the credit balance is no revenue and is left out. */
export function bookedLines({ kind, invoice, note }: DocumentFact): BookedLine[] {
  const sign = kind === 'issued' ? 1 : -1
  const lineOf = (given: InvoiceLine | CreditNoteLine, of: InvoiceLine | null): BookedLine => ({
    kind: given.kind,
    planCode: of?.planCode ?? invoice.planCode,
    metric: of?.metric ?? null,
    amountMinor: sign * given.amountMinor,
    discountMinor: sign * given.discountMinor,
    of,
  })
  if (note !== null) {
    const byId = new Map<string, InvoiceLine>(invoice.lines.map(line => [line.id, line]))
    return note.lines.map(line => lineOf(line, byId.get(line.invoiceLineId) ?? null))
  }
  return invoice.lines
    .filter(line => line.kind !== 'balance_transfer')
    .map(line => lineOf(line, line))
}

/** What was booked of each tax, signed. */
export function bookedTaxes({ kind, invoice, note }: DocumentFact): TaxLine[] {
  const sign = kind === 'issued' ? 1 : -1
  return (note ?? invoice).taxLines.map(line => ({
    ...line,
    taxableMinor: sign * line.taxableMinor,
    taxMinor: sign * line.taxMinor,
  }))
}

/** A discount's share of a line, by its code; null is a discount that no coupon of ours gave. */
export interface BookedDiscount {
  readonly coupon: string | null
  readonly amountMinor: number
}

/** What each discount took of a line; a part of a line takes its part of each. */
export function bookedDiscounts({ discountMinor, of }: BookedLine): BookedDiscount[] {
  const given = of?.discounts ?? []
  if (discountMinor === 0) return []
  if (given.length === 0) return [{ coupon: null, amountMinor: discountMinor }]
  const weights = given.map(discount => Math.abs(discount.amountMinor))
  const parts = allocate(discountMinor, weights)
  return given.map(({ coupon }, at) => ({ coupon, amountMinor: parts[at] ?? 0 }))
}
