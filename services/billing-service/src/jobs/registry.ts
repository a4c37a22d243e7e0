// Our own work, by name. Each job is idempotent, resumable and safe to run on several instances at once.

import { reconcileAttempt } from '../actions/payments/reconcile-attempt.ts'
import { applyEvent } from '../actions/webhooks/apply-event.ts'
import type { Deps } from '../deps.ts'

export type JobCounts = Readonly<Record<string, number>>

export interface Job {
  readonly name: string
  readonly says: string
  /** How often it looks for work when there was none. */
  readonly everyMs: number
  /** Does one bounded piece of work; `taken` says how much there was. */
  run(deps: Deps): Promise<JobCounts & { readonly taken: number }>
}

const secondMs = 1_000
const batchMax = 50

const count = (results: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const result of results) counts[result] = (counts[result] ?? 0) + 1
  return counts
}

const applyEvents: Job = {
  name: 'apply-events',
  says: 'applies stored webhooks: each object is read afresh and settled',
  everyMs: secondMs / 4,
  async run(deps) {
    const now = deps.clock.real()
    const events = await deps.store.system.claim('inbox', {
      field: 'dueAt',
      now,
      leaseUntil: now + 60 * secondMs,
      limit: batchMax,
    })
    const results: string[] = []
    for (const event of events) results.push(await applyEvent(deps, event))
    return { taken: events.length, ...count(results) }
  },
}

const reconcile: Job = {
  name: 'reconcile',
  says: 'asks the processor about attempts without a final result and settles them',
  everyMs: 5 * secondMs,
  async run(deps) {
    const now = deps.clock.real()
    const unfinished = await deps.store.system.claim('transactions', {
      field: 'checkAt',
      now,
      leaseUntil: now + 60 * secondMs,
      limit: batchMax,
    })
    const results: string[] = []
    for (const transaction of unfinished) {
      try {
        results.push(await reconcileAttempt(deps, transaction))
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error)
        deps.log.warn({ transactionId: transaction.id, reason }, 'reconciliation will try again')
        results.push('failed')
      }
    }
    return { taken: unfinished.length, ...count(results) }
  },
}

export const jobs: readonly Job[] = [applyEvents, reconcile]
