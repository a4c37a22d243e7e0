// Disputes, warnings of fraud and reviews, read from Stripe, and evidence sent to it.
import type Stripe from 'stripe'
import type { BalanceMovement, DisputeObservation, DisputeStatus } from '../../core/dispute.ts'
import { fromProcessorAmount } from '../../core/money.ts'
import type { Processor, ProcessorObject } from '../../ports/processor.ts'
import type { StripeConnection } from './connect.ts'
import { faultOf, isStripeError } from './failures.ts'
import { bookedMinor, idOf, isReadable, other } from './mapping.ts'

const statuses: readonly DisputeStatus[] = [
  'warning_needs_response',
  'warning_under_review',
  'warning_closed',
  'needs_response',
  'under_review',
  'prevented',
  'won',
  'lost',
]

/** An appeal follows a loss: the money stays taken until it is won. A status we do not know is open. */
function fromStripeStatus(status: string): DisputeStatus {
  if (status.startsWith('appeal_')) return 'lost'
  return statuses.find(known => known === status) ?? 'under_review'
}

/** A movement of the account's balance in our minor units. */
export function fromStripeMovement(booked: Stripe.BalanceTransaction): BalanceMovement {
  const currency = booked.currency.toUpperCase()
  const amountMinor = bookedMinor(booked.amount, currency)
  const feeMinor = bookedMinor(booked.fee, currency)
  return {
    processorId: booked.id,
    amountMinor,
    feeMinor,
    netMinor: amountMinor - feeMinor,
    currency,
  }
}

/** What a dispute says of itself right now. */
export function fromStripeDispute(dispute: Stripe.Dispute): DisputeObservation {
  const currency = dispute.currency.toUpperCase()
  const dueBy = dispute.evidence_details.due_by
  return {
    processorId: dispute.id,
    processorPaymentId: idOf(dispute.payment_intent),
    processorChargeId: idOf(dispute.charge) ?? '',
    status: fromStripeStatus(dispute.status),
    reason: dispute.reason,
    amountMinor: fromProcessorAmount(dispute.amount, currency),
    currency,
    evidenceDueAt: dueBy === null ? null : dueBy * 1_000,
    evidenceSubmitted: dispute.evidence_details.submission_count > 0,
    movements: dispute.balance_transactions.map(fromStripeMovement),
  }
}

export async function readDispute(
  connection: StripeConnection,
  id: string,
): Promise<ProcessorObject> {
  const dispute = await connection.call('retrieve dispute', { object: 'dispute', id }, stripe =>
    stripe.disputes.retrieve(id),
  )
  return isReadable(dispute) ? { kind: 'dispute', observation: fromStripeDispute(dispute) } : other
}

export async function readWarning(
  connection: StripeConnection,
  id: string,
): Promise<ProcessorObject> {
  const expected = { object: 'radar.early_fraud_warning', id } as const
  const warning = await connection.call('retrieve warning', expected, stripe =>
    stripe.radar.earlyFraudWarnings.retrieve(id),
  )
  return {
    kind: 'concern',
    what: 'fraud_warning',
    processorId: warning.id,
    processorChargeId: idOf(warning.charge),
    processorPaymentId: idOf(warning.payment_intent),
    state: warning.actionable ? 'actionable' : 'settled',
    reason: warning.fraud_type,
  }
}

export async function readReview(
  connection: StripeConnection,
  id: string,
): Promise<ProcessorObject> {
  const review = await connection.call('retrieve review', { object: 'review', id }, stripe =>
    stripe.reviews.retrieve(id),
  )
  return {
    kind: 'concern',
    what: 'review',
    processorId: review.id,
    processorChargeId: idOf(review.charge),
    processorPaymentId: idOf(review.payment_intent),
    state: review.open ? 'open' : (review.closed_reason ?? 'closed'),
    reason: review.reason,
  }
}

/** The disputing side of the processor. */
export function stripeDisputes(connection: StripeConnection): Pick<Processor, 'submitEvidence'> {
  return {
    async submitEvidence({ disputeId, text, key }) {
      const expected = { object: 'dispute', id: disputeId } as const
      try {
        const dispute = await connection.call('submit evidence', expected, stripe =>
          stripe.disputes.update(
            disputeId,
            { evidence: { uncategorized_text: text }, submit: true },
            { idempotencyKey: `evidence_${key}` },
          ),
        )
        return fromStripeDispute(dispute)
      } catch (failure) {
        throw isStripeError(failure) ? faultOf('submit evidence', failure) : failure
      }
    },
  }
}
