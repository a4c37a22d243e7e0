// What the issuer's staff sees over all tenants: the objects of the interface, each with its payer's name.
import { type Static, Type } from 'typebox'
import { Invoice } from './invoice.ts'
import { Subscription } from './subscription.ts'
import { Transaction } from './transaction.ts'
import { Amount, Currency, Nullable, Time } from './values.ts'

const named = { customerName: Nullable(Type.String({ description: "The billing account's name" })) }

/** Usage and discounts are read one subscription at a time: `GET /subscriptions/:id`. */
export const IssuerSubscription = Type.Object({
  ...Type.Omit(Subscription, ['usage', 'discounts', 'payment']).properties,
  ...named,
})
export const IssuerInvoice = Type.Object({ ...Invoice.properties, ...named })
export const IssuerTransaction = Type.Object({ ...Transaction.properties, ...named })

export const IssuerTenant = Type.Object({
  tenantId: Type.String(),
  name: Nullable(Type.String()),
  email: Nullable(Type.String()),
  country: Nullable(Type.String()),
  kind: Type.String({ description: 'live | test' }),
  clockAt: Nullable(Time),
  currency: Currency,
  subscriptions: Type.Array(
    Type.Object({
      id: Type.String(),
      plan: Type.String(),
      status: Type.String(),
      currentPeriodEnd: Time,
    }),
    { description: 'Those that have not ended' },
  ),
  amountDue: Type.Array(Type.Object({ currency: Currency, amount: Amount }), {
    description: 'Open invoices, by currency',
  }),
  createdAt: Time,
})

export type IssuerSubscriptionWire = Static<typeof IssuerSubscription>
export type IssuerInvoiceWire = Static<typeof IssuerInvoice>
export type IssuerTransactionWire = Static<typeof IssuerTransaction>
export type IssuerTenantWire = Static<typeof IssuerTenant>
