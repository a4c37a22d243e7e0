// Transactions: one row for each try to move money, written before it is tried and settled once. A failed
// try is an outcome kept as data; money received is a payment that succeeded.
import { assert } from './assert.ts'
import type {
  CreditNoteId,
  CustomerId,
  InvoiceId,
  PaymentMethodId,
  SubscriptionId,
  TenantId,
  TransactionId,
} from './ids.ts'
import { assertMovable, type Currency } from './money.ts'
import { refuse } from './refusal.ts'
import type { Instant } from './time.ts'

export type TransactionType = 'payment' | 'refund' | 'adjustment' | 'fee'
export type TransactionStatus =
  | 'pending'
  | 'processing'
  | 'requires_action'
  | 'succeeded'
  | 'failed'
  | 'canceled'

export interface Transaction {
  readonly tenantId: TenantId
  readonly id: TransactionId
  readonly customerId: CustomerId
  readonly type: TransactionType
  readonly status: TransactionStatus
  readonly currency: Currency
  /** Positive for payment, refund and fee; signed for adjustment. */
  readonly amountMinor: number
  /** In `settlementCurrency`; null until the processor reports it. */
  readonly feeMinor: number | null
  readonly netMinor: number | null
  readonly settlementCurrency: Currency | null
  readonly invoiceId: InvoiceId | null
  readonly subscriptionId: SubscriptionId | null
  readonly creditNoteId: CreditNoteId | null
  readonly paymentMethodId: PaymentMethodId | null
  /** The payment that a refund gives back, or that a fee belongs to. */
  readonly relatedTransactionId: TransactionId | null
  readonly amountRefundedMinor: number
  /** Refunds written down but not yet confirmed; they count against what can still be refunded. */
  readonly amountRefundPendingMinor: number
  readonly amountDisputedMinor: number
  readonly reason: string | null
  /** Hash of the caller's idempotency key: a request that is repeated after a crash moves money once. */
  readonly requestKey: string | null
  readonly failureCode: string | null
  readonly declineCode: string | null
  readonly adviceCode: string | null
  readonly failureMessage: string | null
  readonly requestLogUrl: string | null
  readonly processor: string
  /** The processor's intent or refund; unique, so one object settles one transaction. */
  readonly processorId: string | null
  readonly processorChargeId: string | null
  readonly nextActionUrl: string | null
  /** Copied for reports, so that they need no joins. */
  readonly planCode: string | null
  readonly country: string | null
  readonly methodType: string | null
  readonly methodBrand: string | null
  readonly methodLast4: string | null
  readonly fingerprint: string | null
  /** Whether the payer was absent: only such tries belong to dunning, and networks count them apart. */
  readonly offSession: boolean
  /** When a bank debit on its way granted what it pays for; null while it grants nothing. */
  readonly accessGrantedAt: Instant | null
  /** What the payer or the bank calls it: a transfer's purpose, the number of a cheque. */
  readonly reference: string | null
  /** The hosted page on which it is paid; the payment has no other name before the payer has chosen. */
  readonly checkoutId: string | null
  /** When an unfinished one must next be asked about; null when it is final. */
  readonly checkAt: Instant | null
  readonly processedAt: Instant | null
  /** Real time of writing; `createdAt` and `processedAt` are billing time. */
  readonly recordedAt: Instant
  readonly createdAt: Instant
  readonly updatedAt: Instant
  readonly version: number
}

/** How far a transaction has come. It never moves to a lower rank, whatever arrives late. */
const rank: Readonly<Record<TransactionStatus, number>> = {
  pending: 0,
  requires_action: 1,
  processing: 2,
  failed: 3,
  canceled: 3,
  succeeded: 4,
}

export const isFinal = (status: TransactionStatus): boolean => rank[status] >= 3

/** What the processor says of a payment right now: the object, never the event about it. */
export interface PaymentObservation {
  /** Null only for an attempt that the processor never saw. */
  readonly processorId: string | null
  readonly processorChargeId: string | null
  readonly status: TransactionStatus
  readonly amountMinor: number
  readonly currency: Currency
  readonly feeMinor: number | null
  readonly netMinor: number | null
  readonly settlementCurrency: Currency | null
  readonly failureCode: string | null
  readonly declineCode: string | null
  readonly adviceCode: string | null
  readonly failureMessage: string | null
  readonly requestLogUrl: string | null
  readonly nextActionUrl: string | null
}

