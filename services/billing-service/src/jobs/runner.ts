// Runs jobs: continuous ones in loops of their own, at once again while there is work, else after their
// pause; timed ones at their slots, once across all instances. Stopping waits for the work in hand.
import { setMaxListeners } from 'node:events'
import { Refusal } from '../core/refusal.ts'
import type { Deps } from '../deps.ts'
import type { Job } from './registry.ts'
import { hourlyBook, runSlot, slotOf } from './schedule.ts'

export interface RunningJobs {
  /** Stops looking for work and waits for what is in hand. */
  stop(): Promise<void>
}

const faultPauseMs = 5_000
/** How often a timed job looks whether its next slot has come. */
const timetablePauseMs = 20_000

/** Told of every run that ended, with its time in milliseconds and when it ended. */
export type JobObserver = (job: string, failed: boolean, ms: number, at: number) => void

/** The job, with its runs told of. */
const observed = (deps: Deps, job: Job, observe: JobObserver): Job => ({
  ...job,
  async run(given) {
    const startedAt = performance.now()
    let failed = true
    try {
      const result = await job.run(given)
      failed = false
      return result
    } finally {
      observe(job.name, failed, performance.now() - startedAt, deps.clock.real())
    }
  },
})

/** Starts the loops. */
export function startJobs(
  deps: Deps,
  all: readonly Job[],
  observe: JobObserver = () => undefined,
): RunningJobs {
  const jobs = all.map(job => observed(deps, job, observe))
  const stopping = new AbortController()
  // Each loop listens for the end; more than ten of them are no leak.
  setMaxListeners(jobs.length + 1, stopping.signal)
  const instance = deps.ids.next('jobRun')
  const loops = jobs.map(job =>
    job.at === undefined
      ? loop(deps, job, instance, stopping.signal)
      : timetable(deps, job, job.at, stopping.signal),
  )
  return {
    async stop() {
      stopping.abort()
      await Promise.all(loops)
    },
  }
}

const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error)

async function loop(deps: Deps, job: Job, instance: string, stopping: AbortSignal): Promise<void> {
  const book = hourlyBook(deps, job, instance)
  let wasAway = false
  while (!stopping.aborted) {
    let pauseMs = job.everyMs
    try {
      if (wasAway) await job.resume?.(deps)
      wasAway = false
      const found = await job.run(deps)
      await book.note(found, null)
      if (found.taken > 0) pauseMs = 0
    } catch (error) {
      deps.log.error({ job: job.name, reason: reasonOf(error) }, 'job failed, will try again')
      await book.note({}, reasonOf(error)).catch(() => undefined)
      wasAway ||= error instanceof Refusal && error.code === 'unavailable'
      pauseMs = faultPauseMs
    }
    await pause(pauseMs, stopping)
  }
  await book.flush().catch(() => undefined)
}

/** A slot that was missed while nothing ran is made up for once; older ones are not. */
async function timetable(deps: Deps, job: Job, at: string, stopping: AbortSignal): Promise<void> {
  let done = 0
  while (!stopping.aborted) {
    try {
      const slot = slotOf(at, deps.clock.real())
      if (slot > done) await runSlot(deps, job, new Date(slot).toISOString().slice(0, 16))
      done = slot
    } catch (error) {
      deps.log.error({ job: job.name, reason: reasonOf(error) }, 'job failed, will try again')
    }
    await pause(timetablePauseMs, stopping)
  }
}

function pause(ms: number, stopping: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (stopping.aborted) return resolve()
    const done = () => {
      clearTimeout(timer)
      stopping.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    stopping.addEventListener('abort', done)
  })
}
