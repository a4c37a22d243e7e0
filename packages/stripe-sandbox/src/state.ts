// Everything the sandbox remembers, as tables of plain rows, and the unit of work that changes it.
// A unit of work is synchronous and all-or-nothing; it neither answers HTTP nor sends webhooks.

import { randomBytes } from 'node:crypto'
import { noSuch } from './failures.ts'
import type { FaultBook } from './faults.ts'
import { type Change, type TableName, type Tables, tableNames } from './tables.ts'

/** Rows in the order they were made; `order` repeats their ids, until a removal makes it stale. */
type Table<Row> = { rows: Map<string, Row>; order: string[] | null }

export type Store = { tables: { [N in TableName]: Table<Tables[N]> } }

export function emptyStore(): Store {
  const tables = Object.fromEntries(tableNames.map(name => [name, { rows: new Map(), order: [] }]))
  return { tables: tables as unknown as Store['tables'] }
}

function put<N extends TableName>(store: Store, name: N, row: Tables[N]): void {
  const table = store.tables[name]
  if (!table.rows.has(row.id)) table.order?.push(row.id)
  table.rows.set(row.id, row)
}

function remove(store: Store, name: TableName, id: string): void {
  const table = store.tables[name]
  if (table.rows.delete(id)) table.order = null
}

/** Applies one recorded change, for replaying a journal. */
export function applyChange(store: Store, change: Change): void {
  if (change[0] === 'put') put(store, change[1], change[2] as Tables[(typeof change)[1]])
  else remove(store, change[1], change[2])
}

/** The changes that would rebuild this store from nothing, oldest rows first. */
export function* changesOf(store: Store): Generator<Change> {
  for (const name of tableNames) {
    const table: Table<Tables[TableName]> = store.tables[name]
    for (const row of table.rows.values()) yield ['put', name, row]
  }
}

export function* newestRows<N extends TableName>(store: Store, name: N): Generator<Tables[N]> {
  const table: Table<Tables[N]> = store.tables[name]
  table.order ??= [...table.rows.keys()]
  const { order } = table
  for (let index = order.length - 1; index >= 0; index -= 1) {
    const row = table.rows.get(order[index] ?? '')
    if (row) yield row
  }
}

/** Where a unit of work comes from: the request that events name as their cause. */
export type Origin = { requestId: string | null; idempotencyKey: string | null }

/** What the running server lends to every unit of work. */
export type Environment = {
  /** Address of the sandbox itself, for hosted pages. */
  baseUrl: string
  publishableKey: string
  timings: Timings
  faults: FaultBook
  /** Told whenever a payment has succeeded or failed, so that what waits for it can follow. */
  paymentEnded(work: Work, intentId: string): void
}

/** How long things take that Stripe does by itself, in milliseconds of the sandbox's clock. */
export type Timings = {
  /** A bank debit stays `processing` for this long. */
  debitSettlesMs: number
  /** A pending refund succeeds, and a refund bound to fail fails, after this long. */
  refundSettlesMs: number
  /** A dispute opens this long after the payment that carries its test value. */
  disputeOpensMs: number
  /** Funds of a payment become available after this long. */
  fundsAvailableMs: number
}

/** One all-or-nothing change of the store, at one instant of the sandbox's clock. */
export type Work = {
  readonly store: Store
  /** Sandbox time in epoch milliseconds. */
  readonly atMs: number
  /** Sandbox time in whole epoch seconds, as Stripe writes times. */
  readonly at: number
  readonly origin: Origin
  readonly environment: Environment
  readonly changes: Change[]
  readonly undo: Change[]
}

export function beginWork(
  store: Store,
  atMs: number,
  origin: Origin,
  environment: Environment,
): Work {
  const at = Math.floor(atMs / 1000)
  return { store, atMs, at, origin, environment, changes: [], undo: [] }
}

/** The same unit of work as seen at another instant: a test clock's, or a due time gone by. */
export function workAt(work: Work, atMs: number): Work {
  return { ...work, atMs, at: Math.floor(atMs / 1000) }
}

/** Takes back every change of this unit of work. */
export function rollBack(work: Work): void {
  for (const change of work.undo.reverse()) applyChange(work.store, change)
  work.changes.length = 0
  work.undo.length = 0
}

export function find<N extends TableName>(work: Work, name: N, id: string): Tables[N] | undefined {
  const table: Table<Tables[N]> = work.store.tables[name]
  return table.rows.get(id)
}

/** The row, or Stripe's 404. `param` names the parameter that carried the id. */
export function need<N extends TableName>(
  work: Work,
  name: N,
  id: string,
  param?: string,
): Tables[N] {
  const row = find(work, name, id)
  if (!row) throw noSuch(nouns[name] ?? name, id, param)
  return row
}

export function save<N extends TableName>(work: Work, name: N, row: Tables[N]): Tables[N] {
  const before = find(work, name, row.id)
  work.undo.push(before ? ['put', name, before] : ['delete', name, row.id])
  work.changes.push(['put', name, row])
  put(work.store, name, row)
  return row
}

/** Replaces some fields of a row that must exist; the old row object is left untouched. */
export function patch<N extends TableName>(
  work: Work,
  name: N,
  id: string,
  fields: Partial<Tables[N]>,
): Tables[N] {
  return save(work, name, { ...need(work, name, id), ...fields })
}

export function erase(work: Work, name: TableName, id: string): void {
  const before = find(work, name, id)
  if (!before) return
  work.undo.push(['put', name, before])
  work.changes.push(['delete', name, id])
  remove(work.store, name, id)
}

export function newest<N extends TableName>(work: Work, name: N): Generator<Tables[N]> {
  return newestRows(work.store, name)
}

/** The newest row that satisfies `wanted`. */
export function newestWhere<N extends TableName>(
  work: Work,
  name: N,
  wanted: (row: Tables[N]) => boolean,
): Tables[N] | undefined {
  for (const row of newest(work, name)) if (wanted(row)) return row
  return undefined
}

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

let drawBytes: (length: number) => Iterable<number> = randomBytes

/** Lets the ids of all sandboxes of this process come from elsewhere, such as from a simulation's seed. */
export function drawIdsFrom(source: (length: number) => Iterable<number>): void {
  drawBytes = source
}

/** A random word of letters and digits; 24 of them hold about 142 bits. */
export function randomWord(length: number): string {
  return Array.from(drawBytes(length), byte => alphabet[byte % alphabet.length]).join('')
}

export function newId(prefix: string, length = 24): string {
  return `${prefix}_${randomWord(length)}`
}

/** How Stripe names a noun in "No such ...". Tables not listed are named by their object type. */
const nouns: Partial<Record<TableName, string>> = {
  payment_method: 'PaymentMethod',
  balance_transaction: 'balance transaction',
  webhook_endpoint: 'webhook endpoint',
  checkout_session: 'checkout session',
  setup_attempt: 'setup attempt',
  invoice_payment: 'invoice payment',
  test_clock: 'test clock',
}

/** The id of a reference that may be expanded. */
export function idOf(reference: string | { id: string }): string
export function idOf(reference: string | { id: string } | null | undefined): string | null
export function idOf(reference: string | { id: string } | null | undefined): string | null {
  if (!reference) return null
  return typeof reference === 'string' ? reference : reference.id
}
