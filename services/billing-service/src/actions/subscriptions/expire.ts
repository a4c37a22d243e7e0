// What was never paid in time: a first payment after 23 hours, a change that waited for a confirmation. The
// processor is told first, so that the payer cannot pay for what is gone.
import type { Caller } from '../../core/caller.ts'
import { type Subscription, scheduled, withStatus } from '../../core/subscription.ts'
import type { Deps } from '../../deps.ts'
import { countUses, returnDiscounts, returnUnused } from '../coupons/use-discounts.ts'
import { enter } from '../enter.ts'
import { withdraw } from '../invoices/withdraw.ts'
import { callOff } from '../payments/call-off.ts'
import { record } from '../record.ts'

export type Expired = 'expired' | 'change_expired' | 'postponed'

/** Slow money on its way is waited for; it is asked about again after this long. */
const waitMs = 6 * 3_600_000

/** Ends a subscription whose first payment never came: its invoice is void (choice 14). */
export async function expireIncomplete(
  deps: Deps,
  caller: Caller,
  subscription: Subscription,
): Promise<Expired> {
  const invoiceId = subscription.latestInvoiceId
  if (invoiceId !== null && !(await callOff(deps, caller, invoiceId))) {
    return postpone(deps, caller, subscription)
  }
  const { at } = await enter(deps, caller)
  return deps.store.transaction(caller.tenantId, async (tx): Promise<Expired> => {
    const invoice = invoiceId === null ? null : await tx.lock('invoices', invoiceId)
    const current = await tx.lock('subscriptions', subscription.id)
    if (current.status !== 'incomplete') return 'postponed'
    await tx.replace('subscriptions', withStatus(current, 'incomplete_expired', at))
    const withdrawn = await withdraw(deps, tx, caller, at, invoice, 'first_payment_expired')
    await countUses(tx, withdrawn, null, at)
    await record(deps, tx, caller, at, [
      {
        type: 'subscription.incomplete_expired',
        objectId: current.id,
        data: { status: ['incomplete', 'incomplete_expired'] },
      },
    ])
    await returnUnused(deps, tx, caller, current, at)
    return 'expired'
  })
}

/** Drops a change whose invoice was not paid in time: the old plan stays, nothing is owed for the new one. */
export async function expireChange(
  deps: Deps,
  caller: Caller,
  subscription: Subscription,
): Promise<Expired> {
  const invoiceId = subscription.pendingChange?.invoiceId ?? null
  if (invoiceId !== null && !(await callOff(deps, caller, invoiceId))) {
    return postpone(deps, caller, subscription)
  }
  const { at } = await enter(deps, caller)
  return deps.store.transaction(caller.tenantId, async (tx): Promise<Expired> => {
    const invoice = invoiceId === null ? null : await tx.lock('invoices', invoiceId)
    const current = await tx.lock('subscriptions', subscription.id)
    // Calling the payment off has dropped the change already, or a late success has applied it.
    if (current.pendingChange?.invoiceId !== invoiceId) return 'change_expired'
    await tx.replace('subscriptions', scheduled({ ...current, pendingChange: null, updatedAt: at }))
    const dropped = current.pendingChange?.planCode ?? null
    const withdrawn = await withdraw(deps, tx, caller, at, invoice, 'change_not_paid')
    await record(deps, tx, caller, at, [
      { type: 'subscription.change_dropped', objectId: current.id, data: { planCode: dropped } },
    ])
    if (withdrawn !== null) await returnDiscounts(deps, tx, caller, withdrawn, at)
    return 'change_expired'
  })
}

/** Looks again later. */
async function postpone(deps: Deps, caller: Caller, subscription: Subscription): Promise<Expired> {
  const { at } = await enter(deps, caller)
  await deps.store.transaction(caller.tenantId, async tx => {
    const current = await tx.lock('subscriptions', subscription.id)
    const { pendingChange } = current
    const again =
      pendingChange?.expiresAt === undefined
        ? current
        : scheduled({ ...current, pendingChange: { ...pendingChange, expiresAt: at + waitMs } })
    const nextBillingAt = again.status === 'incomplete' ? at + waitMs : again.nextBillingAt
    await tx.replace('subscriptions', { ...again, nextBillingAt, updatedAt: at })
  })
  return 'postponed'
}
