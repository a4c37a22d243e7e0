// The store in memory: the reference model of the port, for fast tests. Transactions run one after another;
// nothing survives the process.
import { setTimeout as delay } from 'node:timers/promises'
import { assert } from '../../core/assert.ts'
import { addDecimal } from '../../core/decimal.ts'
import { Refusal, refuse } from '../../core/refusal.ts'
import { type CollectionName, type RowOf, sharedCollections } from '../../ports/collections.ts'
import { oneByOne } from '../../ports/one-by-one.ts'
import { type Asker, rowsMax } from '../../ports/query.ts'
import {
  constraintOf,
  countedFields,
  isVersioned,
  type Row,
  refuseMissing,
  shapeOf,
} from '../../ports/shape.ts'
import type {
  Key,
  Reads,
  SeriesScope,
  Store,
  SystemHandle,
  SystemTransaction,
  TenantTransaction,
} from '../../ports/store.ts'
import { findRow, readsFrom, typed } from './reads.ts'
import { Committed, compareField, copyIn, keyOf, View } from './view.ts'

const attemptsMax = 5

/** One transaction: its view, and whether it may still be used and committed. */
interface Work {
  readonly asker: Asker
  readonly view: View
  over: boolean
  failure: { readonly error: unknown } | null
}

const untyped = (row: unknown): Row => row as Row

// A failed write ends its transaction, as it does in a database, even when the body swallows the error.
async function attempted<T>(work: Work, write: () => T): Promise<T> {
  assert(!work.over, 'a transaction is used only inside its body')
  try {
    return write()
  } catch (error) {
    work.failure ??= { error }
    throw error
  }
}

