// Subscriptions and their usage.
import { Type } from 'typebox'
import { route } from '../route.ts'
import { Quote } from '../schemas/quote.ts'
import { CollectionPause, Subscription } from '../schemas/subscription.ts'
import { SubscriptionUsage } from '../schemas/usage.ts'
import { BillingCycle, Currency, listOf, Metadata, Time } from '../schemas/values.ts'
import { listQuery, strict } from './list-query.ts'

const quantity = Type.Integer({ minimum: 1, maximum: 1_000_000 })
const code = Type.String({ minLength: 1, maxLength: 64 })
const methodId = Type.String({ minLength: 1, maxLength: 128 })

const UsageQuantity = Type.Union([Type.Number(), Type.String({ maxLength: 30 })], {
  description: 'Units used, up to 6 decimals; negative only from the issuer',
})

const changeFields = {
  plan: Type.Optional(code),
  billingCycle: Type.Optional(BillingCycle),
  quantity: Type.Optional(quantity),
  when: Type.Optional(Type.Union([Type.Literal('now'), Type.Literal('period_end')])),
  prorationBehavior: Type.Optional(
    Type.Union([
      Type.Literal('now'),
      Type.Literal('next_invoice'),
      Type.Literal('full_price'),
      Type.Literal('none'),
    ]),
  ),
  quoteId: Type.Optional(Type.String({ maxLength: 4000 })),
  coupon: Type.Optional(code),
  paymentMethodId: Type.Optional(methodId),
  trialEnd: Type.Optional(Time),
  metadata: Type.Optional(Metadata),
}

const newFields = {
  trialDays: Type.Optional(Type.Integer({ minimum: 0, maximum: 730 })),
  customerId: Type.Optional(Type.String({ maxLength: 64 })),
  currency: Type.Optional(Currency),
}

const quoted = ['quote_expired', 'quote_mismatch', 'quote_changed', 'quote_used'] as const

const startsPeriod = [
  'not_found',
  'subscription_ended',
  'subscription_not_active',
  'change_pending',
  'payment_method_required',
  'payment_declined',
] as const

/** A subscription that Stripe runs can do less, and Stripe may refuse what it is asked. */
const mirrored = ['not_for_mirrored', 'price_not_mapped', 'processor_refused'] as const
const redeems = [
  'unknown_coupon',
  'coupon_expired',
  'coupon_not_applicable',
  'currency_mismatch',
] as const

