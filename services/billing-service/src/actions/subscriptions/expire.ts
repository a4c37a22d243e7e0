// What was never paid in time: a first payment after 23 hours, a change that waited for a confirmation. The
// processor is told first, so that the payer cannot pay for what is gone.
import type { Caller } from '../../core/caller.ts'
import { type Invoice, voidInvoice } from '../../core/invoice.ts'
import { invoiceVoided } from '../../core/ledger.ts'
import type { Transaction } from '../../core/payment.ts'
import { isFinal } from '../../core/payment.ts'
import { type Subscription, scheduled, withStatus } from '../../core/subscription.ts'
import type { Deps } from '../../deps.ts'
import { ProcessorUnavailable } from '../../ports/processor.ts'
import { countUses, returnDiscounts, returnUnused } from '../coupons/use-discounts.ts'
import { enter } from '../enter.ts'
import { returnBalance } from '../invoices/issue-invoice.ts'
import { reconcileAttempt } from '../payments/reconcile-attempt.ts'
import { settleAttempt } from '../payments/settle-attempt.ts'
import { book, record } from '../record.ts'

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
    if (invoice !== null && isUntouched(invoice)) {
      const voided = await tx.replace('invoices', voidInvoice(invoice, at))
      await book(deps, tx, caller.tenantId, at, [invoiceVoided(voided)])
      await returnBalance(deps, tx, voided, at)
      await countUses(tx, voided, null, at)
      await record(deps, tx, caller, at, [voidedFor(voided, 'first_payment_expired')])
    }
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
    const withdrawn = invoice !== null && isUntouched(invoice) ? invoice : null
    if (withdrawn !== null) {
      const voided = await tx.replace('invoices', voidInvoice(withdrawn, at))
      await book(deps, tx, caller.tenantId, at, [invoiceVoided(voided)])
      await returnBalance(deps, tx, voided, at)
      await record(deps, tx, caller, at, [voidedFor(voided, 'change_not_paid')])
    }
    await record(deps, tx, caller, at, [
      { type: 'subscription.change_dropped', objectId: current.id, data: { planCode: dropped } },
    ])
    if (withdrawn !== null) await returnDiscounts(deps, tx, caller, withdrawn, at)
    return 'change_expired'
  })
}

/** Nothing was paid or credited on it, so it can still be withdrawn. */
const isUntouched = (invoice: Invoice): boolean =>
  invoice.status === 'open' && invoice.amountPaidMinor === 0 && invoice.amountCreditedMinor === 0

const voidedFor = (invoice: Invoice, reason: string) => ({
  type: 'invoice.voided',
  objectId: invoice.id,
  data: { reason },
})

/** Calls off the payment that an invoice waits for. False: it is on its way, or nobody can tell yet. */
async function callOff(deps: Deps, caller: Caller, invoiceId: string): Promise<boolean> {
  const { rows } = await deps.store.of(caller.tenantId).list('transactions', {
    where: { invoiceId: invoiceId as Invoice['id'] },
    order: { field: 'createdAt', direction: 'desc' },
    limit: 100,
  })
  const running = rows.find(row => row.type === 'payment' && !isFinal(row.status))
  if (running === undefined) return true
  if (running.status === 'processing') return false
  try {
    return await cancelAttempt(deps, caller, running)
  } catch (error) {
    if (!(error instanceof ProcessorUnavailable)) throw error
    return false
  }
}

async function cancelAttempt(deps: Deps, caller: Caller, running: Transaction): Promise<boolean> {
  if (running.processorId === null) return (await reconcileAttempt(deps, running)) !== 'waiting'
  const seen = await deps.processor.cancelPayment(running.processorId)
  const settled = await settleAttempt(deps, caller, running.id, seen)
  return isFinal(settled.status)
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