// What the application's role is granted on system rows.
function assertMayWrite(work: Work, collection: CollectionName, row: Row): void {
  const { scope, tenantId } = work.asker
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

function insertRow(work: Work, collection: CollectionName, given: Row, skip: boolean): boolean {
  const row = copyIn(shapeOf(collection), given)
  assertMayWrite(work, collection, row)
  const violated = work.view.conflict(collection, row)
  if (violated && skip) return false
  if (violated) throw new Refusal('already_exists', { constraint: constraintOf(violated) })
  work.view.put(collection, row)
  return true
}

function replaceRow(work: Work, collection: CollectionName, given: Row): Row {
  assertMayChange(collection)
  const shape = shapeOf(collection)
  const row = copyIn(shape, given)
  assertMayWrite(work, collection, row)
  const stored = work.view.row(collection, keyOf(shape, row))
  if (!isVersioned(shape)) {
    if (!stored) refuseMissing(collection)
    work.view.put(collection, row)
    return row
  }
  if (stored?.version !== row.version) refuse('version_conflict')
  const next = Object.freeze({ ...row, version: Number(row.version) + 1 })
  work.view.put(collection, next)
  return next
}

function addRow(work: Work, collection: CollectionName, given: Row): void {
  const shape = shapeOf(collection)
  const row = copyIn(shape, given)
  assertMayWrite(work, collection, row)
  const stored = work.view.row(collection, keyOf(shape, row))
  const sums = countedFields(shape).map(field => [
    field,
    Number(stored?.[field] ?? 0) + Number(row[field]),
  ])
  work.view.put(collection, copyIn(shape, { ...row, ...Object.fromEntries(sums) }))
}

function removeRow(work: Work, collection: CollectionName, key: unknown): void {
  assertMayChange(collection)
  const found = findRow({ asker: work.asker, view: () => work.view }, collection, key)
  const row = found ?? refuseMissing(collection)
  assertMayWrite(work, collection, row)
  work.view.remove(collection, keyOf(shapeOf(collection), row))
}

type Writing = Omit<SystemTransaction, keyof Reads<CollectionName>>

function writesTo(work: Work): Writing {
  // Transactions run one after another: to share a row is to lock it.
  const lock = async <N extends CollectionName>(collection: N, key: Key<N>): Promise<RowOf<N>> => {
    assert(!work.over, 'a transaction is used only inside its body')
    assertMayChange(collection)
    const row = findRow({ asker: work.asker, view: () => work.view }, collection, key)
    return typed<N>([row ?? refuseMissing(collection)])[0]!
  }
  return {
    lock,
    share: lock,
    async insert(collection, row) {
      await attempted(work, () => insertRow(work, collection, untyped(row), false))
    },
    async insertMany(collection, rows, options) {
      const skip = options?.onConflict === 'skip'
      return attempted(
        work,
        () => rows.filter(row => insertRow(work, collection, untyped(row), skip)).length,
      )
    },
    async replace<N extends CollectionName>(collection: N, row: RowOf<N>): Promise<RowOf<N>> {
      const stored = await attempted(work, () => replaceRow(work, collection, untyped(row)))
      return typed<N>([stored])[0]!
    },
    async replaceMany<N extends CollectionName>(collection: N, rows: readonly RowOf<N>[]) {
      return attempted(work, () =>
        typed<N>(rows.map(row => replaceRow(work, collection, untyped(row)))),
      )
    },
    async add(collection, rows) {
      await attempted(work, () => {
        for (const row of rows) addRow(work, collection, untyped(row))
      })
    },
    async remove(collection, key) {
      await attempted(work, () => removeRow(work, collection, key))
    },
  }
}

function takeNumber(
  work: Work,
  { tenantId, scope }: { readonly tenantId: string; readonly scope: SeriesScope },
  id: string,
  count: number,
): number {
  assert(Number.isSafeInteger(count) && count >= 1, 'at least one number is taken of each series')
  const collection = scope === 'tenant' ? 'numberSeries' : 'issuerSeries'
  const key = scope === 'tenant' ? { tenantId, id } : { id }
  const shape = shapeOf(collection)
  const next = Number(work.view.row(collection, keyOf(shape, key))?.nextNumber ?? 1)
  work.view.put(collection, copyIn(shape, { ...key, nextNumber: next + count }))
  return next
}

function addToTotal(work: Work, event: Row): void {
  const { tenantId, subscriptionId, metric, periodStart, day } = event
  const key = { tenantId, subscriptionId, metric, periodStart, day }
  const shape = shapeOf('usageTotals')
  const before = work.view.row('usageTotals', keyOf(shape, key))
  const quantity = addDecimal(String(before?.quantity ?? '0'), String(event.quantity))
  const row = { ...key, quantity, events: Number(before?.events ?? 0) + 1 }
  work.view.put('usageTotals', copyIn(shape, row))
}

function countersTo(
  work: Work,
  tenantId: string,
): Pick<TenantTransaction, 'takeNumbers' | 'ingest'> {
  return {
    takeNumbers: (counts, scope = 'tenant') =>
      attempted(work, () =>
        Object.fromEntries(
          Object.entries(counts).map(([id, count]) => [
            id,
            takeNumber(work, { tenantId, scope }, id, count),
          ]),
        ),
      ),
    ingest: events =>
      attempted(work, () => {
        const added = new Set<string>()
        for (const event of events) {
          if (!insertRow(work, 'usageEvents', untyped(event), true)) continue
          addToTotal(work, untyped(event))
          added.add(event.idempotencyKey)
        }
        return added
      }),
  }
}

/** Rows of one tenant or of all, read at any time: only what is committed. */
const reading = (committed: Committed, asker: Asker) =>
  readsFrom({ asker, view: () => new View(committed) })

function claimRows(
  committed: Committed,
  collection: CollectionName,
  options: { field: string; now: number; leaseUntil: number; limit: number; where?: object },
): Row[] {
  assert(options.limit >= 1 && options.limit <= rowsMax, `a claim takes 1 to ${rowsMax} rows`)
  const { field } = options
  const given = Object.entries(options.where ?? {})
  const shape = shapeOf(collection)
  const view = new View(committed)
  const due = [...view.rows(collection, null)]
    .filter(row => row[field] !== null && Number(row[field]) <= options.now)
    .filter(row => given.every(([name, value]) => row[name] === value))
    .sort(
      (a, b) =>
        compareField('instant', a[field], b[field]) ||
        compareField('text', keyOf(shape, a), keyOf(shape, b)),
    )
    .slice(0, options.limit)
  const leased = due.map(row =>
    Object.freeze({ ...row, [field]: options.leaseUntil, version: Number(row.version) + 1 }),
  )
  for (const row of leased) view.put(collection, row)
  view.commit()
  return leased
}

/** An empty store. */
export function openMemoryStore(): Store {
  const committed = new Committed()
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work, work)
    last = turn.catch(() => undefined)
    return turn
  }

  async function once<T>(asker: Asker, body: (work: Work) => Promise<T>): Promise<T> {
    const work: Work = { asker, view: new View(committed), over: false, failure: null }
    try {
      const result = await body(work)
      if (work.failure) throw work.failure.error
      work.view.commit()
      return result
    } finally {
      work.over = true
    }
  }

  async function inTransaction<T>(asker: Asker, body: (work: Work) => Promise<T>): Promise<T> {
    for (let tried = 1; ; tried += 1) {
      try {
        return await inTurn(() => once(asker, body))
      } catch (error) {
        const lost = error instanceof Refusal && error.code === 'version_conflict'
        if (!lost || tried >= attemptsMax) throw error
        await delay(0)
      }
    }
  }

  const everybody: Asker = { scope: 'system', tenantId: null }
  const readsIn = (work: Work) =>
    readsFrom({
      asker: work.asker,
      view: () => {
        assert(!work.over, 'a transaction is used only inside its body')
        return work.view
      },
    })
  const system: SystemHandle = {
    ...reading(committed, everybody),
    transaction: body =>
      inTransaction(everybody, work => body({ ...readsIn(work), ...writesTo(work) })),
    claim: <N extends CollectionName>(
      collection: N,
      options: { field: string; now: number; leaseUntil: number; limit: number; where?: object },
    ) => inTurn(async () => typed<N>(claimRows(committed, collection, options))),
  }
  const askerOf = (tenantId: string): Asker => {
    assert(typeof tenantId === 'string' && tenantId !== '', 'a tenant has a name')
    return { scope: 'tenant', tenantId }
  }
  const store: Store = {
    of: tenantId => reading(committed, askerOf(tenantId)),
    transaction: (tenantId, body) =>
      inTransaction(askerOf(tenantId), work =>
        body({ ...readsIn(work), ...writesTo(work), ...countersTo(work, tenantId) }),
      ),
    together: (items, work) => oneByOne(store, items, work),
    system,
    ping: async () => undefined,
    close: async () => undefined,
  }
  return store
}
