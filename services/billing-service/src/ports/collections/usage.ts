// What was used, and its totals.
import type { LateTotal, UsageAlert, UsageEvent, UsageTotal } from '../../core/usage.ts'
import { declare } from './declare.ts'

export const usageCollections = {
  usageEvents: declare<UsageEvent>({
    scope: 'tenant',
    table: 'usage_events',
    fields: {
      tenantId: 'text',
      idempotencyKey: 'text',
      subscriptionId: 'text',
      metric: 'text',
      quantity: 'decimal',
      corrects: 'text?',
      occurredAt: 'instant',
      periodStart: 'instant',
      day: 'text',
      late: 'boolean',
      recordedAt: 'instant',
    },
    key: ['idempotencyKey'],
    indexes: [['subscriptionId', 'recordedAt', 'idempotencyKey'], ['corrects']],
    systemIndexes: [['occurredAt']],
    references: { subscriptionId: 'subscriptions' },
    appendOnly: true,
  }),
  usageTotals: declare<UsageTotal>({
    scope: 'tenant',
    table: 'usage_totals',
    fields: {
      tenantId: 'text',
      subscriptionId: 'text',
      metric: 'text',
      periodStart: 'instant',
      day: 'text',
      quantity: 'decimal',
      events: 'integer',
    },
    key: ['subscriptionId', 'metric', 'periodStart', 'day'],
    references: { subscriptionId: 'subscriptions' },
  }),
  lateTotals: declare<LateTotal>({
    scope: 'tenant',
    table: 'late_totals',
    fields: {
      tenantId: 'text',
      subscriptionId: 'text',
      metric: 'text',
      periodStart: 'instant',
      quantity: 'decimal',
      version: 'integer',
    },
    key: ['subscriptionId', 'metric', 'periodStart'],
    references: { subscriptionId: 'subscriptions' },
  }),
  usageAlerts: declare<UsageAlert>({
    scope: 'tenant',
    table: 'usage_alerts',
    fields: {
      tenantId: 'text',
      subscriptionId: 'text',
      metric: 'text',
      periodStart: 'instant',
      threshold: 'integer',
      recordedAt: 'instant',
    },
    key: ['subscriptionId', 'metric', 'periodStart', 'threshold'],
    references: { subscriptionId: 'subscriptions' },
    appendOnly: true,
  }),
} as const
