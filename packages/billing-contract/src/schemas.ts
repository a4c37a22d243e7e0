// The objects of the interface: fields that callers can rely on. Money is in major units, times are
// ISO-8601, rates are percent.
import { type Static, Type } from 'typebox'

const Nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) =>
  Type.Union([schema, Type.Null()])

const text = (maxLength = 500) => Type.String({ maxLength })
const id = (description: string) => Type.String({ description, maxLength: 64 })

/** A JSON number in the currency's major unit, exact to its decimals. */
export const Amount = Type.Number({ description: 'Major unit of the currency, e.g. 19.99' })
/** On input a plain decimal string does as well. */
export const AmountInput = Type.Union([Type.Number(), Type.String({ maxLength: 20 })], {
  description: 'Major unit of the currency, as a number or a plain decimal string, e.g. 19.99',
})
export const Currency = Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217, upper case' })
export const Time = Type.String({ format: 'date-time', description: 'ISO-8601, UTC' })
export const Metadata = Type.Record(
  Type.String({ maxLength: 40 }),
  Type.String({ maxLength: 500 }),
  { maxProperties: 50, description: 'Your own keys: at most 50' },
)
export const BillingCycle = Type.Union([Type.Literal('monthly'), Type.Literal('yearly')])

export const Address = Type.Object({
  line1: Nullable(text(200)),
  line2: Nullable(text(200)),
  city: Nullable(text(100)),
  state: Nullable(text(100)),
  postalCode: Nullable(text(20)),
  country: Nullable(Type.String({ pattern: '^[A-Z]{2}$', description: 'ISO 3166-1 alpha-2' })),
})

const partial = <P extends Record<string, Parameters<typeof Type.Union>[0][number]>>(
  properties: P,
) => Type.Partial(Type.Object(properties), { additionalProperties: false })

export const AddressInput = partial(Address.properties)

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
  graceEndsAt: Nullable(Time),
  cancelReason: Nullable(Type.String()),
  canceledAt: Nullable(Time),
  endedAt: Nullable(Time),
  pendingChange: Nullable(PendingChange),
  discounts: Type.Array(Type.Object({ coupon: Type.String(), attachedAt: Time })),
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
  latestInvoiceId: Nullable(Type.String()),
  metadata: Metadata,
  createdAt: Time,
  updatedAt: Time,
  payment: Type.Optional(PaymentResult),
})

