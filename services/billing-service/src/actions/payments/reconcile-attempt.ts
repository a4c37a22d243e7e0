// Healing an unfinished attempt: ask the processor what became of it and settle that. Whatever crashed
// between writing down and settling ends here.
import { systemCaller } from '../../core/caller.ts'
import { askAgainAt, isFinal, type Transaction } from '../../core/payment.ts'
import type { Deps } from '../../deps.ts'
import { runRefund, settleRefundAttempt } from '../transactions/refund.ts'
import { isCheckout, lookAt } from './checkout.ts'
import { moverOf } from './mover-of.ts'
import { neverBegan } from './never-began.ts'
import { settleAttempt } from './settle-attempt.ts'

export type Reconciled = 'settled' | 'waiting' | 'not_started'

/** Reconciles one transaction that is not final, or whose fee is not known yet. */
export async function reconcileAttempt(deps: Deps, transaction: Transaction): Promise<Reconciled> {
  const caller = systemCaller(transaction.tenantId, 'reconcile', transaction.id)
  if (transaction.type === 'refund') return reconcileRefund(deps, transaction)
  if (isCheckout(transaction) && !isFinal(transaction.status)) {
    return reconcileCheckout(deps, transaction)
  }
  const customer = await deps.store
    .of(transaction.tenantId)
    .get('customers', transaction.customerId)
  const seen = await moverOf(deps, transaction).findPayment({
    transactionId: transaction.id,
    processorId: transaction.processorId,
    processorCustomerId: customer.processorId,
    createdAt: transaction.recordedAt,
  })
  if (seen !== null) {
    await settleAttempt(deps, caller, transaction.id, seen)
    return 'settled'
  }
  if (isFinal(transaction.status)) return 'waiting'
  if (!neverBegan(deps, transaction, transaction.recordedAt)) return 'waiting'
  await settleAttempt(deps, caller, transaction.id, calledOff(transaction))
  return 'not_started'
}

/** Puts off the next look at an attempt that got no answer: the older it is, the later. */
export async function askAgainLater(deps: Deps, { tenantId, id }: Transaction): Promise<void> {
  const now = deps.clock.real()
  await deps.store.transaction(tenantId, async tx => {
    const current = await tx.lock('transactions', id)
    if (current.checkAt === null) return
    await tx.replace('transactions', { ...current, checkAt: askAgainAt(current.recordedAt, now) })
  })
}

/**
 * A charge that the processor never saw is called off, not made up for: the payer may have turned away, and
 * money moves only when somebody asks again. Should it turn up after all, it is settled as succeeded.
 */
const calledOff = (transaction: Transaction) => ({
  processorId: transaction.processorId,
  processorChargeId: null,
  status: 'canceled' as const,
  amountMinor: transaction.amountMinor,
  currency: transaction.currency,
  feeMinor: null,
  netMinor: null,
  settlementCurrency: null,
  failureCode: 'not_started',
  declineCode: null,
  adviceCode: null,
  failureMessage: null,
  requestLogUrl: null,
  nextActionUrl: null,
})

/** A page that was never opened is called off like a charge that never began. */
async function reconcileCheckout(deps: Deps, attempt: Transaction): Promise<Reconciled> {
  const caller = systemCaller(attempt.tenantId, 'reconcile', attempt.id)
  if ((await lookAt(deps, caller, attempt)) !== null) return 'settled'
  if (!neverBegan(deps, attempt, attempt.recordedAt)) return 'waiting'
  await settleAttempt(deps, caller, attempt.id, calledOff(attempt))
  return 'not_started'
}

/** A refund was promised: one that never reached the processor is asked for again with the same key. */
async function reconcileRefund(deps: Deps, refund: Transaction): Promise<Reconciled> {
  const caller = systemCaller(refund.tenantId, 'reconcile', refund.id)
  const payment = await deps.store
    .of(refund.tenantId)
    .get('transactions', refund.relatedTransactionId!)
  const seen = await moverOf(deps, refund).findRefund({
    transactionId: refund.id,
    processorId: refund.processorId,
    processorPaymentId: payment.processorId!,
  })
  if (seen !== null) {
    await settleRefundAttempt(deps, caller, refund.id, seen)
    return 'settled'
  }
  await runRefund(deps, caller, refund, payment.processorId!)
  return 'not_started'
}
