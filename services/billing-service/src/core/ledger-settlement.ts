// Postings of what happens at the processor after a payment: disputes, payouts, exchange. Each is keyed by
// the processor's own movement, so that it is booked once however it becomes known.
import { assert } from './assert.ts'
import type { BalanceMovement, Dispute } from './dispute.ts'
import { credit, debit, moneyAt, type Posting, posting } from './ledger.ts'
import type { Transaction } from './payment.ts'
import type { Payout, PayoutShare } from './payout.ts'

const linksOf = (dispute: Dispute) => ({
  transactionId: dispute.transactionId,
  processorId: dispute.processorId,
})

/**
 * Money that a dispute takes: Dr disputes held and dispute fees / Cr processor clearing. Given back it is
 * the same turned round, for the amounts of a movement are signed.
 */
export function disputeMoved(dispute: Dispute, movement: BalanceMovement): Posting {
  return posting(
    'dispute_movement',
    movement.processorId,
    movement.currency,
    [
      debit('disputes_held', -movement.amountMinor),
      debit('dispute_fees', movement.feeMinor),
      debit('processor_clearing', movement.netMinor),
    ],
    linksOf(dispute),
  )
}

/** A lost dispute: Dr bad debt / Cr disputes held. Turned round when it is won after all. */
export function disputeLost(dispute: Dispute, lostNowMinor: number): Posting {
  return posting(
    lostNowMinor > 0 ? 'dispute_lost' : 'dispute_recovered',
    `${dispute.processorId}:${dispute.version}`,
    dispute.settlementCurrency,
    [debit('bad_debt', lostNowMinor), credit('disputes_held', lostNowMinor)],
    linksOf(dispute),
  )
}

/** A refund that had left and was stopped by a dispute: the money is back, and what was promised still is. */
export function refundStopped(refund: Transaction): Posting {
  return posting(
    'refund_stopped',
    refund.processorId ?? refund.id,
    refund.currency,
    [debit(moneyAt(refund), refund.amountMinor), credit('refunds_payable', refund.amountMinor)],
    { invoiceId: refund.invoiceId, transactionId: refund.id, processorId: refund.processorId },
  )
}

/**
 * A lost dispute has given the payer what a refused refund had promised: Dr refunds payable / Cr bad debt,
 * for that part of the loss is no loss.
 */
export function refundPaidByDispute(refund: Transaction, paidMinor: number): Posting {
  return posting(
    'refund_paid_by_dispute',
    refund.id,
    refund.currency,
    [debit('refunds_payable', paidMinor), credit('bad_debt', paidMinor)],
    { invoiceId: refund.invoiceId, transactionId: refund.id },
  )
}

/** One tenant's share of a payout has reached the bank: Dr bank / Cr processor clearing. */
export function payoutPaid(payout: Payout, share: PayoutShare): Posting {
  return posting(
    'payout_paid',
    payout.id,
    payout.currency,
    [debit('bank', share.netMinor), credit('processor_clearing', share.netMinor)],
    { processorId: payout.id },
  )
}

/** The bank has sent a payout back: Dr processor clearing / Cr bank. */
export function payoutFailed(payout: Payout, share: PayoutShare): Posting {
  return posting(
    'payout_failed',
    payout.id,
    payout.currency,
    [debit('processor_clearing', share.netMinor), credit('bank', share.netMinor)],
    { processorId: payout.id },
  )
}

/** Fees of the account that no payment carries: Dr processing fees / Cr processor clearing. */
export function payoutFee(payout: Payout, fee: Transaction): Posting {
  return posting(
    'payout_fee',
    payout.id,
    payout.currency,
    [debit('processing_fees', fee.amountMinor), credit('processor_clearing', fee.amountMinor)],
    { transactionId: fee.id, processorId: payout.id },
  )
}

/**
 * A payment that settles in another currency than it was charged in changes its clearing account; what lies
 * between stands on the exchange account of each. None where the currencies are the same.
 */
export function exchanged(payment: Transaction): Posting[] {
  const { settlementCurrency, feeMinor, netMinor, processorId } = payment
  if (settlementCurrency === null || settlementCurrency === payment.currency) return []
  assert(feeMinor !== null && netMinor !== null && processorId !== null, 'it has settled')
  const grossMinor = feeMinor + netMinor
  const links = { transactionId: payment.id, processorId }
  return [
    posting(
      'exchanged',
      `${processorId}:${payment.currency}`,
      payment.currency,
      [debit('fx', payment.amountMinor), credit('processor_clearing', payment.amountMinor)],
      links,
    ),
    posting(
      'exchanged',
      `${processorId}:${settlementCurrency}`,
      settlementCurrency,
      [debit('processor_clearing', grossMinor), credit('fx', grossMinor)],
      links,
    ),
  ]
}
