// Rows for the store's contract of what happens at the processor after a payment.
import type { Dispute } from '../../core/dispute.ts'
import type { Transaction } from '../../core/payment.ts'
import { newYear, serial } from './rows.ts'

export const disputeRow = (payment: Transaction): Dispute => ({
  tenantId: payment.tenantId,
  id: `dp_${serial()}`,
  customerId: payment.customerId,
  transactionId: payment.id,
  invoiceId: payment.invoiceId,
  subscriptionId: null,
  processor: 'stripe',
  processorId: `du_${serial()}`,
  status: 'needs_response',
  reason: 'fraudulent',
  amountMinor: 100,
  currency: 'USD',
  heldMinor: 100,
  feeMinor: 1_500,
  lostMinor: 0,
  settlementCurrency: 'USD',
  evidenceDueAt: newYear,
  evidenceSubmitted: false,
  closedAt: null,
  recordedAt: newYear,
  createdAt: newYear,
  updatedAt: newYear,
  version: 1,
})
