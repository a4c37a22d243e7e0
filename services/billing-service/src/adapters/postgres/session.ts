// The verbs of the port on one PostgreSQL session: a pool for single reads, a connection for a transaction.
import { assert } from '../../core/assert.ts'
import { refuse } from '../../core/refusal.ts'
import type { CollectionName, RowOf } from '../../ports/collections.ts'
import {
  assertSummable,
  cursorAfter,
  planFilter,
  planKey,
  planQuery,
  type QueryPlan,
  rowsMax,
  sortGroups,
  type UntypedQuery,
  type UntypedSum,
} from '../../ports/query.ts'
import { isVersioned, type Row, refuseMissing } from '../../ports/shape.ts'
import type {
  Field,
  Group,
  Key,
  Page,
  Reads,
  SystemTransaction,
  TenantTransaction,
} from '../../ports/store.ts'
import { rowsAhead } from '../../ports/streams.ts'
import type { Run } from './connect.ts'
import {
  type Asking,
  columnsStatement,
  countStatement,
  type Hold,
  keyStatement,
  keysStatement,
  pageStatement,
  sumStatement,
} from './queries.ts'
import { rowsOfLists, tableOf } from './rows.ts'
import type { UsageMonths } from './usage-months.ts'
import {
  addStatement,
  insertManyStatement,
  insertStatement,
  removeStatement,
  replaceManyStatement,
  replaceStatement,
  takeNumbersStatement,
} from './writes.ts'

/** Where statements go, and for whom. */
export interface Session {
  readonly asking: Asking
  readonly run: Run
  /** Told of a write that was refused without an error of the database; its transaction must not commit. */
  readonly doom?: (error: unknown) => void
}

// A body that swallows the refusal of a write must not commit the rest of its work.
function deny(session: Session, refusal: () => never): never {
  try {
    return refusal()
  } catch (error) {
    session.doom?.(error)
    throw error
  }
}

/** Rows of a statement's answer are rows of the collection: columns are selected under their fields' names. */
const typed = <N extends CollectionName>(rows: readonly Row[]): RowOf<N>[] =>
  rows as unknown as RowOf<N>[]

const untypedKey = (key: unknown): string | Row => key as string | Row

/** A row whose collection is known only at run time. */
const untyped = (row: unknown): Row => row as Row

/** Usage events by month may have several rows of a key, which was used again long after; the newest is meant. */
const newestLast = (collection: CollectionName, rows: readonly Row[]): readonly Row[] =>
  collection === 'usageEvents' && rows.length > 1
    ? [...rows].sort((a, b) => Number(a.recordedAt) - Number(b.recordedAt))
    : rows

async function findRow(
  session: Session,
  collection: CollectionName,
  key: string | Row,
  hold: Hold = 'none',
): Promise<Row | null> {
  const table = tableOf(collection)
  const plan = planKey(session.asking, collection, key)
  const { rows } = await session.run(keyStatement(session.asking, table, plan, hold))
  return newestLast(collection, rows).at(-1) ?? null
}

async function findRows(
  session: Session,
  collection: CollectionName,
  keys: readonly (string | Row)[],
): Promise<Row[]> {
  assert(keys.length <= rowsMax, `at most ${rowsMax} keys`)
  const plans = keys.map(key => planKey(session.asking, collection, key))
  const [first] = plans
  if (!first) return []
  const { fields } = first
  assert(
    plans.every(plan => plan.fields === fields || plan.fields.join() === fields.join()),
    'keys name the same fields',
  )
  const values = plans.map(plan => plan.values)
  const statement = keysStatement(session.asking, tableOf(collection), fields, values)
  const { rows } = await session.run(statement)
  const place = (key: readonly unknown[]) => JSON.stringify(key)
  const found = newestLast(collection, rows)
  const byKey = new Map(found.map(row => [place(fields.map(field => row[field])), row]))
  return values.map(key => byKey.get(place(key))).filter(row => row !== undefined)
}

async function listRows(session: Session, collection: CollectionName, query: UntypedQuery) {
  const plan = planQuery(session.asking, collection, query)
  const statement = pageStatement(session.asking, tableOf(collection), plan)
  const { rows } = await session.run(statement)
  return pageOf(plan, rows)
}

function pageOf(plan: QueryPlan, rows: readonly Row[]): Page<Row> {
  const page = rows.slice(0, plan.limit)
  const last = page.at(-1)
  const more = rows.length > plan.limit && last !== undefined
  return { rows: page, nextCursor: more ? cursorAfter(plan, last) : null }
}

