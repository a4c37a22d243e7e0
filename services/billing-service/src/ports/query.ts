// What a query may ask, decided once for every store: keys, declared indexes, limits, cursors. It builds no
// query of any database.
import { assert } from '../core/assert.ts'
import { refuse } from '../core/refusal.ts'
import type { CollectionName } from './collections.ts'
import { isEncrypted } from './encrypted-fields.ts'
import {
  fullKey,
  isNullable,
  onceFor,
  type Row,
  type Scope,
  type Shape,
  shapeOf,
  typeOf,
  uniqueKeys,
} from './shape.ts'
import type { Group } from './store.ts'

/** Most rows of a page, keys of a `getMany`, members of an `in`. */
export const rowsMax = 1_000

export interface UntypedFilter {
  readonly where?: Readonly<Record<string, unknown>>
  readonly range?: {
    readonly field: string
    readonly from?: number | string
    readonly to?: number | string
  }
}

export interface UntypedQuery extends UntypedFilter {
  readonly order?: { readonly field: string; readonly direction: 'asc' | 'desc' }
  readonly limit: number
  readonly cursor?: string | null
}

export interface UntypedSum extends UntypedFilter {
  readonly sum: readonly string[]
  readonly groupBy?: readonly string[]
  readonly bucket?: {
    readonly field: string
    readonly unit: 'day' | 'month'
    readonly zone: string
  }
}

/** One field equal to one of the values; a null among them matches null. */
export interface Condition {
  readonly field: string
  readonly values: readonly unknown[]
  /** Whether it was given as one value. */
  readonly single: boolean
}

export interface FilterPlan {
  readonly conditions: readonly Condition[]
  readonly range: UntypedFilter['range'] | undefined
}

export interface QueryPlan extends FilterPlan {
  /** Order field first, then the key; all in one direction. */
  readonly order: readonly string[]
  readonly direction: 'asc' | 'desc'
  /** Rows with a null in this field have no place in the order and are left out. */
  readonly present: string | null
  readonly limit: number
  /** The order values of the last row of the page before. */
  readonly after: readonly unknown[] | null
  /** Names the query a cursor belongs to; worked out only where there is a cursor. */
  readonly digest: () => string
}

export interface Asker {
  readonly scope: Scope
  /** The tenant of the handle; null on the system handle. */
  readonly tenantId: string | null
}

/** What may be encrypted is asked for by no query, so that one which works here works everywhere. */
function assertInClear(shape: Shape, field: string): void {
  assert(
    !isEncrypted(shape, field),
    `${shape.table}.${field} may be encrypted and is not asked for`,
  )
}

const isMembership = (value: unknown): value is { in: readonly unknown[] } =>
  typeof value === 'object' && value !== null && 'in' in value

function conditionOf(shape: Shape, field: string, value: unknown): Condition {
  assertInClear(shape, field)
  assert(
    typeOf(shape, field) !== 'json',
    `${shape.table}.${field} is nested and cannot be asked for`,
  )
  if (!isMembership(value)) return { field, values: [value], single: true }
  assert(value.in.length <= rowsMax, `at most ${rowsMax} values in a list`)
  return { field, values: value.in, single: false }
}

function conditionsOf(shape: Shape, filter: UntypedFilter): Condition[] {
  return Object.entries(filter.where ?? {})
    .filter(([, value]) => value !== undefined)
    .map(([field, value]) => conditionOf(shape, field, value))
}

type Orders = readonly (readonly string[])[]

/** The declared orders that serve a handle, each as the fields that lead it. */
const servingIndexes = onceFor((shape): Readonly<Record<Scope, Orders>> => {
  const own = [shape.key, ...(shape.unique ?? []), ...(shape.indexes ?? [])]
  const systemIndexes = shape.systemIndexes ?? []
  if (shape.scope === 'system') {
    const all = [...own, ...systemIndexes]
    return { tenant: all, system: all }
  }
  return {
    tenant: own,
    system: [...own.map(fields => ['tenantId', ...fields]), ...systemIndexes],
  }
})

