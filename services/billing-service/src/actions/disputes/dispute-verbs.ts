// What operators do about disputes: look at them, and answer them.
import type { Caller } from '../../core/caller.ts'
import { type Dispute, isClosed } from '../../core/dispute.ts'
import { refuse } from '../../core/refusal.ts'
import type { Deps } from '../../deps.ts'
import type { Page, Where } from '../../ports/store.ts'
import { enter } from '../enter.ts'
import { type ListInput, listSystem } from '../read-list.ts'
import { record } from '../record.ts'
import { applyDispute } from './settle-dispute.ts'

/** Disputes of all tenants. Refuses `invalid_cursor`. */
export const listAllDisputes = (
  deps: Deps,
  where: Where<'disputes'>,
  input: ListInput,
): Promise<Page<Dispute>> => listSystem(deps, 'disputes', 'createdAt', { where, input })

/**
 * Sends evidence. The bank may have decided before its event reached us, so the dispute is read first. Refuses
 * `not_found`, `dispute_closed`.
 */
export async function submitEvidence(
  deps: Deps,
  caller: Caller,
  disputeId: string,
  text: string,
): Promise<Dispute> {
  const { at } = await enter(deps, caller)
  const known = await deps.store.of(caller.tenantId).get('disputes', disputeId)
  const there = await deps.processor.readObject('dispute', known.processorId)
  const dispute =
    there?.kind === 'dispute'
      ? await applyDispute(deps, caller, known.transactionId, there.observation)
      : known
  if (isClosed(dispute.status)) refuse('dispute_closed', { status: dispute.status })
  await deps.store.transaction(caller.tenantId, tx =>
    record(deps, tx, caller, at, [
      { type: 'dispute.evidence_sent', objectId: disputeId, data: { length: text.length } },
    ]),
  )
  const key = caller.requestKey ?? caller.requestId
  const seen = await deps.processor.submitEvidence({ disputeId: dispute.processorId, text, key })
  return applyDispute(deps, caller, dispute.transactionId, seen)
}
