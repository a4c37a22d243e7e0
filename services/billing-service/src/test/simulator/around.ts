// Ports with something around every call: a turn to wait for, a crash to come. The ports themselves stay
// what they are.
import type { Deps } from '../../deps.ts'
import type { CollectionName } from '../../ports/collections.ts'
import { oneByOne } from '../../ports/one-by-one.ts'
import type { Processor } from '../../ports/processor.ts'
import type {
  Reads,
  Store,
  SystemTransaction,
  TenantTransaction,
  Writes,
} from '../../ports/store.ts'
import { isStream } from '../../ports/streams.ts'

/** `tx` calls are those inside a transaction, which holds its turn as a whole. */
export type Around = <T>(where: 'port' | 'tx', name: string, call: () => Promise<T>) => Promise<T>

type AnyFunction = (...args: unknown[]) => Promise<unknown>

async function rowsOf(rows: AsyncIterable<unknown>): Promise<unknown[]> {
  const all: unknown[] = []
  for await (const row of rows) all.push(row)
  return all
}

/** The same methods, each inside `around`; a stream is read whole at its turn. */
function methods<P extends object>(port: P, where: 'port' | 'tx', around: Around): P {
  const wrapped = Object.entries(port).map(([name, method]) => {
    if (typeof method !== 'function') return [name, method]
    const call = method as AnyFunction
    if (!isStream(name)) {
      return [name, (...args: unknown[]) => around(where, name, () => call.apply(port, args))]
    }
    const stream = method as (...args: unknown[]) => AsyncIterable<unknown>
    const whole = async function* (...args: unknown[]) {
      yield* await around(where, name, () => rowsOf(stream.apply(port, args)))
    }
    return [name, whole]
  })
  return Object.fromEntries(wrapped) as P
}

/** A store with something around each of its calls and around each verb inside a transaction. */
export function aroundStore(store: Store, around: Around): Store {
  const inside = <T extends TenantTransaction | SystemTransaction>(tx: T): T =>
    methods(tx, 'tx', around)
  const wrapped: Store = {
    of: tenantId => methods(store.of(tenantId), 'port', around),
    transaction: (tenantId, body) =>
      around('port', 'transaction', () => store.transaction(tenantId, tx => body(inside(tx)))),
    system: {
      ...methods(store.system, 'port', around),
      transaction: body =>
        around('port', 'system.transaction', () =>
          store.system.transaction(tx => body(inside(tx))),
        ),
    },
    together: (items, work) => oneByOne(wrapped, items, work),
    ping: () => store.ping(),
    close: () => store.close(),
  }
  return wrapped
}

/** A processor with something around each of its calls; reading a webhook's bytes calls nobody. */
export function aroundProcessor(processor: Processor, around: Around): Processor {
  const { name, readEvent, ...calls } = processor
  return { name, readEvent, ...methods(calls, 'port', around) }
}

/** Store and processor of some dependencies, wrapped alike. */
export const aroundDeps = (deps: Deps, around: Around): Deps => ({
  ...deps,
  store: aroundStore(deps.store, around),
  processor: aroundProcessor(deps.processor, around),
})

/** A row that a transaction has written, or removed. */
export interface Written {
  readonly collection: CollectionName
  // biome-ignore lint/suspicious/noExplicitAny: readers know the collection
  readonly row: any
  readonly removed: boolean
}

const idOf = (row: unknown): string => (row as { readonly id: string }).id

type Verbs = Reads<CollectionName> & Writes<CollectionName>

function noting<T extends TenantTransaction | SystemTransaction>(tx: T, into: Written[]): T {
  const verbs = tx as unknown as Verbs
  const note = (collection: CollectionName, rows: readonly unknown[], removed = false) => {
    for (const row of rows) into.push({ collection, row, removed })
  }
  const written: Partial<Verbs> = {
    async insert(collection, row) {
      await verbs.insert(collection, row)
      note(collection, [row])
    },
    async insertMany(collection, rows, options) {
      const count = await verbs.insertMany(collection, rows, options)
      if (count === rows.length) note(collection, rows)
      // Some of them stood there already, and not as they would have been inserted.
      else if (count > 0) note(collection, await verbs.getMany(collection, rows.map(idOf)))
      return count
    },
    async replace(collection, row) {
      const saved = await verbs.replace(collection, row)
      note(collection, [saved])
      return saved
    },
    async replaceMany(collection, rows) {
      const saved = await verbs.replaceMany(collection, rows)
      note(collection, saved)
      return saved
    },
    async remove(collection, key) {
      const row = await verbs.get(collection, key)
      await verbs.remove(collection, key)
      note(collection, [row], true)
    },
  }
  return { ...tx, ...written }
}

/** A store that tells what it has written, once it is committed. */
export function watchedStore(store: Store, told: (written: readonly Written[]) => void): Store {
  const watched: Store = {
    of: tenantId => store.of(tenantId),
    async transaction(tenantId, body) {
      let written: Written[] = []
      const result = await store.transaction(tenantId, tx => {
        written = []
        return body(noting(tx, written))
      })
      told(written)
      return result
    },
    system: {
      ...store.system,
      async transaction(body) {
        let written: Written[] = []
        const result = await store.system.transaction(tx => {
          written = []
          return body(noting(tx, written))
        })
        told(written)
        return result
      },
      async claim(collection, options) {
        const rows = await store.system.claim(collection, options)
        told(rows.map(row => ({ collection, row, removed: false })))
        return rows
      },
    },
    together: (items, work) => oneByOne(watched, items, work),
    ping: () => store.ping(),
    close: () => store.close(),
  }
  return watched
}
