// Rows for the store's contract: usage and what is kept of it.
import type { Subscription } from '../../core/subscription.ts'
import type { LateTotal, UsageAlert, UsageEvent } from '../../core/usage.ts'
import { newYear, serial } from './rows.ts'

export const usageRow = (
  subscription: Subscription,
  more: Partial<UsageEvent> = {},
): UsageEvent => ({
  tenantId: subscription.tenantId,
  idempotencyKey: `use-${serial()}`,
  subscriptionId: subscription.id,
  metric: 'messages',
  quantity: '1',
  corrects: null,
  occurredAt: newYear,
  periodStart: newYear,
  day: '2026-01-01',
  late: false,
  recordedAt: newYear,
  ...more,
})

export const lateRow = (subscription: Subscription): LateTotal => ({
  tenantId: subscription.tenantId,
  subscriptionId: subscription.id,
  metric: 'messages',
  periodStart: newYear,
  quantity: '1',
  version: 1,
})

export const alertRow = (subscription: Subscription): UsageAlert => ({
  tenantId: subscription.tenantId,
  subscriptionId: subscription.id,
  metric: 'messages',
  periodStart: newYear,
  threshold: 50,
  recordedAt: newYear,
})
