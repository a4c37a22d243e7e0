import type { DisputeWire, PayoutWire } from '@quittance/billing-contract/schemas/settlement'
import type { Dispute } from '../../core/dispute.ts'
import type { Payout } from '../../core/payout.ts'
import { toIso } from '../../core/time.ts'
import { amount, time } from './money.ts'

export const disputeToWire = (dispute: Dispute): DisputeWire => ({
  id: dispute.id,
  tenantId: dispute.tenantId,
  customerId: dispute.customerId,
  transactionId: dispute.transactionId,
  invoiceId: dispute.invoiceId,
  subscriptionId: dispute.subscriptionId,
  status: dispute.status,
  reason: dispute.reason,
  amount: amount(dispute.amountMinor, dispute.currency),
  currency: dispute.currency,
  held: {
    amount: amount(dispute.heldMinor, dispute.settlementCurrency),
    currency: dispute.settlementCurrency,
  },
  fee: amount(dispute.feeMinor, dispute.settlementCurrency),
  evidenceDueAt: time(dispute.evidenceDueAt),
  evidenceSubmitted: dispute.evidenceSubmitted,
  closedAt: time(dispute.closedAt),
  stripeDisputeId: dispute.processorId,
  createdAt: toIso(dispute.createdAt),
})

export const payoutToWire = (payout: Payout): PayoutWire => {
  const { currency } = payout
  return {
    id: payout.id,
    status: payout.status,
    amount: amount(payout.amountMinor, currency),
    fee: amount(payout.feeMinor, currency),
    currency,
    automatic: payout.automatic,
    reconciliation: payout.reconciliation,
    matched: amount(payout.matchedMinor, currency),
    itemCount: payout.itemCount,
    shares: payout.shares.map(({ tenantId, netMinor, feeMinor, count }) => ({
      tenantId,
      net: amount(netMinor, currency),
      fee: amount(feeMinor, currency),
      count,
    })),
    unmatched: payout.unmatched.map(({ processorId, type, sourceId, netMinor }) => ({
      id: processorId,
      type,
      sourceId,
      net: amount(netMinor, currency),
    })),
    failureCode: payout.failureCode,
    arrivalAt: toIso(payout.arrivalAt),
    createdAt: toIso(payout.createdAt),
  }
}
