// Rows in memory: what is committed, and what one transaction has changed on top of it. Keeps the keys,
// unique keys and references that a database would keep.
import { assert } from '../../core/assert.ts'
import { compareDecimal, readDecimal } from '../../core/decimal.ts'
import { Refusal } from '../../core/refusal.ts'
import type { CollectionName } from '../../ports/collections.ts'
import { compareText } from '../../ports/query.ts'
import {
  collectionNames,
  constraintOf,
  fullKey,
  isNullable,
  type Row,
  type Shape,
  shapeOf,
  storableJson,
  storableText,
  typeOf,
  uniqueKeys,
} from '../../ports/shape.ts'

function frozen(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  for (const inner of Object.values(value)) frozen(inner)
  return Object.freeze(value)
}

function copyScalar(type: string, field: string, value: unknown): unknown {
  switch (type) {
    case 'text':
      assert(typeof value === 'string', `${field} is text`)
      return storableText(value)
    case 'decimal':
      assert(typeof value === 'string' && readDecimal(value), `${field} is a decimal`)
      return value
    case 'boolean':
      assert(typeof value === 'boolean', `${field} is true or false`)
      return value
    default:
      assert(Number.isSafeInteger(value), `${field} is a whole number`)
      return value
  }
}

/** A row of our own: declared fields only, nested values as JSON gives them back. */
export function copyIn(shape: Shape, row: Row): Row {
  const copy: Record<string, unknown> = {}
  for (const field of Object.keys(shape.fields)) {
    const value = row[field]
    const type = typeOf(shape, field)
    assert(value !== undefined, `${field} is given`)
    assert(value !== null || type === 'json' || isNullable(shape, field), `${field} is not null`)
    if (value === null) copy[field] = null
    else if (type === 'json') copy[field] = frozen(JSON.parse(storableJson(value)))
    else copy[field] = copyScalar(type, field, value)
  }
  assert(shape.scope === 'system' || copy.tenantId !== '', 'a tenant has a name')
  return Object.freeze(copy)
}

/** Order of two values of a field; nulls come first. */
export function compareField(type: string, a: unknown, b: unknown): number {
  if (a === b) return 0
  if (a === null || b === null) return a === null ? -1 : 1
  if (type === 'text') return compareText(String(a), String(b))
  if (type === 'decimal') return compareDecimal(String(a), String(b))
  return Number(a) < Number(b) ? -1 : 1
}

const textOf = (row: Row, fields: readonly string[]): string =>
  JSON.stringify(fields.map(field => row[field]))

/** A row's own key as text. */
export const keyOf = (shape: Shape, row: Row): string => textOf(row, fullKey(shape))

const partOf = (row: Row): string => (typeof row.tenantId === 'string' ? row.tenantId : '')

/** A unique key with its value; null when a null among its fields lifts it. */
const uniqueValue = (row: Row, fields: readonly string[]): string | null =>
  fields.some(field => row[field] === null) ? null : `${fields.join()}:${textOf(row, fields)}`

/** Who refers to a collection, by which field. */
const referrers = collectionNames.flatMap(collection =>
  Object.entries(shapeOf(collection).references ?? {}).map(([field, target]) => ({
    collection,
    field,
    target: target as CollectionName,
  })),
)

/** Committed rows of one collection: by key, by tenant, and by unique value. */
class Table {
  readonly rows = new Map<string, Row>()
  readonly parts = new Map<string, Map<string, Row>>()
  readonly unique = new Map<string, string>()

  put(shape: Shape, key: string, row: Row | null): void {
    const before = this.rows.get(key)
    for (const fields of uniqueKeys(shape)) {
      const left = before && uniqueValue(before, fields)
      if (left && this.unique.get(left) === key) this.unique.delete(left)
    }
    if (before) this.parts.get(partOf(before))?.delete(key)
    if (!row) {
      this.rows.delete(key)
      return
    }
    for (const fields of uniqueKeys(shape)) {
      const taken = uniqueValue(row, fields)
      if (taken) this.unique.set(taken, key)
    }
    this.rows.set(key, row)
    const part = this.parts.get(partOf(row)) ?? new Map<string, Row>()
    this.parts.set(partOf(row), part.set(key, row))
  }
}

/** What is committed. */
export class Committed {
  readonly tables = new Map(collectionNames.map(name => [name, new Table()]))