/**
 * Whether a declared index leads to the rows: equalities first, then the ordered or ranged field. Further
 * equalities may filter what the index yields, so each combination of filters needs no index of its own.
 */
function isServed(
  indexes: readonly (readonly string[])[],
  equal: ReadonlySet<string>,
  next: string | null,
): boolean {
  return indexes.some(fields => {
    const led = fields.findIndex(field => !equal.has(field))
    const depth = led === -1 ? fields.length : led
    return next === null ? depth > 0 : equal.has(next) ? depth > 0 : fields[depth] === next
  })
}

function assertServed(
  collection: CollectionName,
  scope: Scope,
  plan: FilterPlan,
  orderField: string | null,
): void {
  const shape = shapeOf(collection)
  const equal = new Set(plan.conditions.map(condition => condition.field))
  if (shape.scope === 'tenant' && scope === 'tenant') equal.delete('tenantId')
  const range = plan.range?.field ?? null
  assert(
    range === null || orderField === null || range === orderField,
    `${collection}: a range and an order name one field`,
  )
  const next = orderField ?? range
  if (next !== null) assertInClear(shape, next)
  if (next === null && equal.size === 0) return
  assert(
    isServed(servingIndexes(shape)[scope], equal, next),
    `${collection} declares no index for ${[...equal].join(', ') || 'all rows'}` +
      `${next === null ? '' : ` by ${next}`} (${scope})`,
  )
}

/** The filter of a count or a sum. A query without a declared index is a fault. */
export function planFilter(
  asker: Asker,
  collection: CollectionName,
  filter: UntypedFilter,
): FilterPlan {
  const shape = shapeOf(collection)
  const plan = { conditions: conditionsOf(shape, filter), range: filter.range }
  assertServed(collection, asker.scope, plan, null)
  return plan
}

/** The whole of a list query. Refuses `invalid_cursor`; a query without a declared index is a fault. */
export function planQuery(
  asker: Asker,
  collection: CollectionName,
  query: UntypedQuery,
): QueryPlan {
  const shape = shapeOf(collection)
  assert(
    Number.isInteger(query.limit) && query.limit >= 1 && query.limit <= rowsMax,
    `a page has 1 to ${rowsMax} rows`,
  )
  const plan = { conditions: conditionsOf(shape, query), range: query.range }
  const key = asker.scope === 'tenant' ? shape.key : fullKey(shape)
  const field = query.order?.field ?? null
  if (field !== null) assert(typeOf(shape, field) !== 'json', `${field} has no order`)
  assertServed(collection, asker.scope, plan, field === shape.key[0] ? null : field)
  const order = field === null ? key : [field, ...key.filter(name => name !== field)]
  const direction = query.order?.direction ?? 'asc'
  const { conditions, range } = plan
  const digest = () => digestOf([asker.tenantId, collection, conditions, range, order, direction])
  return {
    conditions,
    range,
    order,
    direction,
    present: field !== null && isNullable(shape, field) ? field : null,
    limit: query.limit,
    after: query.cursor == null ? null : readCursor(query.cursor, shape, order, digest()),
    digest,
  }
}

/**
 * A short name of a value: two 32-bit lanes over its JSON (FNV-1a and a variant that takes the characters with
 * their places). It tells queries and edits apart; it keeps nothing secret, for a cursor holds nothing that
 * its tenant may not read.
 */
function digestOf(value: unknown): string {
  const text = JSON.stringify(value)
  let [left, right] = [0x811c9dc5, 0x9dc5811c]
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at)
    left = Math.imul(left ^ unit, 0x01000193)
    right = Math.imul((right ^ unit) + at, 0x5bd1e995)
    right ^= right >>> 15
  }
  return [left, right].map(lane => (lane >>> 0).toString(36)).join('-')
}

