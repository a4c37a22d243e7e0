// The MongoDB store: one client, transactions on a snapshot that may run their body again, and claims for
// workers. The tenant stands in every filter; nothing in the database would keep tenants apart by itself.
import { setTimeout as delay } from 'node:timers/promises'
import type { ClientSession } from 'mongodb'
import { assert } from '../../core/assert.ts'
import { Refusal } from '../../core/refusal.ts'
import type { CollectionName } from '../../ports/collections.ts'
import { oneByOne } from '../../ports/one-by-one.ts'
import type { Asker } from '../../ports/query.ts'
import type {
  Store,
  SystemHandle,
  SystemTransaction,
  TenantTransaction,
} from '../../ports/store.ts'
import {
  assertTransactions,
  type Connection,
  type ConnectOptions,
  commandTimeoutDefaultMs,
  connect,
  isConflict,
  isUnknownCommit,
  translated,
  unavailable,
} from './connect.ts'
import { claimRows, countersOn } from './counters.ts'
import { assertSchema } from './migrate.ts'
import { readsOn } from './reads.ts'
import type { CommandOptions, Meaning, Session, WorkSession } from './session.ts'
import { writesOn } from './writes.ts'

/** Tries of a body that lost a race to another version of a row. */
const attemptsMax = 5
/**
 * How long a body is run again that met another transaction on a row. The database lets nobody wait for a
 * row, so this is the time that others would spend waiting.
 */
const conflictPatienceMs = 30_000
const pauseMaxMs = 200
const commitsMax = 5

const everybody: Asker = { scope: 'system', tenantId: null }

interface Open extends Connection {
  readonly commandTimeoutMs: number
  readonly turns: Turns
}

/** Commands that stand alone. */
function aloneOn(open: Open, asker: Asker): Session {
  const options: CommandOptions = { maxTimeMS: open.commandTimeoutMs }
  return {
    asker,
    bson: open.bson,
    db: open.client.db(open.databaseName),
    async run(command) {
      try {
        return await command(options)
      } catch (error) {
        throw translated(error)
      }
    },
  }
}

interface Work extends WorkSession {
  /** Ends the use of the handle. A body that swallowed a failed write does not commit. */
  close(): void
}

/** Commands of one transaction: one after another, none once one has failed or the body is over. */
function workOn(open: Open, asker: Asker, transaction: ClientSession): Work {
  let over = false
  let failure: { readonly error: unknown } | null = null
  let last: Promise<unknown> = Promise.resolve()
  const options: CommandOptions = {
    session: transaction,
    maxTimeMS: open.commandTimeoutMs,
  }
  const attempt = async <T>(
    command: (options: CommandOptions) => Promise<T>,
    meaning?: Meaning,
  ): Promise<T> => {
    assert(!over, 'a transaction is used only inside its body')
    if (failure) throw failure.error
    try {
      return await command(options)
    } catch (error) {
      failure ??= { error: translated(error, meaning) }
      throw failure.error
    }
  }
  return {
    asker,
    bson: open.bson,
    db: open.client.db(open.databaseName),
    known: new Set(),
    run(command, meaning) {
      const turn = last.then(() => attempt(command, meaning))
      last = turn.catch(() => undefined)
      return turn
    },
    doom(error) {
      failure ??= { error }
    },
    close() {
      over = true
      if (failure) throw failure.error
    },
  }
}

// A commit whose answer was lost is sent again: the server knows it by its transaction.
async function commit(transaction: ClientSession): Promise<void> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await transaction.commitTransaction()
    } catch (error) {
      if (!isUnknownCommit(error) || tried >= commitsMax) throw translated(error)
    }
  }
}

async function runBody<T>(
  open: Open,
  asker: Asker,
  body: (session: WorkSession) => Promise<T>,
): Promise<T> {
  const transaction = open.client.startSession()
  const work = workOn(open, asker, transaction)
  try {
    transaction.startTransaction({
      readConcern: { level: 'snapshot' },
      writeConcern: { w: 'majority' },
      readPreference: 'primary',
      maxCommitTimeMS: open.commandTimeoutMs,
    })
    const result = await body(work)
    work.close()
    await commit(transaction)
    return result
  } finally {
    if (transaction.inTransaction()) await transaction.abortTransaction().catch(() => undefined)
    await transaction.endSession().catch(() => undefined)
  }
}

