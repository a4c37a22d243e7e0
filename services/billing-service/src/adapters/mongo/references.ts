// References between rows of one tenant: the database has no foreign keys, so they are looked after here,
// inside the transaction that writes.
import { assert } from '../../core/assert.ts'
import type { CollectionName } from '../../ports/collections.ts'
import { collectionNames, type Row, shapeOf } from '../../ports/shape.ts'
import { keysFilter, ofTenant } from './queries.ts'
import { allRows } from './reads.ts'
import { toStored } from './rows.ts'
import { documentsOf, nameOf, type WorkSession } from './session.ts'

/** Who refers to a collection, by which field. */
const referrers = collectionNames.flatMap(collection =>
  Object.entries(shapeOf(collection).references ?? {}).map(([field, target]) => ({
    collection,
    field,
    target: target as CollectionName,
  })),
)

/** A reference to no row of the same tenant is a fault. Rows may refer to each other within one write. */
export async function assertReferred(
  session: WorkSession,
  collection: CollectionName,
  rows: readonly Row[],
): Promise<void> {
  const own = new Set(rows.map(row => nameOf(collection, row.tenantId, row.id)))
  for (const [field, name] of Object.entries(shapeOf(collection).references ?? {})) {
    const target = name as CollectionName
    const wanted = new Map(
      rows
        .filter(row => row[field] !== null)
        .map(row => [nameOf(target, row.tenantId, row[field]), [row.tenantId, row[field]]] as const)
        .filter(([known]) => !own.has(known) && !session.known.has(known)),
    )
    if (wanted.size === 0) continue
    const keys = [...wanted.values()]
    const filter = keysFilter(session.bson, shapeOf(target), ['tenantId', 'id'], keys)
    const found = await allRows(session, target, [filter])
    assert(found.length === keys.length, `${field} refers to a row of ${target} of the same tenant`)
  }
}

/** Whether rows of any collection may refer to rows of this one. */
export const isReferredTo = (collection: CollectionName): boolean =>
  referrers.some(({ target }) => target === collection)

/** A row that others refer to stays. */
export async function assertUnreferred(
  session: WorkSession,
  collection: CollectionName,
  row: Row,
): Promise<void> {
  for (const referrer of referrers.filter(({ target }) => target === collection)) {
    const shape = shapeOf(referrer.collection)
    const { bson } = session
    const fields = {
      tenantId: toStored(bson, shape, 'tenantId', row.tenantId),
      [referrer.field]: toStored(bson, shape, referrer.field, row.id),
    }
    const filter = ofTenant(bson, session.asker, shape, [fields])
    const other = await session.run(options =>
      documentsOf(session, referrer.collection).findOne(filter, {
        ...options,
        projection: { _id: 1 },
      }),
    )
    assert(other === null, `no row of ${referrer.collection} refers to what is removed`)
  }
}
