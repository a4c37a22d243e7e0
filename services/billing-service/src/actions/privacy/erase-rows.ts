// Rows of a tenant emptied or removed, page by page, each page in a transaction of its own. Which rows, the
// declarations say.
import { expired, type FileExport } from '../../core/file-export.ts'
import type { Mail } from '../../core/mail.ts'
import { canonical } from '../../core/seal.ts'
import type { Deps } from '../../deps.ts'
import type { CollectionName, TenantCollection } from '../../ports/collections.ts'
import { collectionNames, erasedRow, personalFields, type Row, shapeOf } from '../../ports/shape.ts'
import type { Page, TenantTransaction } from '../../ports/store.ts'
import { removeParts } from '../exports/export-parts.ts'

/** Rows looked at in one transaction. */
const pageMax = 200

/** Collections of a tenant whose rows say something of a person. */
export const personalCollections: readonly TenantCollection[] = collectionNames.filter(name => {
  const shape = shapeOf(name)
  return shape.scope === 'tenant' && (personalFields(shape).length > 0 || shape.removable)
}) as TenantCollection[]

/** A transaction on collections that are known only at run time. */
interface Untyped {
  list(collection: CollectionName, query: object): Promise<Page<Row>>
  lock(collection: CollectionName, key: Row): Promise<Row>
  replace(collection: CollectionName, row: Row): Promise<Row>
  remove(collection: CollectionName, key: Row): Promise<void>
}

const same = (a: unknown, b: unknown): boolean =>
  JSON.stringify(canonical(a)) === JSON.stringify(canonical(b))

/** The row as it stands afterwards: work that would still read its fields ends with them. */
function afterErasure(collection: CollectionName, row: Row): Row {
  const next = erasedRow(shapeOf(collection), row)
  if (collection === 'mails' && next.state === 'queued') {
    return { ...next, state: 'skipped', dueAt: null } satisfies Partial<Record<keyof Mail, unknown>>
  }
  const ends = collection === 'exports' && next.noun !== 'close-pack' && next.state !== 'failed'
  if (!ends || next.state === 'expired') return next
  return { ...expired(next as unknown as FileExport, row.updatedAt as number) }
}

/** Whether an erasure would change nothing of a row. An answer that is still awaited is not touched. */
export function isErased(collection: CollectionName, row: object): boolean {
  if (shapeOf(collection).removable) return 'state' in row && row.state === 'running'
  return same(afterErasure(collection, row as Row), row)
}

/** How many rows are not erased yet, by collection; those that have none are left out. */
export async function unerased(deps: Pick<Deps, 'store'>, tenantId: string) {
  const counts: Record<string, number> = {}
  const reads = deps.store.of(tenantId)
  for (const collection of personalCollections) {
    let rows = 0
    for await (const row of reads.stream(collection, {})) {
      if (!isErased(collection, row)) rows += 1
    }
    if (rows > 0) counts[collection] = rows
  }
  let payloads = 0
  const where = { tenantId }
  const order = { field: 'receivedAt', direction: 'asc' } as const
  for await (const { payload } of deps.store.system.stream('inbox', { where, order })) {
    if (payload !== null) payloads += 1
  }
  return payloads === 0 ? counts : { ...counts, inbox: payloads }
}

/** Empties the rows of one collection in a transaction that does more. */
export async function eraseWithin(
  tx: TenantTransaction,
  collection: TenantCollection,
): Promise<void> {
  let cursor: string | null = null
  do cursor = await erasePage(tx, collection, cursor)
  while (cursor !== null)
}

/** Empties or removes the rows of one collection. */
export async function eraseRows(
  deps: Pick<Deps, 'store'>,
  tenantId: string,
  collection: TenantCollection,
): Promise<void> {
  let cursor: string | null = null
  do {
    cursor = await deps.store.transaction(tenantId, tx => erasePage(tx, collection, cursor))
  } while (cursor !== null)
  if (collection === 'exports') await removeBytes(deps, tenantId)
}

async function erasePage(
  transaction: TenantTransaction,
  collection: TenantCollection,
  cursor: string | null,
): Promise<string | null> {
  const tx = transaction as unknown as Untyped
  const shape = shapeOf(collection)
  const page = await tx.list(collection, { limit: pageMax, cursor })
  for (const row of page.rows.filter(each => !isErased(collection, each))) {
    const key = Object.fromEntries(shape.key.map(field => [field, row[field]]))
    if (shape.removable) await tx.remove(collection, key)
    else await tx.replace(collection, afterErasure(collection, await tx.lock(collection, key)))
  }
  return page.nextCursor
}

/** The bytes of files that have none any more: all but the packs of closed periods. */
async function removeBytes(deps: Pick<Deps, 'store'>, tenantId: string): Promise<void> {
  for await (const row of deps.store.of(tenantId).stream('exports', {})) {
    if (row.parts === 0) await removeParts(deps, row)
  }
}

/** Empties what the processor told about the tenant. */
export async function eraseInbox(deps: Pick<Deps, 'store'>, tenantId: string): Promise<void> {
  let cursor: string | null = null
  do {
    cursor = await deps.store.system.transaction(async tx => {
      const { rows, nextCursor } = await tx.list('inbox', {
        where: { tenantId },
        order: { field: 'receivedAt', direction: 'asc' },
        limit: pageMax,
        cursor,
      })
      for (const { id } of rows.filter(({ payload }) => payload !== null)) {
        await tx.replace('inbox', { ...(await tx.lock('inbox', id)), payload: null })
      }
      return nextCursor
    })
  } while (cursor !== null)
}
