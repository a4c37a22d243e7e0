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
} from './state.ts'
import type { Change, Task } from './tables.ts'
import { nextDue } from './tasks.ts'
import { runTask } from './timetable.ts'

export type Engine = {
  readonly store: Store
  readonly environment: Environment
  /** Sandbox time in epoch milliseconds. */
  now(): number
  /** The clock below it, which nobody moves: idempotency keys age by it. */
  baseNow(): number
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
  log: (line: string) => void
}

/** Knows when the earliest task of the sandbox's clock is due, without asking the whole table. */
function earliestTask(store: Store) {
  let earliest: number | undefined
  return {
    dueAt(): number {
      const forever = Number.POSITIVE_INFINITY
      earliest ??= nextDue(store.tables.task.rows.values(), null, forever)?.dueAt ?? forever
      return earliest
    },
    forget() {
      earliest = undefined
    },
    follow(changes: Change[]) {
      for (const change of changes) {
        if (change[1] !== 'task') continue
        if (change[0] === 'delete') earliest = undefined
        else if (earliest !== undefined) {
          const task = change[2] as Task
          if (task.clock === null) earliest = Math.min(earliest, task.dueAt)
        }
      }
    },
  }
}

export function startEngine(parts: Parts): Engine {
  const { store, journal, environment, baseNow, onCommit, log } = parts
  const now = () => baseNow() + clockOffsetMs(store)
  const earliest = earliestTask(store)
  const commit = (work: Work) => {
    if (work.changes.length === 0) return
    earliest.follow(work.changes)
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
    while (earliest.dueAt() <= now()) {
      const task = nextDue(store.tables.task.rows.values(), null, now())
      if (!task) return
      try {
        unit(task.dueAt, noOrigin, work => {
          erase(work, 'task', task.id)
          runTask(work, task)
        })
      } catch (fault) {
        // A task that cannot be done must not come back for ever before every request.
        log(`fault: ${task.kind} ${task.about}: ${fault instanceof Error ? fault.message : ''}`)
        unit(task.dueAt, noOrigin, work => erase(work, 'task', task.id))
      }
    }
  }
  return {
    store,
    environment,
    now,
    baseNow,
    transact(origin, run) {
      runDue()
      return unit(now(), origin, run)
    },
    runDue,
    nextDueAt: () => earliest.dueAt(),
    restore(changes) {
      Object.assign(store.tables, emptyStore().tables)
      for (const change of changes) applyChange(store, change)
      earliest.forget()
      journal.rewrite(store)
    },
  }
}
