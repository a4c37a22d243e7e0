// A quote: what a new subscription or a change costs. Amounts are in major units.
import { type Static, Type } from 'typebox'
import { InvoiceLine } from './invoice.ts'
import { Amount, Currency, Nullable, Time } from './values.ts'

export const Quote = Type.Object({
  quoteId: Nullable(Type.String({ description: 'Null with `keep: false`' })),
  expiresAt: Time,
  subscriptionId: Nullable(Type.String()),
  currency: Currency,
  lineItems: Type.Array(InvoiceLine),
  subtotal: Amount,
  discount: Amount,
  tax: Amount,
  total: Amount,
  credit: Type.Number({
    description: 'Paid from the credit balance now; negative: a small debt collected with it',
  }),
  dueNow: Type.Number({ description: 'What is charged on confirmation: total less credit' }),
  creditAdded: Type.Number({ description: 'Unused time above the new costs: to the balance' }),
  creditBalance: Type.Number({ description: 'The credit balance before' }),
  takesEffect: Type.Union(
    [
      Type.Literal('now'),
      Type.Literal('when_paid'),
      Type.Literal('period_end'),
      Type.Literal('none'),
    ],
    { description: 'none: plan, cycle and quantity stay as they are' },
  ),
  effectiveAt: Nullable(Time),
  nextInvoice: Nullable(
    Type.Object(
      {
        date: Time,
        lineItems: Type.Array(InvoiceLine),
        subtotal: Amount,
        discount: Amount,
        tax: Amount,
        total: Amount,
        amountDue: Type.Number({ description: 'After what will be left of the balance' }),
      },
      { description: 'The period in advance; usage comes on top' },
    ),
  ),
})

export type QuoteWire = Static<typeof Quote>
