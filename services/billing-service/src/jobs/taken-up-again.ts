// What was in hand when the database went away is looked at as soon as it is back, not when its claims run out.
import { hastenUnfinished } from '../actions/payments/hasten-unfinished.ts'
import { hastenEvents } from '../actions/webhooks/hasten-events.ts'
import type { Deps } from '../deps.ts'
import type { Job } from './registry.ts'

/** Payments without a result, and events that somebody had taken, are due now. */
export async function hastenWork(deps: Pick<Deps, 'store' | 'clock'>): Promise<void> {
  await hastenUnfinished(deps)
  await hastenEvents(deps)
}

/** The same job; the run after one that failed begins with what was left in hand. */
export function takenUpAgain(job: Job): Job {
  let failed = false
  return {
    ...job,
    async run(deps) {
      try {
        if (failed) await hastenWork(deps)
        failed = false
        return await job.run(deps)
      } catch (error) {
        failed = true
        throw error
      }
    },
  }
}
