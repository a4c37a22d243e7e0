// Refunds that others made at the processor, in its own dashboard for one: the money has left, so they are
// recorded here as if we had asked for them, with their credit note.
import { systemCaller } from '../../core/caller.ts'
import { applied, ignored, type Verdict } from '../../core/inbox.ts'
import type { RefundObservation, Transaction } from '../../core/payment.ts'
import { Refusal } from '../../core/refusal.ts'
import type { Deps } from '../../deps.ts'
import { enter } from '../enter.ts'
import { settledPaymentOf } from '../payments/payment-of.ts'
import { beginRefund, settleRefundAttempt } from './refund.ts'

/** The reason that such a refund carries. */
export const madeElsewhere = 'Made at Stripe'

export interface SeenRefund {
  readonly tenantId: string | null
  readonly transactionId: string | null
  readonly processorPaymentId: string | null
  readonly observation: RefundObservation
}

/** The refund of ours that the processor's is, by our own id or by its. */
export async function refundOf(deps: Deps, seen: SeenRefund): Promise<Transaction | null> {
  const { tenantId, transactionId } = seen
  if (tenantId !== null && transactionId !== null) {
    const named = await deps.store.of(tenantId).find('transactions', transactionId)
    if (named?.type === 'refund') return named
  }
  const { processorId } = seen.observation
  const { rows } = await deps.store.system.list('transactions', {
    where: { processorId },
    limit: 2,
  })
  return rows.find(({ type }) => type === 'refund') ?? null
}

/**
 * Records a refund that we did not ask for. One that our record of the payment has no room for is left to
 * the comparison with the processor.
 */
export async function adoptRefund(deps: Deps, seen: SeenRefund): Promise<Verdict> {
  const { observation } = seen
  const payment = await settledPaymentOf(deps, seen)
  if (payment === null || observation.processorId === null) {
    return ignored('the refund is of no payment of ours')
  }
  if (observation.status === 'canceled') {
    return ignored('a refund that others made was called off: no money moved')
  }
  const { tenantId } = payment
  const madeAs = observation.processorId
  const caller = systemCaller(tenantId, 'webhook', madeAs)
  const entered = await enter(deps, caller)
  const input = { amountMinor: observation.amountMinor, reason: madeElsewhere, madeAs }
  try {
    const { refund } = await deps.store.transaction(tenantId, tx =>
      beginRefund(deps, tx, caller, entered, payment.id, input),
    )
    // One that is first met when it has failed had left all the same: it is booked as it happened.
    if (observation.status === 'failed') {
      const left = { ...observation, status: 'succeeded' as const, failureCode: null }
      await settleRefundAttempt(deps, caller, refund.id, left)
    }
    await settleRefundAttempt(deps, caller, refund.id, observation)
    return applied(tenantId)
  } catch (error) {
    if (!(error instanceof Refusal) || error.code === 'unavailable') throw error
    return ignored(`our record of the payment has no room for this refund (${error.code})`)
  }
}
