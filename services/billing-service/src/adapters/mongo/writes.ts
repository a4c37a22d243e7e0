// The writing verbs on one session inside a transaction. Keys, versions and references are kept here where
// the database has no constraint for them.
import type { Document } from 'mongodb'
import { assert } from '../../core/assert.ts'
import { refuse } from '../../core/refusal.ts'
import { type CollectionName, type RowOf, sharedCollections } from '../../ports/collections.ts'
import { compareText, planKey } from '../../ports/query.ts'
import {
  countedFields,
  fullKey,
  isVersioned,
  type Row,
  refuseMissing,
  type Shape,
  shapeOf,
  uniqueKeys,
} from '../../ports/shape.ts'
import type { Key, Reads, SystemTransaction } from '../../ports/store.ts'
import { type Filter, keyFilter, keysFilter, ofTenant } from './queries.ts'
import { allRows, typed, untypedKey } from './reads.ts'
import { assertReferred, assertUnreferred, isReferredTo } from './references.ts'
import { fromDocument, type Stored, toDocument, toStored } from './rows.ts'
import { documentsOf, nameOf, remember, type WorkSession, withoutId } from './session.ts'

/** A row whose collection is known only at run time. */
export const untyped = (row: unknown): Row => row as Row

/** Rows written by one command; more are written in several. */
const rowsPerCommand = 1_000

export function* slices<T>(rows: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < rows.length; from += rowsPerCommand) {
    yield rows.slice(from, from + rowsPerCommand)
  }
}

// A body that swallows the refusal of a write must not commit the rest of its work.
function deny(session: WorkSession, refusal: () => never): never {
  try {
    return refusal()
  } catch (error) {
    session.doom(error)
    throw error
  }
}

/** Nobody else's rows, and of the system's only those that a tenant's work writes. */
export function assertOwn(session: WorkSession, collection: CollectionName, row: Row): void {
  const { scope, tenantId } = session.asker
  if (shapeOf(collection).scope === 'system') {
    const shared = (sharedCollections as readonly string[]).includes(collection)
    assert(scope === 'system' || shared, `${collection} is the system's`)
    return
  }
  const foreign = tenantId !== null && row.tenantId !== tenantId
  assert(!foreign, `a row of ${collection} belongs to the transaction's tenant`)
}

function assertMayChange(collection: CollectionName): void {
  assert(!shapeOf(collection).appendOnly, `rows of ${collection} are only ever added`)
}

// The row itself, and only in the version that was read.
function matchOf(session: WorkSession, shape: Shape, row: Row): Filter {
  const fields = isVersioned(shape) ? [...fullKey(shape), 'version'] : fullKey(shape)
  return Object.fromEntries(
    fields.map(field => [field, toStored(session.bson, shape, field, row[field])]),
  )
}

/**
 * Holds a row: a mark on it that is new each time, so that another transaction's write meets this one. The
 * database lets nobody wait for a row; who comes second runs again.
 */
async function holdRow(
  session: WorkSession,
  collection: CollectionName,
  key: string | Row,
): Promise<Row | null> {
  assertMayChange(collection)
  const { asker, bson } = session
  const shape = shapeOf(collection)
  const filter = keyFilter(bson, asker, shape, planKey(asker, collection, key))
  const mark = { $set: { _heldBy: new bson.ObjectId() } }
  const document = await session.run(options =>
    documentsOf(session, collection).findOneAndUpdate(filter, mark, {
      ...options,
      ...withoutId,
      returnDocument: 'after',
    }),
  )
  if (document === null) return null
  const row = fromDocument(shape, document)
  remember(session, collection, [row])
  return row
}

async function replaceRows(
  session: WorkSession,
  collection: CollectionName,
  rows: readonly Row[],
): Promise<Row[]> {
  assertMayChange(collection)
  const shape = shapeOf(collection)
  const versioned = isVersioned(shape)
  for (const row of rows) assertOwn(session, collection, row)
  const stored = versioned
    ? rows.map(row => ({ ...row, version: Number(row.version) + 1 }))
    : [...rows]
  const writes = stored.map((row, at) => ({
    replaceOne: {
      filter: matchOf(session, shape, rows[at]!),
      replacement: toDocument(session.bson, shape, row),
    },
  }))
  await assertReferred(session, collection, rows)
  for (const slice of slices(writes)) {
    const { matchedCount } = await session.run(options =>
      documentsOf(session, collection).bulkWrite([...slice], { ...options, ordered: true }),
    )
    if (matchedCount !== slice.length) {
      deny(session, () => (versioned ? refuse('version_conflict') : refuseMissing(collection)))
    }
  }
  remember(session, collection, rows)
  return stored
}

/** A unique key with its value; null when a null among its fields lifts it. */
const takenBy = (row: Row, fields: readonly string[]): string | null =>
  fields.some(field => row[field] === null)
    ? null
    : JSON.stringify([fields, fields.map(field => row[field])])

