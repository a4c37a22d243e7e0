// A credit note as it stands on paper: the mirror of an invoice, with positive figures under its title,
// the document it corrects and where the money went.
import * as format from './format.ts'
import {
  dateIn,
  factOf,
  hasTaxColumn,
  lineColumns,
  printDiscount,
  printFrame,
  printLine,
  printTax,
} from './print-parts.ts'
import type { PrintedDocument, PrintedSection, PrintedTotal } from './printed.ts'
import { renminbiInWords } from './renminbi-in-words.ts'
import type { CreditNoteView } from './views.ts'
import { fill, type Words, wordsOf } from './words.ts'

/** Lays a credit note out. It has no due date and asks for nothing. */
export function printCreditNote(view: CreditNoteView): PrintedDocument {
  const words = wordsOf(view.language)
  const taxed = hasTaxColumn(view.lines)
  const original = fill(words.originalOf, {
    number: view.original.number,
    date: format.date(view.original.issuedAt, view.zone, view.language),
  })
  const frame = printFrame(view, {
    heading: words.creditNote,
    number: view.number,
    numberLabel: words.creditNoteNumber,
    facts: [
      factOf(words, 'issued', dateIn(view, view.issuedAt)),
      factOf(words, 'originalInvoice', original),
      factOf(words, 'reason', view.reason),
    ],
  })
  return {
    ...frame,
    subheading: words.creditNoteSubtitle || null,
    state: view.state === 'void' ? { word: words.voided, tone: 'neutral' } : null,
    crossed: view.state === 'void',
    columns: lineColumns(view, taxed),
    rows: view.lines.map(line => printLine(view, line, taxed)),
    totals: totalsOf(view, words),
    beside: inWords(view, words),
  }
}

function totalsOf(view: CreditNoteView, words: Words): PrintedTotal[] {
  const { currency } = view
  const included = view.taxes.filter(tax => tax.included)
  const added = view.taxes.filter(tax => !tax.included)
  const bare = view.discounts.length === 0 && added.length === 0
  const subtotal = { label: words.subtotal, value: format.money(view.subtotalMinor, currency) }
  const refunded = view.refundedTo
    ? fill(words.refundedTo, { method: view.refundedTo })
    : words.refunded
  const split: [string, number][] = [
    [words.lowersInvoice, view.lowersInvoiceMinor],
    [refunded, view.refundedMinor],
    [words.addedToBalance, view.toBalanceMinor],
  ]
  return [
    ...(bare ? [] : [{ ...subtotal, weight: 'plain' } as const]),
    ...view.discounts.map(discount => printDiscount(view, discount)),
    ...added.map(tax => printTax(view, tax)),
    {
      label: words.totalCredit,
      value: format.moneyWithCode(view.totalMinor, currency),
      weight: 'due',
    },
    ...included.map(tax => printTax(view, tax)),
    ...split
      .filter(([, amountMinor]) => amountMinor !== 0)
      .map(([label, amountMinor]): PrintedTotal => {
        return { label, value: format.money(amountMinor, currency), weight: 'plain' }
      }),
  ]
}

function inWords(view: CreditNoteView, words: Words): PrintedSection[] {
  if (view.currency !== 'CNY' || view.language !== 'zh-CN') return []
  const value = renminbiInWords(view.totalMinor)
  return [{ heading: words.inWords, pairs: [], paragraphs: [value] }]
}