/** The cursor after a row: its place in the order, bound to the query and sealed against edits. */
export function cursorAfter(plan: QueryPlan, row: Row): string {
  const values = plan.order.map(field => row[field])
  const seal = digestOf([plan.digest(), values])
  return Buffer.from(JSON.stringify([seal, ...values])).toString('base64url')
}

function readCursor(
  cursor: string,
  shape: Shape,
  order: readonly string[],
  digest: string,
): readonly unknown[] {
  const [seal, ...values] = parseCursor(cursor)
  const whole = seal === digestOf([digest, values]) && values.length === order.length
  const typed = order.every((field, at) => fits(typeOf(shape, field), values[at]))
  return whole && typed ? values : refuse('invalid_cursor')
}

function parseCursor(cursor: string): unknown[] {
  try {
    const read: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    return Array.isArray(read) ? read : []
  } catch {
    return []
  }
}

function fits(type: string, value: unknown): boolean {
  if (type === 'integer' || type === 'instant') return Number.isSafeInteger(value)
  return type === 'boolean' ? typeof value === 'boolean' : typeof value === 'string'
}

export interface KeyPlan {
  readonly fields: readonly string[]
  readonly values: readonly unknown[]
}

const sameFields = (given: readonly string[], fields: readonly string[]): boolean =>
  given.length === fields.length && fields.every(field => given.includes(field))

/**
 * What a key names: the primary key, or a declared unique one, by its fields. The tenant may be left out on
 * a tenant's handle and is needed on the system handle.
 */
export function planKey(asker: Asker, collection: CollectionName, key: string | Row): KeyPlan {
  const shape = shapeOf(collection)
  const [only, ...more] = shape.key
  if (typeof key === 'string') {
    assert(only !== undefined && more.length === 0, `${collection} has a key of several fields`)
  }
  const ofTenant = shape.scope === 'tenant' && asker.tenantId !== null
  if (typeof key === 'string' && ofTenant) {
    return { fields: fullKey(shape), values: [asker.tenantId, key] }
  }
  const given: Row = typeof key === 'string' ? { [only ?? '']: key } : key
  const whole: Row = ofTenant ? { tenantId: asker.tenantId, ...given } : given
  const names = Object.keys(whole).filter(field => whole[field] !== undefined)
  const fields = [fullKey(shape), ...uniqueKeys(shape)].find(known => sameFields(names, known))
  assert(fields, `${collection} has no key of ${names.join(', ')}`)
  return { fields, values: fields.map(field => whole[field]) }
}

/** The fields a sum adds up, checked: numbers and decimals only. */
export function assertSummable(
  collection: CollectionName,
  sum: readonly string[],
  groupBy: readonly string[],
): void {
  const shape = shapeOf(collection)
  for (const field of sum) {
    const type = typeOf(shape, field)
    assert(type === 'integer' || type === 'decimal', `${collection}.${field} can be summed`)
  }
  for (const field of groupBy) {
    assertInClear(shape, field)
    assert(typeOf(shape, field) !== 'json', `${collection}.${field} can be grouped by`)
  }
}

function compareScalars(a: unknown, b: unknown): number {
  if (a === b) return 0
  if (a === null || b === null) return a === null ? -1 : 1
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b)
  return Number(a) < Number(b) ? -1 : 1
}

const beyondPlain = /[\ud800-\uffff]/

/** Order of texts by code point, as databases with the plain collation have it. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0
  // Code units stand in the order of code points as long as no surrogates are among them.
  if (beyondPlain.test(a) || beyondPlain.test(b)) {
    return Buffer.compare(Buffer.from(a), Buffer.from(b))
  }
  return a < b ? -1 : 1
}

/** Groups in the order of their fields, then of their buckets; nulls come first. */
export function sortGroups(groups: readonly Group[]): Group[] {
  const place = (group: Group) => [...Object.values(group.group), group.bucket]
  return [...groups].sort((a, b) => {
    const [left, right] = [place(a), place(b)]
    const at = left.findIndex((value, index) => value !== right[index])
    return at === -1 ? 0 : compareScalars(left[at], right[at])
  })
}
