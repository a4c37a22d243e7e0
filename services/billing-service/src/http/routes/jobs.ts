import type { JobRunWire } from '@quittance/billing-contract/schemas/job'
import { countDueNotBilled } from '../../actions/operations/due-not-billed.ts'
import { lastRunOf, listJobRuns } from '../../actions/operations/job-runs.ts'
import type { JobRun } from '../../core/records.ts'
import { refuse } from '../../core/refusal.ts'
import { toIso } from '../../core/time.ts'
import { pageToWire } from '../list-input.ts'
import { serve } from '../serve.ts'
import type { Server } from '../server.ts'
import { time } from '../wire/money.ts'

const jobRunToWire = (run: JobRun): JobRunWire => ({
  id: run.id,
  job: run.job,
  slot: run.slot,
  state: run.state,
  counts: { ...run.counts },
  error: run.error,
  startedAt: toIso(run.startedAt),
  endedAt: time(run.endedAt),
})

export function jobRoutes(server: Server): void {
  const { deps, jobs } = server
  serve(server, 'listJobs', async () => {
    const data = jobs.list.map(async ({ name, says, at }) => {
      const last = await lastRunOf(deps, name)
      return { name, says, at: at ?? null, lastRun: last && jobRunToWire(last) }
    })
    return { data: await Promise.all(data), dueNotBilled: await countDueNotBilled(deps) }
  })
  serve(server, 'listJobRuns', async ({ query }) =>
    pageToWire(await listJobRuns(deps, query), jobRunToWire),
  )
  serve(server, 'runJob', async ({ params }) => {
    const job = jobs.list.find(({ name }) => name === params.name)
    if (job === undefined) return refuse('not_found', { noun: 'job', nounZh: '任务' })
    const counts = await jobs.run(job.name)
    return { job: job.name, state: counts === null ? 'running' : 'done', counts: { ...counts } }
  })
}
