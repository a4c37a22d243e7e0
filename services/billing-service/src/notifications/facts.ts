// What each kind of mail says, as plain data: amounts in minor units, times as instants, links finished.
// Whoever writes a mail from these facts looks nothing up.
import type { MailKind } from '../core/mail.ts'
import type { Currency } from '../core/money.ts'
import type { Cycle, Instant } from '../core/time.ts'
import type { Language } from '../documents/words.ts'

export interface Money {
  readonly amountMinor: number
  readonly currency: Currency
}

/** A plan as a mail names it. */
export interface PlanFacts {
  readonly name: string
  readonly cycle: Cycle
  readonly quantity: number
  /** Of a whole period, before tax, discounts and usage; null costs nothing. */
  readonly price: Money | null
}

/** A charge that failed and what follows. */
export interface FailureFacts {
  readonly number: string
  readonly due: Money
  /** As `Visa 4242`; null: there was no method to charge. */
  readonly method: string | null
  /** Cause, what is safe and the next step, in the reader's language; null without a decline. */
  readonly reason: string | null
  readonly retryAt: Instant | null
  /** When service ends unless it is paid; null where no plan hangs on it. */
  readonly stopsAt: Instant | null
  readonly plan: string | null
  /** What happens then. */
  readonly finally: 'unpaid' | 'cancel'
  readonly fixUrl: string
}

export interface MailFacts {
  readonly welcome: {
    readonly plan: PlanFacts
    readonly trialEnd: Instant | null
    readonly nextChargeAt: Instant | null
    readonly url: string
  }
  readonly trial_ending: {
    readonly plan: PlanFacts
    readonly endsAt: Instant
    readonly method: string | null
    readonly url: string
  }
  readonly renewal_reminder: {
    readonly plan: PlanFacts
    readonly renewsAt: Instant
    readonly method: string | null
    readonly url: string
  }
  readonly plan_changed: {
    readonly plan: PlanFacts
    readonly before: { readonly name: string; readonly quantity: number }
    readonly nextChargeAt: Instant
    readonly url: string
  }
  readonly plan_change_scheduled: {
    readonly plan: PlanFacts
    readonly before: { readonly name: string; readonly quantity: number }
    readonly effectiveAt: Instant
    readonly url: string
  }
  readonly subscription_canceled: {
    readonly plan: string
    readonly endsAt: Instant
    readonly ended: boolean
    readonly cause: 'asked' | 'unpaid' | 'trial' | 'disputed'
    readonly url: string
  }
  readonly service_suspended: {
    readonly plan: string
    readonly cause: 'unpaid' | 'asked' | 'trial'
    readonly owed: (Money & { readonly number: string }) | null
    readonly url: string
  }
  readonly service_restored: { readonly plan: string; readonly url: string }
  readonly usage_alert: {
    readonly plan: string
    readonly metric: string
    readonly percent: number
    /** Decimal strings. */
    readonly used: string
    readonly included: string
    readonly resetsAt: Instant
    /** Whether further units are refused instead of charged. */
    readonly capped: boolean
    readonly url: string
  }
  readonly invoice_issued: {
    readonly number: string
    readonly total: Money
    readonly due: Money
    readonly dueAt: Instant | null
    readonly issuedAt: Instant
    readonly collection: 'automatic' | 'manual'
    readonly method: string | null
    readonly url: string
  }
  readonly invoice_overdue: {
    readonly number: string
    readonly due: Money
    readonly dueAt: Instant
    readonly days: number
    readonly url: string
  }
  readonly debit_processing: {
    readonly number: string | null
    readonly amount: Money
    readonly method: string
    readonly url: string
  }
  readonly payment_succeeded: {
    readonly number: string | null
    readonly amount: Money
    readonly paidAt: Instant
    readonly method: string
    readonly transactionId: string
    readonly remaining: Money | null
    readonly url: string
  }
  readonly payment_failed: FailureFacts
  readonly dunning_reminder: FailureFacts
  readonly dunning_final: FailureFacts
  readonly refund_sent: {
    readonly amount: Money
    readonly method: string
    readonly number: string | null
    readonly transactionId: string
    readonly url: string
  }
  readonly credit_note_issued: {
    readonly number: string
    readonly invoiceNumber: string
    readonly total: Money
    readonly lowersInvoice: Money
    readonly refunded: Money
    readonly toBalance: Money
    readonly reason: string | null
    readonly url: string
  }
  readonly card_expiring: {
    readonly brand: string
    readonly last4: string
    readonly month: number
    readonly year: number
    readonly url: string
  }
  readonly bank_verification: {
    readonly method: string
    /** Null: the processor set no end. */
    readonly by: Instant | null
    readonly url: string
  }
  readonly dispute_opened: {
    readonly tenant: string
    readonly amount: Money
    readonly number: string | null
    readonly reason: string | null
    readonly answerBy: Instant | null
    readonly url: string
  }
}

/** A kind with its facts. */
export type MailSubject = {
  readonly [K in MailKind]: { readonly kind: K; readonly facts: MailFacts[K] }
}[MailKind]

/** What stands around every mail. */
export interface MailFrame {
  readonly language: Language
  /** IANA name; every date is a date in this zone. */
  readonly zone: string
  /** Who writes, and where an answer goes. */
  readonly issuer: {
    readonly name: string
    readonly email: string | null
    readonly addressLines: readonly string[]
  }
  /** Where the reader chooses which mails come. */
  readonly settingsUrl: string
  /** A test tenant's mails say so. */
  readonly test: boolean
}
