// Which payment of ours an object of the processor is about, over all tenants.
import type { Transaction } from '../../core/payment.ts'
import type { Deps } from '../../deps.ts'

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