const isStale = (error: unknown): boolean =>
  error instanceof Refusal && error.code === 'version_conflict'

/**
 * Runs the body in a transaction, again (after a short, uneven pause) when it lost a race. The first try is
 * made at once; those that met another transaction try again one after the other, each tenant's by itself,
 * or a crowd would keep ending each other's work.
 */
async function inTransaction<T>(
  open: Open,
  asker: Asker,
  body: (session: WorkSession) => Promise<T>,
): Promise<T> {
  const once = () => runBody(open, asker, body)
  try {
    return await once()
  } catch (error) {
    if (isStale(error)) return again(once, 1)
    if (!isConflict(error)) throw error
    return open.turns.take(asker.tenantId ?? '', () => again(once, 0))
  }
}

async function again<T>(once: () => Promise<T>, lostBefore: number): Promise<T> {
  const startedAt = performance.now()
  let lost = lostBefore
  for (let tried = 1; ; tried += 1) {
    await delay(Math.random() * Math.min(pauseMaxMs, 5 * 2 ** tried))
    try {
      return await once()
    } catch (error) {
      if (isStale(error)) {
        lost += 1
        if (lost >= attemptsMax) throw error
      } else if (!isConflict(error)) throw error
      else if (performance.now() - startedAt > conflictPatienceMs) throw unavailable(error)
    }
  }
}

/** Work under one name, one after another. */
interface Turns {
  take<T>(name: string, work: () => Promise<T>): Promise<T>
}

function makeTurns(): Turns {
  const last = new Map<string, Promise<unknown>>()
  return {
    take(name, work) {
      const turn = (last.get(name) ?? Promise.resolve()).then(work)
      const ended = turn
        .catch(() => undefined)
        .then(() => {
          if (last.get(name) === ended) last.delete(name)
        })
      last.set(name, ended)
      return turn
    },
  }
}

function systemHandle(open: Open): SystemHandle {
  const alone = aloneOn(open, everybody)
  return {
    ...readsOn(alone),
    transaction: <T>(body: (tx: SystemTransaction) => Promise<T>) =>
      inTransaction(open, everybody, work => body({ ...readsOn(work), ...writesOn(work) })),
    claim: <N extends CollectionName>(
      collection: N,
      options: { field: string; now: number; leaseUntil: number; limit: number; where?: object },
    ) => inTransaction(open, everybody, work => claimRows(work, collection, options)),
  }
}

function askerOf(tenantId: string): Asker {
  assert(typeof tenantId === 'string' && tenantId !== '', 'a tenant has a name')
  return { scope: 'tenant', tenantId }
}

/**
 * Opens the store on a prepared database. Refuses to start (`StartupProblem`) on a server without
 * transactions, and on a database of another version.
 */
export async function openMongoStore(options: ConnectOptions): Promise<Store> {
  const connection = await connect(options)
  const open: Open = {
    ...connection,
    commandTimeoutMs: options.commandTimeoutMs ?? commandTimeoutDefaultMs,
    turns: makeTurns(),
  }
  const close = () => open.client.close()
  try {
    await assertTransactions(connection)
    await assertSchema(connection)
  } catch (error) {
    await close()
    throw error
  }
  const store: Store = {
    of: tenantId => readsOn(aloneOn(open, askerOf(tenantId))),
    transaction: <T>(tenantId: string, body: (tx: TenantTransaction) => Promise<T>) =>
      inTransaction(open, askerOf(tenantId), work =>
        body({ ...readsOn(work), ...writesOn(work), ...countersOn(work, tenantId) }),
      ),
    together: (items, work) => oneByOne(store, items, work),
    system: systemHandle(open),
    async ping() {
      await aloneOn(open, everybody).run(command =>
        open.client.db(open.databaseName).command({ ping: 1 }, command),
      )
    },
    close,
  }
  return store
}
