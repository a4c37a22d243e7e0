// A subscription as callers see it.
import { type Static, Type } from 'typebox'
import { Discount } from './coupon.ts'
import { BillingCycle, Currency, Metadata, Nullable, Time } from './values.ts'

export const PendingChange = Type.Object({
  plan: Type.String(),
  billingCycle: BillingCycle,
  quantity: Type.Integer(),
  effectiveAt: Nullable(Time),
  invoiceId: Nullable(Type.String()),
})

/** What became of the charge that this request caused. */
export const PaymentResult = Type.Object({
  status: Type.String(),
  transactionId: Nullable(Type.String()),
  declineCode: Nullable(Type.String()),
  message: Nullable(Type.String()),
  nextActionUrl: Nullable(Type.String()),
})

export const SubscriptionStatus = Type.Union(
  [
    'trialing',
    'active',
    'past_due',
    'unpaid',
    'paused',
    'incomplete',
    'incomplete_expired',
    'canceled',
  ].map(status => Type.Literal(status)),
)

/** What becomes of invoices while collecting pauses and the service runs on. */
export const CollectionPause = Type.Union([
  Type.Literal('void'),
  Type.Literal('keep_as_draft'),
  Type.Literal('mark_uncollectible'),
])

export const Subscription = Type.Object({
  id: Type.String(),
  tenantId: Type.String(),
  customerId: Type.String(),
  plan: Type.String(),
  billingCycle: BillingCycle,
  quantity: Type.Integer(),
  currency: Currency,
  status: Type.String({ description: SubscriptionStatus.anyOf.map(s => s.const).join(' | ') }),
  currentPeriodStart: Time,
  currentPeriodEnd: Time,
  trialEnd: Nullable(Time),
  cancelAtPeriodEnd: Type.Boolean(),
  pauseAtPeriodEnd: Type.Boolean(),
  collectionPause: Nullable(CollectionPause),
  graceEndsAt: Nullable(Time),
  cancelReason: Nullable(Type.String()),
  canceledAt: Nullable(Time),
  endedAt: Nullable(Time),
  pendingChange: Nullable(PendingChange),
  discounts: Type.Array(Discount),
  usage: Type.Record(
    Type.String(),
    Type.Object({
      quantity: Type.Number(),
      included: Nullable(Type.Number()),
      overage: Type.Number(),
    }),
  ),
  paymentMethodId: Nullable(Type.String()),
  billedBy: Type.Union([Type.Literal('engine'), Type.Literal('stripe')]),
  stripeSubscriptionId: Nullable(
    Type.String({ description: 'Of a mirrored subscription, once Stripe has answered' }),
  ),
  latestInvoiceId: Nullable(Type.String()),
  metadata: Metadata,
  createdAt: Time,
  updatedAt: Time,
  payment: Type.Optional(PaymentResult),
})

export type SubscriptionWire = Static<typeof Subscription>
export type PaymentResultWire = Static<typeof PaymentResult>
