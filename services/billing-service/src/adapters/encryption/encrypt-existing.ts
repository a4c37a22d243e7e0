// Brings what is stored under the first master key: fields in clear are encrypted, keys of tenants are wrapped anew. It
// may run beside the product, be stopped and be run again: what is done is left alone.
import type { CollectionName } from '../../ports/collections.ts'
import { type EncryptedField, encryptedFields } from '../../ports/encrypted-fields.ts'
import type { MasterKeys } from '../../ports/master-keys.ts'
import { collectionNames, fullKey, type Row, shapeOf } from '../../ports/shape.ts'
import type { Store, SystemTransaction } from '../../ports/store.ts'
import { contextOf, isWrapped } from './keyring.ts'
import { keyIdOf, plainOf } from './values.ts'

/** Rows written in one transaction. */
const chunkMax = 100

export interface EncryptedCounts {
  /** Rows with a field that was in clear. */
  readonly rows: number
  /** Keys that an older master key wrapped. */
  readonly keys: number
}

/** A transaction on collections that are known only at run time. */
interface Untyped {
  find(collection: CollectionName, key: Row): Promise<Row | null>
  lock(collection: CollectionName, key: Row): Promise<Row>
  replace(collection: CollectionName, row: Row): Promise<Row>
}

const isClear = (fields: readonly EncryptedField[], row: Row): boolean =>
  fields.some(
    field => keyIdOf(field, row[field.field]) === null && plainOf(field, row[field.field]) !== null,
  )

async function* chunksOf<R>(rows: AsyncIterable<R>, wanted: (row: R) => boolean) {
  let chunk: R[] = []
  for await (const row of rows) {
    if (!wanted(row)) continue
    chunk.push(row)
    if (chunk.length < chunkMax) continue
    yield chunk
    chunk = []
  }
  if (chunk.length > 0) yield chunk
}

/**
 * `plain` is the store as the database has it, `encrypting` the same one with its encryption. Rows that can only be
 * added stay as they are: nobody may write them again.
 */
export async function encryptExisting(
  plain: Store,
  encrypting: Store,
  masters: MasterKeys,
): Promise<EncryptedCounts> {
  const keys = await wrapAnew(plain, masters)
  let rows = 0
  for (const name of collectionNames) rows += await encryptCollection(plain, encrypting, name)
  return { rows, keys }
}

async function encryptCollection(
  plain: Store,
  encrypting: Store,
  name: CollectionName,
): Promise<number> {
  const shape = shapeOf(name)
  const fields = encryptedFields(shape)
  if (fields.length === 0 || shape.appendOnly) return 0
  const key = fullKey(shape)
  const stored = plain.system.stream(name, {}) as AsyncIterable<Row>
  let rows = 0
  for await (const chunk of chunksOf(stored, row => isClear(fields, row))) {
    await encrypting.system.transaction(async transaction => {
      const tx = transaction as unknown as Untyped
      for (const row of chunk) {
        const named = Object.fromEntries(key.map(field => [field, row[field]]))
        // Removed meanwhile.
        if ((await tx.find(name, named)) === null) continue
        await tx.replace(name, await tx.lock(name, named))
      }
    })
    rows += chunk.length
  }
  return rows
}

async function wrapAnew(plain: Store, masters: MasterKeys): Promise<number> {
  const older = chunksOf(
    plain.system.stream('dataKeys', {}),
    row => isWrapped(row) && row.masterId !== masters.first,
  )
  let keys = 0
  for await (const chunk of older) {
    await plain.system.transaction(async tx => {
      for (const { tenantId, id } of chunk) await wrapOne(tx, masters, { tenantId, id })
    })
    keys += chunk.length
  }
  return keys
}

async function wrapOne(
  tx: SystemTransaction,
  masters: MasterKeys,
  name: { readonly tenantId: string; readonly id: string },
): Promise<void> {
  const row = await tx.lock('dataKeys', name)
  if (!isWrapped(row)) return
  const key = await masters.unwrap(row, contextOf(row))
  await tx.replace('dataKeys', { ...row, ...(await masters.wrap(key, contextOf(row))) })
}
