// Runs units of work one at a time: first whatever has fallen due, then the work itself; journalled
// before anyone hears of the outcome. It speaks no HTTP.

import { clockOffsetMs } from './clock.ts'
import { StripeFailure } from './failures.ts'
import type { Journal } from './journal.ts'
import {
  applyChange,
  beginWork,
  type Environment,
  emptyStore,
  erase,
  type Origin,
  rollBack,
  type Store,
  type Work,
  workAt,
} from './state.ts'
import type { Change, Task } from './tables.ts'
import { nextDue } from './tasks.ts'
import { runTask } from './timetable.ts'

export type Engine = {
  readonly store: Store
  readonly environment: Environment
  /** Sandbox time in epoch milliseconds. */
  now(): number
  /** Does something as one unit of work; a decline that is thrown keeps its writes. */
  transact<Result>(origin: Origin, run: (work: Work) => Result): Result
  /** Does everything that is due by now, each thing at its own due time. */
  runDue(): void
  /** When the next thing falls due on the sandbox's clock; infinity when nothing will. */
  nextDueAt(): number
  /** Replaces the whole state by a snapshot. */
  restore(changes: Change[]): void
}

export const noOrigin: Origin = { requestId: null, idempotencyKey: null }

type Parts = {
  store: Store
  journal: Journal
  environment: Environment
  baseNow: () => number
  onCommit: () => void
}

export function startEngine({ store, journal, environment, baseNow, onCommit }: Parts): Engine {
  const now = () => baseNow() + clockOffsetMs(store)
  // The timetable is asked before every request: its earliest entry is remembered, and looked up
  // again only after one has gone.
  let earliest: number | undefined
  const earliestDue = () => {
    earliest ??=
      nextDue(store.tables.task.rows.values(), null, Number.POSITIVE_INFINITY)?.dueAt ??
      Number.POSITIVE_INFINITY
    return earliest
  }
  const commit = (work: Work) => {
    if (work.changes.length === 0) return
    for (const change of work.changes) {
      if (change[1] !== 'task') continue
      if (change[0] === 'delete') earliest = undefined
      else if (earliest !== undefined) earliest = Math.min(earliest, (change[2] as Task).dueAt)
    }
    journal.append(work.changes)
    onCommit()
  }
  const unit = <Result>(atMs: number, origin: Origin, run: (work: Work) => Result): Result => {
    const work = beginWork(store, atMs, origin, environment)
    try {
      const result = run(work)
      commit(work)
      return result
    } catch (failure) {
      if (failure instanceof StripeFailure && failure.effects === 'keep') commit(work)
      else rollBack(work)
      throw failure
    }
  }
  const runDue = () => {
    while (earliestDue() <= now()) {
      const task = nextDue(store.tables.task.rows.values(), null, now())
      if (!task) return
      unit(task.dueAt, noOrigin, work => {
        erase(work, 'task', task.id)
        runTask(workAt(work, task.dueAt), task)
      })
    }
  }
  return {
    store,
    environment,
    now,
    transact(origin, run) {
      runDue()
      return unit(now(), origin, run)
    },
    runDue,
    nextDueAt: earliestDue,
    restore(changes) {
      Object.assign(store.tables, emptyStore().tables)
      for (const change of changes) applyChange(store, change)
      earliest = undefined
      journal.rewrite(store)
    },
  }
}
