// What reports read instead of every row: daily sums, and the log of monthly recurring revenue.
import type { MrrMovement, RecurringRevenue } from '../../core/reports/recurring.ts'
import type { LedgerTotal, TransactionTotal } from '../../core/reports/roll-ups.ts'
import { declare, stamps } from './declare.ts'

export const reportsCollections = {
  ledgerTotals: declare<LedgerTotal>({
    scope: 'tenant',
    table: 'ledger_totals',
    fields: {
      tenantId: 'text',
      day: 'text',
      account: 'text',
      kind: 'text',
      currency: 'text',
      debitMinor: 'integer',
      creditMinor: 'integer',
      entries: 'integer',
    },
    key: ['day', 'account', 'kind', 'currency'],
    systemIndexes: [['day', 'tenantId']],
  }),
  transactionTotals: declare<TransactionTotal>({
    scope: 'tenant',
    table: 'transaction_totals',
    fields: {
      tenantId: 'text',
      day: 'text',
      type: 'text',
      currency: 'text',
      amountMinor: 'integer',
      transactions: 'integer',
    },
    key: ['day', 'type', 'currency'],
    systemIndexes: [['day', 'tenantId']],
  }),
  recurringRevenues: declare<RecurringRevenue>({
    scope: 'tenant',
    table: 'recurring_revenues',
    fields: {
      tenantId: 'text',
      id: 'text',
      customerId: 'text',
      currency: 'text',
      mrrMinor: 'integer',
      bySubscription: 'json',
      startedAt: 'instant?',
      ...stamps,
    },
    key: ['id'],
    references: { customerId: 'customers' },
  }),
  mrrMovements: declare<MrrMovement>({
    scope: 'tenant',
    table: 'mrr_movements',
    fields: {
      tenantId: 'text',
      id: 'text',
      customerId: 'text',
      subscriptionId: 'text',
      kind: 'text',
      currency: 'text',
      changeMinor: 'integer',
      mrrMinor: 'integer',
      customerBeforeMinor: 'integer',
      customerAfterMinor: 'integer',
      planCode: 'text',
      billingCycle: 'text',
      quantity: 'integer',
      occurredAt: 'instant',
    },
    key: ['id'],
    indexes: [
      ['occurredAt', 'id'],
      ['customerId', 'occurredAt', 'id'],
      ['subscriptionId', 'occurredAt', 'id'],
    ],
    systemIndexes: [['occurredAt', 'tenantId', 'id']],
    references: { customerId: 'customers', subscriptionId: 'subscriptions' },
    appendOnly: true,
  }),
} as const
