// How a declared row lies in its table: names, types, and values on their way in and out. Knows no query.
import { types } from 'pg'
import { assert } from '../../core/assert.ts'
import { decimal, decimalText, isDecimal } from '../../core/decimal.ts'
import type { CollectionName } from '../../ports/collections.ts'
import {
  type BaseType,
  collectionNames,
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

/** All tables stand in a schema of their own, so that a database may be shared with the platform's. */
export const schemaName = 'quittance'

export interface Column {
  readonly field: string
  readonly name: string
  readonly type: BaseType
  readonly sqlType: string
  readonly nullable: boolean
}

export interface Table {
  readonly collection: CollectionName
  readonly shape: Shape
  readonly name: string
  readonly columns: readonly Column[]
  readonly byField: ReadonlyMap<string, Column>
  /** Every column under its field's name. */
  readonly selected: string
}

const sqlTypes: Readonly<Record<BaseType, string>> = {
  text: 'text',
  integer: 'bigint',
  decimal: 'numeric',
  instant: 'timestamptz',
  boolean: 'boolean',
  json: 'jsonb',
}

/** Nested values whose text is kept as it came: webhooks, and answers that are given again. */
const verbatim: ReadonlySet<string> = new Set(['inbox.payload', 'idempotentAnswers.body'])

export const snakeCase = (field: string): string =>
  field.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)

function tableFor(collection: CollectionName): Table {
  const shape = shapeOf(collection)
  const columns = Object.keys(shape.fields).map((field): Column => {
    const type = typeOf(shape, field)
    const sqlType = verbatim.has(`${collection}.${field}`) ? 'json' : sqlTypes[type]
    return { field, name: snakeCase(field), type, sqlType, nullable: isNullable(shape, field) }
  })
  return {
    collection,
    shape,
    name: `${schemaName}.${shape.table}`,
    columns,
    byField: new Map(columns.map(column => [column.field, column])),
    selected: columns.map(({ name, field }) => `r.${name} as "${field}"`).join(', '),
  }
}

const tables = new Map(collectionNames.map(name => [name, tableFor(name)]))

export function tableOf(collection: CollectionName): Table {
  const table = tables.get(collection)
  assert(table, `${collection} is declared`)
  return table
}

export function columnOf(table: Table, field: string): Column {
  const column = table.byField.get(field)
  assert(column, `${table.collection} declares ${field}`)
  return column
}

// Four-digit years: the text forms of both sides agree only there.
const instantMin = Date.parse('0001-01-01T00:00:00.000Z')
const instantMax = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

const expected: Readonly<Record<BaseType, string>> = {
  text: 'text',
  integer: 'a whole number',
  decimal: 'a decimal',
  instant: 'an instant',
  boolean: 'true or false',
  json: 'given',
}

const isOf = (type: BaseType, value: unknown): boolean => {
  switch (type) {
    case 'text':
      return typeof value === 'string'
    case 'integer':
      return Number.isSafeInteger(value)
    case 'decimal':
      return typeof value === 'string' && isDecimal(value)
    case 'instant':
      return Number.isInteger(value) && Number(value) >= instantMin && Number(value) <= instantMax
    case 'boolean':
      return typeof value === 'boolean'
    case 'json':
      return value !== undefined
  }
}

/** A value as a parameter of its column's type. A value of another type is a fault. */
export function toParameter(column: Column, value: unknown): string | number | boolean | null {
  const { field, type } = column
  if (value === null && (type !== 'json' || column.nullable)) return null
  if (!isOf(type, value)) assert(false, `${field} is ${expected[type]}`)
  switch (type) {
    case 'text':
      return storableText(value as string)
    case 'instant':
      return new Date(value as number).toISOString()
    case 'json':
      return storableJson(value)
    default:
      return value as string | number | boolean
  }
}

function exactInteger(value: number): number {
  assert(Number.isSafeInteger(value), `${value} is a safe integer`)
  return value
}

