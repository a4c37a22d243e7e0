// What waits for a second person.
import { type Static, Type } from 'typebox'
import { Amount, Currency, Nullable, Time } from './values.ts'

export const ApprovalStatus = Type.Union([
  Type.Literal('waiting'),
  Type.Literal('approved'),
  Type.Literal('declined'),
  Type.Literal('expired'),
])

export const Approval = Type.Object({
  id: Type.String({
    description: 'Begins with `apr_`, which tells it from what would have been made',
  }),
  tenantId: Type.String(),
  kind: Type.Union([
    Type.Literal('refund'),
    Type.Literal('credit'),
    Type.Literal('credit_note'),
    Type.Literal('write_off'),
  ]),
  status: ApprovalStatus,
  objectId: Type.String({ description: 'The payment, the customer or the invoice it is about' }),
  customerId: Type.String(),
  amount: Amount,
  currency: Currency,
  reason: Nullable(Type.String()),
  requestedBy: Type.String({ description: 'Subject of the token that asked' }),
  decidedBy: Nullable(Type.String()),
  decisionReason: Nullable(Type.String()),
  decidedAt: Nullable(Time),
  resultId: Nullable(
    Type.String({ description: 'The transaction or credit note made, or the invoice given up' }),
  ),
  refusal: Nullable(
    Type.String({ description: 'Code of the refusal that the last try to carry it out met' }),
  ),
  expiresAt: Time,
  createdAt: Time,
})

export type ApprovalWire = Static<typeof Approval>
