// Our own work: what there is, what it did, and running it now.
import { Type } from 'typebox'
import { route } from '../route.ts'
import { JobRun, JobStarted, Jobs } from '../schemas/job.ts'
import { listOf } from '../schemas/values.ts'
import { listQuery, strict } from './list-query.ts'

export const jobRoutes = {
  listJobs: route({
    method: 'GET',
    path: '/jobs',
    tag: 'Operations',
    summary: 'The jobs with their timetable and last run, and what is due but not billed',
    permission: 'issuer.read',
    tenant: false,
    status: 200,
    reply: Jobs,
    refusals: [],
  }),
  listJobRuns: route({
    method: 'GET',
    path: '/jobs/runs',
    tag: 'Operations',
    summary: 'What the jobs did, newest first',
    permission: 'issuer.read',
    tenant: false,
    query: Type.Object(
      {
        limit: listQuery.limit,
        cursor: listQuery.cursor,
        job: Type.Optional(Type.String({ maxLength: 60 })),
      },
      strict,
    ),
    status: 200,
    reply: listOf(JobRun),
    refusals: ['invalid_cursor'],
  }),
  runJob: route({
    method: 'POST',
    path: '/jobs/:name/run',
    tag: 'Operations',
    summary: 'Run a job now, until it finds no more work',
    description:
      'Safe beside running instances: each piece of work is taken once. The run is recorded with its counts.',
    permission: 'operations.manage',
    tenant: false,
    status: 200,
    reply: JobStarted,
    refusals: ['not_found'],
  }),
} as const