  table(collection: CollectionName): Table {
    const table = this.tables.get(collection)
    assert(table, `${collection} is declared`)
    return table
  }
}

/** The committed rows with one transaction's changes on top; nothing is changed below until `commit`. */
export class View {
  private readonly base: Committed
  private readonly changes = new Map<CollectionName, Map<string, Row | null>>()
  private readonly taken = new Map<CollectionName, Map<string, string>>()

  constructor(base: Committed) {
    this.base = base
  }

  row(collection: CollectionName, key: string): Row | undefined {
    const changed = this.changes.get(collection)?.get(key)
    if (changed !== undefined) return changed ?? undefined
    return this.base.table(collection).rows.get(key)
  }

  /** All rows of a tenant, or of everybody. */
  *rows(collection: CollectionName, tenantId: string | null): Generator<Row> {
    const changed = this.changes.get(collection)
    const table = this.base.table(collection)
    const whole = tenantId === null || shapeOf(collection).scope === 'system'
    const stored = whole ? table.rows : (table.parts.get(tenantId) ?? new Map<string, Row>())
    for (const [key, row] of stored) if (!changed?.has(key)) yield row
    for (const row of changed?.values() ?? []) {
      if (row !== null && (whole || row.tenantId === tenantId)) yield row
    }
  }

  /** The row that holds a value of a unique key, if any does. */
  private holder(collection: CollectionName, fields: readonly string[], value: string) {
    const known = [
      this.taken.get(collection)?.get(value),
      this.base.table(collection).unique.get(value),
    ]
    return known.find(key => {
      const row = key === undefined ? undefined : this.row(collection, key)
      return row !== undefined && uniqueValue(row, fields) === value
    })
  }

  /** The violated key of a new row, if it has one. */
  conflict(collection: CollectionName, row: Row): readonly string[] | null {
    const shape = shapeOf(collection)
    const key = keyOf(shape, row)
    if (this.row(collection, key)) return fullKey(shape)
    return this.uniqueConflict(collection, key, row)
  }

  private uniqueConflict(collection: CollectionName, key: string, row: Row) {
    for (const fields of uniqueKeys(shapeOf(collection))) {
      const value = uniqueValue(row, fields)
      const holder = value === null ? undefined : this.holder(collection, fields, value)
      if (holder !== undefined && holder !== key) return fields
    }
    return null
  }

  /** Writes a row; its unique keys and references must hold. */
  put(collection: CollectionName, row: Row): void {
    const shape = shapeOf(collection)
    const key = keyOf(shape, row)
    const violated = this.uniqueConflict(collection, key, row)
    if (violated) throw new Refusal('already_exists', { constraint: constraintOf(violated) })
    for (const [field, target] of Object.entries(shape.references ?? {})) {
      this.assertReferred(row, field, target as CollectionName)
    }
    this.change(collection, key, row)
    for (const fields of uniqueKeys(shape)) {
      const value = uniqueValue(row, fields)
      if (value === null) continue
      const taken = this.taken.get(collection) ?? new Map<string, string>()
      this.taken.set(collection, taken.set(value, key))
    }
  }

  remove(collection: CollectionName, key: string): void {
    const row = this.row(collection, key)
    for (const referrer of referrers.filter(({ target }) => target === collection)) {
      for (const other of this.rows(referrer.collection, String(row?.tenantId))) {
        assert(
          other[referrer.field] !== row?.id,
          `no row of ${referrer.collection} refers to what is removed`,
        )
      }
    }
    this.change(collection, key, null)
  }

  private assertReferred(row: Row, field: string, target: CollectionName): void {
    if (row[field] === null) return
    const key = JSON.stringify([row.tenantId, row[field]])
    assert(this.row(target, key), `${field} refers to a row of ${target} of the same tenant`)
  }

  private change(collection: CollectionName, key: string, row: Row | null): void {
    const changed = this.changes.get(collection) ?? new Map<string, Row | null>()
    // Deleted first, so that changed rows come in the order of their last change.
    changed.delete(key)
    this.changes.set(collection, changed.set(key, row))
  }

  commit(): void {
    for (const [collection, changed] of this.changes) {
      const table = this.base.table(collection)
      const shape = shapeOf(collection)
      // Removals and moves give unique values up before others take them.
      for (const key of changed.keys()) table.put(shape, key, null)
      for (const [key, row] of changed) if (row) table.put(shape, key, row)
    }
  }
}
