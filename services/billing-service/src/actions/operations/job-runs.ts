// What the jobs did, as it was recorded.
import type { JobRun } from '../../core/records.ts'
import type { Deps } from '../../deps.ts'
import type { Page } from '../../ports/store.ts'

export interface JobRunPage {
  readonly job?: string | undefined
  readonly limit?: number | undefined
  readonly cursor?: string | undefined
}

const limitDefault = 20

/** Runs of all jobs or of one, newest first. Refuses `invalid_cursor`. */
export const listJobRuns = (
  deps: Deps,
  { job, limit, cursor }: JobRunPage,
): Promise<Page<JobRun>> =>
  deps.store.system.list('jobRuns', {
    where: { job },
    order: { field: 'startedAt', direction: 'desc' },
    limit: limit ?? limitDefault,
    cursor: cursor ?? null,
  })

export async function lastRunOf(deps: Deps, job: string): Promise<JobRun | null> {
  const { rows } = await listJobRuns(deps, { job, limit: 1 })
  return rows[0] ?? null
}
