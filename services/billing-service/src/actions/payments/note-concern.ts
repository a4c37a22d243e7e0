// Warnings of fraud and reviews change no money: they are told once per state, as events for people.
import { applied, ignored, type Verdict } from '../../core/inbox.ts'
import type { Deps } from '../../deps.ts'
import type { ProcessorObject } from '../../ports/processor.ts'
import { enter } from '../enter.ts'
import { giveNotice } from '../notices/give-notice.ts'
import { settledPaymentOf } from './payment-of.ts'

/** Tells of a concern about a payment of ours: `payment.fraud_warning`, `payment.review`. */
export async function noteConcern(
  deps: Deps,
  concern: Extract<ProcessorObject, { kind: 'concern' }>,
): Promise<Verdict> {
  const payment = await settledPaymentOf(deps, concern)
  if (payment === null) return ignored('it concerns no payment of ours')
  const { tenantId } = payment
  const { at } = await enter(deps, { tenantId })
  const { what, state, reason, processorId } = concern
  const notice = {
    id: `${what}:${processorId}:${state}`,
    type: `payment.${what}`,
    objectId: payment.id,
    data: { state, reason, processorId },
  }
  await giveNotice(deps, tenantId, notice, at)
  return applied(tenantId)
}
