// What jobs do with rows that are due: each has its own outcome, and those of different tenants are worked on side
// by side.
import type { Deps } from '../deps.ts'
import { oneByOne } from '../ports/one-by-one.ts'

export type JobCounts = Readonly<Record<string, number>>

/** What a run did, by outcome; `taken` says how much work there was. */
export type Taken = JobCounts & { readonly taken: number }

export interface Named {
  readonly tenantId: string
  readonly id: string
}

type Outcome = PromiseSettledResult<readonly string[] | string>

/** How often each result came. */
export function count(results: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const result of results) counts[result] = (counts[result] ?? 0) + 1
  return counts
}

/** A row that could not be worked on is left to its lease; the others went on. */
function resultsOf(
  deps: Deps,
  job: string,
  rows: readonly Named[],
  outcomes: readonly Outcome[],
): string[] {
  return outcomes.flatMap((outcome, at) => {
    if (outcome.status === 'fulfilled') return outcome.value
    const { reason: error } = outcome
    const reason = error instanceof Error ? error.message : String(error)
    const { tenantId, id } = rows[at]!
    deps.log.error({ job, tenantId, id, reason }, 'will be tried again')
    return 'failed'
  })
}

/** Works on one row after the other. */
export async function eachOf<R extends Named>(
  deps: Deps,
  job: string,
  rows: readonly R[],
  work: (row: R) => Promise<readonly string[] | string>,
): Promise<Taken> {
  const outcomes = await oneByOne(deps.store, rows, (_, row) => work(row))
  return { taken: rows.length, ...count(resultsOf(deps, job, rows, outcomes)) }
}

/** Rows that are claimed at once. */
const claimedMax = 1_000
/** Rows of one run, which a stop waits for: some seconds' work. */
const runMax = 4_000
/** Fewer rows than these are done before a second lane is of use. */
const laneRowsMin = 100
/** Rows that share a transaction: it holds them for about a second, so that requests for them need not give up. */
const togetherMax = 500

/** Two lanes of rows that wait, about equally long; those of one tenant come into one, in their order. */
export class Lanes<R extends Named> {
  readonly waiting: readonly [R[], R[]] = [[], []]
  private readonly ofTenant = new Map<string, R[]>()

  /** Adds rows; a few that are the first stay in one lane. */
  add(rows: readonly R[]): void {
    const [one, other] = this.waiting
    const few = this.ofTenant.size === 0 && rows.length < laneRowsMin
    for (const row of rows) {
      const shorter = few || one.length <= other.length ? one : other
      const lane = this.ofTenant.get(row.tenantId) ?? shorter
      this.ofTenant.set(row.tenantId, lane)
      lane.push(row)
    }
  }
}

/**
 * Works on what is due in two lanes at the same time, each in steps of at most 500 rows: while the database writes for
 * one lane, the other is reckoned. The next rows are claimed before a lane runs out of them.
 */
export async function inLanes<R extends Named>(
  deps: Deps,
  job: string,
  claim: (limit: number) => Promise<readonly R[]>,
  work: (step: readonly R[]) => Promise<readonly Outcome[]>,
): Promise<Taken> {
  const lanes = new Lanes<R>()
  const done: string[] = []
  let taken = 0
  let ended = false
  let claiming: Promise<void> | null = null

  async function claimMore(): Promise<void> {
    const rows = await claim(claimedMax)
    taken += rows.length
    ended ||= rows.length < claimedMax || taken >= runMax
    lanes.add(rows)
  }
  function more(): Promise<void> {
    claiming ??= claimMore().finally(() => {
      claiming = null
    })
    return claiming
  }
  async function workOff(waiting: R[]): Promise<void> {
    while (waiting.length > 0 || !ended) {
      if (waiting.length === 0) await more()
      const step = waiting.splice(0, togetherMax)
      // Who is out of rows asks again, and hears of what went wrong.
      if (waiting.length < togetherMax && !ended) more().catch(() => undefined)
      if (step.length > 0) done.push(...resultsOf(deps, job, step, await work(step)))
    }
  }
  const ends = await Promise.allSettled(
    lanes.waiting.map(waiting =>
      workOff(waiting).catch(error => {
        ended = true
        throw error
      }),
    ),
  )
  for (const end of ends) if (end.status === 'rejected') throw end.reason
  return { taken, ...count(done) }
}
