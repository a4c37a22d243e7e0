// What an invoice that is paid gives: it is the same whether money or a credit note settled it. Runs inside the
// transaction that settles the invoice.
import type { Invoice } from '../../core/invoice.ts'
import { applyChange, type Subscription, withStatus } from '../../core/subscription.ts'
import type { Settling } from '../dunning/after-failure.ts'
import { recovered } from '../dunning/recover.ts'
import { type Change, record } from '../record.ts'
import { billUsageUntil } from '../subscriptions/draft-renewal.ts'

/** What a paid invoice does to its subscription: it starts, recovers, or the change it paid for comes true. */
export async function paidFor(settling: Settling, invoice: Invoice): Promise<void> {
  const { deps, tx, caller, at } = settling
  const before = await tx.lock('subscriptions', invoice.subscriptionId!)
  let next: Subscription = before
  if (next.pendingChange?.invoiceId === invoice.id) {
    const change = next.pendingChange
    if (change.restartsPeriodAt !== null) {
      const end = change.restartsPeriodAt
      await billUsageUntil(deps, tx, caller, settling, before, end, 'subscription_update')
    }
    next = applyChange(next, change, at)
  }
  if (next.grantedChange?.invoiceId === invoice.id) next = { ...next, grantedChange: null }
  if (next.status === 'incomplete') next = withStatus(next, 'active', at)
  next = await recovered(tx, next, invoice, at)
  if (next === before) return
  await tx.replace('subscriptions', next)
  await record(deps, tx, caller, at, [changed(before, next)])
}

const changed = (before: Subscription, next: Subscription): Change => ({
  type: before.status === next.status ? 'subscription.changed' : `subscription.${next.status}`,
  objectId: next.id,
  data: {
    status: [before.status, next.status],
    planCode: [before.planCode, next.planCode],
    quantity: [before.quantity, next.quantity],
  },
})
