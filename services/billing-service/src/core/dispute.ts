// Disputes: a payer's bank takes a payment back. What the processor says of one, and what follows here:
// what is frozen on the payment, what is held, what is lost. Not how it is contested.
import { assert } from './assert.ts'
import type { CustomerId, Id, InvoiceId, SubscriptionId, TenantId, TransactionId } from './ids.ts'
import type { Currency } from './money.ts'
import type { Transaction } from './payment.ts'
import type { Instant } from './time.ts'

/** The processor's own; those with `warning` are inquiries, for which no money is taken. */
export type DisputeStatus =
  | 'warning_needs_response'
  | 'warning_under_review'
  | 'warning_closed'
  | 'needs_response'
  | 'under_review'
  | 'prevented'
  | 'won'
  | 'lost'

/** A movement of the processor's balance: gross and net signed, `net = amount - fee`. */
export interface BalanceMovement {
  readonly processorId: string
  readonly amountMinor: number
  readonly feeMinor: number
  readonly netMinor: number
  readonly currency: Currency
}

/** What the processor says of a dispute right now. */
export interface DisputeObservation {
  readonly processorId: string
  readonly processorPaymentId: string | null
  readonly processorChargeId: string
  readonly status: DisputeStatus
  readonly reason: string
  readonly amountMinor: number
  readonly currency: Currency
  readonly evidenceDueAt: Instant | null
  readonly evidenceSubmitted: boolean
  /** Money taken and given back, oldest first. */
  readonly movements: readonly BalanceMovement[]
}

export interface Dispute {
  readonly tenantId: TenantId
  readonly id: Id<'dispute'>
  readonly customerId: CustomerId
  /** The payment. */
  readonly transactionId: TransactionId
  readonly invoiceId: InvoiceId | null
  readonly subscriptionId: SubscriptionId | null
  readonly processor: string
  readonly processorId: string
  readonly status: DisputeStatus
  readonly reason: string
  readonly amountMinor: number
  readonly currency: Currency
  /** In `settlementCurrency`: taken and not given back, the fees, and what of it was given up as lost. */
  readonly heldMinor: number
  readonly feeMinor: number
  readonly lostMinor: number
  readonly settlementCurrency: Currency
  readonly evidenceDueAt: Instant | null
  readonly evidenceSubmitted: boolean
  readonly closedAt: Instant | null
  /** Real time of writing; `createdAt` and `closedAt` are billing time. */
  readonly recordedAt: Instant
  readonly createdAt: Instant
  readonly updatedAt: Instant
  readonly version: number
}

const ends: readonly DisputeStatus[] = ['warning_closed', 'prevented', 'won', 'lost']

export const isClosed = (status: DisputeStatus): boolean => ends.includes(status)

/** What may not be refunded because of a dispute: all of it while it runs and once it is lost. */
const frozenMinor = (dispute: Pick<Dispute, 'status' | 'amountMinor'> | null): number => {
  const freezes: readonly DisputeStatus[] = ['needs_response', 'under_review', 'lost']
  return dispute !== null && freezes.includes(dispute.status) ? dispute.amountMinor : 0
}

export interface DisputeStep {
  readonly dispute: Dispute
  readonly payment: Transaction
  /** The status it newly reached; null when it was known. */
  readonly reached: DisputeStatus | null
  /** What is newly given up as lost; negative when it came back after all. */
  readonly lostNowMinor: number
}

/**
 * Applies what the processor says of a dispute to our record of it and to its payment. An ended dispute does
 * not open again; it may still turn from lost to won, when the bank changes its mind.
 */
export function settleDispute(
  before: Dispute | null,
  payment: Transaction,
  seen: DisputeObservation,
  context: { readonly id: Id<'dispute'>; readonly at: Instant; readonly now: Instant },
): DisputeStep {
  assert(payment.type === 'payment', 'a dispute is about a payment')
  const { at } = context
  const reopened = before !== null && isClosed(before.status) && !isClosed(seen.status)
  const status = reopened ? before.status : seen.status
  const heldMinor = seen.movements.reduce((sum, movement) => sum - movement.amountMinor, 0)
  const lostMinor = status === 'lost' ? heldMinor : 0
  const dispute: Dispute = {
    ...(before ?? opened(payment, seen, context)),
    status,
    amountMinor: seen.amountMinor,
    heldMinor,
    lostMinor,
    feeMinor: seen.movements.reduce((sum, movement) => sum + movement.feeMinor, 0),
    settlementCurrency: seen.movements[0]?.currency ?? seen.currency,
    evidenceDueAt: seen.evidenceDueAt,
    evidenceSubmitted: seen.evidenceSubmitted,
    closedAt: isClosed(status) ? (before?.closedAt ?? at) : null,
    updatedAt: at,
  }
  const amountDisputedMinor =
    payment.amountDisputedMinor - frozenMinor(before) + frozenMinor(dispute)
  assert(amountDisputedMinor >= 0, 'what is disputed is never negative')
  return {
    dispute,
    payment: { ...payment, amountDisputedMinor, updatedAt: at },
    reached: before?.status === status ? null : status,
    lostNowMinor: lostMinor - (before?.lostMinor ?? 0),
  }
}

function opened(
  payment: Transaction,
  seen: DisputeObservation,
  { id, at, now }: { readonly id: Id<'dispute'>; readonly at: Instant; readonly now: Instant },
): Dispute {
  return {
    tenantId: payment.tenantId,
    id,
    customerId: payment.customerId,
    transactionId: payment.id,
    invoiceId: payment.invoiceId,
    subscriptionId: payment.subscriptionId,
    processor: payment.processor,
    processorId: seen.processorId,
    status: seen.status,
    reason: seen.reason,
    amountMinor: seen.amountMinor,
    currency: seen.currency,
    heldMinor: 0,
    feeMinor: 0,
    lostMinor: 0,
    settlementCurrency: seen.currency,
    evidenceDueAt: null,
    evidenceSubmitted: false,
    closedAt: null,
    recordedAt: now,
    createdAt: at,
    updatedAt: at,
    version: 1,
  }
}

/** What a tenant's policy does to the subscription that a disputed payment paid for (choice 32). */
export interface DisputeSettings {
  /** `cancel_when_lost` keeps it until the dispute is lost. */
  readonly disputeAction: 'cancel_when_lost' | 'cancel_at_once' | 'keep'
}

/** Whether a dispute that reached a status ends the subscription. */
export function endsSubscription(
  reached: DisputeStatus | null,
  action: DisputeSettings['disputeAction'],
): boolean {
  if (reached === null || action === 'keep') return false
  if (reached === 'lost') return true
  return action === 'cancel_at_once' && reached === 'needs_response'
}
