// Reports of the ledger itself: trial balance, fees, tax, and what is owed by age.
import { type Account, accounts } from '../ledger.ts'
import type { Instant } from '../time.ts'
import { bookedTaxes, documentPostings } from './booked-lines.ts'
import type { AccountFact, DocumentFact, OwedFact } from './facts.ts'
import {
  countColumn,
  currencyColumn,
  moneyColumn,
  type ReportColumn,
  report,
  textColumn,
  words,
} from './report.ts'
import { tally } from './tally.ts'

const accountNames: Readonly<Record<Account, ReturnType<typeof words>>> = {
  receivable: words('Receivable', '应收账款'),
  processor_clearing: words('Processor clearing', '支付机构待结算'),
  bank: words('Bank', '银行存款'),
  deferred_revenue: words('Deferred revenue', '递延收入'),
  revenue: words('Revenue', '收入'),
  discounts: words('Discounts', '优惠'),
  tax_payable: words('Tax payable', '应交税费'),
  customer_credit: words('Customer credit', '账户余额'),
  processor_credit: words('Credit at the processor', '支付机构处账户余额'),
  refunds_payable: words('Refunds payable', '应付退款'),
  disputes_held: words('Held by disputes', '争议冻结款'),
  processing_fees: words('Processing fees', '手续费'),
  dispute_fees: words('Dispute fees', '争议费用'),
  bad_debt: words('Bad debt', '坏账'),
  fx: words('Exchange', '汇兑'),
  rounding: words('Rounding', '尾差'),
}

const accountColumn = textColumn('account', words('Account', '科目'), accountNames)

/** Accounts in the order of the chart. */
const placeOf = new Map<string, number>(accounts.map((account, place) => [account, place]))

export const trialBalance = report({
  code: 'trial-balance',
  title: words('Trial balance', '试算平衡表'),
  definition: words(
    'Every account of the ledger: its balance before the period, its debits and credits in it, and its balance after. Debits are positive; all closing balances of a currency add up to 0.',
    '各账簿科目的期初余额、本期借方、本期贷方与期末余额。借方为正；同一币种的期末余额合计为 0。',
  ),
  scope: 'tenant',
  time: 'period',
  columns: [
    accountColumn,
    currencyColumn,
    moneyColumn('opening', words('Opening', '期初余额')),
    moneyColumn('debit', words('Debit', '本期借方')),
    moneyColumn('credit', words('Credit', '本期贷方')),
    moneyColumn('closing', words('Closing', '期末余额')),
  ],
  source: 'accounts',
  ledger: { column: 'movement', accounts, sign: 1 },
  fold: () => {
    const fold = tally(({ account, currency, month, debitMinor, creditMinor }: AccountFact) => {
      const before = month === null
      const movement = debitMinor - creditMinor
      return [
        {
          key: { account, currency },
          add: {
            opening: before ? movement : 0,
            debit: before ? 0 : debitMinor,
            credit: before ? 0 : creditMinor,
            movement: before ? 0 : movement,
            closing: movement,
          },
        },
      ]
    })
    const place = (account: unknown) => placeOf.get(String(account)) ?? placeOf.size
    return {
      add: fold.add,
      rows: () =>
        fold
          .rows()
          .sort(
            (a, b) =>
              String(a.currency).localeCompare(String(b.currency), 'en') ||
              place(a.account) - place(b.account),
          ),
    }
  },
})

const feeAccounts: readonly Account[] = ['processing_fees', 'dispute_fees']

export const fees = report({
  code: 'fees',
  title: words('Fees', '手续费'),
  definition: words(
    'What the processor kept of payments, payouts and disputes, by the month in which it was booked.',
    '支付机构就付款、到账和争议收取的费用，按入账月份计。',
  ),
  scope: 'tenant',
  time: 'period',
  columns: [
    textColumn('month', words('Month', '月份')),
    textColumn('account', words('Account', '科目'), accountNames),
    textColumn('kind', words('Cause', '原因'), {
      processing_fee: words('Payments', '付款'),
      payout_fee: words('Account and payouts', '账户与到账'),
      dispute_movement: words('Disputes', '争议'),
    }),
    currencyColumn,
    moneyColumn('fees', words('Fees', '手续费')),
  ],
  source: 'accounts',
  ledger: { column: 'fees', accounts: feeAccounts, sign: 1 },
  fold: () =>
    tally(({ account, kind, currency, month, debitMinor, creditMinor }: AccountFact) =>
      month === null || !feeAccounts.includes(account)
        ? []
        : [{ key: { month, account, kind, currency }, add: { fees: debitMinor - creditMinor } }],
    ),
})

