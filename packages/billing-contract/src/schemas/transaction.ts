// A transaction, and summaries of a period.
import { type Static, Type } from 'typebox'
import { Amount, Currency, Nullable, Time } from './values.ts'

export const Transaction = Type.Object({
  id: Type.String(),
  transactionId: Type.String(),
  tenantId: Type.String(),
  customerId: Type.String(),
  type: Type.String({ description: 'payment | refund | adjustment | fee' }),
  status: Type.String({
    description: 'pending | processing | requires_action | succeeded | failed | canceled',
  }),
  amount: Amount,
  currency: Currency,
  fee: Nullable(Amount),
  net: Nullable(Amount),
  invoiceId: Nullable(Type.String()),
  paymentMethodId: Nullable(Type.String()),
  relatedTransactionId: Nullable(Type.String()),
  creditNoteId: Nullable(Type.String()),
  amountRefunded: Amount,
  amountRefundable: Type.Number({
    description:
      'What of a payment can still be refunded; 0 of anything else, and while it is disputed',
  }),
  reason: Nullable(Type.String()),
  failureCode: Nullable(Type.String()),
  declineCode: Nullable(Type.String()),
  methodType: Nullable(
    Type.String({ description: 'card, bank_account ...; bank_transfer, cheque, cash, other' }),
  ),
  reference: Nullable(Type.String({ description: 'Of a payment recorded by hand' })),
  processor: Type.String(),
  requestLogUrl: Nullable(
    Type.String({ description: 'The processor’s log of the try; for the issuer alone' }),
  ),
  processedAt: Nullable(Time),
  createdAt: Time,
})

const counts = Type.Object({
  payments: Type.Integer(),
  refunds: Type.Integer(),
  adjustments: Type.Integer(),
  fees: Type.Integer(),
})

export const Summary = Type.Object({
  period: Type.String(),
  from: Time,
  to: Time,
  zone: Type.String(),
  currencies: Type.Array(
    Type.Object({
      currency: Currency,
      payments: Amount,
      refunds: Amount,
      adjustments: Amount,
      fees: Amount,
      net: Amount,
      counts,
    }),
  ),
})

export type TransactionWire = Static<typeof Transaction>
export type SummaryWire = Static<typeof Summary>
