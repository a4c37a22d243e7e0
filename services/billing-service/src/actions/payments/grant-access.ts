// A bank debit on its way may grant what it pays for; if it fails, that is taken back and credited. Runs
// inside the transaction that settles the debit.
import { canBeTakenBack, grantOf, grantsAccess, takenBack } from '../../core/bank-debit-access.ts'
import { creditableLines, spreadCredit } from '../../core/credit-note.ts'
import { amountDueMinor, type Invoice } from '../../core/invoice.ts'
import type { Transaction } from '../../core/payment.ts'
import { applyChange, type Subscription, withStatus } from '../../core/subscription.ts'
import { issueCreditNote } from '../credits/issue-credit-note.ts'
import type { Settling } from '../dunning/after-failure.ts'
import { recovered } from '../dunning/recover.ts'
import { record } from '../record.ts'
import { billUsageUntil } from '../subscriptions/draft-renewal.ts'

/** Applies the access policy to a debit that was just submitted. */
export async function grantWhileProcessing(
  settling: Settling,
  debit: Transaction,
): Promise<Transaction> {
  const { deps, tx, caller, settings, at } = settling
  const { invoiceId, subscriptionId, methodType } = debit
  if (methodType !== 'bank_account' || invoiceId === null || subscriptionId === null) return debit
  const invoice = await tx.lock('invoices', invoiceId)
  if (invoice.status !== 'open' || amountDueMinor(invoice) > debit.amountMinor) return debit
  // An account whose debit came back is not trusted twice for one demand.
  if (invoice.firstFailedAt !== null) return debit
  if (!grantsAccess(settings, debit, await runningDebits(settling, debit))) return debit
  const before = await tx.lock('subscriptions', subscriptionId)
  const next = await withGrant(settling, before, invoice)
  if (next !== before) {
    await tx.replace('subscriptions', next)
    await record(deps, tx, caller, at, [
      {
        type: 'subscription.granted',
        objectId: next.id,
        data: {
          status: [before.status, next.status],
          planCode: [before.planCode, next.planCode],
          transactionId: debit.id,
        },
      },
    ])
  }
  return tx.replace('transactions', { ...debit, accessGrantedAt: at })
}

/** The customer's debits on their way. More than a page of them passes no limit worth setting. */
async function runningDebits({ tx }: Settling, debit: Transaction): Promise<Transaction[]> {
  const { rows } = await tx.list('transactions', {
    where: { status: 'processing' },
    order: { field: 'createdAt', direction: 'desc' },
    limit: 1000,
  })
  return rows.filter(
    row => row.customerId === debit.customerId && row.methodType === 'bank_account',
  )
}

async function withGrant(
  settling: Settling,
  before: Subscription,
  invoice: Invoice,
): Promise<Subscription> {
  const { deps, tx, caller, at } = settling
  let next = before
  const change = before.pendingChange
  if (change !== null && change.invoiceId === invoice.id) {
    const plan = await tx.get('plans', before.planId)
    const wasFree = plan.prices.every(price => price.amountMinor === 0)
    if (!canBeTakenBack(change, wasFree)) return before
    if (change.restartsPeriodAt !== null) {
      const end = change.restartsPeriodAt
      await billUsageUntil(deps, tx, caller, settling, before, end, 'subscription_update')
    }
    const changed = applyChange(before, change, at)
    next = { ...changed, grantedChange: grantOf(before, changed, invoice.id) }
  }
  if (next.status === 'incomplete') next = withStatus(next, 'active', at)
  return recovered(tx, next, invoice, at)
}

/**
 * The debit for a change that was granted has failed: the old terms come back, and the invoice of the change
 * is credited in full; what it had taken on of an owed balance is owed there again. False when there is nothing to take back, or a renewal has built on it: then the debt
 * is collected like any other.
 */
export async function takeBack(
  settling: Settling,
  invoice: Invoice,
  subscriptionId: string,
): Promise<boolean> {
  const { deps, tx, caller, at } = settling
  const granted = await tx.lock('subscriptions', subscriptionId)
  if (granted.grantedChange?.invoiceId !== invoice.id) return false
  const back = takenBack(granted, at)
  if (back === null) {
    await tx.replace('subscriptions', { ...granted, grantedChange: null, updatedAt: at })
    return false
  }
  await tx.replace('subscriptions', back)
  await record(deps, tx, caller, at, [
    {
      type: 'subscription.change_taken_back',
      objectId: back.id,
      data: { planCode: [granted.planCode, back.planCode], invoiceId: invoice.id },
    },
  ])
  const now = deps.clock.real()
  const leftMinor = invoice.totalMinor - invoice.amountCreditedMinor
  const tenant = await tx.get('tenants', invoice.tenantId)
  const entered = { tenant, settings: settling.settings, at, now }
  await issueCreditNote(deps, tx, caller, entered, {
    invoice,
    parts: spreadCredit(creditableLines(invoice), leftMinor),
    lowersInvoiceMinor: amountDueMinor(invoice),
    refundedMinor: 0,
    reason: 'bank_debit_failed',
    requestKey: null,
  })
  return true
}
