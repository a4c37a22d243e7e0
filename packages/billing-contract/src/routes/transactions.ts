// Transactions: lists, refunds, sums and exports.
import { Type } from 'typebox'
import { route } from '../route.ts'
import { Summary, Transaction } from '../schemas/transaction.ts'
import { AmountInput, listOf } from '../schemas/values.ts'
import { listQuery, strict } from './list-query.ts'

const filters = {
  ...listQuery,
  type: Type.Optional(
    Type.Union([
      Type.Literal('payment'),
      Type.Literal('refund'),
      Type.Literal('adjustment'),
      Type.Literal('fee'),
    ]),
  ),
  invoiceId: Type.Optional(Type.String({ maxLength: 64 })),
}

export const transactionRoutes = {
  listTransactions: route({
    method: 'GET',
    path: '/transactions',
    tag: 'Transactions',
    summary: 'Payments, refunds, adjustments and fees',
    permission: 'transactions.read',
    tenant: true,
    query: Type.Object(filters, strict),
    status: 200,
    reply: listOf(Transaction),
    refusals: ['invalid_cursor'],
  }),
  getTransaction: route({
    method: 'GET',
    path: '/transactions/:id',
    tag: 'Transactions',
    summary: 'One transaction',
    permission: 'transactions.read',
    tenant: true,
    status: 200,
    reply: Transaction,
    refusals: ['not_found'],
  }),
  getReceiptPdf: route({
    method: 'GET',
    path: '/transactions/:id/receipt',
    tag: 'Transactions',
    summary: 'The receipt of a payment as PDF',
    permission: 'transactions.read',
    tenant: true,
    query: Type.Object(
      { lang: Type.Optional(Type.Union([Type.Literal('en'), Type.Literal('zh-CN')])) },
      strict,
    ),
    status: 200,
    reply: null,
    media: 'application/pdf',
    refusals: ['not_found'],
  }),
  createRefund: route({
    method: 'POST',
    path: '/transactions/:id/refund',
    tag: 'Transactions',
    summary: 'Refund a payment, wholly or in part',
    permission: 'transactions.refund',
    tenant: true,
    body: Type.Object(
      {
        amount: Type.Optional(AmountInput),
        reason: Type.Optional(Type.String({ maxLength: 500 })),
      },
      strict,
    ),
    status: 201,
    reply: Transaction,
    mayWait: true,
    refusals: [
      'not_found',
      'refund_exceeds_payment',
      'transaction_not_refundable',
      'payment_disputed',
      'invalid_amount',
    ],
  }),
  reversePayment: route({
    method: 'POST',
    path: '/transactions/:id/reverse',
    tag: 'Transactions',
    summary: 'Take a recorded payment back: a cheque that bounced, a booking that was wrong',
    permission: 'invoices.manage',
    tenant: true,
    body: Type.Object({ reason: Type.Optional(Type.String({ maxLength: 500 })) }, strict),
    status: 200,
    reply: Transaction,
    refusals: ['not_found', 'transaction_not_reversible', 'payment_in_progress'],
  }),
  getSummary: route({
    method: 'GET',
    path: '/transactions/summary/:period',
    tag: 'Transactions',
    summary: 'Sums of a period, by currency',
    permission: 'transactions.read',
    tenant: true,
    status: 200,
    reply: Summary,
    refusals: ['invalid_period'],
  }),
} as const
