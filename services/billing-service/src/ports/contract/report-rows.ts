// Rows for the store's contract: sums, and what subscriptions are worth.
import { type MrrMovement, noRevenue } from '../../core/reports/recurring.ts'
import type { LedgerTotal, TransactionTotal } from '../../core/reports/roll-ups.ts'
import type { Subscription } from '../../core/subscription.ts'
import { newYear } from './rows.ts'

export const ledgerTotalRow = (tenantId: string, more: Partial<LedgerTotal> = {}): LedgerTotal => ({
  tenantId,
  day: '2026-01-01',
  account: 'receivable',
  kind: 'invoice_finalized',
  currency: 'USD',
  debitMinor: 2900,
  creditMinor: 0,
  entries: 1,
  ...more,
})

const transactionTotalRow = (tenantId: string): TransactionTotal => ({
  tenantId,
  day: '2026-01-01',
  type: 'payment',
  currency: 'USD',
  amountMinor: 2900,
  transactions: 1,
})

const movementRow = (subscription: Subscription): MrrMovement => ({
  tenantId: subscription.tenantId,
  id: `${subscription.id}:1`,
  customerId: subscription.customerId,
  subscriptionId: subscription.id,
  kind: 'new_business',
  currency: 'USD',
  changeMinor: 2900,
  mrrMinor: 2900,
  customerBeforeMinor: 0,
  customerAfterMinor: 2900,
  planCode: 'starter',
  billingCycle: 'monthly',
  quantity: 1,
  occurredAt: newYear,
})

/** One row of each collection that reports read. */
export const reportRows = (subscription: Subscription) => ({
  ledgerTotals: ledgerTotalRow(subscription.tenantId),
  transactionTotals: transactionTotalRow(subscription.tenantId),
  recurringRevenues: noRevenue(subscription),
  mrrMovements: movementRow(subscription),
})