/** What the processor says of a refund. */
export interface RefundObservation {
  /** Null for a refund that the processor refused to make. */
  readonly processorId: string | null
  readonly status: 'pending' | 'requires_action' | 'succeeded' | 'failed' | 'canceled'
  readonly amountMinor: number
  readonly currency: Currency
  readonly failureCode: string | null
}

/** Billing time of the tenant, and the real time by which work is scheduled. */
export interface Times {
  readonly at: Instant
  readonly now: Instant
}

export interface Settlement {
  readonly transaction: Transaction
  /** The status this settlement newly reached; null when it was known already. */
  readonly reached: TransactionStatus | null
  /** Whether the fee became known with this settlement. */
  readonly feeKnown: boolean
}

/**
 * Applies what the processor says of a payment. Monotonic and repeatable: the API's answer, the webhook and
 * reconciliation may bring the same object in any order and any number of times.
 *
 * A payment that had failed may still succeed (the payer finished it on a hosted page); a payment that
 * succeeded stays so.
 */
export function settlePayment(
  transaction: Transaction,
  seen: PaymentObservation,
  { at, now }: Times,
): Settlement {
  assert(transaction.type === 'payment', 'only payments are settled as payments')
  assert(
    seen.amountMinor === transaction.amountMinor && seen.currency === transaction.currency,
    `the processor's amount of ${seen.processorId} equals the attempt's`,
  )
  const forward = rank[seen.status] > rank[transaction.status]
  const status = forward ? seen.status : transaction.status
  const feeKnown = status === 'succeeded' && transaction.feeMinor === null && seen.feeMinor !== null
  const next: Transaction = {
    ...transaction,
    status,
    processorId: transaction.processorId ?? seen.processorId,
    processorChargeId: seen.processorChargeId ?? transaction.processorChargeId,
    feeMinor: feeKnown ? seen.feeMinor : transaction.feeMinor,
    netMinor: feeKnown ? seen.netMinor : transaction.netMinor,
    settlementCurrency: feeKnown ? seen.settlementCurrency : transaction.settlementCurrency,
    failureCode: status === 'failed' ? (seen.failureCode ?? transaction.failureCode) : null,
    declineCode: status === 'failed' ? (seen.declineCode ?? transaction.declineCode) : null,
    adviceCode: status === 'failed' ? (seen.adviceCode ?? transaction.adviceCode) : null,
    failureMessage:
      status === 'failed' ? (seen.failureMessage ?? transaction.failureMessage) : null,
    requestLogUrl: seen.requestLogUrl ?? transaction.requestLogUrl,
    nextActionUrl: status === 'requires_action' ? seen.nextActionUrl : null,
    processedAt: forward && isFinal(status) ? at : transaction.processedAt,
    checkAt: nextCheckAt(status, feeKnown || transaction.feeMinor !== null, now),
    updatedAt: at,
  }
  return { transaction: next, reached: forward ? status : null, feeKnown }
}

const minuteMs = 60_000

/** When reconciliation must ask again: soon for what may have been lost, rarely for slow money. */
function nextCheckAt(status: TransactionStatus, feeKnown: boolean, now: Instant): Instant | null {
  switch (status) {
    case 'pending':
      return now + minuteMs
    case 'requires_action':
      return now + 15 * minuteMs
    case 'processing':
      return now + 60 * minuteMs
    case 'succeeded':
      return feeKnown ? null : now + 5 * minuteMs
    default:
      return null
  }
}

/**
 * When an attempt that got no answer is asked about again: after a quarter of its age, from a minute to an
 * hour. What is answered by an error for a whole day is thus not asked a thousand times.
 */
export const askAgainAt = (recordedAt: Instant, now: Instant): Instant =>
  now + Math.min(60 * minuteMs, Math.max(minuteMs, Math.floor((now - recordedAt) / 4)))

/** What of a payment can still be given back: captured - refunded - pending - disputed. */
export const refundableMinor = (payment: Transaction): number =>
  Math.max(
    0,
    payment.amountMinor -
      payment.amountRefundedMinor -
      payment.amountRefundPendingMinor -
      payment.amountDisputedMinor,
  )

