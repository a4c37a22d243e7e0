// Payments that the processor knows for one of our tenants and we do not, such as those of the hours that a
// restored backup has lost. Their money is real, so it is recorded and stands to the payer's credit.
import { systemCaller } from '../../core/caller.ts'
import { applied, ignored, type Verdict } from '../../core/inbox.ts'
import type { Deps } from '../../deps.ts'
import type { ProcessorObject } from '../../ports/processor.ts'
import { customerOf, enter } from '../enter.ts'
import { emptyTransaction } from '../transactions/empty-transaction.ts'
import { paymentOf } from './payment-of.ts'
import { settleAttemptIn } from './settle-attempt.ts'

/** The reason that such a payment carries. */
export const paidElsewhere = 'Found at the processor'

/**
 * Records a payment that names a tenant of ours and no attempt that we have: the whole amount goes to the
 * credit balance, from which the next invoices are paid, or a refund. A payment that moved nothing is left.
 */
export async function adoptPayment(
  deps: Deps,
  object: Extract<ProcessorObject, { kind: 'payment' }>,
): Promise<Verdict> {
  const { tenantId, observation: seen, happenedAt } = object
  if (tenantId === null || seen.processorId === null) return ignored('the payment names no tenant')
  if (seen.status !== 'succeeded' && seen.status !== 'processing') {
    return ignored('no money moved')
  }
  if ((await paymentOf(deps, { processorPaymentId: seen.processorId })) !== null) {
    return ignored('the payment is here already')
  }
  const caller = systemCaller(tenantId, 'webhook', seen.processorId)
  const entered = await enter(deps, caller)
  const customer = await customerOf(deps.store.of(tenantId), entered.tenant, undefined)
  const id = deps.ids.next('transaction')
  await deps.store.transaction(tenantId, async tx => {
    await tx.insert('transactions', {
      ...emptyTransaction,
      tenantId,
      id,
      customerId: customer.id,
      type: 'payment',
      status: 'pending',
      currency: seen.currency,
      amountMinor: seen.amountMinor,
      processor: deps.processor.name,
      reason: paidElsewhere,
      recordedAt: entered.now,
      createdAt: happenedAt,
      updatedAt: happenedAt,
    })
    await settleAttemptIn(deps, tx, caller, entered, id, seen)
  })
  return applied(tenantId)
}