/** The rows whose keys are free, in the database and among themselves. */
async function freeRows(
  session: WorkSession,
  collection: CollectionName,
  rows: readonly Row[],
): Promise<Row[]> {
  const shape = shapeOf(collection)
  const keys = [fullKey(shape), ...uniqueKeys(shape)]
  const asked = keys.flatMap(fields => {
    const values = rows.filter(row => takenBy(row, fields)).map(row => fields.map(f => row[f]))
    return values.length === 0 ? [] : [keysFilter(session.bson, shape, fields, values)]
  })
  const there = await allRows(session, collection, [{ $or: asked }])
  const taken = new Set(there.flatMap(row => keys.map(fields => takenBy(row, fields))))
  taken.delete(null)
  return rows.filter(row => {
    const own = keys.map(fields => takenBy(row, fields)).filter(value => value !== null)
    if (own.some(value => taken.has(value))) return false
    for (const value of own) taken.add(value)
    return true
  })
}

/** Writes rows; with `skip` those whose keys exist are left out. Answers the rows that were written. */
export async function insertRows(
  session: WorkSession,
  collection: CollectionName,
  rows: readonly Row[],
  skip: boolean,
): Promise<Row[]> {
  const shape = shapeOf(collection)
  const written: Row[] = []
  for (const row of rows) assertOwn(session, collection, row)
  for (const slice of slices(rows)) {
    // Read to be stored first: a value of a wrong type is a fault before any question is asked.
    const documents = new Map(slice.map(row => [row, toDocument(session.bson, shape, row)]))
    const free = skip ? await freeRows(session, collection, slice) : slice
    if (free.length === 0) continue
    await assertReferred(session, collection, free)
    const fresh = free.map((row): Stored => documents.get(row)!)
    await session.run(
      options => documentsOf(session, collection).insertMany(fresh, options),
      skip ? 'race' : 'exists',
    )
    remember(session, collection, free)
    written.push(...free)
  }
  return written
}

/** Adds what the rows count to the stored rows of their keys, in the order of the keys; missing ones are made. */
export async function addRows(
  session: WorkSession,
  collection: CollectionName,
  rows: readonly Row[],
): Promise<void> {
  const shape = shapeOf(collection)
  const stored = (row: Row, fields: readonly string[]): Document =>
    Object.fromEntries(
      fields.map(field => [field, toStored(session.bson, shape, field, row[field])]),
    )
  const nameOfRow = (row: Row) => JSON.stringify(fullKey(shape).map(field => row[field]))
  const ordered = [...rows].sort((a, b) => compareText(nameOfRow(a), nameOfRow(b)))
  for (const row of rows) assertOwn(session, collection, row)
  await assertReferred(session, collection, rows)
  for (const slice of slices(ordered)) {
    const writes = slice.map(row => ({
      updateOne: {
        filter: stored(row, fullKey(shape)),
        update: { $inc: stored(row, countedFields(shape)) },
        upsert: true,
      },
    }))
    await session.run(
      options => documentsOf(session, collection).bulkWrite(writes, { ...options, ordered: true }),
      'race',
    )
  }
}

async function removeRow(session: WorkSession, collection: CollectionName, key: string | Row) {
  assertMayChange(collection)
  const { asker, bson } = session
  assertOwn(session, collection, { tenantId: asker.tenantId })
  const shape = shapeOf(collection)
  // A row that others refer to is held and stays, whatever the body makes of that fault.
  if (isReferredTo(collection)) {
    const row = await holdRow(session, collection, key)
    if (row === null) return deny(session, () => refuseMissing(collection))
    await assertUnreferred(session, collection, row)
    session.known.delete(nameOf(collection, row.tenantId, row.id))
  }
  const filter = keyFilter(bson, asker, shape, planKey(asker, collection, key))
  const removed = await session.run(options =>
    documentsOf(session, collection).findOneAndDelete(filter, {
      ...options,
      projection: { _id: 1 },
    }),
  )
  if (removed === null) return deny(session, () => refuseMissing(collection))
}

/** The writing verbs, inside a transaction. */
export function writesOn(
  session: WorkSession,
): Omit<SystemTransaction, keyof Reads<CollectionName>> {
  const hold = async <N extends CollectionName>(collection: N, key: Key<N>): Promise<RowOf<N>> => {
    const row = await holdRow(session, collection, untypedKey(key))
    return row === null ? refuseMissing(collection) : typed<N>([row])[0]!
  }
  return {
    lock: hold,
    // The database knows no shared hold, so to share a row is to lock it.
    share: hold,
    async insert(collection, row) {
      await insertRows(session, collection, [untyped(row)], false)
    },
    async insertMany(collection, rows, options) {
      const skip = options?.onConflict === 'skip'
      return (await insertRows(session, collection, rows.map(untyped), skip)).length
    },
    async replace<N extends CollectionName>(collection: N, row: RowOf<N>): Promise<RowOf<N>> {
      return typed<N>(await replaceRows(session, collection, [untyped(row)]))[0]!
    },
    async replaceMany<N extends CollectionName>(collection: N, rows: readonly RowOf<N>[]) {
      return typed<N>(await replaceRows(session, collection, rows.map(untyped)))
    },
    async add(collection, rows) {
      await addRows(session, collection, rows.map(untyped))
    },
    async remove(collection, key) {
      await removeRow(session, collection, untypedKey(key))
    },
  }
}

/** A filter of rows that a tenant's work writes outside the verbs: its own, always. */
export const ownFilter = (session: WorkSession, shape: Shape, fields: Row): Filter =>
  ofTenant(session.bson, session.asker, shape, [
    Object.fromEntries(
      Object.entries(fields).map(([field, value]) => [
        field,
        toStored(session.bson, shape, field, value),
      ]),
    ),
  ])
