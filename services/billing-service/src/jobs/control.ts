// Jobs run on request, from the command line or over HTTP.
import type { Deps } from '../deps.ts'
import { jobs } from './registry.ts'
import type { JobCounts } from './rows-due.ts'
import { runNow } from './schedule.ts'

/** An answer waits this long; the run goes on, and its record says what it did. */
const waitMs = 20_000

/** Runs a job by its name; null when it is still running after a while, or there is none. */
export async function runByName(deps: Deps, name: string): Promise<JobCounts | null> {
  const job = jobs.find(each => each.name === name)
  if (job === undefined) return null
  let timer: NodeJS.Timeout | undefined
  const waited = new Promise<null>(resolve => {
    timer = setTimeout(() => resolve(null), waitMs)
  })
  const running = runNow(deps, job)
  // A failure after the answer stands in the record of the run.
  running.catch(() => undefined)
  try {
    return await Promise.race([running, waited])
  } finally {
    clearTimeout(timer)
  }
}
