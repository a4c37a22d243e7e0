// The list of credit notes as a table for export: what each took back, and where it went. Amounts are
// positive, as on the document.
import type { CreditNote } from '../core/credit-note.ts'
import { instant, money, sheetOnly, tenantColumns, text } from './columns.ts'
import { frameOf, type TableContext, type TableView } from './table.ts'
import { tableWords } from './table-words.ts'
import { wordsOf } from './words.ts'

/** What the columns read of a row. */
export const creditNoteFields = [
  'tenantId',
  'id',
  'createdAt',
  'issuedAt',
  'creditNoteNumber',
  'invoiceNumber',
  'buyer',
  'customerId',
  'currency',
  'subtotalMinor',
  'discountMinor',
  'taxMinor',
  'totalMinor',
  'lowersInvoiceMinor',
  'refundedMinor',
  'toBalanceMinor',
  'reason',
  'invoiceId',
] as const satisfies readonly (keyof CreditNote)[]

type Listed = Pick<CreditNote, (typeof creditNoteFields)[number]>

/** Declares the columns; the rows come from the store, newest first. */
export function creditNotesTable(context: TableContext): TableView<Listed> {
  const words = tableWords(context.language)
  const printed = wordsOf(context.language)
  const sum = (label: string, value: (row: Listed) => number) => money(label, value, () => true)
  return {
    title: words.creditNotes,
    ...frameOf(context),
    columns: [
      ...tenantColumns<Listed>(context),
      instant(words.issued, row => row.issuedAt),
      text(printed.creditNoteNumber, 18, row => row.creditNoteNumber),
      text(printed.invoiceNumber, 16, row => row.invoiceNumber),
      text(words.customer, 22, row => row.buyer?.name ?? null),
      sheetOnly(text(words.customerId, 31, row => row.customerId)),
      sheetOnly(text(printed.currency, 9, row => row.currency)),
      sheetOnly(sum(words.subtotal, row => row.subtotalMinor)),
      sheetOnly(sum(words.discount, row => row.discountMinor)),
      sum(words.tax, row => row.taxMinor),
      sum(words.total, row => row.totalMinor),
      sum(words.lowersInvoice, row => row.lowersInvoiceMinor),
      sum(words.refunded, row => row.refundedMinor),
      sum(words.toBalance, row => row.toBalanceMinor),
      sheetOnly(text(words.reason, 24, row => row.reason)),
      sheetOnly(text(words.invoiceId, 31, row => row.invoiceId)),
      sheetOnly(text(words.creditNoteId, 31, row => row.id)),
    ],
  }
}
