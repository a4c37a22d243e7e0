// What the database is told of the declared collections: unique keys, indexes, and validators that know the
// type of every field.
import {
  type BaseType,
  fullKey,
  isNullable,
  type Shape,
  typeOf,
  uniqueKeys,
} from '../../ports/shape.ts'
import type { Stored } from './rows.ts'

export interface Index {
  readonly name: string
  readonly fields: readonly string[]
  readonly unique: boolean
  /** Rows with a null in one of these fields do not count. */
  readonly present: readonly string[]
}

const named = (fields: readonly string[], unique: boolean): string =>
  `${fields.join('_')}_${unique ? 'key' : 'idx'}`

/** The primary key and the unique ones. */
export const uniqueIndexes = (shape: Shape): Index[] =>
  [fullKey(shape), ...uniqueKeys(shape)].map(fields => ({
    name: named(fields, true),
    fields,
    unique: true,
    present: fields.filter(field => isNullable(shape, field)),
  }))

/** All indexes of a collection; a tenant's start with the tenant, those of due work go over all tenants. */
export function indexesOf(shape: Shape): Index[] {
  const unique = uniqueIndexes(shape)
  const own = (shape.indexes ?? []).map(fields =>
    shape.scope === 'tenant' ? ['tenantId', ...fields] : fields,
  )
  const plain = [...own, ...(shape.systemIndexes ?? [])]
    .filter(fields => !unique.some(key => key.present.length === 0 && isSame(key.fields, fields)))
    .map(fields => ({ name: named(fields, false), fields, unique: false, present: [] }))
  return [...unique, ...plain]
}

const isSame = (a: readonly string[], b: readonly string[]): boolean => a.join() === b.join()

/** What a unique index leaves out: every text is at least the empty one, and a null is not. */
export const partialFilter = (index: Index): Stored =>
  Object.fromEntries(index.present.map(field => [field, { $gte: '' }]))

const bsonTypes: Readonly<Record<BaseType, readonly string[]>> = {
  text: ['string'],
  integer: ['long'],
  decimal: ['decimal'],
  instant: ['date'],
  boolean: ['bool'],
  json: ['object', 'array', 'string', 'int', 'double', 'bool', 'null'],
}

function fieldSchema(shape: Shape, field: string): Stored {
  const types = [...bsonTypes[typeOf(shape, field)]]
  if (isNullable(shape, field) && !types.includes('null')) types.push('null')
  if (field !== 'tenantId') return { bsonType: types }
  return { bsonType: [...types, 'objectId'], minLength: 1 }
}

/** What no row may say, whoever writes it: by the name of its table. */
const alwaysTrue: Readonly<Record<string, Stored>> = {
  // Nobody agrees with themselves.
  approvals: {
    $or: [{ state: { $ne: 'approved' } }, { $expr: { $ne: ['$decidedBy', '$requestedBy'] } }],
  },
  // What Stripe bills is never due for us.
  subscriptions: { $or: [{ billedBy: 'engine' }, { nextBillingAt: null }] },
}

/**
 * What the database lets into a collection: all declared fields are there, each of its type. That they are
 * there is asked beside the schema, since compatible servers do not know its keyword `required`.
 */
export function validatorOf(shape: Shape): Stored {
  const fields = Object.keys(shape.fields)
  const properties = Object.fromEntries(fields.map(field => [field, fieldSchema(shape, field)]))
  const rule = alwaysTrue[shape.table]
  return {
    $and: [
      { $jsonSchema: { bsonType: 'object', properties } },
      ...fields.map(field => ({ [field]: { $exists: true } })),
      ...(rule === undefined ? [] : [rule]),
    ],
  }
}
