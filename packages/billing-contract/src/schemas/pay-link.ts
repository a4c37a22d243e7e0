// What the holder of a link to an invoice sees.
import { type Static, Type } from 'typebox'
import { Amount, Currency, Nullable, Time } from './values.ts'

export const PayLinkView = Type.Object({
  purpose: Type.String({ description: 'pay | fix' }),
  status: Type.String({ description: 'open | processing | paid | void | uncollectible' }),
  issuerName: Nullable(Type.String()),
  invoiceNumber: Nullable(Type.String()),
  amountDue: Amount,
  currency: Currency,
  dueDate: Nullable(Time),
  expiresAt: Time,
  lastTry: Nullable(
    Type.Object({
      status: Type.String(),
      at: Time,
      method: Nullable(Type.Object({ brand: Nullable(Type.String()), last4: Type.String() })),
      message: Nullable(Type.String({ description: 'Why it failed, in the caller’s language' })),
    }),
  ),
})

export type PayLinkViewWire = Static<typeof PayLinkView>
