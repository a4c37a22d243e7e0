// The reading verbs over rows in memory: the reference for what every store answers.
import { assert } from '../../core/assert.ts'
import { addDecimal } from '../../core/decimal.ts'
import { localDate } from '../../core/time.ts'
import type { CollectionName, RowOf } from '../../ports/collections.ts'
import {
  type Asker,
  assertSummable,
  cursorAfter,
  type FilterPlan,
  planFilter,
  planKey,
  planQuery,
  type QueryPlan,
  rowsMax,
  sortGroups,
  type UntypedQuery,
  type UntypedSum,
} from '../../ports/query.ts'
import { type Row, refuseMissing, shapeOf, typeOf } from '../../ports/shape.ts'
import type { Field, Group, Key, Reads } from '../../ports/store.ts'
import { compareField, type View } from './view.ts'

/** Whose rows, and in which state. The state is asked for at each verb: others may have committed. */
export interface Reading {
  readonly asker: Asker
  readonly view: () => View
}

/** Rows found under a collection's name are rows of that collection. */
export const typed = <N extends CollectionName>(rows: readonly Row[]): RowOf<N>[] =>
  rows.map(row => ({ ...row })) as unknown as RowOf<N>[]

function matches(collection: CollectionName, plan: FilterPlan): (row: Row) => boolean {
  const { conditions, range } = plan
  const type = range ? typeOf(shapeOf(collection), range.field) : 'text'
  const inRange = (row: Row) => {
    if (!range) return true
    const value = row[range.field]
    if (value === null) return false
    const from = range.from === undefined || compareField(type, value, range.from) >= 0
    return from && (range.to === undefined || compareField(type, value, range.to) < 0)
  }
  return row => conditions.every(({ field, values }) => values.includes(row[field])) && inRange(row)
}

/** The row of a key; a tenant's handle never finds another tenant's. */
export function findRow(
  { asker, view }: Reading,
  collection: CollectionName,
  key: unknown,
): Row | null {
  const { fields, values } = planKey(asker, collection, key as string | Row)
  const shape = shapeOf(collection)
  const foreign =
    shape.scope === 'tenant' && asker.tenantId !== null && values[0] !== asker.tenantId
  if (foreign) return null
  const primary = fields.length === shape.key.length + (shape.scope === 'tenant' ? 1 : 0)
  const direct = primary && shape.key.every(field => fields.includes(field))
  if (direct) return view().row(collection, JSON.stringify(values)) ?? null
  const tenantId = shape.scope === 'tenant' ? String(values[0]) : null
  for (const row of view().rows(collection, tenantId)) {
    if (fields.every((field, at) => row[field] === values[at])) return row
  }
  return null
}

function inOrder(collection: CollectionName, plan: QueryPlan) {
  const shape = shapeOf(collection)
  const types = plan.order.map(field => typeOf(shape, field))
  const sign = plan.direction === 'asc' ? 1 : -1
  return (a: readonly unknown[], b: readonly unknown[]): number => {
    for (const [at, type] of types.entries()) {
      const compared = compareField(type, a[at], b[at])
      if (compared !== 0) return compared * sign
    }
    return 0
  }
}

function listRows(reading: Reading, collection: CollectionName, query: UntypedQuery) {
  const plan = planQuery(reading.asker, collection, query)
  const place = (row: Row) => plan.order.map(field => row[field])
  const compare = inOrder(collection, plan)
  const { after, present } = plan
  const fits = matches(collection, plan)
  const rows = [...reading.view().rows(collection, reading.asker.tenantId)]
    .filter(row => fits(row) && (present === null || row[present] !== null))
    .filter(row => after === null || compare(place(row), after) > 0)
    .sort((a, b) => compare(place(a), place(b)))
  const page = rows.slice(0, plan.limit)
  const last = page.at(-1)
  const more = rows.length > plan.limit && last !== undefined
  return { rows: page, nextCursor: more ? cursorAfter(plan, last) : null }
}

const monthOf = (date: string): string => `${date.slice(0, 7)}-01`