export const subscriptionRoutes = {
  listSubscriptions: route({
    method: 'GET',
    path: '/subscriptions',
    tag: 'Subscriptions',
    summary: 'The subscriptions of a tenant',
    permission: 'subscriptions.read',
    tenant: true,
    query: Type.Object(listQuery, strict),
    status: 200,
    reply: listOf(Subscription),
    refusals: ['invalid_cursor'],
  }),
  getSubscription: route({
    method: 'GET',
    path: '/subscriptions/:id',
    tag: 'Subscriptions',
    summary: 'One subscription with the usage of its current period',
    permission: 'subscriptions.read',
    tenant: true,
    status: 200,
    reply: Subscription,
    refusals: ['not_found'],
  }),
  createSubscription: route({
    method: 'POST',
    path: '/subscriptions',
    tag: 'Subscriptions',
    summary: 'Subscribe to a plan',
    description:
      'Without a trial and with a price the first invoice is charged at once; a decline then answers 201 with status incomplete and says why in `payment`. A method that cannot be attached is 402 and creates nothing.',
    permission: 'subscriptions.manage',
    tenant: true,
    body: Type.Object(
      {
        plan: code,
        billingCycle: Type.Optional(BillingCycle),
        paymentMethodId: Type.Optional(methodId),
        quantity: Type.Optional(quantity),
        coupon: Type.Optional(code),
        billedBy: Type.Optional(Type.Union([Type.Literal('engine'), Type.Literal('stripe')])),
        ...newFields,
        quoteId: changeFields.quoteId,
        metadata: Type.Optional(Metadata),
      },
      strict,
    ),
    status: 201,
    reply: Subscription,
    refusals: [
      ...mirrored,
      'unknown_plan',
      'plan_required',
      'currency_locked',
      'subscription_exists',
      'payment_declined',
      'payment_method_required',
      'payment_method_attached_elsewhere',
      ...redeems,
      ...quoted,
      'operator_only',
    ],
  }),
  updateSubscription: route({
    method: 'PATCH',
    path: '/subscriptions/:id',
    tag: 'Subscriptions',
    summary: 'Change plan, cycle, quantity or details',
    description:
      'Upgrades take effect when their prorated invoice is paid, downgrades at the end of the period; in a trial no money moves. A decline is 402 and keeps the old plan.',
    permission: 'subscriptions.manage',
    tenant: true,
    body: Type.Object(changeFields, { ...strict, minProperties: 1 }),
    status: 200,
    reply: Subscription,
    refusals: [
      ...mirrored,
      'not_found',
      'unknown_plan',
      'subscription_ended',
      'subscription_not_active',
      'change_pending',
      'payment_declined',
      'payment_method_required',
      ...redeems,
      ...quoted,
      'operator_only',
    ],
  }),
  previewSubscription: route({
    method: 'POST',
    path: '/subscriptions/preview',
    tag: 'Subscriptions',
    summary: 'What a new subscription or a change would cost, as a quote that is kept',
    description:
      'With `subscriptionId` a change, else a new subscription. Moves no money. For 15 minutes POST /subscriptions or PATCH /subscriptions/:id with `quoteId` charges exactly `dueNow`, or is refused: `quote_changed` names what changed.',
    permission: 'subscriptions.manage',
    tenant: true,
    body: Type.Object(
      {
        plan: changeFields.plan,
        billingCycle: changeFields.billingCycle,
        quantity: changeFields.quantity,
        when: changeFields.when,
        prorationBehavior: changeFields.prorationBehavior,
        coupon: changeFields.coupon,
        trialEnd: changeFields.trialEnd,
        ...newFields,
        subscriptionId: Type.Optional(Type.String({ maxLength: 64 })),
        keep: Type.Optional(
          Type.Boolean({
            description: 'false: only looked at; nothing is kept, `quoteId` is null',
          }),
        ),
        paymentMethodId: changeFields.paymentMethodId,
        metadata: changeFields.metadata,
      },
      strict,
    ),
    status: 200,
    reply: Quote,
    refusals: [
      ...mirrored,
      'not_found',
      'unknown_plan',
      'plan_required',
      'currency_locked',
      'subscription_exists',
      'subscription_ended',
      'subscription_not_active',
      'change_pending',
      ...redeems,
      'operator_only',
    ],
  }),
  cancelSubscription: route({
    method: 'POST',
    path: '/subscriptions/:id/cancel',
    tag: 'Subscriptions',
    summary: 'End it at the end of the paid period, or now',
    description:
      'An end now bills what was used since the last invoice. With `credit` the unused time of what was charged goes to the balance, with `refund` (issuer) back to the payer: paid less used, as credit notes. Of a period whose invoice is still a draft only the used time is charged.',
    permission: 'subscriptions.manage',
    tenant: true,
    body: Type.Object(
      {
        when: Type.Optional(Type.Union([Type.Literal('period_end'), Type.Literal('now')])),
        refund: Type.Optional(
          Type.Union([Type.Literal('none'), Type.Literal('credit'), Type.Literal('refund')]),
        ),
        reason: Type.Optional(Type.String({ maxLength: 500 })),
      },
      strict,
    ),
    status: 200,
    reply: Subscription,
    refusals: [...mirrored, 'not_found', 'subscription_ended', 'operator_only'],
  }),
  reactivateSubscription: route({
    method: 'POST',
    path: '/subscriptions/:id/reactivate',
    tag: 'Subscriptions',
    summary: 'Take back a scheduled end',
    permission: 'subscriptions.manage',
    tenant: true,
    status: 200,
    reply: Subscription,
    refusals: [...mirrored, 'not_found', 'subscription_ended'],
  }),
  pauseSubscription: route({
    method: 'POST',
    path: '/subscriptions/:id/pause',
    tag: 'Subscriptions',
    summary: 'Stop service and invoices at the end of the paid period',
    description:
      'With `collection` (issuer) the service runs on and invoices are voided, kept as drafts or given up as they come, until it is resumed.',
    permission: 'subscriptions.manage',
    tenant: true,
    body: Type.Object({ collection: Type.Optional(CollectionPause) }, strict),
    status: 200,
    reply: Subscription,
    refusals: [
      ...mirrored,
      'not_found',
      'subscription_ended',
      'subscription_not_active',
      'operator_only',
    ],
  }),
  resumeSubscription: route({
    method: 'POST',
    path: '/subscriptions/:id/resume',
    tag: 'Subscriptions',
    summary: 'Take a pause back, or start a new period now',
    description:
      'A paused subscription starts a new period when its invoice is paid; a decline is 402 and it stays paused.',
    permission: 'subscriptions.manage',
    tenant: true,
    body: Type.Object({}, strict),
    status: 200,
    reply: Subscription,
    refusals: [...mirrored, ...startsPeriod, 'operator_only'],
  }),
  endTrial: route({
    method: 'POST',
    path: '/subscriptions/:id/end-trial',
    tag: 'Subscriptions',
    summary: 'End the trial now and charge the first period',
    description: 'In force when paid; a decline is 402 and the trial goes on.',
    permission: 'subscriptions.manage',
    tenant: true,
    body: Type.Object({}, strict),
    status: 200,
    reply: Subscription,
    refusals: [...mirrored, ...startsPeriod],
  }),
  recordUsage: route({
    method: 'POST',
    path: '/subscriptions/:id/usage',
    tag: 'Usage',
    summary: 'Record usage of one metric',
    description:
      'The same idempotency key counts once: for at least 35 days, over the end of a month too. Send a key again ' +
      'only to repeat its event.',
    permission: 'usage.record',
    tenant: true,
    body: Type.Object(
      {
        metric: code,
        quantity: UsageQuantity,
        timestamp: Type.Optional(Time),
        idempotencyKey: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
        corrects: Type.Optional(
          Type.String({
            minLength: 1,
            maxLength: 255,
            description: 'Key of an earlier event: its quantity becomes this one',
          }),
        ),
      },
      strict,
    ),
    status: 202,
    reply: Type.Object({
      accepted: Type.Boolean(),
      duplicate: Type.Boolean(),
      metric: Type.String(),
      total: Type.Number(),
    }),
    refusals: [
      'not_found',
      'unknown_metric',
      'invalid_timestamp',
      'subscription_ended',
      'subscription_not_active',
      'usage_closed',
      'quota_exceeded',
      'operator_only',
    ],
  }),
  getUsage: route({
    method: 'GET',
    path: '/subscriptions/:id/usage',
    tag: 'Usage',
    summary: 'Usage of the current period: included, overage, and its price so far',
    permission: 'usage.read',
    tenant: true,
    status: 200,
    reply: SubscriptionUsage,
    refusals: ['not_found'],
  }),
  recordUsageBatch: route({
    method: 'POST',
    path: '/usage/batch',
    tag: 'Usage',
    summary: 'Record up to 1,000 usage events',
    description:
      'A platform-wide service token names the tenant in each event; other tokens leave it out. The same ' +
      'idempotency key counts once: for at least 35 days, over the end of a month too. Keys in the order of time ' +
      '(a UUID of version 7) are the fastest to take in.',
    permission: 'usage.record',
    tenant: false,
    body: Type.Object(
      {
        events: Type.Array(
          Type.Object(
            {
              tenantId: Type.Optional(Type.String({ minLength: 1, maxLength: 128 })),
              subscriptionId: Type.String({ maxLength: 64 }),
              metric: code,
              quantity: UsageQuantity,
              timestamp: Type.Optional(Time),
              idempotencyKey: Type.String({ minLength: 1, maxLength: 255 }),
            },
            strict,
          ),
          { minItems: 1, maxItems: 1000 },
        ),
      },
      strict,
    ),
    status: 202,
    reply: Type.Object({
      accepted: Type.Integer(),
      duplicates: Type.Integer(),
      rejected: Type.Array(Type.Object({ index: Type.Integer(), code: Type.String() })),
    }),
    refusals: ['tenant_required'],
  }),
} as const
