// The timetable: which jobs run at which times, and one run of each slot across all instances. The row
// `<job>:<slot>` is the lock and the record of the run.
import { Cron } from 'croner'
import type { JobRun } from '../core/records.ts'
import type { Instant } from '../core/time.ts'
import type { Deps } from '../deps.ts'
import type { Job } from './registry.ts'
import type { JobCounts } from './rows-due.ts'

/** A run whose process died is taken over after this long. */
const abandonedMs = 3_600_000
/** Pieces of one run; what is left comes with the next slot. */
const roundsMax = 1_000

/** The last time at or before `now` at which a pattern was due, in UTC. */
export function slotOf(pattern: string, now: Instant): Instant {
  const minute = 60_000
  const next = new Date(Math.floor(now / minute) * minute + minute)
  const [slot] = new Cron(pattern, { timezone: 'UTC' }).previousRuns(1, next)
  if (slot === undefined) throw new Error(`the pattern ${pattern} was never due`)
  return slot.getTime()
}

/** Runs a job for a slot unless another instance has; null when it has. */
export async function runSlot(deps: Deps, job: Job, slot: string): Promise<JobCounts | null> {
  const run = await takeSlot(deps, job, slot)
  return run === null ? null : runRecorded(deps, job, run)
}

async function takeSlot(deps: Deps, job: Job, slot: string): Promise<JobRun | null> {
  const now = deps.clock.real()
  const run: JobRun = {
    id: `${job.name}:${slot}`,
    job: job.name,
    slot,
    state: 'running',
    counts: {},
    error: null,
    startedAt: now,
    endedAt: null,
    version: 1,
  }
  return deps.store.system.transaction(async tx => {
    if ((await tx.insertMany('jobRuns', [run], { onConflict: 'skip' })) === 1) return run
    const held = await tx.lock('jobRuns', run.id)
    const abandoned = held.state === 'running' && now - held.startedAt > abandonedMs
    if (held.state !== 'failed' && !abandoned) return null
    return tx.replace('jobRuns', { ...held, state: 'running', error: null, startedAt: now })
  })
}

/** Runs a job until it finds no more work, and writes down what it did, also when it fails. */
async function runRecorded(deps: Deps, job: Job, run: JobRun): Promise<JobCounts> {
  const counts: Record<string, number> = {}
  let error: string | null = null
  try {
    for (let round = 0; round < roundsMax; round += 1) {
      const found = await job.run(deps)
      for (const [key, count] of Object.entries(found)) counts[key] = (counts[key] ?? 0) + count
      if (found.taken === 0) break
    }
    return counts
  } catch (failure) {
    error = failure instanceof Error ? failure.message : String(failure)
    throw failure
  } finally {
    const state = error === null ? 'done' : 'failed'
    const endedAt = deps.clock.real()
    await deps.store.system.transaction(async tx => {
      await tx.replace('jobRuns', { ...run, state, counts, error, endedAt })
    })
  }
}

/** Runs a job now, beside the timetable, and records it under the request's own name. */
export async function runNow(deps: Deps, job: Job): Promise<JobCounts> {
  const counts = await runSlot(deps, job, deps.ids.next('jobRun'))
  return counts ?? {}
}

/** Adds up what a continuous job did, and writes one row per job, hour and instance. */
export function hourlyBook(deps: Deps, job: Job, instance: string) {
  const hourMs = 3_600_000
  const flushMs = 60_000
  let hour = 0
  let counts: Record<string, number> = {}
  let error: string | null = null
  let changed = false
  let flushedAt = deps.clock.real()
  const flush = async () => {
    flushedAt = deps.clock.real()
    if (!changed) return
    changed = false
    const slot = `${new Date(hour).toISOString().slice(0, 13)}:${instance}`
    const id = `${job.name}:${slot}`
    await deps.store.system.transaction(async tx => {
      const row: JobRun = {
        id,
        job: job.name,
        slot,
        state: error === null ? 'done' : 'failed',
        counts,
        error,
        startedAt: hour,
        endedAt: flushedAt,
        version: 1,
      }
      const written = await tx.insertMany('jobRuns', [row], { onConflict: 'skip' })
      if (written === 1) return
      const { version } = await tx.lock('jobRuns', id)
      await tx.replace('jobRuns', { ...row, version })
    })
  }
  return {
    flush,
    /** Notes one piece of work, or its failure. */
    async note(found: JobCounts, failure: string | null): Promise<void> {
      const now = deps.clock.real()
      const current = Math.floor(now / hourMs) * hourMs
      if (current !== hour) {
        await flush()
        hour = current
        counts = {}
        error = null
      }
      for (const [key, count] of Object.entries(found)) {
        if (count === 0) continue
        counts[key] = (counts[key] ?? 0) + count
        changed = true
      }
      if (failure !== null) {
        error = failure
        changed = true
      }
      if (now - flushedAt >= flushMs) await flush()
    },
  }
}
