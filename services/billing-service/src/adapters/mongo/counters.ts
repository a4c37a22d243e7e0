// What counts by itself: gapless numbers, usage with its daily totals, and due rows for one worker.
import { assert } from '../../core/assert.ts'
import { addDecimal } from '../../core/decimal.ts'
import type { CollectionName, RowOf } from '../../ports/collections.ts'
import { compareText, rowsMax } from '../../ports/query.ts'
import { fullKey, type Row, shapeOf } from '../../ports/shape.ts'
import type { SeriesScope, TenantTransaction } from '../../ports/store.ts'
import { fromDocument, toDocument, toStored } from './rows.ts'
import { documentsOf, type WorkSession, withoutId } from './session.ts'
import { addRows, insertRows, ownFilter, slices, untyped } from './writes.ts'

async function takeNumber(
  session: WorkSession,
  of: { readonly tenantId: string; readonly scope: SeriesScope },
  id: string,
  count: number,
): Promise<number> {
  const collection = of.scope === 'tenant' ? 'numberSeries' : 'issuerSeries'
  const shape = shapeOf(collection)
  const key = of.scope === 'tenant' ? { tenantId: of.tenantId, id } : { id }
  const document = await session.run(options =>
    documentsOf(session, collection).findOneAndUpdate(
      ownFilter(session, shape, key),
      { $inc: { nextNumber: BigInt(count) } },
      { ...options, ...withoutId, returnDocument: 'before' },
    ),
  )
  if (document !== null) return Number(fromDocument(shape, document).nextNumber)
  const first = toDocument(session.bson, shape, { ...key, nextNumber: 1 + count })
  await session.run(options => documentsOf(session, collection).insertOne(first, options), 'race')
  return 1
}

const totalKey = ['tenantId', 'subscriptionId', 'metric', 'periodStart', 'day'] as const

/** New events by the daily total they add to. */
function additions(events: readonly Row[]): Row[] {
  const totals = new Map<string, Row>()
  for (const event of events) {
    const key = Object.fromEntries(totalKey.map(field => [field, event[field]]))
    const name = JSON.stringify(Object.values(key))
    const before = totals.get(name)
    totals.set(name, {
      ...key,
      quantity: addDecimal(String(before?.quantity ?? '0'), String(event.quantity)),
      events: Number(before?.events ?? 0) + 1,
    })
  }
  return [...totals.values()]
}

type Counters = Pick<TenantTransaction, 'takeNumbers' | 'ingest'>

/** What only a tenant's transaction does: gapless numbers, and taking usage in. */
export function countersOn(session: WorkSession, tenantId: string): Counters {
  return {
    async takeNumbers(counts, scope = 'tenant') {
      const series = Object.entries(counts).sort(([a], [b]) => compareText(a, b))
      assert(
        series.every(([, count]) => Number.isSafeInteger(count) && count >= 1),
        'at least one number is taken of each series',
      )
      const taken: [string, number][] = []
      for (const [id, count] of series) {
        taken.push([id, await takeNumber(session, { tenantId, scope }, id, count)])
      }
      return Object.fromEntries(taken)
    },
    async ingest(events) {
      const added = new Set<string>()
      for (const slice of slices(events.map(untyped))) {
        const written = await insertRows(session, 'usageEvents', slice, true)
        await addRows(session, 'usageTotals', additions(written))
        for (const row of written) added.add(String(row.idempotencyKey))
      }
      return added
    },
  }
}

interface ClaimOptions {
  readonly field: string
  readonly where?: object
  readonly now: number
  readonly leaseUntil: number
  readonly limit: number
}

/**
 * Due rows for one worker, oldest first, moved to the lease's end together. Two workers that meet on a row run
 * again, one after the other, and the second finds what the first has left.
 */
export async function claimRows<N extends CollectionName>(
  session: WorkSession,
  collection: N,
  options: ClaimOptions,
): Promise<RowOf<N>[]> {
  const { field, now, leaseUntil, limit, where = {} } = options
  assert(limit >= 1 && limit <= rowsMax, `a claim takes 1 to ${rowsMax} rows`)
  const shape = shapeOf(collection)
  const documents = documentsOf(session, collection)
  const stored = (name: string, value: unknown) => toStored(session.bson, shape, name, value)
  const given = Object.entries(where).map(([name, value]) => [name, stored(name, value)])
  const due = { ...Object.fromEntries(given), [field]: { $ne: null, $lte: stored(field, now) } }
  const order = [field, ...fullKey(shape).filter(name => name !== field)]
  const sort = Object.fromEntries(order.map((name): [string, 1] => [name, 1]))
  const found = await session.run(command =>
    documents.find(due, command).sort(sort).limit(limit).toArray(),
  )
  if (found.length === 0) return []
  const lease = { $set: { [field]: stored(field, leaseUntil) }, $inc: { version: 1n } }
  const ids = found.map(document => document._id)
  await session.run(command => documents.updateMany({ _id: { $in: ids } }, lease, command))
  const rows = found.map(document => fromDocument(shape, document))
  return rows.map(row => ({
    ...row,
    [field]: leaseUntil,
    version: Number(row.version) + 1,
  })) as unknown as RowOf<N>[]
}
