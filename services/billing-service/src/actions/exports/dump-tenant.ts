// Everything that a tenant owns, as JSON Lines: a heading, then each row of each collection. Rows stream, so
// memory does not grow. Never in it: keys, links that need no sign-in, and what tells one card from another.

import { toIso } from '../../core/time.ts'
import type { Deps } from '../../deps.ts'
import type { CollectionName, TenantCollection } from '../../ports/collections.ts'
import type { Row, Shape } from '../../ports/shape.ts'
import { collectionNames, isSecretField, shapeOf, typeOf } from '../../ports/shape.ts'

/** What is no possession of the tenant but bookkeeping of ours, and why it stays out. */
export const leftOut: Readonly<Partial<Record<TenantCollection, string>>> = {
  dataKeys: 'keys of the personal fields, which stand here in clear',
  idempotentAnswers: 'answers kept a day for repeated requests',
  reservations: 'locks of work in hand',
  unsealedRows: 'rows that wait for their seal',
  exports: 'files made from these very rows',
  exportParts: 'their bytes',
}

/** The text of a link that pays without signing in. */
const payLink = /\/(p|f)\/[\w-]+\.[\w-]+/g

/** The collections of a dump, in the order in which they are declared. */
export const dumpedCollections: readonly TenantCollection[] = collectionNames.filter(
  (name): name is TenantCollection & CollectionName =>
    shapeOf(name).scope === 'tenant' && !(name in leftOut),
) as TenantCollection[]

export interface DumpLine {
  readonly collection: TenantCollection
  readonly row: Row
}

/** Every row of a tenant, collection by collection, without secrets; times as ISO-8601. */
export async function* dumpTenant(
  deps: Pick<Deps, 'store'>,
  tenantId: string,
): AsyncGenerator<DumpLine> {
  for (const collection of dumpedCollections) {
    const shape = shapeOf(collection)
    const rows = deps.store.of(tenantId).stream(collection, {}) as AsyncIterable<Row>
    for await (const row of rows) yield { collection, row: shownRow(shape, row) }
  }
}

/** How many lines a dump will have. */
export async function countDump(deps: Pick<Deps, 'store'>, tenantId: string): Promise<number> {
  let rows = 0
  for (const collection of dumpedCollections) {
    rows += await deps.store.of(tenantId).count(collection, {})
  }
  return rows
}

/** The row as a dump shows it: times as ISO-8601, nothing that lets its holder act. */
export function shownRow(shape: Shape, row: Row): Row {
  const entries = Object.entries(row).filter(([field]) => !isSecretField(field))
  return Object.fromEntries(
    entries.map(([field, value]) => [
      field,
      typeOf(shape, field) === 'instant' && typeof value === 'number'
        ? toIso(value)
        : withoutSecrets(value),
    ]),
  )
}

function withoutSecrets(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(payLink, '/$1/…')
  if (Array.isArray(value)) return value.map(withoutSecrets)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([field]) => !isSecretField(field))
  return Object.fromEntries(entries.map(([field, inner]) => [field, withoutSecrets(inner)]))
}
