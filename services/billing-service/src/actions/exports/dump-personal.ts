// All that is kept about the persons of a tenant, as JSON Lines: the personal fields of each row, as the
// declarations name them, and what the processor told. Without the secrets that no dump holds.
import type { Deps } from '../../deps.ts'
import type { CollectionName } from '../../ports/collections.ts'
import { fullKey, personalFields, type Row, type Shape, shapeOf } from '../../ports/shape.ts'
import { dumpedCollections, shownRow } from './dump-tenant.ts'

export interface PersonalLine {
  readonly collection: CollectionName
  readonly row: Row
}

/** Quotes are needed by nobody for long, so their fields are not told apart. */
const dumped = dumpedCollections.filter(name => {
  const shape = shapeOf(name)
  return personalFields(shape).length > 0 || shape.removable
})

const inboxOf = (tenantId: string) => ({
  where: { tenantId },
  order: { field: 'receivedAt', direction: 'asc' } as const,
})

/** The key of a row with its personal fields. */
function personalRow(shape: Shape, row: Row): Row {
  if (shape.removable) return shownRow(shape, row)
  const fields = new Set([...fullKey(shape), ...personalFields(shape)])
  return shownRow(shape, Object.fromEntries([...fields].map(field => [field, row[field]])))
}

/** Every row of a tenant that has personal fields, collection by collection. */
export async function* dumpPersonal(
  deps: Pick<Deps, 'store'>,
  tenantId: string,
): AsyncGenerator<PersonalLine> {
  for (const collection of dumped) {
    const shape = shapeOf(collection)
    const rows = deps.store.of(tenantId).stream(collection, {}) as AsyncIterable<Row>
    for await (const row of rows) yield { collection, row: personalRow(shape, row) }
  }
  const inbox = deps.store.system.stream('inbox', inboxOf(tenantId))
  for await (const event of inbox) {
    yield { collection: 'inbox', row: personalRow(shapeOf('inbox'), event as unknown as Row) }
  }
}

/** How many lines it will have. */
export async function countPersonal(deps: Pick<Deps, 'store'>, tenantId: string): Promise<number> {
  let rows = await deps.store.system.count('inbox', { where: { tenantId } })
  for (const collection of dumped) {
    rows += await deps.store.of(tenantId).count(collection, {})
  }
  return rows
}
