// What the holder of a link to an invoice sees.
import { type Static, Type } from 'typebox'
import { Amount, Currency, Nullable, Time } from './values.ts'

export const PayLinkView = Type.Object({
  purpose: Type.String({ description: 'pay | fix' }),
  status: Type.String({ description: 'open | processing | paid | void | uncollectible' }),
  issuerName: Nullable(Type.String()),
  buyerName: Nullable(Type.String({ description: 'Whom the invoice is for' })),
  invoiceNumber: Nullable(Type.String()),
  lineItems: Type.Array(
    Type.Object({
      description: Type.String(),
      quantity: Type.Number(),
      amount: Amount,
      periodStart: Nullable(Time),
      periodEnd: Nullable(Time),
    }),
  ),
  subtotal: Amount,
  discount: Amount,
  tax: Amount,
  total: Amount,
  amountDue: Amount,
  amountPaid: Amount,
  currency: Currency,
  dueDate: Nullable(Time),
  zone: Type.String({ description: 'IANA time zone of the payer; dates are shown in it' }),
  processor: Type.String({ description: 'sandbox | stripe: where cards are given' }),
  expiresAt: Time,
  lastTry: Nullable(
    Type.Object({
      status: Type.String(),
      at: Time,
      method: Nullable(Type.Object({ brand: Nullable(Type.String()), last4: Type.String() })),
      nextActionUrl: Nullable(
        Type.String({ description: 'Where the payer confirms this try, while it waits for that' }),
      ),
      message: Nullable(Type.String({ description: 'Why it failed, in the caller’s language' })),
    }),
  ),
})

export type PayLinkViewWire = Static<typeof PayLinkView>
