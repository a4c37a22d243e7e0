// The health of all tenants' payments in a span of real time, and the watch over it.
import {
  type AttemptCount,
  type HealthAlert,
  type PaymentHealth,
  paymentHealth,
} from '../../core/payment-health.ts'
import type { DomainEvent } from '../../core/records.ts'
import type { Instant } from '../../core/time.ts'
import { issuerTenant } from '../../core/webhook.ts'
import type { Deps } from '../../deps.ts'

const dayMs = 86_400_000

/** Counts attempts, refunds and disputes from an instant to another, by real time. */
export async function readPaymentHealth(
  deps: Deps,
  from: Instant,
  to: Instant,
): Promise<PaymentHealth> {
  const { system } = deps.store
  const range = { field: 'recordedAt', from, to } as const
  const [attempts, refunds, disputes] = await Promise.all([
    system.sum('transactions', {
      where: { type: 'payment' },
      range,
      sum: ['amountMinor'],
      groupBy: ['status', 'methodType', 'methodBrand', 'failureCode', 'declineCode'],
      bucket: { field: 'recordedAt', unit: 'day', zone: 'UTC' },
    }),
    system.count('transactions', { where: { type: 'refund', status: 'succeeded' }, range }),
    system.sum('disputes', {
      range: { field: 'createdAt', from, to },
      sum: ['amountMinor'],
      groupBy: ['status'],
    }),
  ])
  const counts = attempts.map(({ group, bucket, count }): AttemptCount => {
    const text = (name: string) => (group[name] === null ? null : String(group[name]))
    return {
      day: bucket ?? '',
      status: String(group.status),
      methodType: text('methodType'),
      brand: text('methodBrand'),
      failureCode: text('failureCode'),
      declineCode: text('declineCode'),
      count,
    }
  })
  const money = disputes.filter(({ group }) => !String(group.status).startsWith('warning_'))
  const after = {
    refunds,
    disputes: money.reduce((sum, { count }) => sum + count, 0),
    disputesLost: money.find(({ group }) => group.status === 'lost')?.count ?? 0,
  }
  return paymentHealth(counts, after, deps.monitor)
}

/**
 * Looks at the last 24 hours and tells of each rate that is over its threshold, once a day, as the event
 * `monitor.alert`. Answers how many were told.
 */
export async function watchPayments(deps: Deps): Promise<number> {
  const now = deps.clock.real()
  const { alerts, total } = await readPaymentHealth(deps, now - dayMs, now)
  let told = 0
  for (const alert of alerts) told += await tell(deps, alert, total.attempts, now)
  return told
}

async function tell(
  deps: Deps,
  alert: HealthAlert,
  attempts: number,
  now: Instant,
): Promise<number> {
  const day = new Date(now).toISOString().slice(0, 10)
  const notice = {
    tenantId: issuerTenant,
    id: `${alert.name}:${day}`,
    objectId: alert.name,
    createdAt: now,
  }
  const event: DomainEvent = {
    tenantId: issuerTenant,
    id: deps.ids.next('event'),
    type: 'monitor.alert',
    objectId: alert.name,
    data: { ...alert, attempts, windowHours: 24 },
    occurredAt: now,
    recordedAt: now,
  }
  const fresh = await deps.store.system.transaction(async tx => {
    const written = await tx.insertMany('notices', [notice], { onConflict: 'skip' })
    if (written === 1) await tx.insert('events', event)
    return written
  })
  if (fresh === 1) deps.log.warn({ ...alert }, 'payments do not go well')
  return fresh
}

/** The last alerts, newest first. */
export async function lastAlerts(deps: Deps): Promise<readonly DomainEvent[]> {
  const { rows } = await deps.store.of(issuerTenant).list('events', {
    where: { type: 'monitor.alert' },
    order: { field: 'recordedAt', direction: 'desc' },
    limit: 20,
  })
  return rows
}
