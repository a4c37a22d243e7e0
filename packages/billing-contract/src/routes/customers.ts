// Billing accounts and a tenant's settings.
import { Type } from 'typebox'
import { route } from '../route.ts'
import {
  Customer,
  Settings,
  TaxInclusiveRounding,
  TaxRounding,
  TaxRoundingLevel,
} from '../schemas/customer.ts'
import { type MailKindWire, NotificationChoice, notificationKinds } from '../schemas/mail.ts'
import {
  AddressInput,
  AmountInput,
  Currency,
  listOf,
  Metadata,
  Nullable,
} from '../schemas/values.ts'
import { listQuery, strict } from './list-query.ts'

const NullableChoice = Nullable(NotificationChoice)
const language = Type.Union([Type.Literal('en'), Type.Literal('zh-CN')])
const email = Type.String({ maxLength: 320, pattern: '^[^@\\s]+@[^@\\s]+$' })

const behavior = Type.Union([
  Type.Literal('now'),
  Type.Literal('next_invoice'),
  Type.Literal('period_end'),
  Type.Literal('full_price'),
  Type.Literal('none'),
])

export const customerRoutes = {
  listCustomers: route({
    method: 'GET',
    path: '/customers',
    tag: 'Customers',
    summary: 'The billing accounts of a tenant',
    permission: 'customers.read',
    tenant: true,
    query: Type.Object(listQuery, strict),
    status: 200,
    reply: listOf(Customer),
    refusals: ['invalid_cursor'],
  }),
  getCustomer: route({
    method: 'GET',
    path: '/customers/:id',
    tag: 'Customers',
    summary: 'One billing account',
    permission: 'customers.read',
    tenant: true,
    status: 200,
    reply: Customer,
    refusals: ['not_found'],
  }),
  updateCustomer: route({
    method: 'PATCH',
    path: '/customers/:id',
    tag: 'Customers',
    summary: 'Change name, address, tax ids or recipients',
    permission: 'customers.manage',
    tenant: true,
    body: Type.Object(
      {
        name: Type.Optional(Nullable(Type.String({ maxLength: 200 }))),
        email: Type.Optional(Nullable(email)),
        invoiceEmails: Type.Optional(Type.Array(email, { maxItems: 10 })),
        phone: Type.Optional(Nullable(Type.String({ maxLength: 40 }))),
        address: Type.Optional(Nullable(AddressInput)),
        taxIds: Type.Optional(
          Type.Array(
            Type.Object(
              {
                type: Type.String({ minLength: 1, maxLength: 40 }),
                value: Type.String({ minLength: 1, maxLength: 60 }),
              },
              strict,
            ),
            { maxItems: 5 },
          ),
        ),
        purchaseOrder: Type.Optional(Nullable(Type.String({ maxLength: 100 }))),
        language: Type.Optional(Nullable(language)),
        zone: Type.Optional(Nullable(Type.String({ maxLength: 60 }))),
        metadata: Type.Optional(Metadata),
      },
      { ...strict, minProperties: 1 },
    ),
    status: 200,
    reply: Customer,
    refusals: ['not_found'],
  }),
  getSettings: route({
    method: 'GET',
    path: '/settings',
    tag: 'Settings',
    summary: "The tenant's settings in force",
    permission: 'settings.read',
    tenant: true,
    status: 200,
    reply: Settings,
    refusals: [],
  }),
  updateSettings: route({
    method: 'PATCH',
    path: '/settings',
    tag: 'Settings',
    summary: "Change the tenant's settings",
    description: 'Billing policy (tax, trial, grace, dunning, terms, currency) is the issuer’s.',
    permission: 'settings.manage',
    tenant: true,
    body: Type.Object(
      {
        currency: Type.Optional(Currency),
        taxRate: Type.Optional(Type.Number({ minimum: 0, maximum: 100 })),
        taxExempt: Type.Optional(Type.Boolean()),
        taxRoundingLevel: Type.Optional(TaxRoundingLevel),
        taxRounding: Type.Optional(TaxRounding),
        taxInclusiveRounding: Type.Optional(TaxInclusiveRounding),
        trialDays: Type.Optional(Type.Integer({ minimum: 0, maximum: 730 })),
        gracePeriodDays: Type.Optional(Type.Integer({ minimum: 0, maximum: 90 })),
        dunningAttempts: Type.Optional(Type.Integer({ minimum: 0, maximum: 8 })),
        dunningIntervalDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 30 })),
        dunningDays: Type.Optional(
          Nullable(
            Type.Array(Type.Integer({ minimum: 1, maximum: 60 }), {
              maxItems: 8,
              uniqueItems: true,
              description: 'Days after the first failure; overrides attempts and interval',
            }),
          ),
        ),
        dunningFinalAction: Type.Optional(
          Type.Union([Type.Literal('unpaid'), Type.Literal('cancel')]),
        ),
        disputeAction: Type.Optional(
          Type.Union([
            Type.Literal('cancel_when_lost'),
            Type.Literal('cancel_at_once'),
            Type.Literal('keep'),
          ]),
        ),
        trialEndBehavior: Type.Optional(
          Type.Union([
            Type.Literal('pause'),
            Type.Literal('cancel'),
            Type.Literal('create_invoice'),
          ]),
        ),
        trialNeedsMethod: Type.Optional(Type.Boolean()),
        lateUsage: Type.Optional(
          Type.Union([Type.Literal('next_invoice'), Type.Literal('reject')]),
        ),
        upgradeBehavior: Type.Optional(behavior),
        downgradeBehavior: Type.Optional(behavior),
        cycleChangeBehavior: Type.Optional(
          Type.Union([Type.Literal('now'), Type.Literal('period_end')]),
        ),
        prorationUnit: Type.Optional(Type.Union([Type.Literal('second'), Type.Literal('day')])),
        draftHours: Type.Optional(Type.Integer({ minimum: 0, maximum: 240 })),
        usageDraftHours: Type.Optional(Type.Integer({ minimum: 0, maximum: 240 })),
        reminderDays: Type.Optional(Type.Integer({ minimum: 0, maximum: 30 })),
        paymentTermDays: Type.Optional(Type.Integer({ minimum: 0, maximum: 180 })),
        backupMethods: Type.Optional(Type.Boolean()),
        bankDebitAccess: Type.Optional(
          Type.Union(
            [Type.Literal('on_submit'), Type.Literal('on_clearing'), Type.Literal('up_to_limit')],
            { description: 'When a bank debit grants what it pays for' },
          ),
        ),
        bankDebitLimit: Type.Optional(AmountInput),
        zone: Type.Optional(Type.String({ maxLength: 60 })),
        language: Type.Optional(language),
        notifications: Type.Optional(
          Type.Object(
            Object.fromEntries(
              notificationKinds.map(kind => [kind, Type.Optional(NullableChoice)]),
            ) as Record<MailKindWire, Type.TOptional<typeof NullableChoice>>,
            { ...strict, minProperties: 1, description: 'By kind; null takes the usual' },
          ),
        ),
      },
      { ...strict, minProperties: 1 },
    ),
    status: 200,
    reply: Settings,
    refusals: [
      'operator_only',
      'unknown_currency',
      'currency_locked',
      'invalid_amount',
      'amount_too_large',
    ],
  }),
} as const
