// Reading and steering a running sandbox from the same process, for tests.

import { moveClock } from './clock.ts'
import type { Deliveries } from './deliveries.ts'
import { type Engine, noOrigin } from './engine.ts'
import type { FaultBook } from './faults.ts'
import { newestRows } from './state.ts'
import type { TableName, Tables } from './tables.ts'

export type StateAccess = {
  /** Sandbox time in epoch milliseconds. */
  now(): number
  /** Moves the sandbox's clock forward and does everything that falls due on the way. */
  advance(ms: number): void
  get<N extends TableName>(table: N, id: string): Tables[N] | undefined
  /** All rows of a table, newest first. */
  list<N extends TableName>(table: N): Tables[N][]
  /** The same, read only as far as the caller goes. */
  newest<N extends TableName>(table: N): Iterable<Tables[N]>
  faults: FaultBook
  /** Resolves when no webhook is in flight and none is due now. */
  delivered(): Promise<void>
}

export function stateAccess(engine: Engine, deliveries: Deliveries): StateAccess {
  return {
    now: () => engine.now(),
    advance(ms) {
      engine.transact(noOrigin, work => moveClock(work, ms))
      engine.runDue()
    },
    get: (table, id) => engine.store.tables[table].rows.get(id),
    list: table => [...newestRows(engine.store, table)],
    newest: table => newestRows(engine.store, table),
    faults: engine.environment.faults,
    delivered: () => deliveries.idle(),
  }
}