export const InvoiceLine = Type.Object({
  id: Type.String(),
  kind: Type.String(),
  description: Type.String(),
  quantity: Type.Number(),
  unitAmount: Type.String({ description: 'Major unit, up to 12 decimals' }),
  amount: Amount,
  discount: Amount,
  tax: Amount,
  taxRate: Nullable(Type.Number({ description: 'Percent; null: no tax' })),
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
    lines: Type.Array(Type.Object({ rate: Type.Number(), taxable: Amount, amount: Amount })),
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
  metadata: Metadata,
  createdAt: Time,
  payment: Type.Optional(PaymentResult),
})

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
    }),
  ),
  subtotal: Amount,
  discount: Amount,
  tax: Type.Object({
    amount: Amount,
    lines: Type.Array(Type.Object({ rate: Type.Number(), taxable: Amount, amount: Amount })),
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

export const PaymentMethod = Type.Object({
  id: Type.String(),
  tenantId: Type.String(),
  customerId: Type.String(),
  type: Type.String(),
  card: Nullable(
    Type.Object({
      brand: Type.String(),
      last4: Type.String(),
      expMonth: Type.Integer(),
      expYear: Type.Integer(),
      funding: Nullable(Type.String()),
      country: Nullable(Type.String()),
    }),
  ),
  bankAccount: Nullable(
    Type.Object({
      bankName: Nullable(Type.String()),
      last4: Type.String(),
      accountType: Nullable(Type.String()),
    }),
  ),
  billingDetails: Type.Object({
    name: Nullable(Type.String()),
    email: Nullable(Type.String()),
    phone: Nullable(Type.String()),
    address: Nullable(Address),
  }),
  isDefault: Type.Boolean(),
  status: Type.String({
    description: 'active | pending_verification | verification_failed | expired | detached',
  }),
  stripePaymentMethodId: Nullable(Type.String()),
  createdAt: Time,
})

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
  reason: Nullable(Type.String()),
  failureCode: Nullable(Type.String()),
  declineCode: Nullable(Type.String()),
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

export const Customer = Type.Object({
  id: Type.String(),
  tenantId: Type.String(),
  name: Nullable(Type.String()),
  email: Nullable(Type.String()),
  invoiceEmails: Type.Array(Type.String()),
  phone: Nullable(Type.String()),
  address: Nullable(Address),
  taxIds: Type.Array(Type.Object({ type: Type.String(), value: Type.String() })),
  taxExempt: Type.Boolean(),
  purchaseOrder: Nullable(Type.String()),
  language: Nullable(Type.String()),
  zone: Nullable(Type.String()),
  isDefault: Type.Boolean(),
  defaultPaymentMethodId: Nullable(Type.String()),
  metadata: Metadata,
  createdAt: Time,
  updatedAt: Time,
})

export const Settings = Type.Object({
  tenantId: Type.String(),
  currency: Currency,
  taxRate: Type.Number({ description: 'Percent' }),
  trialDays: Type.Integer(),
  gracePeriodDays: Type.Integer(),
  dunningAttempts: Type.Integer(),
  dunningIntervalDays: Type.Integer(),
  dunningDays: Nullable(Type.Array(Type.Integer())),
  dunningFinalAction: Type.String({ description: 'unpaid | cancel' }),
  trialEndBehavior: Type.String({ description: 'pause | cancel | create_invoice' }),
  draftHours: Type.Integer(),
  usageDraftHours: Type.Integer(),
  reminderDays: Type.Integer(),
  paymentTermDays: Type.Integer(),
  zone: Type.String(),
  language: Type.String(),
})

export const TestClock = Type.Object({
  kind: Type.String({ description: 'live | test' }),
  now: Time,
})

/** What happened while a test clock moved. */
export const Timeline = Type.Object({
  kind: Type.String(),
  now: Time,
  complete: Type.Boolean(),
  timeline: Type.Array(
    Type.Object({
      at: Time,
      type: Type.String({ description: 'Such as invoice.issued or subscription.past_due' }),
      objectId: Type.String(),
      data: Type.Record(Type.String(), Type.Unknown()),
    }),
  ),
})

export const SubscriptionUsage = Type.Object({
  subscriptionId: Type.String(),
  periodStart: Time,
  periodEnd: Time,
  currency: Currency,
  metrics: Type.Record(
    Type.String(),
    Type.Object({
      quantity: Type.Number(),
      included: Nullable(Type.Number()),
      overage: Type.Number(),
      model: Nullable(Type.String({ description: 'Price model of the overage' })),
      unitAmount: Nullable(Type.Number({ description: 'Null where units differ in price' })),
      amount: Amount,
      days: Type.Array(Type.Object({ day: Type.String(), quantity: Type.Number() })),
    }),
  ),
  amount: Amount,
})

export const UsageEvent = Type.Object({
  idempotencyKey: Type.String(),
  subscriptionId: Type.String(),
  metric: Type.String(),
  quantity: Type.Number({ description: 'What it added to the total; a correction may take off' }),
  corrects: Nullable(Type.String({ description: 'Key of the event that it puts right' })),
  timestamp: Time,
  periodStart: Time,
  late: Type.Boolean({ description: 'It came after its period was billed' }),
  recordedAt: Time,
})

export const DomainEvent = Type.Object({
  id: Type.String(),
  tenantId: Type.String(),
  type: Type.String({ description: '`<noun>.<what happened>`, such as `invoice.paid`' }),
  objectId: Type.String(),
  data: Type.Record(Type.String(), Type.Unknown()),
  occurredAt: Time,
  recordedAt: Time,
})

export const AuditLine = Type.Object({
  id: Type.String(),
  tenantId: Type.String(),
  actor: Type.String({ description: 'Subject of the token; `job:<name>` for our own work' }),
  role: Type.String(),
  action: Type.String(),
  objectId: Type.String(),
  changes: Type.Record(Type.String(), Type.Unknown()),
  requestId: Type.String(),
  recordedAt: Time,
})

export const SetupIntent = Type.Object({
  id: Type.String(),
  clientSecret: Type.String(),
  publishableKey: Nullable(Type.String()),
  processor: Type.String({ description: 'sandbox | stripe' }),
})

export const Problem = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    code: Type.String(),
    requestId: Type.String(),
    errors: Type.Optional(Type.Array(Type.Object({ path: Type.String(), message: Type.String() }))),
    declineCode: Type.Optional(Nullable(Type.String())),
    advice: Type.Optional(Nullable(Type.String())),
  },
  { additionalProperties: true },
)

/** A page of a list, newest first. */
export const listOf = <T extends Parameters<typeof Type.Array>[0]>(item: T) =>
  Type.Object({
    data: Type.Array(item),
    hasMore: Type.Boolean(),
    nextCursor: Nullable(Type.String()),
  })

export { id, Nullable, partial, text }

export type SubscriptionWire = Static<typeof Subscription>
export type InvoiceWire = Static<typeof Invoice>
export type InvoiceLineWire = Static<typeof InvoiceLine>
export type PaymentMethodWire = Static<typeof PaymentMethod>
export type PaymentResultWire = Static<typeof PaymentResult>
export type TransactionWire = Static<typeof Transaction>
export type SummaryWire = Static<typeof Summary>
export type CustomerWire = Static<typeof Customer>
export type SettingsWire = Static<typeof Settings>
export type SubscriptionUsageWire = Static<typeof SubscriptionUsage>
export type DomainEventWire = Static<typeof DomainEvent>
export type AuditLineWire = Static<typeof AuditLine>
export type UsageEventWire = Static<typeof UsageEvent>
export type CreditNoteWire = Static<typeof CreditNote>
export type CreditBalanceWire = Static<typeof CreditBalance>
export type TestClockWire = Static<typeof TestClock>
export type TimelineWire = Static<typeof Timeline>
export type SetupIntentWire = Static<typeof SetupIntent>
export type AddressWire = Static<typeof Address>
export type ProblemWire = Static<typeof Problem>
