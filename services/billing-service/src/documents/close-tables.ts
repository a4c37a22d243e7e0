// The tables of a month-end close that are neither a list nor a report: money as it was booked, and the
// reconciliation with the processor.
import type { Tally } from '../core/comparison.ts'
import type { MoneyFact } from '../core/reports/facts.ts'
import { instant, money, sheetOnly, tenantColumns, text } from './columns.ts'
import { methodName } from './method-name.ts'
import { type Column, frameOf, type TableContext, type TableView } from './table.ts'
import { fill, type Language, wordsOf } from './words.ts'

const titles = {
  en: {
    payments: 'Payments',
    refunds: 'Refunds',
    voided: 'Voided invoices',
    reconciliation: 'Reconciliation',
    booked: 'Booked',
    processorId: 'Processor reference',
    what: 'Objects',
    ours: 'Count here',
    theirs: 'Count at the processor',
    ourSum: 'Sum here',
    theirSum: 'Sum at the processor',
    agrees: 'Both sides agree.',
    differs: 'The sides differ in {count} places; the drift inbox names each.',
    tallies: {
      payments: 'Payments',
      fees: 'Fees',
      refunds: 'Refunds',
      disputes: 'Disputes',
      dispute_fees: 'Dispute fees',
      payouts: 'Payouts',
    },
  },
  'zh-CN': {
    payments: '收款',
    refunds: '退款',
    voided: '作废账单',
    reconciliation: '对账',
    booked: '记账时间',
    processorId: '支付机构流水号',
    what: '对象',
    ours: '本系统笔数',
    theirs: '支付机构笔数',
    ourSum: '本系统金额',
    theirSum: '支付机构金额',
    agrees: '双方一致。',
    differs: '双方有 {count} 处不一致，详见差异收件箱。',
    tallies: {
      payments: '收款',
      fees: '手续费',
      refunds: '退款',
      disputes: '争议',
      dispute_fees: '争议费用',
      payouts: '到账',
    },
  },
} as const

/** The words of a close in one language. */
export const closeWords = (language: Language) => titles[language]

/** Money that came or went on the account where it lies, as booked: in is positive, out negative. */
export function moneyTable(context: TableContext, title: string): TableView<MoneyFact> {
  const { language } = context
  const words = wordsOf(language)
  const own = closeWords(language)
  const methodOf = ({ transaction: paid }: MoneyFact): string | null =>
    paid === null
      ? null
      : methodName(
          { type: paid.methodType, brand: paid.methodBrand, last4: paid.methodLast4 },
          language,
        )
  return {
    title,
    ...frameOf(context),
    columns: [
      ...tenantColumns<MoneyFact>(context),
      instant(own.booked, row => row.at),
      text(words.method, 16, methodOf),
      text(words.invoice, 31, row => row.transaction?.invoiceId ?? null),
      sheetOnly(text(words.currency, 9, (row: MoneyFact) => row.currency)),
      money<MoneyFact>(
        words.plainAmount,
        row => row.amountMinor,
        () => true,
      ),
      text(words.transaction, 31, row => row.transaction?.id ?? null),
      sheetOnly(
        text(own.processorId, 31, (row: MoneyFact) => row.transaction?.processorId ?? null),
      ),
    ],
  }
}

/** Counts and sums on both sides; the verdict stands above them. */
export function reconciliationTable(
  context: TableContext,
  verdict: { readonly agrees: boolean; readonly differenceCount: number },
): TableView<Tally> {
  const { language } = context
  const words = closeWords(language)
  const count = (label: string, side: 'ours' | 'theirs'): Column<Tally> => ({
    kind: 'integer',
    label,
    width: 14,
    value: row => row[side].count,
  })
  return {
    title: words.reconciliation,
    ...frameOf(context),
    definition: verdict.agrees
      ? words.agrees
      : fill(words.differs, { count: String(verdict.differenceCount) }),
    columns: [
      text(words.what, 18, row => words.tallies[row.kind]),
      text(wordsOf(language).currency, 9, row => row.currency),
      count(words.ours, 'ours'),
      count(words.theirs, 'theirs'),
      money(words.ourSum, row => row.ours.sumMinor),
      money(words.theirSum, row => row.theirs.sumMinor),
    ],
  }
}

/** A list whose sums count every row: all of them were booked. */
export const addingUpAll = <Row>(table: TableView<Row>, title = table.title): TableView<Row> => {
  const { totalNote: _left, ...rest } = table
  return {
    ...rest,
    title,
    columns: table.columns.map(column =>
      column.kind === 'money' && column.total ? { ...column, total: () => true } : column,
    ),
  }
}
