// What was billed, by what it was sold for and where, and what was received by which means.
import type { PostingKind } from '../ledger.ts'
import { type BookedLine, bookedDiscounts, bookedLines, documentPostings } from './booked-lines.ts'
import type { DocumentFact, MoneyFact } from './facts.ts'
import {
  countColumn,
  currencyColumn,
  type LedgerSide,
  moneyColumn,
  type ReportColumn,
  report,
  textColumn,
  type Words,
  words,
} from './report.ts'
import { type Part, tally } from './tally.ts'

const revenueSide: LedgerSide = {
  column: 'net',
  accounts: ['deferred_revenue', 'revenue', 'discounts'],
  kinds: documentPostings,
  sign: -1,
}

const revenueColumns: readonly ReportColumn[] = [
  currencyColumn,
  moneyColumn('billed', words('Billed', '出账金额')),
  moneyColumn('discounts', words('Discounts', '优惠')),
  moneyColumn('credited', words('Voided and credited', '作废与贷记')),
  moneyColumn('net', words('Net', '净额')),
]

function revenueOf(fact: DocumentFact, line: BookedLine): Part['add'] {
  const net = line.amountMinor - line.discountMinor
  return fact.kind === 'issued'
    ? { billed: line.amountMinor, discounts: -line.discountMinor, credited: 0, net }
    : { billed: 0, discounts: 0, credited: net, net }
}

const counted: Words = words(
  'without tax, less discounts, voided invoices and credit notes, on the day each was booked',
  '不含税，扣除优惠、作废账单和贷记单，按各自入账日计',
)

const revenueBy = (
  by: string,
  label: Words,
  partOf: (fact: DocumentFact, line: BookedLine) => string | null,
) =>
  report({
    code: `revenue-by-${by}`,
    title: words(`Revenue by ${by}`, `按${label['zh-CN']}统计收入`),
    definition: words(
      `What was invoiced for each ${by}: ${counted.en}.`,
      `各${label['zh-CN']}的出账金额：${counted['zh-CN']}。`,
    ),
    scope: 'issuer',
    time: 'period',
    columns: [textColumn(by, label), ...revenueColumns],
    source: 'documents',
    ledger: revenueSide,
    fold: () =>
      tally((fact: DocumentFact) =>
        bookedLines(fact).map(line => ({
          key: { [by]: partOf(fact, line), currency: fact.invoice.currency },
          add: revenueOf(fact, line),
        })),
      ),
  })

export const revenueByPlan = revenueBy('plan', words('Plan', '套餐'), (_, line) => line.planCode)

export const revenueByCountry = revenueBy(
  'country',
  words('Country', '国家/地区'),
  fact => fact.invoice.country,
)

export const revenueByCurrency = report({
  code: 'revenue-by-currency',
  title: words('Revenue by currency', '按币种统计收入'),
  definition: words(
    `What was invoiced in each currency: ${counted.en}.`,
    `各币种的出账金额：${counted['zh-CN']}。`,
  ),
  scope: 'issuer',
  time: 'period',
  columns: revenueColumns,
  source: 'documents',
  ledger: revenueSide,
  fold: () =>
    tally((fact: DocumentFact) =>
      bookedLines(fact).map(line => ({
        key: { currency: fact.invoice.currency },
        add: revenueOf(fact, line),
      })),
    ),
})

/** Postings in which money of payers comes or goes back. */
const moneyPostings: readonly PostingKind[] = [
  'payment_received',
  'payment_reversed',
  'paid_outside',
  'refund_paid',
  'refund_failed',
  'refund_stopped',
]

const receivedPostings: readonly PostingKind[] = ['payment_received', 'paid_outside']

const methodNames = {
  card: words('Card', '银行卡'),
  bank_account: words('Bank account', '银行账户'),
  bank_transfer: words('Bank transfer', '对公转账'),
  cheque: words('Cheque', '支票'),
  cash: words('Cash', '现金'),
  other: words('Other', '其他'),
  alipay: words('Alipay', '支付宝'),
  wechat_pay: words('WeChat Pay', '微信支付'),
  paypal: words('PayPal', 'PayPal'),
} as const

export const methodColumn = textColumn('method', words('Payment method', '支付方式'), methodNames)

export const receiptsByMethod = report({
  code: 'receipts-by-method',
  title: words('Money received by payment method', '按支付方式统计收款'),
  definition: words(
    'What payers paid by each method, less refunds and reversed payments, before fees, on the day it was booked.',
    '各支付方式的收款，扣除退款和冲回的付款，未扣手续费，按入账日计。',
  ),
  scope: 'tenant',
  time: 'period',
  columns: [
    methodColumn,
    currencyColumn,
    countColumn('payments', words('Payments', '付款笔数')),
    moneyColumn('received', words('Received', '收款')),
    moneyColumn('returned', words('Returned', '退回')),
    moneyColumn('net', words('Net', '净额')),
  ],
  source: 'money',
  ledger: {
    column: 'net',
    accounts: ['processor_clearing', 'bank'],
    kinds: moneyPostings,
    sign: 1,
  },
  fold: () =>
    tally((fact: MoneyFact) => {
      if (!moneyPostings.includes(fact.kind)) return []
      const received = receivedPostings.includes(fact.kind)
      const { amountMinor, currency, transaction } = fact
      return [
        {
          key: { method: transaction?.methodType ?? null, currency },
          add: {
            payments: received ? 1 : 0,
            received: received ? amountMinor : 0,
            returned: received ? 0 : amountMinor,
            net: amountMinor,
          },
        },
      ]
    }),
})

export const couponUse = report({
  code: 'coupon-use',
  title: words('Coupon use', '优惠券使用'),
  definition: words(
    'What coupons took off invoices, less what voided invoices and credit notes took back, on the day each was booked.',
    '优惠券在账单上减免的金额，扣除作废账单和贷记单收回的部分，按各自入账日计。',
  ),
  scope: 'tenant',
  time: 'period',
  columns: [
    textColumn('coupon', words('Coupon', '优惠券')),
    currencyColumn,
    countColumn('lines', words('Invoice lines', '明细行数')),
    moneyColumn('given', words('Given', '已减免')),
    moneyColumn('takenBack', words('Taken back', '已收回')),
    moneyColumn('net', words('Net', '净额')),
  ],
  source: 'documents',
  ledger: { column: 'net', accounts: ['discounts'], kinds: documentPostings, sign: 1 },
  fold: () =>
    tally((fact: DocumentFact) =>
      bookedLines(fact).flatMap(line =>
        bookedDiscounts(line).map(({ coupon, amountMinor }) => ({
          key: { coupon, currency: fact.invoice.currency },
          add: {
            lines: fact.kind === 'issued' ? 1 : 0,
            given: fact.kind === 'issued' ? amountMinor : 0,
            takenBack: fact.kind === 'issued' ? 0 : amountMinor,
            net: amountMinor,
          },
        })),
      ),
    ),
})
