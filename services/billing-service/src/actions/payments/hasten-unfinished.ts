// What a process that ended left unfinished is looked at when the next one starts, not a minute later.
import type { Deps } from '../../deps.ts'

/** No attempt is first looked at later than this after it was written down. */
const horizonMs = 60_000
/** More than a process can have had in hand; what is beyond is looked at when it is due. */
const attemptsMax = 1_000

/**
 * Makes unfinished attempts due now. Those of other running instances may be among them: looking at an
 * attempt early does no harm, since silence counts only after some minutes.
 */
export async function hastenUnfinished(deps: Pick<Deps, 'store' | 'clock'>): Promise<void> {
  const now = deps.clock.real()
  await deps.store.system.claim('transactions', {
    field: 'checkAt',
    now: now + horizonMs,
    leaseUntil: now,
    limit: attemptsMax,
  })
}
