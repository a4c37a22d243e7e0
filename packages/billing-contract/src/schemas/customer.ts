// A billing account, and a tenant's settings.
import { type Static, Type } from 'typebox'
import { Notification } from './mail.ts'
import { Address, Currency, Metadata, Nullable, Time } from './values.ts'

/** That a VAT id was confirmed: the basis of a reverse charge. */
export const TaxProof = Type.Object({
  vatId: Type.String(),
  country: Type.String(),
  source: Type.String({
    description: '`vies` or another service; `manual`: decided by the issuer',
  }),
  reference: Nullable(Type.String()),
  provedAt: Time,
  recordedBy: Type.String(),
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
  taxProof: Nullable(TaxProof),
  purchaseOrder: Nullable(Type.String()),
  language: Nullable(Type.String()),
  zone: Nullable(Type.String()),
  isDefault: Type.Boolean(),
  defaultPaymentMethodId: Nullable(Type.String()),
  metadata: Metadata,
  createdAt: Time,
  updatedAt: Time,
})

export const TaxRoundingLevel = Type.Union([
  Type.Literal('rate'),
  Type.Literal('line'),
  Type.Literal('invoice'),
])
export const TaxRounding = Type.Union([Type.Literal('half_away'), Type.Literal('half_even')])
export const TaxInclusiveRounding = Type.Union([
  Type.Literal('round_tax'),
  Type.Literal('round_net'),
])

export const Settings = Type.Object({
  tenantId: Type.String(),
  currency: Currency,
  taxRate: Type.Number({ description: 'Percent, where no rate of the tax table applies' }),
  taxExempt: Type.Boolean(),
  taxRoundingLevel: TaxRoundingLevel,
  taxRounding: TaxRounding,
  taxInclusiveRounding: TaxInclusiveRounding,
  trialDays: Type.Integer(),
  trialNeedsMethod: Type.Boolean(),
  lateUsage: Type.String({ description: 'next_invoice | reject' }),
  upgradeBehavior: Type.String({
    description: 'now | next_invoice | period_end | full_price | none',
  }),
  downgradeBehavior: Type.String({ description: 'As upgradeBehavior' }),
  cycleChangeBehavior: Type.String({ description: 'now | period_end' }),
  prorationUnit: Type.String({ description: 'second | day' }),
  gracePeriodDays: Type.Integer(),
  dunningAttempts: Type.Integer(),
  dunningIntervalDays: Type.Integer(),
  dunningDays: Nullable(Type.Array(Type.Integer())),
  dunningFinalAction: Type.String({ description: 'unpaid | cancel' }),
  disputeAction: Type.String({
    description:
      'cancel_when_lost | cancel_at_once | keep: what a dispute does to the subscription',
  }),
  trialEndBehavior: Type.String({ description: 'pause | cancel | create_invoice' }),
  draftHours: Type.Integer(),
  usageDraftHours: Type.Integer(),
  reminderDays: Type.Integer(),
  paymentTermDays: Type.Integer(),
  backupMethods: Type.Boolean({ description: 'Try other methods when the usual one fails' }),
  bankDebitAccess: Type.String({ description: 'on_submit | on_clearing | up_to_limit' }),
  bankDebitLimit: Type.Number({
    description: 'With up_to_limit: what debits of one customer may grant before they clear',
  }),
  zone: Type.String(),
  language: Type.String(),
  notifications: Type.Record(Type.String(), Notification, {
    description: 'Which mails are sent and to whom, by kind',
  }),
})

export type CustomerWire = Static<typeof Customer>
export type SettingsWire = Static<typeof Settings>
