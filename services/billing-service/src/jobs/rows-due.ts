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

/** Fewer rows than these are done before a second lane is of use. */
const laneRowsMin = 100

/** The rows in two lanes of about the same length; those of one tenant stay in one, in their order. */
export function lanesOf<R extends Named>(rows: readonly R[]): readonly (readonly R[])[] {
  if (rows.length < laneRowsMin) return [rows]
  const byTenant = new Map<string, R[]>()
  for (const row of rows) {
    const own = byTenant.get(row.tenantId)
    if (own) own.push(row)
    else byTenant.set(row.tenantId, [row])
  }
  const [one, other]: [R[], R[]] = [[], []]
  for (const own of byTenant.values()) {
    const shorter = one.length <= other.length ? one : other
    for (const row of own) shorter.push(row)
  }
  return [one, other].filter(lane => lane.length > 0)
}

/** Rows that share a transaction: it holds them for about a second, so that requests for them need not give up. */
const togetherMax = 500

/**
 * Works on lanes of rows at the same time, each in steps of at most 500: while the database writes for one lane, the
 * other is reckoned.
 */
export async function inLanes<R extends Named>(
  deps: Deps,
  job: string,
  rows: readonly R[],
  work: (lane: readonly R[]) => Promise<readonly Outcome[]>,
): Promise<Taken> {
  const results = await Promise.all(
    lanesOf(rows).map(async lane => {
      const done: string[] = []
      for (let from = 0; from < lane.length; from += togetherMax) {
        const step = lane.slice(from, from + togetherMax)
        done.push(...resultsOf(deps, job, step, await work(step)))
      }
      return done
    }),
  )
  return { taken: rows.length, ...count(results.flat()) }
}