function readInstant(text: string): number {
  const utc = text.endsWith('+00')
  const at = Date.parse(utc ? `${text.slice(0, 10)}T${text.slice(11, -3)}Z` : text)
  assert(Number.isFinite(at), `${text} is an instant`)
  return at
}

const whole = /^(?:0|-?[1-9]\d*)$/
const readDecimal = (text: string) => (whole.test(text) ? text : decimalText(decimal(text)))

const readers = new Map<number, (text: string) => unknown>([
  [types.builtins.INT8, text => exactInteger(Number(text))],
  [types.builtins.NUMERIC, readDecimal],
  [types.builtins.TIMESTAMPTZ, readInstant],
])

/** What the driver makes of each column type; everything else as it does by itself. */
export const rowTypes = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    return readers.get(oid) ?? types.getTypeParser(oid, format ?? 'text')
  },
}

/**
 * A row with nothing in it, to be copied and filled. An object read from JSON has its fields as if they were written in
 * the program. One that is given them by name, as the driver does it, becomes a dictionary from some twenty fields on:
 * made, copied and read at several times the cost.
 */
export const emptyRow = (fields: readonly string[]): Row =>
  JSON.parse(JSON.stringify(Object.fromEntries(fields.map(field => [field, null]))))

/** The rows whose values came in one row, as a list for each field or null of none (`columnsStatement`). */
export function rowsOfLists(table: Table, fields: readonly string[], lists: Row): Row[] {
  const values = fields.map(field => {
    const list = (lists[field] ?? []) as readonly unknown[]
    const { type } = columnOf(table, field)
    if (type === 'decimal') return list.map(each => (each === null ? null : readDecimal(`${each}`)))
    if (type === 'integer') for (const each of list) if (each !== null) exactInteger(Number(each))
    return list
  })
  const empty = emptyRow(fields)
  return Array.from({ length: values[0]?.length ?? 0 }, (_, at) => {
    const row: Record<string, unknown> = { ...empty }
    for (let of = 0; of < fields.length; of += 1) row[fields[of]!] = values[of]![at]
    return row
  })
}

const keyName = (shape: Shape, fields: readonly string[]): string =>
  `${shape.table}_${fields.map(snakeCase).join('_')}_key`

/** Which declared key each unique constraint of the database stands for. */
export const keyByConstraint: ReadonlyMap<string, readonly string[]> = new Map(
  collectionNames.flatMap(collection => {
    const shape = shapeOf(collection)
    return [
      [`${shape.table}_pkey`, fullKey(shape)] as const,
      ...uniqueKeys(shape).map(fields => [keyName(shape, fields), fields] as const),
    ]
  }),
)

const quoted: ReadonlySet<BaseType> = new Set(['text', 'json'])

/** A text as an element of a list in the database's own writing. */
const elementText = (text: string): string =>
  text.includes('"') || text.includes('\\') ? `"${text.replace(/["\\]/g, '\\$&')}"` : `"${text}"`

/** A list of any values in that writing. The driver's own costs several times as much. */
export const listText = (values: readonly unknown[]): string =>
  `{${values
    .map(value =>
      value === null ? 'NULL' : typeof value === 'string' ? elementText(value) : String(value),
    )
    .join(',')}}`

/** The values of one column of many rows, for `unnest`: the list as the database writes it. */
export function columnText(column: Column, rows: readonly Row[]): string {
  const { field, type } = column
  const isQuoted = quoted.has(type)
  // JSON has no bare control characters, so its own escaping is the list's, and the engine's by far the fastest.
  const isJson = type === 'json'
  const elements: string[] = []
  let before: unknown
  let element = ''
  for (const row of rows) {
    const value = row[field]
    // Times, days and owners repeat from row to row.
    if (value !== before || elements.length === 0) {
      const given = toParameter(column, value)
      const text = given === null ? 'NULL' : String(given)
      element =
        given === null || !isQuoted ? text : isJson ? JSON.stringify(text) : elementText(text)
      before = value
    }
    elements.push(element)
  }
  return `{${elements.join(',')}}`
}
