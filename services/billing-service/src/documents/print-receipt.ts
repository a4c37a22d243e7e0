// A receipt as it stands on paper: what was paid, when, how, and for which invoices.
import * as format from './format.ts'
import { dateIn, factOf, printFrame } from './print-parts.ts'
import type { PrintedColumn, PrintedDocument, PrintedTotal } from './printed.ts'
import { renminbiInWords } from './renminbi-in-words.ts'
import type { ReceiptView } from './views.ts'
import { fill, wordsOf } from './words.ts'

/** Lays a receipt out. It confirms; it asks for nothing. */
export function printReceipt(view: ReceiptView): PrintedDocument {
  const words = wordsOf(view.language)
  const { currency } = view
  const frame = printFrame(view, {
    heading: words.receipt,
    number: view.number,
    numberLabel: words.receiptNumber,
    facts: [
      factOf(words, 'paymentDate', dateIn(view, view.paidAt)),
      factOf(words, 'paymentMethod', view.method),
      factOf(words, 'transaction', view.transactionId),
    ],
  })
  return {
    ...frame,
    columns: columnsOf(view),
    rows: view.invoices.map(invoice => ({
      cells: [
        invoice.number,
        format.tableDate(invoice.issuedAt, view.zone, view.language),
        format.money(invoice.totalMinor, currency),
        format.money(invoice.settledMinor, currency),
        format.money(invoice.remainingMinor, currency),
      ],
      notes: [],
      tiers: [],
    })),
    totals: totalsOf(view),
    beside:
      currency === 'CNY' && view.language === 'zh-CN'
        ? [{ heading: words.inWords, pairs: [], paragraphs: [renminbiInWords(view.amountMinor)] }]
        : [],
  }
}

function columnsOf(view: ReceiptView): PrintedColumn[] {
  const words = wordsOf(view.language)
  const money = (phrase: string): PrintedColumn => ({
    label: fill(phrase, { currency: view.currency }),
    align: 'right',
    widthMm: 34,
  })
  return [
    { label: words.invoiceNumber, align: 'left', widthMm: null },
    { label: words.issued, align: 'left', widthMm: 30 },
    money(words.invoiceTotal),
    money(words.settledNow),
    money(words.remaining),
  ]
}

function totalsOf(view: ReceiptView): PrintedTotal[] {
  const words = wordsOf(view.language)
  const { currency } = view
  const paid: PrintedTotal = {
    label: words.amountPaid,
    value: format.moneyWithCode(view.amountMinor, currency),
    weight: 'due',
  }
  if (view.refundedMinor === 0) return [paid]
  const value = format.money(-view.refundedMinor, currency)
  return [paid, { label: words.refunded, value, weight: 'plain' }]
}
