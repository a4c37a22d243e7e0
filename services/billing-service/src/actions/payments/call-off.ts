// Calling off the payment that an invoice waits for, before the invoice goes: the processor is told first, so
// that the payer cannot pay for what is gone.
import type { Caller } from '../../core/caller.ts'
import type { Invoice } from '../../core/invoice.ts'
import { isFinal, type Transaction } from '../../core/payment.ts'
import type { Deps } from '../../deps.ts'
import { ProcessorUnavailable } from '../../ports/processor.ts'
import { reconcileAttempt } from './reconcile-attempt.ts'
import { settleAttempt } from './settle-attempt.ts'

/** False: it is on its way, or nobody can tell yet. */
export async function callOff(
  deps: Deps,
  caller: Caller,
  invoiceId: Invoice['id'],
): Promise<boolean> {
  const { rows } = await deps.store.of(caller.tenantId).list('transactions', {
    where: { invoiceId },
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
