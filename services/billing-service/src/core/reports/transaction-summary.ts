// The summary of transactions by month: what came, went back and was kept, by when it was begun.
import type { SettledFact } from './facts.ts'
import { countColumn, currencyColumn, moneyColumn, report, textColumn, words } from './report.ts'
import type { TotalledType } from './roll-ups.ts'
import { tally } from './tally.ts'

/** What each type adds to which column, and with which sign to what is left. */
const columnOf: Readonly<Record<TotalledType, readonly [string, -1 | 0 | 1]>> = {
  payment: ['payments', 1],
  refund: ['refunds', -1],
  adjustment: ['adjustments', 0],
  fee: ['fees', -1],
  payment_fee: ['fees', -1],
}

export const transactionSummary = report({
  code: 'transaction-summary',
  title: words('Transaction summary', '收支汇总'),
  definition: words(
    'Transactions that were begun in each month and succeeded. Fees are those of payments and those that belong to none, in the currency in which they were kept; net is payments less refunds and fees.',
    '各月发起并成功的交易。手续费包括付款手续费和不属于任何付款的费用，按扣收币种计；净额为付款减退款和手续费。',
  ),
  scope: 'tenant',
  time: 'period',
  columns: [
    textColumn('month', words('Month', '月份')),
    currencyColumn,
    countColumn('transactions', words('Transactions', '交易笔数')),
    moneyColumn('payments', words('Payments', '付款')),
    moneyColumn('refunds', words('Refunds', '退款')),
    moneyColumn('adjustments', words('Adjustments', '调账')),
    moneyColumn('fees', words('Fees', '手续费')),
    moneyColumn('net', words('Net', '净额')),
  ],
  source: 'settled',
  fold: () =>
    tally(({ month, type, currency, amountMinor, transactions }: SettledFact) => {
      const [column, sign] = columnOf[type]
      const none = { payments: 0, refunds: 0, adjustments: 0, fees: 0 }
      return [
        {
          key: { month, currency },
          add: {
            transactions: type === 'payment_fee' ? 0 : transactions,
            ...none,
            [column]: amountMinor,
            net: sign === 0 ? 0 : sign * amountMinor,
          },
        },
      ]
    }),
})
