// What was in hand when the process ended or the database went away is looked at as soon as it can be, not when its
// claims run out.
import { hastenUnfinished } from '../actions/payments/hasten-unfinished.ts'
import { hastenEvents } from '../actions/webhooks/hasten-events.ts'
import type { Deps } from '../deps.ts'

/** Payments without a result, and events that somebody had taken, are due now. */
export async function hastenWork(deps: Pick<Deps, 'store' | 'clock'>): Promise<void> {
  await hastenUnfinished(deps)
  await hastenEvents(deps)
}
