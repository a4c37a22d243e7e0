// The port to whoever moves the money. It takes our words and answers with observations: what its object
// says right now. It never decides; a decline is an observation, an unknown outcome is `ProcessorUnavailable`.
import type { DisputeObservation } from '../core/dispute.ts'
import type { InvoiceFacts, SubscriptionFacts } from '../core/mirror.ts'
import type { Money } from '../core/money.ts'
import type { PaymentObservation, RefundObservation } from '../core/payment.ts'
import type { BillingDetails, PaymentMethod, Verification } from '../core/payment-method.ts'
import type { PayoutObservation } from '../core/payout.ts'
import type { ReceivedWay } from '../core/received-payment.ts'
import type { Instant } from '../core/time.ts'
import type { ProcessorBilling } from './processor-billing.ts'

/**
 * The processor did not answer in time or is down: nobody knows whether the money moved. The attempt stays
 * unfinished, and reconciliation asks again.
 */
export class ProcessorUnavailable extends Error {
  override readonly name = 'ProcessorUnavailable'
}

/** What may be known of a method; status and default are ours to decide. */
export type MethodFacts = Pick<
  PaymentMethod,
  'type' | 'card' | 'bankAccount' | 'billingDetails' | 'fingerprint' | 'processorId'
> & { readonly verified: boolean }

export interface Decline {
  readonly failureCode: string | null
  readonly declineCode: string | null
  readonly adviceCode: string | null
  readonly failureMessage: string | null
  readonly requestLogUrl: string | null
}

/** Where and when the payer agreed that an account may be debited; kept as proof with the mandate. */
export interface Acceptance {
  readonly acceptedAt: Instant
  readonly ipAddress: string | null
  readonly userAgent: string | null
}

/** The set-up that holds the mandate of an account; what it waits for, if it is not verified yet. */
export interface MethodSetup {
  readonly id: string
  readonly pending: Pick<Verification, 'kind' | 'arrivesAt' | 'expiresAt' | 'hostedUrl'> | null
}

export type AttachOutcome =
  | {
      readonly outcome: 'attached'
      readonly method: MethodFacts
      /** Null for methods that need no mandate, and when nobody accepted one. */
      readonly setup: MethodSetup | null
    }
  | { readonly outcome: 'declined'; readonly decline: Decline }
  | { readonly outcome: 'attached_elsewhere' }
  | { readonly outcome: 'unknown' }

/** What the payer read off the statement: two amounts in minor units, or the code. */
export type VerificationAnswer =
  | { readonly amounts: readonly [number, number] }
  | { readonly descriptorCode: string }

export type VerifyOutcome =
  | { readonly outcome: 'verified'; readonly method: MethodFacts }
  /** Wrong, and there may be tries left. */
  | { readonly outcome: 'mismatch' }
  /** Over: too many tries, too late, or nothing waits for an answer. */
  | { readonly outcome: 'failed'; readonly failureCode: string | null }

/** What every payment has, whoever moves the money. */
export interface MoneyRequest {
  /** Ours: it is the idempotency key and stands in the metadata. */
  readonly transactionId: string
  readonly tenantId: string
  readonly invoiceId: string | null
  readonly amount: Money
  readonly description: string
  readonly createdAt: Instant
}

/** A charge of a method that the processor keeps. */
export interface ChargeRequest extends MoneyRequest {
  readonly processorCustomerId: string
  readonly processorMethodId: string
  readonly methodType: PaymentMethod['type']
  /** Whether the payer is present to answer a challenge. */
  readonly offSession: boolean
  /** A returned bank debit that is presented again: its statement line says `RETRY PYMT`. */
  readonly representment: boolean
}

export interface RefundRequest {
  readonly transactionId: string
  readonly tenantId: string
  readonly amount: Money
  readonly processorPaymentId: string
  readonly createdAt: Instant
}

/** An event that arrived, reduced to what is needed to find the object it is about. */
export interface ProcessorEvent {
  readonly eventId: string
  readonly type: string
  readonly objectType: string
  readonly objectId: string
  readonly apiVersion: string | null
  readonly createdAt: Instant
  readonly payload: unknown
}

/** An object re-read from the processor, with our own names from its metadata. */
export type ProcessorObject =
  | {
      readonly kind: 'payment'
      readonly tenantId: string | null
      readonly transactionId: string | null
      readonly processorCustomerId: string | null
      readonly processorMethodId: string | null
      /** When it was charged last, or made. */
      readonly happenedAt: Instant
      readonly observation: PaymentObservation
    }
  | {
      readonly kind: 'refund'
      readonly tenantId: string | null
      readonly transactionId: string | null
      readonly processorPaymentId: string | null
      readonly observation: RefundObservation
    }
  | {
      readonly kind: 'checkout'
      readonly tenantId: string | null
      readonly transactionId: string | null
      readonly observation: CheckoutObservation
    }
  | { readonly kind: 'dispute'; readonly observation: DisputeObservation }
  | { readonly kind: 'payout'; readonly observation: PayoutObservation }
  | {
      /** Something that people should look at: a warning of fraud, or a review of a payment. */
      readonly kind: 'concern'
      readonly what: 'fraud_warning' | 'review'
      readonly processorId: string
      readonly processorChargeId: string | null
      readonly processorPaymentId: string | null
      /** Such as `actionable`, `open`, `approved`. */
      readonly state: string
      readonly reason: string
    }
  | {
      readonly kind: 'method'
      readonly facts: MethodFacts
      readonly attached: boolean
      /** Its verification is over without success. */
      readonly setupFailed: boolean
    }
  | { readonly kind: 'subscription'; readonly facts: SubscriptionFacts }
  | { readonly kind: 'invoice'; readonly facts: InvoiceFacts }
  | { readonly kind: 'other' }

