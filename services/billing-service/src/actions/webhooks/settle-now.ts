// Reading an object of the processor and settling it now, by the same row of the event table and under the
// same lease as an event about it: for the sync, and for taking the processor's side of a difference.
import { ignored, type Verdict } from '../../core/inbox.ts'
import type { Deps } from '../../deps.ts'
import { whileLeased } from '../lease.ts'
import { rowFor } from './event-table.ts'

/** Null while a worker has the object in hand: it is being settled anyway. */
export async function settleNow(
  deps: Deps,
  objectType: string,
  objectId: string,
): Promise<Verdict | null> {
  const row = rowFor(objectType)
  if (row === null) return ignored('nothing follows from such an object')
  const done = await whileLeased(deps, `object:${objectType}:${objectId}`, async () =>
    row.apply(deps, await deps.processor.readObject(objectType, objectId), null),
  )
  return done === null ? null : done.result
}
