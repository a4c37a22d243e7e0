// Deferred revenue and when it is earned: straight line by day over the period that each line was charged for
// (revenue.ts). What was earned before it was booked is earned in the month of its booking.
import { recognise } from '../revenue.ts'
import { localDate } from '../time.ts'
import { type BookedLine, bookedLines } from './booked-lines.ts'
import type { DocumentFact } from './facts.ts'
import {
  type Asked,
  currencyColumn,
  type Fold,
  moneyColumn,
  type ReportRow,
  report,
  textColumn,
  words,
} from './report.ts'
import { tally } from './tally.ts'

const inAdvance: readonly BookedLine['kind'][] = [
  'recurring',
  'proration_charge',
  'proration_credit',
]

interface Earned {
  readonly month: string
  readonly amountMinor: number
}

const later = (one: string, other: string): string => (one < other ? other : one)

/** In which months a booked line is earned. A credit note takes back time that is still to come. */
function earnedOf({ kind, at }: DocumentFact, line: BookedLine, zone: string): Earned[] {
  const booked = localDate(at, zone).slice(0, 7)
  const [start, end] = [line.of?.periodStart ?? null, line.of?.periodEnd ?? null]
  const from = start !== null && kind === 'credited' ? Math.max(start, at) : start
  if (from === null || end === null || from >= end) {
    return [{ month: booked, amountMinor: line.amountMinor }]
  }
  return recognise(line.amountMinor, { start: from, end }, zone).map(({ month, revenueMinor }) => ({
    month: later(month, booked),
    amountMinor: revenueMinor,
  }))
}

/** What was billed and what is earned by month, and what is deferred at its end. */
function schedule({ zone }: Asked): Fold<DocumentFact> {
  const months = tally((fact: DocumentFact) => {
    const { currency } = fact.invoice
    const booked = localDate(fact.at, zone).slice(0, 7)
    return bookedLines(fact)
      .filter(line => inAdvance.includes(line.kind))
      .flatMap(line => [
        { key: { currency, month: booked }, add: { billed: line.amountMinor, earned: 0 } },
        ...earnedOf(fact, line, zone).map(({ month, amountMinor }) => ({
          key: { currency, month },
          add: { billed: 0, earned: amountMinor },
        })),
      ])
  })
  return { add: months.add, rows: () => withBalances(months.rows()) }
}

function withBalances(rows: readonly ReportRow[]): ReportRow[] {
  const deferred = new Map<string, number>()
  return rows.map(row => {
    const currency = String(row.currency)
    const balance = (deferred.get(currency) ?? 0) + Number(row.billed) - Number(row.earned)
    deferred.set(currency, balance)
    return { ...row, deferred: balance }
  })
}

export const deferredRevenue = report({
  code: 'deferred-revenue',
  title: words('Deferred revenue and recognition schedule', '递延收入与确认计划'),
  definition: words(
    'What was charged in advance before the moment asked for, without tax and before discounts, and the months in which it is earned: straight line by day over the period charged for, past and future. What was earned before its invoice counts in the month of the invoice; a credit note takes back time still to come.',
    '截至所选时点预先收取的金额（不含税、未扣优惠）及其确认月份：在所收费期间内按日直线确认，含以前和以后各月。早于出账的部分计入出账当月；贷记单冲减尚未届满的期间。',
  ),
  scope: 'tenant',
  time: 'moment',
  columns: [
    textColumn('month', words('Month', '月份')),
    currencyColumn,
    moneyColumn('billed', words('Billed in advance', '预收')),
    moneyColumn('earned', words('Earned', '确认收入')),
    { code: 'deferred', kind: 'money', label: words('Deferred at the end', '期末递延') },
  ],
  source: 'documents',
  ledger: { column: 'billed', accounts: ['deferred_revenue'], sign: -1 },
  fold: schedule,
})
