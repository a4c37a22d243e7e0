// The reading verbs on one session.
import { assert } from '../../core/assert.ts'
import type { CollectionName, RowOf } from '../../ports/collections.ts'
import {
  assertSummable,
  cursorAfter,
  planFilter,
  planKey,
  planQuery,
  rowsMax,
  sortGroups,
  type UntypedQuery,
  type UntypedSum,
} from '../../ports/query.ts'
import { type Row, refuseMissing, type Shape, shapeOf, typeOf } from '../../ports/shape.ts'
import type { Field, Group, Key, Reads } from '../../ports/store.ts'
import { rowsAhead } from '../../ports/streams.ts'
import {
  conditionsOf,
  keyFilter,
  keysFilter,
  ofTenant,
  pageFilter,
  sortOf,
  sumPipeline,
} from './queries.ts'
import { fromDocument, fromStored, plainDecimal, type Stored } from './rows.ts'
import { documentsOf, onlyFields, remember, type Session, withoutId } from './session.ts'

/** Rows read from a collection are rows of that collection. */
export const typed = <N extends CollectionName>(rows: readonly Row[]): RowOf<N>[] =>
  rows as unknown as RowOf<N>[]

export const untypedKey = (key: unknown): string | Row => key as string | Row

async function findRow(
  session: Session,
  collection: CollectionName,
  key: string | Row,
): Promise<Row | null> {
  const shape = shapeOf(collection)
  const plan = planKey(session.asker, collection, key)
  const filter = keyFilter(session.bson, session.asker, shape, plan)
  const document = await session.run(options =>
    documentsOf(session, collection).findOne(filter, { ...options, ...withoutId }),
  )
  if (document === null) return null
  const row = fromDocument(shape, document)
  remember(session, collection, [row])
  return row
}

async function findRows(
  session: Session,
  collection: CollectionName,
  keys: readonly (string | Row)[],
): Promise<Row[]> {
  assert(keys.length <= rowsMax, `at most ${rowsMax} keys`)
  const plans = keys.map(key => planKey(session.asker, collection, key))
  const [first] = plans
  if (!first) return []
  const { fields } = first
  assert(
    plans.every(plan => plan.fields === fields || plan.fields.join() === fields.join()),
    'keys name the same fields',
  )
  const shape = shapeOf(collection)
  const values = plans.map(plan => plan.values)
  const wanted = keysFilter(session.bson, shape, fields, values)
  const rows = await allRows(session, collection, [wanted])
  const place = (found: readonly unknown[]) => JSON.stringify(found)
  const byKey = new Map(rows.map(row => [place(fields.map(field => row[field])), row]))
  return values.map(key => byKey.get(place(key))).filter(row => row !== undefined)
}

/** All rows of the conditions, for lists that are bounded otherwise. */
export async function allRows(
  session: Session,
  collection: CollectionName,
  conditions: readonly Record<string, unknown>[],
): Promise<Row[]> {
  const shape = shapeOf(collection)
  const filter = ofTenant(session.bson, session.asker, shape, conditions)
  const documents = await session.run(options =>
    documentsOf(session, collection)
      .find(filter, { ...options, ...withoutId })
      .toArray(),
  )
  const rows = documents.map(document => fromDocument(shape, document))
  remember(session, collection, rows)
  return rows
}

async function listRows(
  session: Session,
  collection: CollectionName,
  query: UntypedQuery,
  fields?: readonly string[],
) {
  const shape = shapeOf(collection)
  const plan = planQuery(session.asker, collection, query)
  // Where a page ends is told by the fields of its order.
  const read = fields === undefined ? undefined : [...new Set([...fields, ...plan.order])]
  const filter = pageFilter(session.bson, session.asker, shape, plan)
  const documents = await session.run(options =>
    documentsOf(session, collection)
      .find(filter, { ...options, ...(read === undefined ? withoutId : onlyFields(read)) })
      .sort(sortOf(plan))
      .limit(plan.limit + 1)
      .toArray(),
  )
  const page = documents.slice(0, plan.limit).map(each => fromDocument(shape, each, read))
  if (read === undefined) remember(session, collection, page)
  const last = page.at(-1)
  const more = documents.length > plan.limit && last !== undefined
  return { rows: page, nextCursor: more ? cursorAfter(plan, last) : null }
}

async function* streamRows(
  session: Session,
  collection: CollectionName,
  query: Omit<UntypedQuery, 'limit' | 'cursor'>,
): AsyncGenerator<Row> {
  let cursor: string | null = null
  do {
    const page: { rows: Row[]; nextCursor: string | null } = await listRows(session, collection, {
      ...query,
      limit: rowsMax,
      cursor,
    })
    yield* page.rows
    cursor = page.nextCursor
  } while (cursor !== null)
}

/** Streams some fields; while the rows of a page are used, the next one is on its way. */
async function* streamFields(
  session: Session,
  collection: CollectionName,
  fields: readonly string[],
  query: Omit<UntypedQuery, 'limit' | 'cursor'>,
): AsyncGenerator<Row> {
  yield* rowsAhead(cursor =>
    listRows(session, collection, { ...query, limit: rowsMax, cursor }, fields),
  )
}

async function countRows(session: Session, collection: CollectionName, filter: object) {
  const shape = shapeOf(collection)
  const plan = planFilter(session.asker, collection, filter)
  const conditions = conditionsOf(session.bson, shape, plan)
  const wanted = ofTenant(session.bson, session.asker, shape, conditions)
  return session.run(options => documentsOf(session, collection).countDocuments(wanted, options))
}

/** The one group of no rows, where nothing is grouped. */
const noRows = (sum: readonly string[]): Group => ({
  group: {},
  bucket: null,
  count: 0,
  sums: Object.fromEntries(sum.map(field => [field, '0'])),
})

// Decimals group by their value; numbers, texts and times come back as the rows have them.
function groupOf(shape: Shape, { sum, groupBy = [], bucket }: UntypedSum, found: Stored): Group {
  const id = (found._id ?? {}) as Stored
  const group = groupBy.map((field, at): [string, string | number | boolean | null] => {
    assert(typeOf(shape, field) !== 'json', `${field} can be grouped by`)
    return [field, fromStored(shape, field, id[`g${at}`]) as string]
  })
  return {
    group: Object.fromEntries(group),
    bucket: bucket ? String(id.bucket) : null,
    count: Number(found.count),
    sums: Object.fromEntries(
      sum.map((field, at) => [field, plainDecimal(String(found[`s${at}`]))]),
    ),
  }
}

async function sumRows(
  session: Session,
  collection: CollectionName,
  query: UntypedSum,
): Promise<Group[]> {
  const { sum, groupBy = [], bucket } = query
  assertSummable(collection, sum, groupBy)
  const shape = shapeOf(collection)
  const plan = {
    ...planFilter(session.asker, collection, query),
    sum,
    groupBy,
    ...(bucket ? { bucket } : {}),
  }
  const pipeline = sumPipeline(session.bson, session.asker, shape, plan)
  const found = await session.run(options =>
    documentsOf(session, collection).aggregate<Stored>(pipeline, options).toArray(),
  )
  if (found.length === 0 && groupBy.length === 0 && !bucket) return [noRows(sum)]
  return sortGroups(found.map(each => groupOf(shape, query, each)))
}

/** The reading verbs. */
export function readsOn(session: Session): Reads<CollectionName> {
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
    count: (collection, filter) => countRows(session, collection, filter),
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
