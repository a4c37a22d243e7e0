// How a declared row lies in its document: BSON types, and values on their way in and out. Knows no query.
import type { Decimal128, ObjectId } from 'mongodb'
import { assert } from '../../core/assert.ts'
import { decimalText, readDecimal } from '../../core/decimal.ts'
import type { CollectionName } from '../../ports/collections.ts'
import {
  isNullable,
  type Row,
  type Shape,
  shapeOf,
  storableJson,
  storableText,
  typeOf,
} from '../../ports/shape.ts'

/** What of the driver makes values; it is loaded only where MongoDB is used. */
export interface Bson {
  readonly Decimal128: typeof Decimal128
  readonly ObjectId: typeof ObjectId
}

/** A row as the database holds it: every field present, nulls as null. */
export type Stored = Record<string, unknown>

/** All collections carry this prefix, so that a database may be shared with the platform's. */
export const collectionOf = (collection: CollectionName): string =>
  `quittance.${shapeOf(collection).table}`

// A tenant's name in upper case stays text: as an ObjectId it would be the lower-case tenant's.
const objectIdText = /^[0-9a-f]{24}$/

const instantMin = Date.parse('0001-01-01T00:00:00.000Z')
const instantMax = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

function toInstant(field: string, value: unknown): Date {
  const whole = typeof value === 'number' && Number.isInteger(value)
  assert(whole && value >= instantMin && value <= instantMax, `${field} is an instant`)
  return new Date(value)
}

// As maps, because the driver would take an object with a key such as `_bsontype` for one of its own values.
function nested(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(nested)
  return new Map(Object.entries(value).map(([key, inner]) => [key, nested(inner)]))
}

/** A value of a field as the database holds it. A value of another type is a fault. */
export function toStored(bson: Bson, shape: Shape, field: string, value: unknown): unknown {
  const type = typeOf(shape, field)
  assert(value !== undefined, `${field} is given`)
  if (value === null) {
    assert(type === 'json' || isNullable(shape, field), `${field} is not null`)
    return null
  }
  switch (type) {
    case 'json':
      return nested(JSON.parse(storableJson(value)))
    case 'text':
      assert(typeof value === 'string', `${field} is text`)
      if (field === 'tenantId' && objectIdText.test(value)) {
        return bson.ObjectId.createFromHexString(value)
      }
      return storableText(value)
    case 'integer':
      assert(Number.isSafeInteger(value), `${field} is a whole number`)
      return BigInt(value as number)
    case 'decimal':
      assert(typeof value === 'string' && readDecimal(value), `${field} is a decimal`)
      return bson.Decimal128.fromString(value)
    case 'instant':
      return toInstant(field, value)
    case 'boolean':
      assert(typeof value === 'boolean', `${field} is true or false`)
      return value
  }
}

/** A whole row as its document: the declared fields, in their order. */
export function toDocument(bson: Bson, shape: Shape, row: Row): Stored {
  assert(shape.scope === 'system' || row.tenantId !== '', 'a tenant has a name')
  const fields = Object.keys(shape.fields)
  return Object.fromEntries(fields.map(field => [field, toStored(bson, shape, field, row[field])]))
}

const scientific = /^(-?)(\d+)(?:\.(\d+))?E([+-]\d+)$/

/** The plain text of a decimal that the database may write with an exponent (`1E-12`). */
export function plainDecimal(text: string): string {
  const match = scientific.exec(text)
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match ?? []
  const read = match
    ? { digits: BigInt(`${sign}${whole}${fraction}`), scale: fraction.length - Number(exponent) }
    : readDecimal(text)
  assert(read, `${text} is a decimal`)
  const { digits, scale } = read
  return decimalText(scale < 0 ? { digits: digits * 10n ** BigInt(-scale), scale: 0 } : read)
}

const kindOf = (value: object): unknown => Reflect.get(value, '_bsontype')

function safeInteger(value: unknown): number {
  const number = Number(value)
  assert(Number.isSafeInteger(number), `${value} is a safe integer`)
  return number
}

// The driver reads an object with the keys $ref and $id as a reference of its own.
function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(plain)
  const whole = kindOf(value) === 'DBRef' ? referenceFields(value) : value
  return Object.fromEntries(Object.entries(whole).map(([key, inner]) => [key, plain(inner)]))
}

const referenceFields = (value: object): object =>
  typeof Reflect.get(value, 'toJSON') === 'function'
    ? (value as { toJSON(): object }).toJSON()
    : value

/** A value of a field as the rest of the service knows it. */
export function fromStored(shape: Shape, field: string, value: unknown): unknown {
  if (value === null || value === undefined) return null
  switch (typeOf(shape, field)) {
    case 'json':
      return plain(value)
    case 'integer':
      return safeInteger(value)
    case 'decimal':
      return plainDecimal(String(value))
    case 'instant':
      assert(value instanceof Date, `${field} is an instant`)
      return value.getTime()
    case 'boolean':
      return value
    case 'text':
      return String(value)
  }
}

/** A document as its row: declared fields alone, or of them those that were read. */
export const fromDocument = (
  shape: Shape,
  document: Stored,
  fields: readonly string[] = Object.keys(shape.fields),
): Row =>
  Object.fromEntries(fields.map(field => [field, fromStored(shape, field, document[field])]))
