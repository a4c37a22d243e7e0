// A statement of account as it stands on paper: opening balance, every movement, closing balance, and how
// old is what stands open.
import * as format from './format.ts'
import { dateIn, factOf, printFrame } from './print-parts.ts'
import type { PrintedColumn, PrintedDocument, PrintedRow, PrintedSection } from './printed.ts'
import type { AgeingView, StatementView } from './views.ts'
import { fill, type Words, wordsOf } from './words.ts'

/** Lays a statement out. The balance after each movement is printed, so that a reader can follow it. */
export function printStatement(view: StatementView): PrintedDocument {
  const words = wordsOf(view.language)
  const period = format.range(view.period.start, view.period.end, view.zone, view.language)
  const frame = printFrame(view, {
    heading: words.statement,
    number: view.number ?? period,
    numberLabel: view.number === null ? words.period : words.statementNumber,
    facts: [
      view.number === null ? null : { label: words.period, value: period },
      factOf(words, 'issued', dateIn(view, view.issuedAt)),
    ],
  })
  return {
    ...frame,
    columns: columnsOf(view),
    rows: rowsOf(view, words),
    totals: [
      {
        label: words.closingBalance,
        value: format.moneyWithCode(view.closingMinor, view.currency),
        weight: 'due',
      },
    ],
    beside: ageingOf(view, words),
  }
}

function columnsOf(view: StatementView): PrintedColumn[] {
  const words = wordsOf(view.language)
  const money = (phrase: string): PrintedColumn => ({
    label: fill(phrase, { currency: view.currency }),
    align: 'right',
    widthMm: 30,
  })
  return [
    { label: words.movement, align: 'left', widthMm: null },
    { label: words.date, align: 'left', widthMm: 28 },
    money(words.charges),
    money(words.payments),
    money(words.balance),
  ]
}

function rowsOf(view: StatementView, words: Words): PrintedRow[] {
  const { currency } = view
  let balanceMinor = view.openingMinor
  const opening: PrintedRow = {
    cells: [
      words.openingBalance,
      format.tableDate(view.period.start, view.zone, view.language),
      '',
      '',
      format.money(balanceMinor, currency),
    ],
    notes: [],
    tiers: [],
  }
  const movements = view.movements.map((movement): PrintedRow => {
    const { amountMinor } = movement
    balanceMinor += amountMinor
    return {
      cells: [
        movement.label,
        format.tableDate(movement.at, view.zone, view.language),
        amountMinor >= 0 ? format.money(amountMinor, currency) : '',
        amountMinor < 0 ? format.money(-amountMinor, currency) : '',
        format.money(balanceMinor, currency),
      ],
      notes: movement.document === null ? [] : [movement.document],
      tiers: [],
    }
  })
  return [opening, ...movements]
}

function ageingOf(view: StatementView, words: Words): PrintedSection[] {
  const open = view.ageing.filter(bucket => bucket.amountMinor !== 0)
  if (open.length === 0) return []
  const pairs = open.map(bucket => ({
    label: ageingLabel(bucket, words),
    value: format.money(bucket.amountMinor, view.currency),
  }))
  return [{ heading: words.ageing, pairs, paragraphs: [] }]
}

function ageingLabel({ fromDays, toDays }: AgeingView, words: Words): string {
  if (fromDays === null) return words.notYetDue
  if (toDays === null) return fill(words.daysLateOver, { days: String(fromDays - 1) })
  return fill(words.daysLate, { from: String(fromDays), to: String(toDays) })
}
