// The MongoDB store: one client, transactions on a snapshot that may run their body again, and claims for
// workers. The tenant stands in every filter; nothing in the database would keep tenants apart by itself.
import type { ClientSession } from 'mongodb'
import { assert } from '../../core/assert.ts'
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
  isUnknownCommit,
  translated,
} from './connect.ts'
import { claimRows, countersOn } from './counters.ts'
import { assertSchema } from './migrate.ts'
import { readsOn } from './reads.ts'
import type { CommandOptions, Meaning, Session, WorkSession } from './session.ts'
import { makeTurns, runAgain, type Turns } from './turns.ts'
import { writesOn } from './writes.ts'

const commitsMax = 5

const everybody: Asker = { scope: 'system', tenantId: null }

/** Whose a command is, as the server's profiler and slow log tell it: the tenant's, or `system`. */
const commentOf = ({ tenantId }: Asker): string =>
  tenantId === null ? 'system' : `tenant ${tenantId}`

interface Open extends Connection {
  readonly commandTimeoutMs: number
  readonly turns: Turns
}

/** Commands that stand alone. */
function aloneOn(open: Open, asker: Asker): Session {
  const options: CommandOptions = {
    comment: commentOf(asker),
    maxTimeMS: open.commandTimeoutMs,
  }
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
    comment: commentOf(asker),
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

const inTransaction = <T>(
  open: Open,
  asker: Asker,
  body: (session: WorkSession) => Promise<T>,
): Promise<T> => runAgain(open.turns, asker.tenantId, () => runBody(open, asker, body))

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