/** Money that arrived outside any processor, as somebody recorded it. */
export interface ReceiptRequest extends MoneyRequest {
  readonly way: ReceivedWay
  /** What the bank statement or the cheque says. */
  readonly reference: string | null
  readonly receivedAt: Instant
}

/** A page of the processor on which the payer chooses how to pay one demand. */
export interface CheckoutRequest extends MoneyRequest {
  readonly processorCustomerId: string
  readonly email: string | null
  readonly language: 'en' | 'zh-CN'
}

export interface CheckoutObservation {
  readonly id: string
  readonly status: 'open' | 'complete' | 'expired'
  /** Null once it is over. */
  readonly url: string | null
  readonly expiresAt: Instant
  /** What was tried on it last; null while the payer has tried nothing. */
  readonly payment: PaymentObservation | null
}

/** What is walked: made in a span of time, or of one customer (payments), or of one payment. */
export interface WalkFilter {
  readonly from?: Instant
  readonly to?: Instant
  readonly processorCustomerId?: string
  readonly processorPaymentId?: string
}

export interface ListedObject {
  readonly id: string
  readonly createdAt: Instant
  /** `other` where the list tells too little: read it by its id. */
  readonly object: ProcessorObject
}

/**
 * What everybody does who moves money, online or not: the part of the port that knows no cards, customers or
 * events. `Request` is what this one needs of a payment.
 */
export interface MoneyMover<Request extends MoneyRequest> {
  readonly name: string
  /** Who we are there, for the stamp of the database. */
  identify(): Promise<{ readonly account: string; readonly mode: 'sandbox' | 'test' | 'live' }>
  /** Repeatable with the same `transactionId`: the first result is answered again. */
  charge(request: Request): Promise<PaymentObservation>
  /** Looks for what became of a charge: by its object if known, else by our id. Null: it never began. */
  findPayment(request: {
    readonly transactionId: string
    readonly processorId: string | null
    readonly processorCustomerId: string | null
    readonly createdAt: Instant
  }): Promise<PaymentObservation | null>
  cancelPayment(processorId: string): Promise<PaymentObservation>
  refund(request: RefundRequest): Promise<RefundObservation>
  findRefund(request: {
    readonly transactionId: string
    readonly processorId: string | null
    readonly processorPaymentId: string
  }): Promise<RefundObservation | null>
}

export interface Processor extends MoneyMover<ChargeRequest> {
  createCustomer(request: {
    readonly tenantId: string
    readonly customerId: string
    readonly name: string | null
    readonly email: string | null
  }): Promise<string>
  attachMethod(request: {
    /** One per request of ours, repeated on a network retry. */
    readonly key: string
    readonly processorCustomerId: string
    readonly processorMethodId: string
    readonly billingDetails: Partial<BillingDetails> | null
    /** With it, a bank account gets its mandate; null where nobody agreed to one here. */
    readonly acceptance: Acceptance | null
  }): Promise<AttachOutcome>
  /** Answers the verification that a set-up waits for. */
  verifyMethod(setupId: string, answer: VerificationAnswer): Promise<VerifyOutcome>
  updateMethod(request: {
    readonly processorMethodId: string
    readonly billingDetails: Partial<BillingDetails> | null
    readonly expiry: { readonly month: number; readonly year: number } | null
  }): Promise<MethodFacts>
  detachMethod(processorMethodId: string): Promise<void>
  createSetup(request: {
    readonly key: string
    readonly tenantId: string
    readonly processorCustomerId: string
    readonly type: 'card' | 'bank_account'
    /** How a bank account is verified: by the payer's bank at once, by deposits, or the first that works. */
    readonly verification: 'automatic' | 'instant' | 'microdeposits'
  }): Promise<{ readonly id: string; readonly clientSecret: string }>
  /** Opens a hosted page. Repeatable with the same `transactionId`. */
  createCheckout(request: CheckoutRequest): Promise<CheckoutObservation>
  /** What became of a page: by its id if known, else by our id. Null: it was never opened. */
  findCheckout(request: {
    readonly transactionId: string
    readonly checkoutId: string | null
    readonly processorCustomerId: string
  }): Promise<CheckoutObservation | null>
  /** Closes a page, unless it was paid on meanwhile: its answer says so. */
  expireCheckout(checkoutId: string): Promise<CheckoutObservation>
  /** Sends evidence about a dispute; the bank decides on it later. */
  submitEvidence(request: {
    readonly disputeId: string
    readonly text: string
    readonly key: string
  }): Promise<DisputeObservation>
  /** Only a processor that can run subscriptions by itself has it. */
  readonly billing?: ProcessorBilling
  /** Moves the sandbox's clock forward to an instant, if it is not there yet; missing everywhere else. */
  advanceClock?(to: Instant): Promise<void>
  /** Checks the signature over the raw bytes. Refuses `invalid_signature`. */
  readEvent(rawBody: Buffer, signature: string | undefined, now: Instant): ProcessorEvent
  /** Events that the processor made at or after an instant, newest first, as far back as it keeps them. */
  listEvents(from: Instant): AsyncIterable<ProcessorEvent>
  /** Everything of one kind, newest first. */
  walk(
    kind: 'payment' | 'refund' | 'dispute' | 'payout',
    filter: WalkFilter,
  ): AsyncIterable<ListedObject>
  /** Reads the object of an event afresh; null when it is gone or of no interest. */
  readObject(objectType: string, objectId: string): Promise<ProcessorObject | null>
}
