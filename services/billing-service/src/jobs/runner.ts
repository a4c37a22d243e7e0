// Runs jobs in loops of their own: at once again while there is work, else after their pause. Stopping
// waits for the piece of work in hand.
import type { Deps } from '../deps.ts'
import type { Job } from './registry.ts'

export interface RunningJobs {
  /** Stops looking for work and waits for what is in hand. */
  stop(): Promise<void>
}

const faultPauseMs = 5_000

/** Starts the loops. */
export function startJobs(deps: Deps, jobs: readonly Job[]): RunningJobs {
  const stopping = new AbortController()
  const loops = jobs.map(job => loop(deps, job, stopping.signal))
  return {
    async stop() {
      stopping.abort()
      await Promise.all(loops)
    },
  }
}

async function loop(deps: Deps, job: Job, stopping: AbortSignal): Promise<void> {
  while (!stopping.aborted) {
    let pauseMs = job.everyMs
    try {
      const { taken } = await job.run(deps)
      if (taken > 0) pauseMs = 0
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      deps.log.error({ job: job.name, reason }, 'job failed, will try again')
      pauseMs = faultPauseMs
    }
    await pause(pauseMs, stopping)
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
