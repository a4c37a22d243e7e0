import { expect, test } from 'vitest'
import type { Transaction } from '../core/payment.ts'
import { onPaper, printCell } from './print-table.ts'
import { openTotals } from './table-totals.ts'
import { transactionsTable } from './transactions-table.ts'

const payment: Transaction = {
  tenantId: 'tenant-1',
  id: 'txn_01',
  customerId: 'cus_01',
  type: 'payment',
  status: 'succeeded',
  currency: 'USD',
  amountMinor: 29_700,
  feeMinor: 891,
  netMinor: 28_809,
  settlementCurrency: 'USD',
  invoiceId: 'inv_01',
  subscriptionId: null,
  creditNoteId: null,
  paymentMethodId: null,
  relatedTransactionId: null,
  amountRefundedMinor: 0,
  amountRefundPendingMinor: 0,
  amountDisputedMinor: 0,
  reason: null,
  failureCode: null,
  declineCode: null,
  adviceCode: null,
  failureMessage: null,
  requestLogUrl: null,
  processor: 'stripe',
  processorId: null,
  processorChargeId: null,
  nextActionUrl: null,
  planCode: null,
  country: null,
  methodType: 'card',
  methodBrand: 'visa',
  methodLast4: '4242',
  fingerprint: null,
  offSession: false,
  accessGrantedAt: null,
  reference: null,
  checkoutId: null,
  checkAt: null,
  processedAt: Date.parse('2026-11-03T09:15:00Z'),
  createdAt: Date.parse('2026-11-03T09:14:00Z'),
  updatedAt: Date.parse('2026-11-03T09:15:00Z'),
  requestKey: null,
  recordedAt: Date.parse('2026-11-03T09:14:00Z'),
  version: 1,
}

const context = {
  language: 'en',
  zone: 'UTC',
  filters: null,
  issuerName: 'Harbour Software Ltd',
  generatedAt: 0,
  invoiceNumber: () => 'HARB-000042',
} as const

const cellsOf = (row: Transaction, language: 'en' | 'zh-CN') => {
  const table = onPaper(transactionsTable({ ...context, language }))
  return table.columns.map(column => printCell(table, column, row))
}

test('a card payment of 297.00 reads in both languages', () => {
  expect(cellsOf(payment, 'en')).toEqual([
    '2026-11-03 09:15',
    'Payment',
    'Succeeded',
    'Visa 4242',
    'HARB-000042',
    'USD 297.00',
    'USD 8.91',
    'USD 288.09',
    'txn_01',
  ])
  expect(cellsOf(payment, 'zh-CN').slice(1, 4)).toEqual(['支付', '成功', 'Visa 尾号 4242'])
})

test('a refund of 50.00 is −50.00; a fee that is not known yet is a dash, not 0', () => {
  const cells = cellsOf(
    { ...payment, type: 'refund', amountMinor: 5_000, feeMinor: null, netMinor: null },
    'en',
  )
  expect(cells.slice(5, 8)).toEqual(['USD −50.00', '—', '—'])
})

test('sums count what succeeded: 297.00 less 50.00, a failed 99.00 left out, yen apart', () => {
  const table = transactionsTable(context)
  const totals = openTotals(table)
  totals.add(payment)
  totals.add({ ...payment, type: 'refund', amountMinor: 5_000 })
  totals.add({ ...payment, status: 'failed', amountMinor: 9_900 })
  totals.add({ ...payment, currency: 'JPY', amountMinor: 1_200, settlementCurrency: null })
  const amount = table.columns.findIndex(column => column.label === 'Amount')
  expect(totals.sums().map(sum => [sum.currency, sum.byColumn.get(amount)])).toEqual([
    ['JPY', 1_200],
    ['USD', 24_700],
  ])
})
