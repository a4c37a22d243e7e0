// The one way in which money becomes true here. The processor's answer, its webhook and reconciliation all
// bring an observation of the same object; order and repetition do not matter.
import type { Caller } from '../../core/caller.ts'
import { amountDueMinor, type Invoice, receivePayment, voidInvoice } from '../../core/invoice.ts'
import * as ledger from '../../core/ledger.ts'
import { exchanged } from '../../core/ledger-settlement.ts'
import { type PaymentObservation, settlePayment, type Transaction } from '../../core/payment.ts'
import { scheduled } from '../../core/subscription.ts'
import type { Instant } from '../../core/time.ts'
import type { Deps } from '../../deps.ts'
import type { TenantTransaction } from '../../ports/store.ts'
import { returnDiscounts } from '../coupons/use-discounts.ts'
import { moveCredit } from '../credits/move-credit.ts'
import { afterFailure, type Settling } from '../dunning/after-failure.ts'
import { type Entered, enter } from '../enter.ts'
import { returnBalance } from '../invoices/issue-invoice.ts'
import { book, record } from '../record.ts'
import { grantWhileProcessing, takeBack } from './grant-access.ts'
import { paidFor } from './paid-for.ts'

/** A charge that was called off, not declined, is tried again after this long. */
const calledOffMs = 3_600_000

/**
 * Applies an observation of a payment to it, its invoice, its subscription and the ledger. `happenedAt` is for
 * payments that were made elsewhere and may be old: they belong to their own day.
 */
export async function settleAttempt(
  deps: Deps,
  caller: Caller,
  transactionId: string,
  seen: PaymentObservation,
  options: { readonly happenedAt?: Instant } = {},
): Promise<Transaction> {
  const entered = await enter(deps, caller)
  const at = options.happenedAt ?? entered.at
  return deps.store.transaction(caller.tenantId, tx =>
    settleAttemptIn(deps, tx, caller, { ...entered, at }, transactionId, seen),
  )
}

/** The same inside a transaction, for money that needs no asking. */
export async function settleAttemptIn(
  deps: Deps,
  tx: TenantTransaction,
  caller: Caller,
  { at, now, settings }: Entered,
  transactionId: string,
  seen: PaymentObservation,
): Promise<Transaction> {
  const before = await tx.lock('transactions', transactionId)
  const settled = settlePayment(before, seen, { at, now })
  const transaction = await tx.replace('transactions', settled.transaction)
  const settling: Settling = { deps, tx, caller, settings, at }
  if (settled.reached !== null) await tell(settling, transaction)
  if (settled.reached === 'succeeded') await received(settling, transaction)
  if (settled.reached === 'failed' || settled.reached === 'canceled') {
    await notReceived(settling, transaction)
  }
  if (settled.feeKnown) {
    await book(deps, tx, caller.tenantId, at, [
      ledger.processingFee(transaction),
      ...exchanged(transaction),
    ])
  }
  return settled.reached === 'processing'
    ? grantWhileProcessing(settling, transaction)
    : transaction
}

async function tell({ deps, tx, caller, at }: Settling, transaction: Transaction): Promise<void> {
  const { invoiceId, amountMinor, currency, declineCode, offSession, methodType } = transaction
  await record(deps, tx, caller, at, [
    {
      type: `payment.${transaction.status}`,
      objectId: transaction.id,
      data: { invoiceId, amountMinor, currency, declineCode, offSession, methodType },
    },
  ])
}

async function received(settling: Settling, transaction: Transaction): Promise<void> {
  const { deps, tx, caller, at } = settling
  const { invoiceId } = transaction
  const invoice = invoiceId === null ? null : await tx.lock('invoices', invoiceId)
  const dueMinor = invoice ? amountDueMinor(invoice) : 0
  const appliedMinor = Math.min(transaction.amountMinor, dueMinor)
  const writtenOff = invoice?.status === 'uncollectible'
  await book(deps, tx, caller.tenantId, at, [
    ledger.paymentReceived(transaction, appliedMinor, writtenOff),
  ])
  await moveCredit(deps, tx, {
    ...transaction,
    kind: 'surplus',
    amountMinor: transaction.amountMinor - appliedMinor,
    cause: `${transaction.id}:surplus`,
    transactionId: transaction.id,
    at,
  })
  if (!invoice || appliedMinor === 0) return
  const { invoice: next, paid } = receivePayment(invoice, appliedMinor, at)
  await tx.replace('invoices', next)
  if (!paid) return
  await record(deps, tx, caller, at, [
    { type: 'invoice.paid', objectId: next.id, data: { invoiceNumber: next.invoiceNumber } },
  ])
  if (next.subscriptionId && next.processorId === null) await paidFor(settling, next)
}

/**
 * A failed try changes nothing about the debt: dunning says what follows. The invoice of a pending change
 * goes with it: the old plan stays, and nobody is asked for money for a plan that never came.
 */
async function notReceived(settling: Settling, transaction: Transaction): Promise<void> {
  const { tx } = settling
  if (transaction.invoiceId === null) return
  const invoice = await tx.lock('invoices', transaction.invoiceId)
  // What follows from a failed try of a mirrored invoice, Stripe decides.
  if (invoice.status !== 'open' || invoice.processorId !== null) return
  if (await dropsChange(settling, invoice, transaction)) return
  const { subscriptionId } = transaction
  if (subscriptionId !== null && (await takeBack(settling, invoice, subscriptionId))) return
  if (transaction.status === 'failed') return afterFailure(settling, invoice, transaction)
  if (!transaction.offSession) return
  const nextAttemptAt = settling.at + calledOffMs
  await tx.replace('invoices', { ...invoice, nextAttemptAt, updatedAt: settling.at })
}

async function dropsChange(
  settling: Settling,
  invoice: Invoice,
  transaction: Transaction,
): Promise<boolean> {
  const { deps, tx, caller, at } = settling
  if (transaction.subscriptionId === null) return false
  const subscription = await tx.lock('subscriptions', transaction.subscriptionId)
  if (subscription.pendingChange?.invoiceId !== invoice.id) return false
  // Credited in part, it cannot be withdrawn; the change waits for the rest.
  if (invoice.amountCreditedMinor > 0) return false
  const withdrawn = await tx.replace('invoices', voidInvoice(invoice, at))
  await tx.replace(
    'subscriptions',
    scheduled({ ...subscription, pendingChange: null, updatedAt: at }),
  )
  await book(deps, tx, caller.tenantId, at, [ledger.invoiceVoided(withdrawn)])
  await returnBalance(deps, tx, withdrawn, at)
  await record(deps, tx, caller, at, [
    { type: 'invoice.voided', objectId: invoice.id, data: { reason: 'change_not_paid' } },
    {
      type: 'subscription.change_dropped',
      objectId: subscription.id,
      data: { planCode: subscription.pendingChange.planCode },
    },
  ])
  await returnDiscounts(deps, tx, caller, withdrawn, at)
  return true
}
