// How collecting goes: why payments fail, and what dunning brings back. And usage by metric.
import { addDecimal } from '../decimal.ts'
import { declineOf } from '../declines.ts'
import { amountDueMinor, type Invoice } from '../invoice.ts'
import { mulDiv } from '../money.ts'
import { localDate } from '../time.ts'
import type { AttemptFact, UsageFact } from './facts.ts'
import {
  countColumn,
  currencyColumn,
  moneyColumn,
  type ReportRow,
  report,
  textColumn,
  words,
} from './report.ts'
import { methodColumn } from './revenue.ts'
import { tally } from './tally.ts'

export const paymentFailures = report({
  code: 'payment-failures',
  title: words('Payment failures', '支付失败'),
  definition: words(
    'Attempts to charge that were begun in the period and failed, by the reason given.',
    '在所选期间发起并失败的扣款，按失败原因计。',
  ),
  scope: 'tenant',
  time: 'period',
  columns: [
    textColumn('reason', words('Reason', '原因')),
    textColumn('class', words('What follows', '后续处理'), {
      retry_later: words('Tried again later', '稍后重试'),
      retry_spaced: words('Tried again at longer distances', '延长间隔后重试'),
      customer_must_act: words('The payer must act', '需付款人处理'),
      never_retry: words('Not tried again', '不再重试'),
      ours: words('The fault is ours', '我方原因'),
    }),
    methodColumn,
    currencyColumn,
    countColumn('attempts', words('Attempts', '次数')),
    moneyColumn('amount', words('Amount', '金额')),
  ],
  source: 'attempts',
  fold: () =>
    tally((fact: AttemptFact) => {
      if (fact.status !== 'failed') return []
      const { failureCode, declineCode, currency } = fact
      return [
        {
          key: {
            reason: declineCode ?? failureCode ?? 'unknown',
            class: declineOf({ failureCode, declineCode, adviceCode: null }).class,
            method: fact.methodType,
            currency,
          },
          add: { attempts: fact.count, amount: fact.amountMinor },
        },
      ]
    }),
})

function withRate(row: ReportRow): ReportRow {
  const [amount, recovered] = [Number(row.amount), Number(row.recovered)]
  return { ...row, rate: amount === 0 ? null : mulDiv(recovered, 1_000_000, amount, 'half_away') }
}

export const dunningRecovery = report({
  code: 'dunning-recovery',
  title: words('Dunning recovery', '催款挽回'),
  definition: words(
    'Invoices made in the period of which a charge failed: what was paid after all, what is still open and what was given up, voided or credited, by the month of the first failure.',
    '所选期间生成且曾扣款失败的账单：最终已支付、仍未支付以及已作坏账核销、作废或贷记的金额，按首次失败的月份计。',
  ),
  scope: 'tenant',
  time: 'period',
  columns: [
    textColumn('month', words('First failure', '首次失败月份')),
    currencyColumn,
    countColumn('invoices', words('Invoices', '账单数')),
    moneyColumn('amount', words('Amount', '金额')),
    moneyColumn('recovered', words('Recovered', '已挽回')),
    moneyColumn('open', words('Still open', '仍未支付')),
    moneyColumn('lost', words('Given up', '未挽回')),
    { code: 'rate', kind: 'percent', label: words('Recovered', '挽回率') },
  ],
  source: 'invoices',
  fold: ({ zone }) =>
    tally((invoice: Invoice) => {
      if (invoice.firstFailedAt === null) return []
      const amount = invoice.totalMinor - invoice.amountFromBalanceMinor
      const recovered = invoice.amountPaidMinor
      const open = invoice.status === 'open' ? amountDueMinor(invoice) : 0
      return [
        {
          key: {
            month: localDate(invoice.firstFailedAt, zone).slice(0, 7),
            currency: invoice.currency,
          },
          add: { invoices: 1, amount, recovered, open, lost: amount - recovered - open },
        },
      ]
    }, withRate),
})

export const usageByMetric = report({
  code: 'usage-by-metric',
  title: words('Usage by metric', '按计量项统计用量'),
  definition: words(
    'What was used of each metric on the days of the period, corrections included, in the zone of each tenant.',
    '所选期间内各计量项的用量（含更正），按各租户所在时区的日期计。',
  ),
  scope: 'tenant',
  time: 'period',
  columns: [
    textColumn('month', words('Month', '月份')),
    textColumn('metric', words('Metric', '计量项')),
    { code: 'quantity', kind: 'decimal', label: words('Quantity', '用量') },
    countColumn('events', words('Events', '事件数')),
  ],
  source: 'usage',
  fold: ({ from, to, zone }) => {
    const [first, last] = [localDate(from, zone), localDate(to - 1, zone)]
    const byKey = new Map<string, { quantity: string; events: number }>()
    return {
      add({ metric, day, quantity, events }: UsageFact) {
        if (day < first || day > last) return
        const key = `${day.slice(0, 7)} ${metric}`
        const known = byKey.get(key) ?? { quantity: '0', events: 0 }
        byKey.set(key, {
          quantity: addDecimal(known.quantity, quantity),
          events: known.events + events,
        })
      },
      rows: () =>
        [...byKey]
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([key, sums]) => ({ month: key.slice(0, 7), metric: key.slice(8), ...sums })),
    }
  },
})
