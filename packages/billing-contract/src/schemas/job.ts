// Our own work as the operator sees it.
import { type Static, Type } from 'typebox'
import { Nullable, Time } from './values.ts'

const Counts = Type.Record(Type.String(), Type.Number(), {
  description: 'What it did; `taken` is how much there was',
})

export const JobRun = Type.Object({
  id: Type.String(),
  job: Type.String(),
  slot: Type.String({ description: 'The time it was due, or the name of a run on request' }),
  state: Type.String({ description: 'running | done | failed' }),
  counts: Counts,
  error: Nullable(Type.String()),
  startedAt: Time,
  endedAt: Nullable(Time),
})

export const Job = Type.Object({
  name: Type.String(),
  says: Type.String(),
  at: Nullable(Type.String({ description: 'Cron pattern in UTC; null: runs all the time' })),
  lastRun: Nullable(JobRun),
})

export const Jobs = Type.Object({
  data: Type.Array(Job),
  dueNotBilled: Type.Integer({
    description: 'Live subscriptions past their boundary that no renewal has billed: must be 0',
  }),
})

export const JobStarted = Type.Object({
  job: Type.String(),
  state: Type.String({ description: 'done, or running when it takes longer than 20 seconds' }),
  counts: Counts,
})

export type JobRunWire = Static<typeof JobRun>