/** A page of some fields. */
async function listFields(
  session: Session,
  collection: CollectionName,
  fields: readonly string[],
  query: UntypedQuery,
) {
  const table = tableOf(collection)
  const plan = planQuery(session.asking, collection, query)
  // Where a page ends is told by the fields of its order.
  const read = [...new Set([...fields, ...plan.order])]
  const { rows } = await session.run(columnsStatement(session.asking, table, plan, read))
  const [lists] = rows
  assert(lists, 'a row of lists is answered')
  return pageOf(plan, rowsOfLists(table, read, lists))
}

async function* streamRows(
  session: Session,
  collection: CollectionName,
  query: Omit<UntypedQuery, 'limit' | 'cursor'>,
): AsyncGenerator<Row> {
  let cursor: string | null = null
  do {
    const page: Page<Row> = await listRows(session, collection, {
      ...query,
      limit: rowsMax,
      cursor,
    })
    for (const row of page.rows) yield row
    cursor = page.nextCursor
  } while (cursor !== null)
}

/** Streams some fields; while the rows of a page are used, the next one is on its way. */
function streamFields(
  session: Session,
  collection: CollectionName,
  fields: readonly string[],
  query: Omit<UntypedQuery, 'limit' | 'cursor'>,
): AsyncGenerator<Row> {
  return rowsAhead(cursor =>
    listFields(session, collection, fields, { ...query, limit: rowsMax, cursor }),
  )
}

async function sumRows(
  session: Session,
  collection: CollectionName,
  query: UntypedSum,
): Promise<Group[]> {
  const { sum, groupBy = [], bucket } = query
  assertSummable(collection, sum, groupBy)
  const plan = {
    sum,
    groupBy,
    ...planFilter(session.asking, collection, query),
    ...(bucket ? { bucket } : {}),
  }
  const { rows } = await session.run(sumStatement(session.asking, tableOf(collection), plan))
  const groups = rows.map(
    (row): Group => ({
      group: Object.fromEntries(groupBy.map((field, at) => [field, row[`g${at}`] as string])),
      bucket: bucket ? String(row.bucket) : null,
      count: Number(row.count),
      sums: Object.fromEntries(sum.map((field, at) => [field, String(row[`s${at}`])])),
    }),
  )
  return sortGroups(groups)
}

/** The reading verbs. */
export function readsOn(session: Session): Reads<CollectionName> {
  const { asking, run } = session
  return {
    async get<N extends CollectionName>(collection: N, key: Key<N>): Promise<RowOf<N>> {
      const row = await findRow(session, collection, untypedKey(key))
      return row === null ? refuseMissing(collection) : typed<N>([row])[0]!
    },
    async find<N extends CollectionName>(collection: N, key: Key<N>): Promise<RowOf<N> | null> {
      const row = await findRow(session, collection, untypedKey(key))
      return row === null ? null : typed<N>([row])[0]!
    },
    async getMany<N extends CollectionName>(collection: N, keys: readonly Key<N>[]) {
      return typed<N>(await findRows(session, collection, keys.map(untypedKey)))
    },
    async list(collection, query) {
      const { rows, nextCursor } = await listRows(session, collection, query)
      return { rows: typed<typeof collection>(rows), nextCursor }
    },
    async count(collection, filter) {
      const plan = planFilter(asking, collection, filter)
      const { rows } = await run(countStatement(asking, tableOf(collection), plan))
      return Number(rows[0]?.count)
    },
    sum: (collection, query) => sumRows(session, collection, query),
    stream<N extends CollectionName>(collection: N, query: Omit<UntypedQuery, 'limit' | 'cursor'>) {
      return streamRows(session, collection, query) as unknown as AsyncIterable<RowOf<N>>
    },
    streamFields<N extends CollectionName, F extends Field<N>>(
      collection: N,
      fields: readonly F[],
      query: Omit<UntypedQuery, 'limit' | 'cursor'>,
    ) {
      const rows: AsyncIterable<unknown> = streamFields(session, collection, fields, query)
      return rows as AsyncIterable<Pick<RowOf<N>, F>>
    },
  }
}

// The database would refuse a stranger's row too; this names the fault where it is made.
export function assertOwn(session: Session, collection: CollectionName, row: Row): void {
  const { tenantId } = session.asking
  const foreign = tenantId !== null && 'tenantId' in row && row.tenantId !== tenantId
  assert(!foreign, `a row of ${collection} belongs to the transaction's tenant`)
}

