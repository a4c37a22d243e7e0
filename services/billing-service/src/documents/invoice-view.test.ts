import { expect, test } from 'vitest'
import type { Invoice } from '../core/invoice.ts'
import { invoiceView } from './invoice-view.ts'
import { printInvoice } from './print-invoice.ts'

const day = (text: string): number => Date.parse(`${text}T00:00:00Z`)

const invoice: Invoice = {
  tenantId: 'tenant-1',
  id: 'inv_01',
  invoiceNumber: 'ACME-000007',
  customerId: 'cus_01',
  subscriptionId: null,
  status: 'open',
  billingReason: 'subscription_cycle',
  currency: 'EUR',
  lines: [
    {
      id: 'il_01',
      kind: 'recurring',
      description: 'Professional plan',
      descriptionZh: '专业版套餐',
      quantity: '1',
      unitAmount: '99',
      amountMinor: 9_900,
      discountMinor: 990,
      taxMinor: 1_693,
      taxRatePpm: null,
      periodStart: day('2026-11-01'),
      periodEnd: day('2026-12-01'),
      planCode: 'professional',
      metric: null,
      why: null,
    },
  ],
  subtotalMinor: 9_900,
  discountMinor: 990,
  taxMinor: 1_693,
  taxLines: [{ ratePpm: 190_000, taxableMinor: 8_910, taxMinor: 1_693 }],
  totalMinor: 10_603,
  amountPaidMinor: 5_000,
  amountCreditedMinor: 0,
  amountForgivenMinor: 0,
  amountRefundedMinor: 0,
  amountFromBalanceMinor: 0,
  collection: 'automatic',
  paymentMethodId: null,
  attemptCount: 1,
  nextAttemptAt: null,
  clock: 'live',
  renewalKey: null,
  processorId: null,
  processorUrl: null,
  arrears: null,
  finalizeAt: null,
  firstFailedAt: null,
  giveUpAt: null,
  periodStart: day('2026-11-01'),
  periodEnd: day('2026-12-01'),
  issuer: null,
  brandingId: null,
  buyer: {
    name: 'Acme SARL',
    email: 'billing@acme.example',
    address: null,
    taxIds: [{ type: 'eu_vat', value: 'FR40303265045' }],
    purchaseOrder: 'PO-7',
  },
  dueAt: day('2026-11-15'),
  issuedAt: day('2026-11-01'),
  paidAt: null,
  closedAt: null,
  planCode: 'professional',
  country: 'FR',
  metadata: {},
  createdAt: day('2026-11-01'),
  updatedAt: day('2026-11-01'),
  version: 1,
}

const party = { name: 'Harbour Software Ltd', address: null, taxIds: [], email: null }
const context = {
  language: 'en',
  zone: 'UTC',
  test: false,
  issuer: party,
  customer: { ...party, name: 'Acme after a change' },
  taxName: 'VAT',
  discounts: [{ name: 'SPRING10', ratePpm: 100_000, amountMinor: 990 }],
  payments: [{ amountMinor: 5_000, at: day('2026-11-03'), method: 'Visa 4242' }],
} as const

test('an invoice of 99.00 less 10% plus 19%, half paid, reads row by row and adds up', () => {
  const printed = printInvoice(invoiceView(invoice, context))
  expect(printed.totals.map(row => `${row.label}: ${row.value}`)).toEqual([
    'Subtotal: 99.00',
    'Discount SPRING10 (10%): −9.90',
    'VAT 19% on 89.10: 16.93',
    'Total: EUR 106.03',
    'Paid Nov 3, 2026, Visa 4242: −50.00',
    'Amount due: EUR 56.03',
  ])
  expect(printed.state).toEqual({ word: 'Partly paid', tone: 'info' })
  expect(printed.band?.amount).toBe('EUR 56.03')
  expect(printed.facts.map(fact => fact.value)).toContain('PO-7')
})

test('the buyer is the one of the day of issue, not the one of today', () => {
  const name = (one: Invoice) => invoiceView(one, context).buyer.name
  expect(name(invoice)).toBe('Acme SARL')
  expect(name({ ...invoice, buyer: null })).toBe('Acme after a change')
})

test('payments that do not add up to the record give way to its one figure', () => {
  const view = invoiceView({ ...invoice, amountPaidMinor: 6_000 }, context)
  expect(view.settlements).toEqual([{ kind: 'payment', amountMinor: 6_000, at: null, label: null }])
})

test('in Chinese the same invoice has Chinese words, figures unchanged', () => {
  const printed = printInvoice(
    invoiceView(invoice, { ...context, language: 'zh-CN', taxName: '增值税' }),
  )
  expect(printed.rows[0]?.cells[0]).toBe('专业版套餐')
  expect(printed.rows[0]?.notes).toEqual(['2026年11月1日至30日'])
  expect(printed.totals.map(row => `${row.label} ${row.value}`)).toEqual([
    '小计 99.00',
    '优惠 SPRING10（10%） −9.90',
    '增值税 19%（计税金额 89.10） 16.93',
    '账单金额 EUR 106.03',
    '已付 2026年11月3日，Visa 4242 −50.00',
    '待付金额 EUR 56.03',
  ])
  expect(printed.band?.words).toBe('请于 2026年11月15日前支付')
})

test.each([
  [{ status: 'draft', invoiceNumber: null, issuedAt: null }, 'draft', false],
  [{ status: 'paid' }, 'paid', false],
  [{ status: 'paid', amountCreditedMinor: 10_603 }, 'credited', false],
  [{ status: 'void', closedAt: day('2026-11-04') }, 'void', false],
  [{ status: 'uncollectible' }, 'uncollectible', true],
] as const)('%o is %s, and asks for money: %s', (more, state, asks) => {
  const view = invoiceView({ ...invoice, ...more }, context)
  expect(view.state).toBe(state)
  expect(printInvoice(view).band !== null).toBe(asks)
})

test('a draft has no number, says so on every page and names no amount due', () => {
  const printed = printInvoice(
    invoiceView({ ...invoice, status: 'draft', invoiceNumber: null }, context),
  )
  expect(printed.facts[0]).toEqual({ label: 'Invoice number', value: 'DRAFT' })
  expect(printed.footer.warning).toContain('not a demand')
  expect(printed.totals.at(-1)?.weight).not.toBe('due')
})

test('a test tenant cannot be paid by link and says so', () => {
  const printed = printInvoice(
    invoiceView(invoice, { ...context, test: true, payUrl: 'https://pay.example/p/1' }),
  )
  expect(printed.band?.link).toBeNull()
  expect(printed.footer.warning).toBe('TEST, not a claim')
})

test.each([
  [2_000, 'Credit applied: −20.00', 'EUR 36.03'],
  [-2_000, 'Owed from earlier invoices: 20.00', 'EUR 76.03'],
] as const)('%d of the balance is printed as "%s"', (amountFromBalanceMinor, row, due) => {
  const printed = printInvoice(invoiceView({ ...invoice, amountFromBalanceMinor }, context))
  expect(printed.totals.map(total => `${total.label}: ${total.value}`)).toContain(row)
  expect(printed.totals.at(-1)?.value).toBe(due)
})
