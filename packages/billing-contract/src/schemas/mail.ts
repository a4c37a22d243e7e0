// Mails of the outbox as operators see them, and what a tenant chose of them.
import { type Static, Type } from 'typebox'
import { Nullable, Time } from './values.ts'

const kinds = [
  'welcome',
  'trial_ending',
  'renewal_reminder',
  'plan_changed',
  'plan_change_scheduled',
  'subscription_canceled',
  'service_suspended',
  'service_restored',
  'usage_alert',
  'invoice_issued',
  'invoice_overdue',
  'debit_processing',
  'payment_succeeded',
  'payment_failed',
  'dunning_reminder',
  'dunning_final',
  'refund_sent',
  'credit_note_issued',
  'card_expiring',
  'bank_verification',
  'dispute_opened',
] as const

/** Every kind of mail. */
export const MailKind = Type.Enum(kinds)
export type MailKindWire = (typeof kinds)[number]

export const MailStatus = Type.Enum(['queued', 'sent', 'kept', 'bounced', 'failed', 'skipped'], {
  description:
    'kept: written, but no mail server is configured, or the tenant is a test one; bounced: every recipient was refused for good; failed: given up; skipped: switched off, without a recipient, or overtaken',
})

export const Mail = Type.Object({
  id: Type.String(),
  tenantId: Type.String(),
  kind: MailKind,
  status: MailStatus,
  objectId: Type.String({ description: 'What it is about' }),
  eventId: Type.String({ description: 'The event that brought it' }),
  recipients: Type.Array(
    Type.Object({
      address: Type.String(),
      status: Type.String({ description: 'waiting | accepted | refused' }),
      reply: Nullable(Type.String()),
    }),
  ),
  language: Nullable(Type.String()),
  subject: Nullable(Type.String()),
  attachments: Type.Array(Type.String()),
  attempts: Type.Integer(),
  note: Nullable(Type.String({ description: 'Why it is not sent, or what the last try met' })),
  nextAttempt: Nullable(Time),
  sentAt: Nullable(Time),
  occurredAt: Time,
  createdAt: Time,
})

export const MailDetail = Type.Object({
  ...Mail.properties,
  text: Nullable(Type.String()),
  html: Nullable(Type.String()),
})

export const MailPreview = Type.Object({
  kind: MailKind,
  language: Type.String(),
  subject: Type.String(),
  text: Type.String(),
  html: Type.String(),
})

const address = Type.String({ maxLength: 320, pattern: '^[^@\\s]+@[^@\\s]+$' })

/** What a tenant says of one kind; null takes the usual. */
export const NotificationChoice = Type.Object(
  {
    enabled: Type.Optional(Type.Boolean()),
    recipients: Type.Optional(Type.Array(address, { maxItems: 10 })),
  },
  { additionalProperties: false },
)

export const Notification = Type.Object({
  enabled: Type.Boolean(),
  locked: Type.Boolean({ description: 'Cannot be switched off by the tenant' }),
  recipients: Type.Array(Type.String(), {
    description: 'In place of the customer’s addresses; empty: those',
  }),
})

export type MailWire = Static<typeof Mail>
export type MailDetailWire = Static<typeof MailDetail>
export type NotificationWire = Static<typeof Notification>
export const notificationKinds = kinds
