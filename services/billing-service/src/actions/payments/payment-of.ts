// Which payment of ours an object of the processor is about, over all tenants.
import { systemCaller } from '../../core/caller.ts'
import type { Transaction } from '../../core/payment.ts'
import type { Deps } from '../../deps.ts'
import { settleAttempt } from './settle-attempt.ts'

/** The payment by the processor's payment or charge; null when it is none of ours. */
export async function paymentOf(
  deps: Deps,
  about: {
    readonly processorPaymentId: string | null
    readonly processorChargeId?: string | null
  },
): Promise<Transaction | null> {
  const { system } = deps.store
  const { processorPaymentId: paymentId, processorChargeId: chargeId = null } = about
  const asked = [
    ...(paymentId === null ? [] : [{ processorId: paymentId }]),
    ...(chargeId === null ? [] : [{ processorChargeId: chargeId }]),
  ]
  for (const where of asked) {
    const { rows } = await system.list('transactions', { where, limit: 2 })
    const payment = rows.find(({ type }) => type === 'payment')
    if (payment !== undefined) return payment
  }
  return null
}

/**
 * The same for what changes a payment: one whose answer never reached us is not known by the processor's name
 * yet, so the processor's payment is read, and settled first where it names an attempt of ours.
 */
export async function settledPaymentOf(
  deps: Deps,
  about: Parameters<typeof paymentOf>[1],
): Promise<Transaction | null> {
  const known = await paymentOf(deps, about)
  if (known !== null || about.processorPaymentId === null) return known
  const object = await deps.processor.readObject('payment_intent', about.processorPaymentId)
  if (object?.kind !== 'payment') return null
  const { tenantId, transactionId, observation } = object
  if (tenantId === null || transactionId === null) return null
  const attempt = await deps.store.of(tenantId).find('transactions', transactionId)
  if (attempt?.type !== 'payment') return null
  const caller = systemCaller(tenantId, 'webhook', transactionId)
  return settleAttempt(deps, caller, transactionId, observation)
}