function bucketOf(row: Row, bucket: UntypedSum['bucket']): string | null {
  if (!bucket) return null
  const date = localDate(Number(row[bucket.field]), bucket.zone)
  return bucket.unit === 'day' ? date : monthOf(date)
}

function sumRows(reading: Reading, collection: CollectionName, query: UntypedSum): Group[] {
  const { sum, groupBy = [], bucket } = query
  assertSummable(collection, sum, groupBy)
  const fits = matches(collection, planFilter(reading.asker, collection, query))
  const groups = new Map<string, { row: Row; bucket: string | null; rows: Row[] }>()
  if (groupBy.length === 0 && !bucket) groups.set('[null]', { row: {}, bucket: null, rows: [] })
  for (const row of reading.view().rows(collection, reading.asker.tenantId)) {
    if (!fits(row) || (bucket && row[bucket.field] === null)) continue
    const at = bucketOf(row, bucket)
    const name = JSON.stringify([...groupBy.map(field => row[field]), at])
    const group = groups.get(name) ?? { row, bucket: at, rows: [] }
    group.rows.push(row)
    groups.set(name, group)
  }
  return sortGroups(
    [...groups.values()].map(group => ({
      group: Object.fromEntries(groupBy.map(field => [field, group.row[field] as string | null])),
      bucket: group.bucket,
      count: group.rows.length,
      sums: Object.fromEntries(sum.map(field => [field, total(group.rows, field)])),
    })),
  )
}

function total(rows: readonly Row[], field: string): string {
  const given = rows.map(row => row[field]).filter(value => value !== null)
  return given.reduce<string>((sum, value) => addDecimal(sum, String(value)), '0')
}

async function* streamRows(
  reading: Reading,
  collection: CollectionName,
  query: Omit<UntypedQuery, 'limit' | 'cursor'>,
): AsyncGenerator<Row> {
  let cursor: string | null = null
  do {
    const page: { rows: Row[]; nextCursor: string | null } = listRows(reading, collection, {
      ...query,
      limit: rowsMax,
      cursor,
    })
    for (const row of page.rows) yield { ...row }
    cursor = page.nextCursor
  } while (cursor !== null)
}

/** The reading verbs. */
export function readsFrom(reading: Reading): Reads<CollectionName> {
  return {
    async get<N extends CollectionName>(collection: N, key: Key<N>): Promise<RowOf<N>> {
      const row = findRow(reading, collection, key) ?? refuseMissing(collection)
      return typed<N>([row])[0]!
    },
    async find<N extends CollectionName>(collection: N, key: Key<N>): Promise<RowOf<N> | null> {
      const row = findRow(reading, collection, key)
      return row === null ? null : typed<N>([row])[0]!
    },
    async getMany<N extends CollectionName>(collection: N, keys: readonly Key<N>[]) {
      assert(keys.length <= rowsMax, `at most ${rowsMax} keys`)
      const rows = keys.map(key => findRow(reading, collection, key))
      return typed<N>(rows.filter(row => row !== null))
    },
    async list(collection, query) {
      const { rows, nextCursor } = listRows(reading, collection, query)
      return { rows: typed<typeof collection>(rows), nextCursor }
    },
    async count(collection, filter) {
      const fits = matches(collection, planFilter(reading.asker, collection, filter))
      const rows = reading.view().rows(collection, reading.asker.tenantId)
      return [...rows].filter(fits).length
    },
    async sum(collection, query) {
      return sumRows(reading, collection, query)
    },
    stream<N extends CollectionName>(collection: N, query: Omit<UntypedQuery, 'limit' | 'cursor'>) {
      return streamRows(reading, collection, query) as unknown as AsyncIterable<RowOf<N>>
    },
    streamFields<N extends CollectionName, F extends Field<N>>(
      collection: N,
      _fields: readonly F[],
      query: Omit<UntypedQuery, 'limit' | 'cursor'>,
    ) {
      const rows: AsyncIterable<unknown> = streamRows(reading, collection, query)
      return rows as AsyncIterable<Pick<RowOf<N>, F>>
    },
  }
}