/** Rows written by one statement; more are written in several. */
export const rowsPerStatement = 5_000

function* slices(rows: readonly Row[]): Generator<readonly Row[]> {
  for (let from = 0; from < rows.length; from += rowsPerStatement) {
    yield rows.slice(from, from + rowsPerStatement)
  }
}

async function replaceRows(
  session: Session,
  collection: CollectionName,
  rows: readonly Row[],
): Promise<Row[]> {
  const table = tableOf(collection)
  const versioned = isVersioned(table.shape)
  for (const row of rows) assertOwn(session, collection, row)
  for (const slice of slices(rows)) {
    const [only] = slice
    const statement =
      slice.length === 1 && only
        ? replaceStatement(table, only)
        : replaceManyStatement(table, slice)
    const { rowCount } = await session.run(statement)
    if (rowCount !== slice.length) {
      deny(session, () => (versioned ? refuse('version_conflict') : refuseMissing(collection)))
    }
  }
  return versioned ? rows.map(row => ({ ...row, version: Number(row.version) + 1 })) : [...rows]
}

async function insertRows(
  session: Session,
  collection: CollectionName,
  rows: readonly Row[],
  skip: boolean,
): Promise<number> {
  const table = tableOf(collection)
  let written = 0
  for (const row of rows) assertOwn(session, collection, row)
  for (const slice of slices(rows)) {
    const { rowCount } = await session.run(insertManyStatement(table, slice, skip))
    written += rowCount ?? 0
  }
  return written
}

/** The writing verbs, inside a transaction. */
export function writesOn(session: Session): Omit<SystemTransaction, keyof Reads<CollectionName>> {
  return {
    async lock<N extends CollectionName>(collection: N, key: Key<N>): Promise<RowOf<N>> {
      const row = await findRow(session, collection, untypedKey(key), 'alone')
      return row === null ? refuseMissing(collection) : typed<N>([row])[0]!
    },
    async share<N extends CollectionName>(collection: N, key: Key<N>): Promise<RowOf<N>> {
      const row = await findRow(session, collection, untypedKey(key), 'shared')
      return row === null ? refuseMissing(collection) : typed<N>([row])[0]!
    },
    async insert(collection, row) {
      assertOwn(session, collection, untyped(row))
      await session.run(insertStatement(tableOf(collection), untyped(row)))
    },
    async insertMany(collection, rows, options) {
      const skip = options?.onConflict === 'skip'
      return await insertRows(session, collection, rows.map(untyped), skip)
    },
    async replace<N extends CollectionName>(collection: N, row: RowOf<N>): Promise<RowOf<N>> {
      return typed<N>(await replaceRows(session, collection, [untyped(row)]))[0]!
    },
    async replaceMany<N extends CollectionName>(collection: N, rows: readonly RowOf<N>[]) {
      return typed<N>(await replaceRows(session, collection, rows.map(untyped)))
    },
    async add(collection, rows) {
      for (const row of rows) assertOwn(session, collection, untyped(row))
      for (const slice of slices(rows.map(untyped))) {
        await session.run(addStatement(tableOf(collection), slice))
      }
    },
    async remove(collection, key) {
      const plan = planKey(session.asking, collection, untypedKey(key))
      const { rowCount } = await session.run(removeStatement(tableOf(collection), plan))
      if (rowCount === 0) deny(session, () => refuseMissing(collection))
    },
  }
}

type Counters = Pick<TenantTransaction, 'takeNumbers' | 'ingest'>

/** What only a tenant's transaction does: gapless numbers, and taking usage in. */
export function countersOn(session: Session, tenantId: string, months: UsageMonths): Counters {
  return {
    async takeNumbers(counts, scope = 'tenant') {
      const series = Object.keys(counts)
      const taken = series.map(id => counts[id] ?? 0)
      assert(
        taken.every(count => Number.isSafeInteger(count) && count >= 1),
        'at least one number is taken of each series',
      )
      if (series.length === 0) return {}
      const { rows } = await session.run(takeNumbersStatement({ tenantId, scope }, series, taken))
      return Object.fromEntries(
        rows.map(row => [String(row.series), Number(row.next) - (counts[String(row.series)] ?? 0)]),
      )
    },
    async ingest(events) {
      const added = new Set<string>()
      const rows = events.map(untyped)
      for (const row of rows) assertOwn(session, 'usageEvents', row)
      for (const slice of slices(rows)) {
        for (const row of await months.ingest(session.run, slice)) added.add(String(row.key))
      }
      return added
    },
  }
}
