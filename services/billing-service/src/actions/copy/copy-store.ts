// Moves a deployment from one store to another, row by row, and compares every row afterwards. It knows no
// database: any store of the port will do.
import { assert } from '../../core/assert.ts'
import { canonical } from '../../core/seal.ts'
import type { CollectionName } from '../../ports/collections.ts'
import { rowsMax } from '../../ports/query.ts'
import { collectionNames, fullKey, type Row, shapeOf } from '../../ports/shape.ts'
import type { Store, SystemHandle, SystemTransaction } from '../../ports/store.ts'

/** A collection whose rows are known only at run time. */
interface Untyped {
  stream(collection: CollectionName, query: object): AsyncIterable<Row>
  getMany(collection: CollectionName, keys: readonly Row[]): Promise<Row[]>
  count(collection: CollectionName, filter: object): Promise<number>
}

const untyped = (handle: SystemHandle): Untyped => handle as unknown as Untyped

/** Collections in an order in which every reference finds its row. */
export function copyOrder(): CollectionName[] {
  const placed = new Set<CollectionName>()
  const place = (name: CollectionName, above: readonly CollectionName[]): void => {
    if (placed.has(name)) return
    assert(!above.includes(name), `${name} does not refer to itself through others`)
    const targets = Object.values(shapeOf(name).references ?? {}) as CollectionName[]
    for (const target of targets) if (target !== name) place(target, [...above, name])
    placed.add(name)
  }
  for (const name of collectionNames) place(name, [])
  return [...placed]
}

async function* batches(handle: SystemHandle, name: CollectionName): AsyncGenerator<Row[]> {
  let batch: Row[] = []
  for await (const row of untyped(handle).stream(name, {})) {
    batch.push(row)
    if (batch.length < rowsMax) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

/** The first collection that holds rows; null for a store without any. */
export async function firstWithRows(store: Store): Promise<CollectionName | null> {
  for (const name of collectionNames) {
    if ((await untyped(store.system).count(name, {})) > 0) return name
  }
  return null
}

/** Copies all rows into an empty store and answers how many there were. Nobody may write to either. */
export async function copyRows(
  from: Store,
  to: Store,
  tell: (collection: CollectionName, rows: number) => void,
): Promise<number> {
  let total = 0
  for (const name of copyOrder()) {
    let rows = 0
    for await (const batch of batches(from.system, name)) {
      await to.system.transaction((tx: SystemTransaction) => tx.insertMany(name, batch as never))
      rows += batch.length
    }
    tell(name, rows)
    total += rows
  }
  return total
}

/** What of the copy is not as it was: a count, or a row with its key. Empty when both hold the same. */
export async function differences(from: Store, to: Store): Promise<string[]> {
  const found: string[] = []
  for (const name of copyOrder()) {
    const counts = [from, to].map(store => untyped(store.system).count(name, {}))
    const [before, after] = await Promise.all(counts)
    if (before !== after) found.push(`${name}: ${before} rows, and ${after} in the copy`)
    for await (const batch of batches(from.system, name)) {
      found.push(...(await changedRows(to, name, batch)))
    }
  }
  return found
}

async function changedRows(to: Store, name: CollectionName, rows: readonly Row[]) {
  const fields = fullKey(shapeOf(name))
  const keyOf = (row: Row): Row => Object.fromEntries(fields.map(field => [field, row[field]]))
  const textOf = (row: Row | undefined) => JSON.stringify(canonical(row))
  const copied = await untyped(to.system).getMany(name, rows.map(keyOf))
  const byKey = new Map(copied.map(row => [JSON.stringify(keyOf(row)), row]))
  return rows
    .filter(row => textOf(byKey.get(JSON.stringify(keyOf(row)))) !== textOf(row))
    .map(row => `${name}: ${JSON.stringify(keyOf(row))} is not as it was`)
}
