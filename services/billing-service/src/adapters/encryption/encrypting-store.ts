// A store that encrypts what says something of a person on its way in and opens it on its way out, over any other
// store. Actions and adapters know nothing of it.
import type { DataKey } from '../../core/data-key.ts'
import type { CollectionName, RowOf } from '../../ports/collections.ts'
import { encryptedFields } from '../../ports/encrypted-fields.ts'
import { rowsMax } from '../../ports/query.ts'
import { type Row, shapeOf } from '../../ports/shape.ts'
import type { Page, Reads, Store, Writes } from '../../ports/store.ts'
import type { Keyring } from './keyring.ts'
import { type KeySource, openRows, WriteKeys } from './rows.ts'

/** A handle whose collections are known only at run time. */
interface UntypedReads extends KeySource {
  get(collection: CollectionName, key: unknown): Promise<Row>
  find(collection: CollectionName, key: unknown): Promise<Row | null>
  list(collection: CollectionName, query: object): Promise<Page<Row>>
  stream(collection: CollectionName, query: object): AsyncIterable<Row>
  streamFields(
    collection: CollectionName,
    fields: readonly string[],
    query: object,
  ): AsyncIterable<Row>
}

interface UntypedWrites {
  lock(collection: CollectionName, key: unknown): Promise<Row>
  share(collection: CollectionName, key: unknown): Promise<Row>
  insert(collection: CollectionName, row: Row): Promise<void>
  insertMany(collection: CollectionName, rows: readonly Row[], options?: object): Promise<number>
  replace(collection: CollectionName, row: Row): Promise<Row>
  replaceMany(collection: CollectionName, rows: readonly Row[]): Promise<Row[]>
}

const isEncrypting = (collection: CollectionName): boolean =>
  encryptedFields(shapeOf(collection)).length > 0

/** The reads of a handle, opened. */
function opening<R extends Reads<CollectionName>>(ring: Keyring, reads: R): R {
  const under = reads as unknown as UntypedReads
  const opened = (collection: CollectionName, rows: readonly Row[]) =>
    openRows(ring, under, collection, rows)
  const own: UntypedReads = {
    async get(collection, key) {
      return (await opened(collection, [await under.get(collection, key)]))[0]!
    },
    async find(collection, key) {
      const row = await under.find(collection, key)
      return row === null ? null : (await opened(collection, [row]))[0]!
    },
    async getMany(collection, keys) {
      return opened(collection, await under.getMany(collection, keys))
    },
    async list(collection, query) {
      const page = await under.list(collection, query)
      return { ...page, rows: await opened(collection, page.rows) }
    },
    // By pages, so that the keys of many tenants are asked for at once.
    async *stream(collection, query) {
      if (!isEncrypting(collection)) return yield* under.stream(collection, query)
      let cursor: string | null = null
      do {
        const page: Page<Row> = await own.list(collection, { ...query, limit: rowsMax, cursor })
        yield* page.rows
        cursor = page.nextCursor
      } while (cursor !== null)
    },
    // What opens a value is its whole place: tenant, key of the row, and what says which key it is under.
    streamFields: (collection, fields, query) =>
      isEncrypting(collection)
        ? own.stream(collection, query)
        : under.streamFields(collection, fields, query),
  }
  return { ...reads, ...own }
}

/** A transaction whose reads are opened and whose writes are encrypted. */
function encrypting<T extends Reads<CollectionName> & Pick<Writes<never>, 'lock'>>(
  ring: Keyring,
  tx: T,
): T {
  const under = tx as unknown as UntypedReads & UntypedWrites
  const keys = new WriteKeys(ring, under)
  const opened = async (collection: CollectionName, row: Row) =>
    (await openRows(ring, under, collection, [row]))[0]!
  const own: UntypedWrites = {
    lock: async (collection, key) => opened(collection, await under.lock(collection, key)),
    share: async (collection, key) => opened(collection, await under.share(collection, key)),
    async insert(collection, row) {
      await under.insert(collection, (await keys.encrypted(collection, [row]))[0]!)
    },
    async insertMany(collection, rows, options) {
      return under.insertMany(collection, await keys.encrypted(collection, rows), options)
    },
    async replace(collection, row) {
      return (await own.replaceMany(collection, [row]))[0]!
    },
    async replaceMany(collection, rows) {
      if (collection === 'dataKeys') forget(ring, rows)
      const written = await keys.encrypted(collection, rows)
      const [only] = written
      const stored =
        written.length === 1 && only !== undefined
          ? [await under.replace(collection, only)]
          : await under.replaceMany(collection, written)
      return stored.map((row, at) => ({ ...row, ...givenFields(collection, rows[at]!) }))
    },
  }
  return { ...opening(ring, tx), ...own }
}

const givenFields = (collection: CollectionName, row: Row): Row =>
  Object.fromEntries(encryptedFields(shapeOf(collection)).map(({ field }) => [field, row[field]]))

/** Keys that change are read again when they are next needed. */
function forget(ring: Keyring, rows: readonly Row[]): void {
  for (const { tenantId, id } of rows as unknown as readonly DataKey[]) ring.forget(tenantId, id)
}

/** The same store; personal fields stand encrypted in what is under it. */
export function encryptingStore<S extends Store>(store: S, ring: Keyring): S {
  const system: Store['system'] = {
    ...opening(ring, store.system),
    transaction: body => store.system.transaction(tx => body(encrypting(ring, tx))),
    async claim(collection, options) {
      const rows = (await store.system.claim(collection, options)) as unknown as Row[]
      const under = store.system as unknown as KeySource
      return (await openRows(ring, under, collection, rows)) as unknown as RowOf<
        typeof collection
      >[]
    },
  }
  const own: Omit<Store, 'ping' | 'close'> = {
    of: tenantId => opening(ring, store.of(tenantId)),
    transaction: (tenantId, body) => store.transaction(tenantId, tx => body(encrypting(ring, tx))),
    together: (items, work) =>
      store.together(items, (shared, item) => work(encryptingStore(shared, ring), item)),
    system,
  }
  return { ...store, ...own }
}