export const taxReport = report({
  code: 'tax',
  title: words('Tax by rate and jurisdiction', '按税率和辖区统计税额'),
  definition: words(
    'Tax of issued invoices less that of voided invoices and credit notes, on the day each was booked, by the place of the buyer. Exempt and reverse-charged amounts stand with a rate of 0.',
    '已出账账单的税额，扣除作废账单和贷记单的税额，按各自入账日和购方所在地计。免税和反向征收的金额以税率 0 列示。',
  ),
  scope: 'tenant',
  time: 'period',
  columns: [
    textColumn('country', words('Country', '国家/地区')),
    textColumn('region', words('Region', '州/省')),
    textColumn('name', words('Tax', '税种')),
    textColumn('kind', words('Kind', '类型'), {
      standard: words('Standard', '标准'),
      surcharge: words('Surcharge', '附加'),
      withheld: words('Withheld', '代扣'),
      exempt: words('Exempt', '免税'),
      reverse_charge: words('Reverse charge', '反向征收'),
    }),
    { code: 'rate', kind: 'percent', label: words('Rate', '税率') },
    currencyColumn,
    moneyColumn('taxable', words('Taxable', '计税金额')),
    moneyColumn('tax', words('Tax', '税额')),
  ],
  source: 'documents',
  ledger: { column: 'tax', accounts: ['tax_payable'], kinds: documentPostings, sign: -1 },
  fold: () =>
    tally((fact: DocumentFact) =>
      bookedTaxes(fact).map(line => ({
        key: {
          country: fact.invoice.country,
          region: fact.invoice.buyer?.address?.state ?? null,
          name: line.name ?? null,
          kind: line.kind ?? 'standard',
          rate: line.ratePpm,
          currency: fact.invoice.currency,
        },
        add: { taxable: line.taxableMinor, tax: line.taxMinor },
      })),
    ),
})

const dayMs = 86_400_000

/** Upper bounds of the ages, in days past the due date. */
const ages = [
  ['notDue', 0],
  ['days30', 30],
  ['days60', 60],
  ['days90', 90],
  ['older', Number.POSITIVE_INFINITY],
] as const

const ageColumns: readonly ReportColumn[] = [
  moneyColumn('notDue', words('Not due', '未到期')),
  moneyColumn('days30', words('1–30 days late', '逾期 1–30 天')),
  moneyColumn('days60', words('31–60 days late', '逾期 31–60 天')),
  moneyColumn('days90', words('61–90 days late', '逾期 61–90 天')),
  moneyColumn('older', words('Over 90 days late', '逾期 90 天以上')),
]

function ageOf(dueAt: Instant | null, at: Instant): string {
  const lateDays = dueAt === null || at <= dueAt ? 0 : Math.ceil((at - dueAt) / dayMs)
  return ages.find(([, daysMax]) => lateDays <= daysMax)![0]
}

export const receivablesAgeing = report({
  code: 'receivables-ageing',
  title: words('Ageing of receivables', '应收账款账龄'),
  definition: words(
    'What issued invoices still owe at the moment asked for, by days past their due date. What was given up as bad debt is left out.',
    '截至所选时点已出账账单的未收金额，按超过付款截止日的天数分段。已作坏账核销的金额不计入。',
  ),
  scope: 'tenant',
  time: 'moment',
  columns: [
    textColumn('tenantId', words('Tenant', '租户')),
    textColumn('customer', words('Customer', '客户')),
    currencyColumn,
    countColumn('invoices', words('Invoices', '账单数')),
    ...ageColumns,
    moneyColumn('owed', words('Owed', '应收合计')),
  ],
  source: 'owed',
  ledger: { column: 'owed', accounts: ['receivable'], sign: 1 },
  fold: asked => {
    const none = Object.fromEntries(ages.map(([code]) => [code, 0]))
    return tally((fact: OwedFact) => [
      {
        key: { tenantId: fact.tenantId, customer: fact.customerName, currency: fact.currency },
        add: {
          invoices: 1,
          ...none,
          [ageOf(fact.dueAt, asked.to)]: fact.owedMinor,
          owed: fact.owedMinor,
        },
      },
    ])
  },
})
