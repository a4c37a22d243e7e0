// Example documents for tests and for trying a layout: invented parties, real shapes.
import type { CreditNoteView, InvoiceView, LineView, ReceiptView, StatementView } from './views.ts'

const day = (text: string): number => Date.parse(`${text}T00:00:00Z`)

/** One line of a monthly plan: 3 × 99.00 for November. */
export const exampleLine = (more: Partial<LineView> = {}): LineView => ({
  description: 'Professional plan, 3 seats',
  period: { start: day('2026-11-01'), end: day('2026-12-01') },
  quantity: '3',
  unitAmount: '99',
  taxRatePpm: null,
  amountMinor: 29_700,
  tiers: [],
  explanation: null,
  ...more,
})

const frame = {
  language: 'en',
  zone: 'Europe/Dublin',
  paper: 'a4',
  test: false,
  issuer: {
    name: 'Harbour Software Ltd',
    addressLines: ['12 Harbour Street', 'Dublin D02 X285', 'Ireland'],
    facts: [
      { label: 'vatNumber', value: 'IE3628739X' },
      { label: 'email', value: 'billing@harbour.example' },
    ],
  },
  buyer: {
    name: 'Brückner & Söhne GmbH',
    addressLines: ['Hafenstraße 7', '20459 Hamburg', 'Germany'],
    facts: [{ label: 'vatNumber', value: 'DE811907980' }],
  },
  logo: null,
  accent: null,
  footer: null,
  terms: null,
  currency: 'USD',
  issuedAt: day('2026-11-01'),
  notes: null,
  legal: [],
} as const

/** An open invoice over 297.00 with one line, due in two weeks. */
export const exampleInvoice = (more: Partial<InvoiceView> = {}): InvoiceView => ({
  ...frame,
  state: 'open',
  taxInvoice: false,
  number: 'HARB-000042',
  dueAt: day('2026-11-15'),
  voidedAt: null,
  replacedBy: null,
  replaces: null,
  servicePeriod: { start: day('2026-11-01'), end: day('2026-12-01') },
  purchaseOrder: null,
  lines: [exampleLine()],
  discounts: [],
  taxes: [],
  localTax: null,
  settlements: [],
  subtotalMinor: 29_700,
  totalMinor: 29_700,
  amountDueMinor: 29_700,
  payUrl: 'https://billing.harbour.example/p/7Qm2vX9',
  bankTransfer: null,
  explained: false,
  ...more,
})

/** A credit note over one unused seat. */
export const exampleCreditNote = (more: Partial<CreditNoteView> = {}): CreditNoteView => ({
  ...frame,
  number: 'HARB-CN-000003',
  state: 'open',
  original: { number: 'HARB-000042', issuedAt: day('2026-11-01') },
  reason: 'One seat was never used',
  lines: [
    exampleLine({ description: 'Professional plan, 1 seat', quantity: '1', amountMinor: 9_900 }),
  ],
  discounts: [],
  taxes: [],
  subtotalMinor: 9_900,
  totalMinor: 9_900,
  lowersInvoiceMinor: 4_900,
  refundedMinor: 5_000,
  refundedTo: 'Visa 4242',
  toBalanceMinor: 0,
  ...more,
})

/** The receipt of a card payment that settled an invoice in full. */
export const exampleReceipt = (more: Partial<ReceiptView> = {}): ReceiptView => ({
  ...frame,
  number: 'R-HARB-000042',
  paidAt: day('2026-11-03'),
  method: 'Visa 4242',
  transactionId: 'txn_01KMZ4Y8Q2S0V6X3N7T5B9C1DE',
  amountMinor: 29_700,
  refundedMinor: 0,
  invoices: [
    {
      number: 'HARB-000042',
      issuedAt: day('2026-11-01'),
      totalMinor: 29_700,
      settledMinor: 29_700,
      remainingMinor: 0,
    },
  ],
  ...more,
})

/** November of an account that owed 100.00, was charged 297.00 and paid 100.00. */
export const exampleStatement = (more: Partial<StatementView> = {}): StatementView => ({
  ...frame,
  number: null,
  issuedAt: day('2026-12-01'),
  period: { start: day('2026-11-01'), end: day('2026-12-01') },
  openingMinor: 10_000,
  movements: [
    { at: day('2026-11-01'), label: 'Invoice', document: 'HARB-000042', amountMinor: 29_700 },
    {
      at: day('2026-11-05'),
      label: 'Payment, Visa 4242',
      document: 'HARB-000041',
      amountMinor: -10_000,
    },
  ],
  closingMinor: 29_700,
  ageing: [
    { fromDays: null, toDays: null, amountMinor: 0 },
    { fromDays: 1, toDays: 30, amountMinor: 29_700 },
  ],
  ...more,
})

/** A Chinese invoice over 1,409.50 yuan with tax, open, in words as well. */
export const exampleZhInvoice = (more: Partial<InvoiceView> = {}): InvoiceView =>
  exampleInvoice({
    language: 'zh-CN',
    zone: 'Asia/Shanghai',
    currency: 'CNY',
    issuer: {
      name: '清讫软件（上海）有限公司',
      addressLines: ['中国上海市', '浦东新区世纪大道100号', '200120'],
      facts: [{ label: 'creditCode', value: '91310115MA1K00000X' }],
    },
    buyer: {
      name: '杭州西溪数据技术有限公司',
      addressLines: ['中国浙江省杭州市', '文一西路969号', '311121'],
      facts: [{ label: 'creditCode', value: '91330110MA2B00000Y' }],
    },
    lines: [
      exampleLine({
        description: '专业版套餐，3 个席位',
        quantity: '3',
        unitAmount: '443.24',
        amountMinor: 132_972,
      }),
    ],
    taxes: [
      {
        name: '增值税',
        ratePpm: 60_000,
        baseMinor: 132_972,
        amountMinor: 7_978,
        included: false,
        reason: null,
      },
    ],
    subtotalMinor: 132_972,
    totalMinor: 140_950,
    amountDueMinor: 140_950,
    legal: ['本账单为结算凭证，不是发票。如需发票，请在“发票”页申请开票。'],
    ...more,
  })
