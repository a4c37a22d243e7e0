// Connections and their failures: pools, and what a database's error means to the rest of the service.
import { createHash } from 'node:crypto'
import { DatabaseError, Pool, type PoolClient, type QueryArrayResult } from 'pg'
import { Refusal } from '../../core/refusal.ts'
import { constraintOf, type Row } from '../../ports/shape.ts'
import { emptyRow, keyByConstraint, rowTypes } from './rows.ts'

export interface Statement {
  readonly text: string
  readonly values: readonly unknown[]
  /** A column that is no field of the rows: its values are answered beside them. */
  readonly aside?: string
}

export interface Answer {
  readonly rows: Row[]
  readonly rowCount: number | null
  /** Of the column set aside, row by row. */
  readonly aside: readonly unknown[]
}

/** Runs one statement on a connection, or on any free one. */
export type Run = (statement: Statement) => Promise<Answer>

/** How long is waited before what was asked is `unavailable`. */
export interface PostgresPatience {
  /** One statement, with its waiting. Default 30,000. */
  readonly statementMs?: number
  /** Waiting for a row or table that somebody else holds. Default: as long as the statement. */
  readonly lockMs?: number
  /** Waiting for a free connection, or for a new one. Default 5,000. */
  readonly poolWaitMs?: number
}

export interface PoolOptions {
  readonly url: string
  readonly size: number
  readonly name: string
  readonly patience: PostgresPatience
  readonly log: (line: string) => void
}

const statementDefaultMs = 30_000
const idleInTransactionTimeoutMs = 30_000
const poolWaitDefaultMs = 5_000

export function openPool(options: PoolOptions): Pool {
  const { url, size, name, log, patience } = options
  const { statementMs = statementDefaultMs, lockMs, poolWaitMs = poolWaitDefaultMs } = patience
  const pool = new Pool({
    connectionString: url,
    max: size,
    application_name: `quittance ${name}`,
    connectionTimeoutMillis: poolWaitMs,
    statement_timeout: statementMs,
    lock_timeout: lockMs,
    idle_in_transaction_session_timeout: idleInTransactionTimeoutMs,
    // For a server that is gone without a word: the statement's own limit comes first otherwise.
    query_timeout: statementMs + 5_000,
    keepAlive: true,
    types: rowTypes,
  })
  pool.on('error', error => log(`A database connection (${name}) was lost: ${error.message}`))
  // A borrowed connection that breaks between two statements must not end the process.
  pool.on('connect', client => client.on('error', () => undefined))
  return pool
}

const names = new Map<string, string>()

// Statements are prepared once per connection. Their texts come from declared collections and query shapes,
// so there are few of them.
function nameOf(text: string): string {
  const known = names.get(text)
  if (known !== undefined) return known
  const name = `q_${createHash('sha256').update(text).digest('base64url').slice(0, 20)}`
  names.set(text, name)
  return name
}

interface Columns {
  readonly names: readonly string[]
  /** A row with nothing in it. */
  readonly empty: Row
}

const columns = new Map<string, Columns>()

function columnsOf({ text, aside }: Statement, { fields }: QueryArrayResult): Columns {
  const known = columns.get(text)
  if (known?.names.length === fields.length) return known
  const names = fields.map(({ name }) => name)
  const made = { names, empty: emptyRow(names.filter(name => name !== aside)) }
  columns.set(text, made)
  return made
}

function answerOf(statement: Statement, result: QueryArrayResult): Answer {
  const { rowCount, rows: lists } = result
  if (lists.length === 0) return { rows: [], rowCount, aside: [] }
  const { names, empty } = columnsOf(statement, result)
  const apart = statement.aside === undefined ? -1 : names.indexOf(statement.aside)
  const rows = lists.map(values => {
    const row: Record<string, unknown> = { ...empty }
    for (let at = 0; at < names.length; at += 1) {
      if (at !== apart) row[names[at]!] = values[at]
    }
    return row
  })
  return { rows, rowCount, aside: apart === -1 ? [] : lists.map(values => values[apart]) }
}

export const runOn =
  (connection: Pool | PoolClient): Run =>
  async statement => {
    const { text, values } = statement
    try {
      const query = { name: nameOf(text), text, values: [...values], rowMode: 'array' as const }
      return answerOf(statement, await connection.query(query))
    } catch (error) {
      throw translated(error)
    }
  }

export async function borrow(pool: Pool): Promise<PoolClient> {
  try {
    return await pool.connect()
  } catch (error) {
    throw translated(error)
  }
}

const lost = /terminat|timeout|ECONN|EPIPE|not queryable|ENOTFOUND|EHOSTUNREACH|connection error/i
// Class 08 connection, 53 resources, 57 operator intervention (timeouts too), 55P03 a lock not gained in
// time, 25P03 idle too long, 25006 a standby that does not take writes, 3D/28 not (yet) let in.
const unavailableCode = /^(08|53|57)|^(55P03|25P03|25006|3D000|28P01|28000)$/

/** Whether the connection may still be used after this error. */
export const breaksConnection = (error: unknown): boolean =>
  error instanceof Error &&
  (error.cause instanceof DatabaseError
    ? /^(08|57P0|25P03)/.test(error.cause.code ?? '')
    : error instanceof Refusal && error.code === 'unavailable')

class DatabaseRefusal extends Refusal {
  constructor(code: 'already_exists' | 'unavailable' | 'invalid_request', cause: Error) {
    super(code, detailsOf(code, cause))
    this.cause = cause
  }
}

function detailsOf(code: string, cause: Error): Record<string, string> {
  if (code === 'unavailable') return { part: 'database', partZh: '数据库' }
  if (code !== 'already_exists' || !(cause instanceof DatabaseError)) return {}
  const fields = keyByConstraint.get(cause.constraint ?? '')
  return { constraint: fields ? constraintOf(fields) : (cause.constraint ?? '') }
}

/** The refusal that an error of the database means, or the error itself, which is then a fault. */
export function translated(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof Refusal) return error
  if (!(error instanceof DatabaseError)) {
    const code = 'code' in error ? String(error.code) : ''
    return lost.test(`${code} ${error.message}`) ? new DatabaseRefusal('unavailable', error) : error
  }
  const code = error.code ?? ''
  if (code === '23505') return new DatabaseRefusal('already_exists', error)
  // Characters that text in the database cannot hold: NUL, halves of a surrogate pair.
  if (code === '22021' || code === '22P05') return new DatabaseRefusal('invalid_request', error)
  if (unavailableCode.test(code)) return new DatabaseRefusal('unavailable', error)
  return error
}

/** A lost race: the same body may well pass at the next try. */
export function isLostRace(error: unknown): boolean {
  if (error instanceof Refusal) return error.code === 'version_conflict'
  return error instanceof DatabaseError && (error.code === '40001' || error.code === '40P01')
}

/** What a race means that was lost at every try: nothing is wrong with the request, so it may come again. */
export const lostForGood = (error: unknown): unknown =>
  error instanceof DatabaseError ? new DatabaseRefusal('unavailable', error) : error
