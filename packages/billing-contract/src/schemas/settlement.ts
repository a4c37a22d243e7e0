// Disputes and payouts as operators see them.
import { type Static, Type } from 'typebox'
import { Amount, Currency, Nullable, Time } from './values.ts'

export const Dispute = Type.Object({
  id: Type.String(),
  tenantId: Type.String(),
  customerId: Type.String(),
  transactionId: Type.String({ description: 'The payment that is disputed' }),
  invoiceId: Nullable(Type.String()),
  subscriptionId: Nullable(Type.String()),
  status: Type.String({
    description:
      'needs_response | under_review | won | lost | prevented, and warning_* for inquiries, for which no money is taken',
  }),
  reason: Type.String(),
  amount: Amount,
  currency: Currency,
  held: Type.Object({ amount: Amount, currency: Currency }, { description: 'Taken, and not back' }),
  fee: Amount,
  evidenceDueAt: Nullable(Time),
  evidenceSubmitted: Type.Boolean(),
  closedAt: Nullable(Time),
  stripeDisputeId: Type.String(),
  createdAt: Time,
})

const PayoutItem = Type.Object({
  id: Type.String(),
  type: Type.String(),
  sourceId: Nullable(Type.String()),
  net: Amount,
})

export const Payout = Type.Object({
  id: Type.String(),
  status: Type.String({ description: 'pending | in_transit | paid | failed | canceled' }),
  amount: Amount,
  fee: Amount,
  currency: Currency,
  automatic: Type.Boolean(),
  reconciliation: Type.String({
    description:
      'matched: all of it is in the books. differs: it carried movements that are none of ours. pending: not told yet. by_hand: Stripe does not tell what it carried',
  }),
  matched: Amount,
  itemCount: Type.Integer(),
  shares: Type.Array(
    Type.Object({ tenantId: Type.String(), net: Amount, fee: Amount, count: Type.Integer() }),
  ),
  unmatched: Type.Array(PayoutItem, { description: 'At most 100' }),
  failureCode: Nullable(Type.String()),
  arrivalAt: Time,
  createdAt: Time,
})

export type DisputeWire = Static<typeof Dispute>
export type PayoutWire = Static<typeof Payout>
