// An invoice and its lines as callers see them.
import { type Static, Type } from 'typebox'
import { PaymentResult } from './subscription.ts'
import { LineTax, TaxSum } from './tax.ts'
import { Amount, Currency, Metadata, Nullable, TaxBehavior, Time } from './values.ts'

export const InvoiceLine = Type.Object({
  id: Type.String(),
  kind: Type.String(),
  description: Type.String(),
  quantity: Type.Number(),
  unitAmount: Type.String({ description: 'Major unit, up to 12 decimals' }),
  amount: Amount,
  discount: Amount,
  tax: Amount,
  taxRate: Nullable(Type.Number({ description: 'Percent, all taxes together; null: no tax' })),
  taxes: Type.Array(LineTax),
  taxBehavior: TaxBehavior,
  priceWithTax: Nullable(
    Type.Number({
      description: 'Where the price contains its tax: what the line costs before discounts',
    }),
  ),
  credited: Type.Number({ description: 'Taken back by credit notes, after discounts, before tax' }),
  periodStart: Nullable(Time),
  periodEnd: Nullable(Time),
  explanation: Nullable(Type.String({ description: "Why this amount, in the caller's language" })),
})

export const Invoice = Type.Object({
  id: Type.String(),
  tenantId: Type.String(),
  invoiceNumber: Nullable(Type.String()),
  customerId: Type.String(),
  subscriptionId: Nullable(Type.String()),
  status: Type.String({ description: 'draft | open | paid | void | uncollectible' }),
  billingReason: Type.String(),
  currency: Currency,
  lineItems: Type.Array(InvoiceLine),
  subtotal: Amount,
  discount: Amount,
  tax: Type.Object({
    rate: Type.Number({ description: 'Percent, when one rate covers all lines; else 0' }),
    amount: Amount,
    lines: Type.Array(TaxSum),
  }),
  total: Amount,
  amountPaid: Amount,
  amountCredited: Amount,
  amountFromBalance: Type.Number({
    description:
      'Paid from the credit balance; negative: a small debt of earlier invoices collected with this one',
  }),
  amountDue: Amount,
  dueDate: Nullable(Time),
  issuedAt: Nullable(Time),
  paidAt: Nullable(Time),
  periodStart: Nullable(Time),
  periodEnd: Nullable(Time),
  attempts: Type.Integer(),
  nextPaymentAttempt: Nullable(Time),
  collection: Type.Union([Type.Literal('automatic'), Type.Literal('manual')]),
  billedBy: Type.Union([Type.Literal('engine'), Type.Literal('stripe')], {
    description: 'stripe: a mirrored invoice, numbered and collected by Stripe',
  }),
  stripeInvoiceId: Nullable(Type.String()),
  stripeInvoiceUrl: Nullable(Type.String({ description: 'Where it can be paid at Stripe' })),
  metadata: Metadata,
  createdAt: Time,
  payment: Type.Optional(PaymentResult),
})

export type InvoiceWire = Static<typeof Invoice>
export type InvoiceLineWire = Static<typeof InvoiceLine>
