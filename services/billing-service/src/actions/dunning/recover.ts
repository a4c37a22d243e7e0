// The ways out of an overdue subscription: everything overdue is settled, or a new method is there to try.
import type { CustomerId } from '../../core/ids.ts'
import { amountDueMinor, type Invoice } from '../../core/invoice.ts'
import { type Subscription, withStatus } from '../../core/subscription.ts'
import type { Instant } from '../../core/time.ts'
import type { TenantTransaction } from '../../ports/store.ts'

/**
 * The subscription as it is when `settled` is off the table: past due and unpaid end only when no overdue
 * invoice is left, never because the newest one was paid (choice 14).
 */
export async function recovered(
  tx: TenantTransaction,
  subscription: Subscription,
  settled: Pick<Invoice, 'id'>,
  at: Instant,
): Promise<Subscription> {
  const { status } = subscription
  if (status !== 'past_due' && status !== 'unpaid') return subscription
  const { rows } = await tx.list('invoices', {
    where: { subscriptionId: subscription.id },
    order: { field: 'createdAt', direction: 'desc' },
    limit: 1000,
  })
  const overdue = rows.some(
    other => other.id !== settled.id && other.status === 'open' && (other.dueAt ?? at) <= at,
  )
  return overdue ? subscription : withStatus(subscription, 'active', at)
}

/**
 * A new method is there: what failed before is due for another try at once. Whether the method may really
 * be charged is decided when it is tried.
 */
export async function retryWithNewMethod(
  tx: TenantTransaction,
  customerId: CustomerId,
  at: Instant,
): Promise<void> {
  const { rows } = await tx.list('invoices', {
    where: { customerId, status: 'open' },
    order: { field: 'createdAt', direction: 'asc' },
    limit: 1000,
  })
  const failed = rows.filter(
    invoice =>
      invoice.processorId === null &&
      invoice.collection === 'automatic' &&
      invoice.firstFailedAt !== null &&
      amountDueMinor(invoice) > 0,
  )
  for (const invoice of failed) {
    const locked = await tx.lock('invoices', invoice.id)
    if (locked.status !== 'open') continue
    await tx.replace('invoices', { ...locked, nextAttemptAt: at, giveUpAt: null, updatedAt: at })
  }
}
