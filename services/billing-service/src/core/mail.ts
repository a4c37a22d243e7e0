// What is mailed to payers: the kinds of mail, the events that bring them, who may switch them off, and
// when a delivery is tried again. Pure; the words of the mails are in notifications/.
import type { Customer } from './customer.ts'
import type { Id, TenantId } from './ids.ts'
import type { Instant } from './time.ts'

/** Every kind of mail, in the order of a customer's life. */
export const mailKinds = [
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

export type MailKind = (typeof mailKinds)[number]

export const isMailKind = (text: string): text is MailKind =>
  (mailKinds as readonly string[]).includes(text)

/**
 * Kinds a payer cannot switch off: documents the law wants delivered, notices that card networks and
 * consumer law want before a charge and at the end, and what must be known before something stops.
 */
const lockedKinds: ReadonlySet<MailKind> = new Set<MailKind>([
  'trial_ending',
  'renewal_reminder',
  'subscription_canceled',
  'service_suspended',
  'invoice_issued',
  'dunning_final',
  'credit_note_issued',
  'bank_verification',
])

export const isLocked = (kind: MailKind): boolean => lockedKinds.has(kind)

/** Kinds that go to the issuer's staff and never to a payer. */
export const isForIssuer = (kind: MailKind): boolean => kind === 'dispute_opened'

/** Kinds that accountants want: they go to the further recipients of invoices as well. */
const accountingKinds: ReadonlySet<MailKind> = new Set<MailKind>([
  'invoice_issued',
  'invoice_overdue',
  'payment_succeeded',
  'payment_failed',
  'dunning_reminder',
  'dunning_final',
  'refund_sent',
  'credit_note_issued',
])

/** What a tenant chose for one kind; what it leaves out is as usual. */
export interface MailChoice {
  readonly enabled?: boolean
  /** In place of the customer's addresses. */
  readonly recipients?: readonly string[]
}

export type MailChoices = { readonly [K in MailKind]?: MailChoice }

/** Whether a kind is sent under these choices. A kind that is locked is sent unless the issuer said no. */
export const isWanted = (kind: MailKind, choices: MailChoices): boolean =>
  choices[kind]?.enabled !== false

/** Where a kind goes: the chosen addresses, else the customer's. Each once; nobody is an empty list. */
export function recipientsOf(
  kind: MailKind,
  customer: Pick<Customer, 'email' | 'invoiceEmails'>,
  choices: MailChoices,
): string[] {
  const chosen = choices[kind]?.recipients ?? []
  if (chosen.length > 0) return [...new Set(chosen)]
  const own = customer.email === null ? [] : [customer.email]
  const all = accountingKinds.has(kind) || own.length === 0
  return [...new Set(all ? [...own, ...customer.invoiceEmails] : own)]
}

type EventData = Readonly<Record<string, unknown>>
type KindOf = MailKind | ((data: EventData) => MailKind | null)

const pair = (value: unknown): readonly [unknown, unknown] =>
  Array.isArray(value) ? [value[0], value[1]] : [undefined, undefined]

const cameFrom = (data: EventData): unknown => pair(data.status)[0]

const differs = (value: unknown): boolean => {
  const [before, after] = pair(value)
  return before !== after
}

const planChange: KindOf = data => {
  if (differs(data.planCode) || differs(data.quantity)) return 'plan_changed'
  return typeof data.changesAt === 'string' ? 'plan_change_scheduled' : null
}

/** Events that bring a mail. Whatever stands here is told; the rest is nobody's mail. */
const kindsByEvent: Readonly<Record<string, KindOf>> = {
  'subscription.created': ({ status }) =>
    status === 'active' || status === 'trialing' ? 'welcome' : null,
  'subscription.active': data => {
    const from = cameFrom(data)
    if (from === 'incomplete') return 'welcome'
    return from === 'unpaid' || from === 'paused' ? 'service_restored' : null
  },
  'subscription.changed': planChange,
  'subscription.renewed': planChange,
  'subscription.paused': 'service_suspended',
  'subscription.unpaid': 'service_suspended',
  // An end that was asked for was confirmed then; this one was not.
  'subscription.canceled': data =>
    data.reason === 'payment_failed' ||
    data.reason === 'payment_disputed' ||
    cameFrom(data) === 'trialing'
      ? 'subscription_canceled'
      : null,
  'subscription.cancel_requested': 'subscription_canceled',
  'reminder.trial_ending': 'trial_ending',
  'reminder.renewal_due': 'renewal_reminder',
  'usage.threshold_reached': 'usage_alert',
  'invoice.issued': 'invoice_issued',
  'invoice.sent': 'invoice_issued',
  'invoice.overdue': 'invoice_overdue',
  'payment.processing': 'debit_processing',
  'payment.succeeded': 'payment_succeeded',
  // Failed charges without the payer come as steps of dunning; a returned debit comes days after its payer left.
  'payment.failed': ({ offSession, methodType }) =>
    offSession === false && methodType === 'bank_account' ? 'payment_failed' : null,
  'dunning.scheduled': ({ reason, retryAt, triesMade }) => {
    if (reason === 'ours') return null
    if (retryAt === null) return 'dunning_final'
    return typeof triesMade === 'number' && triesMade > 1 ? 'dunning_reminder' : 'payment_failed'
  },
  'refund.succeeded': 'refund_sent',
  'credit_note.issued': 'credit_note_issued',
  'payment_method.expiring': 'card_expiring',
  'payment_method.added': ({ status }) =>
    status === 'pending_verification' ? 'bank_verification' : null,
  'dispute.created': 'dispute_opened',
}

/** The mail that an event brings, or null. */
export function mailOf(type: string, data: EventData): MailKind | null {
  const kind = kindsByEvent[type]
  return typeof kind === 'function' ? kind(data) : (kind ?? null)
}

/**
 * `kept`: written, but not handed to a mail server, because none is configured or the tenant is a test one.
 * `bounced`: every recipient was refused for good. `failed`: given up. `skipped`: nobody wants or needs it.
 */
export type MailState = 'queued' | 'sent' | 'kept' | 'bounced' | 'failed' | 'skipped'

export interface MailRecipient {
  readonly address: string
  readonly state: 'waiting' | 'accepted' | 'refused'
  /** What the mail server said of it, when it refused. */
  readonly reply: string | null
}

/** One mail of the outbox, written in the transaction of its cause and sent afterwards. */
export interface Mail {
  readonly tenantId: TenantId
  readonly id: Id<'mail'>
  /** Its cause; an event brings each kind once. */
  readonly eventId: Id<'event'>
  readonly kind: MailKind
  readonly objectId: string
  /** Of the event. */
  readonly data: EventData
  readonly state: MailState
  /** Empty until it is first written. */
  readonly recipients: readonly MailRecipient[]
  readonly language: 'en' | 'zh-CN' | null
  readonly subject: string | null
  readonly text: string | null
  readonly html: string | null
  /** Names of the attached files. */
  readonly attachments: readonly string[]
  readonly attempts: number
  /** Why it is not sent, or what the last try met. */
  readonly note: string | null
  /** Real time at which it is next tried; null when it is done. */
  readonly dueAt: Instant | null
  /** Real time. */
  readonly sentAt: Instant | null
  /** Billing time of its cause. */
  readonly occurredAt: Instant
  /** Real time, like `updatedAt`. */
  readonly createdAt: Instant
  readonly updatedAt: Instant
  readonly version: number
}

/** A mail as it waits for its first try. */
export function queuedMail(
  cause: Pick<Mail, 'tenantId' | 'id' | 'eventId' | 'kind' | 'objectId' | 'data' | 'occurredAt'>,
  now: Instant,
): Mail {
  return {
    state: 'queued',
    recipients: [],
    language: null,
    subject: null,
    text: null,
    html: null,
    attachments: [],
    attempts: 0,
    note: null,
    dueAt: now,
    sentAt: null,
    createdAt: now,
    updatedAt: now,
    version: 1,
    ...cause,
  }
}

const minuteMs = 60_000
/** Pauses between tries in minutes: about two days in all, as mail servers do it. */
const pausesMinutes = [1, 5, 15, 60, 180, 360, 720, 1440]

/** When to try again after so many tries; null: never. */
export function nextMailTry(attempts: number, now: Instant): Instant | null {
  const pause = pausesMinutes[attempts - 1]
  return pause === undefined ? null : now + pause * minuteMs
}

/** What a try met: what became of each recipient, or a fault that leaves them all waiting. */
export interface MailOutcome {
  /** False: written to a file, or not handed over at all. */
  readonly delivered: boolean
  readonly refused: readonly {
    readonly address: string
    readonly reply: string
    readonly permanent: boolean
  }[]
}

/** The mail after a try that reached the server; recipients that were refused for now are tried again. */
export function settledMail(mail: Mail, outcome: MailOutcome, now: Instant): Mail {
  const refused = new Map(outcome.refused.map(each => [each.address, each]))
  const recipients = mail.recipients.map((recipient): MailRecipient => {
    if (recipient.state !== 'waiting') return recipient
    const refusal = refused.get(recipient.address)
    if (refusal === undefined) return { ...recipient, state: 'accepted', reply: null }
    return { ...recipient, reply: refusal.reply, state: refusal.permanent ? 'refused' : 'waiting' }
  })
  const tried = { ...mail, recipients, updatedAt: now }
  const note = outcome.refused[0]?.reply ?? null
  if (recipients.some(each => each.state === 'waiting')) return retriedMail(tried, note, now)
  const reached = recipients.some(each => each.state === 'accepted')
  if (!reached) return { ...tried, state: 'bounced', note, dueAt: null }
  const state = outcome.delivered ? 'sent' : 'kept'
  return { ...tried, state, note, dueAt: null, sentAt: now }
}

/** The mail after a try that failed for now: due again later, or given up. What was accepted stays sent. */
export function retriedMail(mail: Mail, note: string | null, now: Instant): Mail {
  const dueAt = nextMailTry(mail.attempts, now)
  if (dueAt !== null) return { ...mail, note, dueAt, updatedAt: now }
  const reached = mail.recipients.some(each => each.state === 'accepted')
  return { ...mail, state: reached ? 'sent' : 'failed', note, dueAt: null, updatedAt: now }
}