/** What `reserveRefund` would allow: nothing of what did not move through the processor, or is disputed. */
export const openToRefundMinor = (transaction: Transaction): number =>
  canBeRefunded(transaction) && transaction.amountDisputedMinor === 0
    ? refundableMinor(transaction)
    : 0

/** What was paid outside of the processor cannot be given back through it. */
const canBeRefunded = ({ type, status, processor }: Transaction): boolean =>
  type === 'payment' && status === 'succeeded' && processor !== 'none'

/**
 * Reserves a refund on its payment. Everything written down counts, so two refunds at once can never pass
 * together. A disputed payment is not refunded at all: the money would leave twice (choice 32). Refuses
 * `transaction_not_refundable`, `payment_disputed`, `refund_exceeds_payment`, and `invalid_amount` for what the
 * processor cannot move: what was written down could never be paid.
 */
export function reserveRefund(
  payment: Transaction,
  amountMinor: number | null,
  toDecimal: (minor: number) => string,
  at: Instant,
): { payment: Transaction; amountMinor: number } {
  if (!canBeRefunded(payment)) {
    refuse('transaction_not_refundable', { type: payment.type, status: payment.status })
  }
  if (payment.amountDisputedMinor > 0) {
    refuse('payment_disputed', {
      disputed: toDecimal(payment.amountDisputedMinor),
      currency: payment.currency,
    })
  }
  const refundable = refundableMinor(payment)
  const wanted = amountMinor ?? refundable
  if (wanted > refundable || refundable === 0) {
    refuse('refund_exceeds_payment', {
      refundable: toDecimal(refundable),
      currency: payment.currency,
    })
  }
  assertMovable(wanted, payment.currency)
  return {
    amountMinor: wanted,
    payment: {
      ...payment,
      amountRefundPendingMinor: payment.amountRefundPendingMinor + wanted,
      updatedAt: at,
    },
  }
}

const refundRank = { pending: 0, requires_action: 1, processing: 1, succeeded: 2 } as const

/**
 * Applies what the processor says of a refund to it and to its payment. A refund may still fail after it
 * had succeeded (the bank sends the money back days later): only `failed` may follow `succeeded`.
 */
export function settleRefund(
  refund: Transaction,
  payment: Transaction,
  seen: RefundObservation,
  { at, now }: Times,
): { refund: Transaction; payment: Transaction; reached: TransactionStatus | null } {
  assert(refund.type === 'refund', 'only refunds are settled as refunds')
  assert(seen.amountMinor === refund.amountMinor, "the processor's refund equals ours")
  const known = { processorId: refund.processorId ?? seen.processorId, updatedAt: at }
  const stays = refund.status === 'failed' || refund.status === 'canceled'
  const falls = seen.status === 'failed' || seen.status === 'canceled'
  const rises =
    !falls &&
    !stays &&
    refundRank[seen.status as keyof typeof refundRank] >
      refundRank[refund.status as keyof typeof refundRank]
  const reached = stays ? null : falls || rises ? seen.status : null
  if (reached === null) {
    return {
      refund: { ...refund, ...known, checkAt: refundCheckAt(refund.status, now) },
      payment,
      reached,
    }
  }
  const amount = refund.amountMinor
  const wasDone = refund.status === 'succeeded'
  const done = reached === 'succeeded'
  const movedPayment: Transaction = {
    ...payment,
    amountRefundPendingMinor:
      payment.amountRefundPendingMinor - (!wasDone && (done || falls) ? amount : 0),
    amountRefundedMinor:
      payment.amountRefundedMinor + (done ? amount : wasDone && falls ? -amount : 0),
    updatedAt: at,
  }
  assert(movedPayment.amountRefundPendingMinor >= 0, 'pending refunds are never negative')
  return {
    reached,
    payment: movedPayment,
    refund: {
      ...refund,
      ...known,
      status: reached,
      failureCode: falls ? (seen.failureCode ?? 'refund_failed') : null,
      processedAt: done || falls ? at : refund.processedAt,
      netMinor: done ? -amount : falls ? 0 : null,
      feeMinor: done || falls ? 0 : null,
      settlementCurrency: refund.currency,
      checkAt: refundCheckAt(reached, now),
    },
  }
}

const refundCheckAt = (status: TransactionStatus, now: Instant): Instant | null =>
  status === 'pending'
    ? now + 5 * minuteMs
    : status === 'requires_action'
      ? now + 60 * minuteMs
      : null
