// An invoice as it stands on paper. Figures come from the view; nothing is computed here but the sign
// under which an amount is printed.
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
import type { PrintedBand, PrintedDocument, PrintedSection, PrintedTotal, Tone } from './printed.ts'
import { renminbiInWords } from './renminbi-in-words.ts'
import type { InvoiceState, InvoiceView, SettlementView } from './views.ts'
import { fill, type WordKey, type Words, wordsOf } from './words.ts'

const states: Readonly<Record<InvoiceState, { word: WordKey; tone: Tone } | null>> = {
  draft: { word: 'draft', tone: 'neutral' },
  open: null,
  partly_paid: { word: 'partlyPaid', tone: 'info' },
  overdue: { word: 'overdue', tone: 'bad' },
  paid: { word: 'paid', tone: 'good' },
  credited: { word: 'fullyCredited', tone: 'neutral' },
  void: { word: 'voided', tone: 'neutral' },
  uncollectible: { word: 'uncollectible', tone: 'bad' },
}

/** Lays the words and figures of an invoice out in the order that readers and tax law expect. */
export function printInvoice(view: InvoiceView): PrintedDocument {
  const words = wordsOf(view.language)
  const heading = view.taxInvoice ? words.taxInvoice : words.invoice
  const taxed = hasTaxColumn(view.lines)
  const state = states[view.state]
  const frame = printFrame(view, {
    heading,
    number: view.number ?? words.draftNumber,
    numberLabel: words.invoiceNumber,
    facts: factsOf(view, words),
  })
  return {
    ...frame,
    state: state && { word: words[state.word], tone: state.tone },
    crossed: view.state === 'void',
    band: bandOf(view, words),
    columns: lineColumns(view, taxed),
    rows: view.lines.map(line => printLine(view, line, taxed)),
    totals: totalsOf(view, words),
    beside: besideOf(view, words),
    sections: [...explanations(view, words), ...frame.sections],
    footer: { ...frame.footer, warning: warningOf(view, words) },
  }
}

function warningOf(view: InvoiceView, words: Words): string | null {
  if (view.test) return words.testLine
  return view.state === 'draft' ? words.draftHint : null
}

function factsOf(view: InvoiceView, words: Words) {
  const period = view.servicePeriod
  return [
    factOf(words, 'issued', dateIn(view, view.issuedAt)),
    factOf(words, 'due', dateIn(view, view.dueAt)),
    factOf(
      words,
      'servicePeriod',
      period && format.range(period.start, period.end, view.zone, view.language),
    ),
    factOf(words, 'purchaseOrder', view.purchaseOrder),
    factOf(words, 'replaces', view.replaces),
    factOf(words, 'voidedOn', dateIn(view, view.voidedAt)),
    factOf(words, 'replacedBy', view.replacedBy),
  ]
}

const claims: ReadonlySet<InvoiceState> = new Set([
  'open',
  'partly_paid',
  'overdue',
  'uncollectible',
])

function bandOf(view: InvoiceView, words: Words): PrintedBand | null {
  if (!claims.has(view.state) || view.amountDueMinor <= 0) return null
  const dueOn = dateIn(view, view.dueAt)
  const payable = view.payUrl !== null && !view.test
  return {
    amount: format.moneyWithCode(view.amountDueMinor, view.currency),
    words: dueOn ? fill(words.dueBy, { date: dueOn }) : words.dueNow,
    link: payable && view.payUrl ? { label: words.payOnline, url: view.payUrl } : null,
    codeAlt: words.scanToPay,
  }
}

function totalsOf(view: InvoiceView, words: Words): PrintedTotal[] {
  const { currency } = view
  const included = view.taxes.filter(tax => tax.included)
  const added = view.taxes.filter(tax => !tax.included)
  const bare = view.discounts.length === 0 && added.length === 0
  const subtotal = { label: words.subtotal, value: format.money(view.subtotalMinor, currency) }
  return [
    ...(bare ? [] : [{ ...subtotal, weight: 'plain' } as const]),
    ...view.discounts.map(discount => printDiscount(view, discount)),
    ...added.map(tax => printTax(view, tax)),
    {
      label: words.total,
      value: format.moneyWithCode(view.totalMinor, currency),
      weight: 'strong',
    },
    ...included.map(tax => printTax(view, tax)),
    ...localTaxRow(view, words),
    ...view.settlements.map(settlement => settlementRow(view, settlement, words)),
    ...dueRow(view, words),
  ]
}

/** Drafts and voided invoices ask for nothing, so they name no amount due. */
function dueRow(view: InvoiceView, words: Words): PrintedTotal[] {
  if (view.state === 'draft' || view.state === 'void') return []
  return [
    {
      label: words.amountDue,
      value: format.moneyWithCode(view.amountDueMinor, view.currency),
      weight: 'due',
    },
  ]
}

function localTaxRow({ localTax, zone, language }: InvoiceView, words: Words): PrintedTotal[] {
  if (!localTax) return []
  const label = fill(words.localTax, {
    name: localTax.name ?? words.taxName,
    currency: localTax.currency,
    source: localTax.source,
    rate: localTax.rate,
    date: format.date(localTax.at, zone, language),
  })
  const value = format.moneyWithCode(localTax.amountMinor, localTax.currency)
  return [{ label, value, weight: 'quiet' }]
}

function settlementRow(view: InvoiceView, row: SettlementView, words: Words): PrintedTotal {
  return {
    label: settlementLabel(row, dateIn(view, row.at), words),
    value: format.money(-row.amountMinor, view.currency),
    weight: 'plain',
  }
}

function settlementLabel(row: SettlementView, on: string | null, words: Words): string {
  if (row.kind === 'balance') {
    return row.amountMinor < 0 ? words.balanceCollected : words.creditApplied
  }
  if (row.kind === 'credit_note') {
    if (!row.label || !on) return words.credited
    return fill(words.creditNoteApplied, { number: row.label, date: on })
  }
  if (!on) return words.paidSoFar
  if (!row.label) return fill(words.paidOn, { date: on })
  return fill(words.paidOnWith, { date: on, method: row.label })
}

function besideOf(view: InvoiceView, words: Words): PrintedSection[] {
  const sections: PrintedSection[] = []
  if (view.currency === 'CNY' && view.language === 'zh-CN') {
    const value = renminbiInWords(view.totalMinor)
    sections.push({ heading: words.inWords, pairs: [], paragraphs: [value] })
  }
  const transfer = view.bankTransfer
  if (transfer && claims.has(view.state) && view.amountDueMinor > 0) {
    const reference = { label: words.reference, value: transfer.reference }
    const pairs = [...transfer.rows, reference]
    sections.push({ heading: words.howToPay, pairs, paragraphs: [] })
  }
  return sections
}

function explanations(view: InvoiceView, words: Words): PrintedSection[] {
  const told = view.lines.filter(line => line.explanation !== null)
  if (!view.explained || told.length === 0) return []
  const pairs = told.map(line => ({ label: line.description, value: line.explanation ?? '' }))
  return [{ heading: words.amountsExplained, pairs, paragraphs: [] }]
}
