// The connection and its failures: how it is opened, what its server must be, and what an error of the
// database means to the rest of the service. The driver is loaded here, and only when MongoDB is used.
import type { MongoClient } from 'mongodb'
import { Refusal } from '../../core/refusal.ts'
import { collectionNames, constraintOf, shapeOf } from '../../ports/shape.ts'
import { StartupProblem } from '../../ports/startup.ts'
import type { Bson } from './rows.ts'
import { uniqueIndexes } from './schema.ts'
import type { Meaning } from './session.ts'

export interface ConnectOptions {
  /** `mongodb://host/database`: the database of the address is used, else `quittance`. */
  readonly uri: string
  /** Default 10. */
  readonly poolSize?: number
  /** How long one command may take before it is `unavailable`. Default 30,000. */
  readonly commandTimeoutMs?: number
  /** Waiting for a free connection. Default 5,000. */
  readonly poolWaitMs?: number
  /** Told of every command that is sent. */
  readonly watch?: (command: SentCommand) => void
}

/** A command as it left for the server. */
export interface SentCommand {
  readonly name: string
  readonly body: Readonly<Record<string, unknown>>
}

export interface Connection {
  readonly client: MongoClient
  readonly bson: Bson
  readonly databaseName: string
}

const serverSelectionTimeoutMs = 5_000
const poolWaitDefaultMs = 5_000

const databaseOf = (uri: string): string =>
  /^mongodb(?:\+srv)?:\/\/[^/]+\/([^?]+)/.exec(uri)?.[1] ?? 'quittance'

/** Opens the connection. Refuses to start (`StartupProblem`) when nobody answers. */
export async function connect(options: ConnectOptions): Promise<Connection> {
  const { MongoClient, ObjectId, Decimal128 } = await import('mongodb')
  const client = new MongoClient(options.uri, {
    appName: 'quittance',
    maxPoolSize: options.poolSize ?? 10,
    waitQueueTimeoutMS: options.poolWaitMs ?? poolWaitDefaultMs,
    serverSelectionTimeoutMS: serverSelectionTimeoutMs,
    connectTimeoutMS: serverSelectionTimeoutMs,
    socketTimeoutMS: (options.commandTimeoutMs ?? commandTimeoutDefaultMs) + 5_000,
    readConcern: { level: 'majority' },
    writeConcern: { w: 'majority' },
    readPreference: 'primary',
    useBigInt64: true,
    monitorCommands: options.watch !== undefined,
  })
  client.on('commandStarted', event =>
    options.watch?.({ name: event.commandName, body: event.command }),
  )
  try {
    await client.connect()
    return { client, bson: { ObjectId, Decimal128 }, databaseName: databaseOf(options.uri) }
  } catch (cause) {
    await client.close().catch(() => undefined)
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new StartupProblem(`The database of MONGODB_URI does not answer: ${reason}.`, { cause })
  }
}

export const commandTimeoutDefaultMs = 30_000

/**
 * Refuses to start on a server without transactions. A member of a replica set and a router of a sharded
 * cluster have them; a standalone server has not, and becomes a replica set of one by two commands.
 */
export async function assertTransactions({ client, databaseName }: Connection): Promise<void> {
  const hello = await client.db(databaseName).command({ hello: 1 })
  if (hello.setName !== undefined || hello.msg === 'isdbgrid') return
  throw new StartupProblem(
    'The MongoDB server stands alone and has no transactions, without which no money is moved. Make it a ' +
      'replica set of one: start it with\n\n  mongod --replSet rs0 --dbpath <its data directory>\n\n' +
      'and once, while it runs, tell it so:\n\n  mongosh --eval "rs.initiate()"\n',
  )
}

class DatabaseRefusal extends Refusal {
  constructor(code: 'already_exists' | 'unavailable', cause: Error, details: object) {
    super(code, { ...details })
    this.cause = cause
  }
}

const codeOf = (error: Error): unknown => Reflect.get(error, 'code')

const labelled = (error: Error, label: string): boolean => {
  const has: unknown = Reflect.get(error, 'hasErrorLabel')
  return typeof has === 'function' && has.call(error, label) === true
}

const duplicateKey = 11_000

/** Which declared key each unique index of the database stands for. */
const keyByIndex = new Map(
  collectionNames.flatMap(collection =>
    uniqueIndexes(shapeOf(collection)).map(({ name, fields }) => [name, fields] as const),
  ),
)

// The server names the violated key by its fields; older ones only in the message, by the index.
function violatedKey(error: Error): string {
  const pattern: unknown = Reflect.get(error, 'keyPattern')
  const fields =
    typeof pattern === 'object' && pattern !== null
      ? Object.keys(pattern)
      : [...keyByIndex].find(([name]) => new RegExp(`\\b${name}\\b`).test(error.message))?.[1]
  return constraintOf(fields ?? [])
}

const lostNames = /^Mongo(Network|ServerSelection|Topology|PoolCleared|WaitQueue|NotConnected)/
// HostUnreachable, NetworkTimeout, MaxTimeMSExpired, shutdowns and steps down, not (yet) let in.
const unavailableCodes: ReadonlySet<unknown> = new Set([
  6, 7, 13, 18, 50, 89, 91, 189, 262, 9001, 10107, 11600, 11602, 13388, 13435, 13436,
])
// WriteConflict, NoSuchTransaction, LockTimeout, SnapshotUnavailable, transactions that were ended.
const lostRaceCodes: ReadonlySet<unknown> = new Set([24, 112, 225, 244, 246, 251, 263])

/** A row that was not there when this transaction looked, and that another has written meanwhile. */
class LostRace extends Error {
  override readonly name = 'LostRace'
}

/** A race that the database ended: the same body may well pass at the next try. */
export const isConflict = (error: unknown): boolean =>
  error instanceof Error &&
  (error instanceof LostRace ||
    labelled(error, 'TransientTransactionError') ||
    lostRaceCodes.has(codeOf(error))) &&
  !lostNames.test(error.name)

/** Whether nobody knows if a commit took place. */
export const isUnknownCommit = (error: unknown): boolean =>
  error instanceof Error && labelled(error, 'UnknownTransactionCommitResult')

/** The refusal that an error of the database means, or the error itself, which is then a fault. */
export function translated(error: unknown, duplicate: Meaning = 'exists'): unknown {
  if (!(error instanceof Error) || error instanceof Refusal || isConflict(error)) return error
  if (codeOf(error) === duplicateKey) {
    if (duplicate === 'race') return new LostRace(error.message, { cause: error })
    return new DatabaseRefusal('already_exists', error, { constraint: violatedKey(error) })
  }
  if (lostNames.test(error.name) || unavailableCodes.has(codeOf(error))) return unavailable(error)
  return error
}

/** What a race means that was lost for too long, or a server that is gone: the request may come again. */
export const unavailable = (error: unknown): unknown =>
  error instanceof Error
    ? new DatabaseRefusal('unavailable', error, { part: 'database', partZh: '数据库' })
    : error
