// Credit notes and credit balances as callers see them.
import { type Static, Type } from 'typebox'
import { TaxSum } from './tax.ts'
import { Amount, Currency, Nullable, Time } from './values.ts'

/** Corrects an issued invoice; never changed. Amounts are positive. */
export const CreditNote = Type.Object({
  id: Type.String(),
  tenantId: Type.String(),
  creditNoteNumber: Type.String(),
  invoiceId: Type.String(),
  invoiceNumber: Type.String(),
  customerId: Type.String(),
  currency: Currency,
  lineItems: Type.Array(
    Type.Object({
      invoiceLineId: Type.String(),
      description: Type.String(),
      amount: Amount,
      discount: Amount,
      tax: Amount,
      taxRate: Nullable(Type.Number()),
      explanation: Nullable(
        Type.String({ description: "Why this amount, in the caller's language" }),
      ),
    }),
  ),
  subtotal: Amount,
  discount: Amount,
  tax: Type.Object({
    amount: Amount,
    lines: Type.Array(TaxSum),
  }),
  total: Amount,
  lowersInvoice: Type.Number({ description: 'Taken off what the invoice still owed' }),
  refunded: Type.Number({ description: 'Refunded to the payer' }),
  toBalance: Type.Number({ description: 'Given to the credit balance' }),
  reason: Nullable(Type.String()),
  issuedAt: Time,
  createdAt: Time,
})

/** What a customer has in credit, per currency, with the newest 100 movements of each. */
export const CreditBalance = Type.Object({
  tenantId: Type.String(),
  customerId: Type.String(),
  balances: Type.Array(
    Type.Object({
      currency: Currency,
      balance: Type.Number({
        description: 'Positive: yours, used by the next invoice; negative: carried to it',
      }),
      entries: Type.Array(
        Type.Object({
          id: Type.String(),
          kind: Type.String(),
          amount: Amount,
          reason: Nullable(Type.String()),
          invoiceId: Nullable(Type.String()),
          transactionId: Nullable(Type.String()),
          creditNoteId: Nullable(Type.String()),
          createdAt: Time,
        }),
      ),
    }),
  ),
})

export type CreditNoteWire = Static<typeof CreditNote>
export type CreditBalanceWire = Static<typeof CreditBalance>
