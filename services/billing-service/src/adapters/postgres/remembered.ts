// Rows by key that one piece of work has read already. What it asks for again is the same, as in a snapshot, until
// it holds or writes anything: it may have waited for somebody then.
import type { CollectionName, RowOf } from '../../ports/collections.ts'
import { refuseMissing } from '../../ports/shape.ts'
import type { Key, Reads, TenantTransaction } from '../../ports/store.ts'

type Changing = Exclude<keyof TenantTransaction, keyof Reads<CollectionName>>

/** The same verbs; rows found by key are read once. */
export function remembered(tx: TenantTransaction): TenantTransaction {
  const known = new Map<string, Promise<unknown>>()

  function find<N extends CollectionName>(collection: N, key: Key<N>): Promise<RowOf<N> | null> {
    const name = `${collection} ${typeof key === 'string' ? key : JSON.stringify(key)}`
    const row = known.get(name) ?? tx.find(collection, key)
    known.set(name, row)
    return row as Promise<RowOf<N> | null>
  }
  const done = <T>(answer: T): T => {
    known.clear()
    return answer
  }
  const failed = (error: unknown): never => {
    known.clear()
    throw error
  }
  function forgetting<V extends Changing>(verb: V): TenantTransaction[V] {
    const act = tx[verb] as (...given: unknown[]) => Promise<unknown>
    const acting = (...given: unknown[]) => act(...given).then(done, failed)
    return acting as TenantTransaction[V]
  }
  // A new writing verb that is not named here does not compile.
  const changing: Pick<TenantTransaction, Changing> = {
    lock: forgetting('lock'),
    share: forgetting('share'),
    insert: forgetting('insert'),
    insertMany: forgetting('insertMany'),
    replace: forgetting('replace'),
    replaceMany: forgetting('replaceMany'),
    add: forgetting('add'),
    remove: forgetting('remove'),
    takeNumbers: forgetting('takeNumbers'),
    ingest: forgetting('ingest'),
  }
  return {
    ...tx,
    ...changing,
    find,
    async get(collection, key) {
      return (await find(collection, key)) ?? refuseMissing(collection)
    },
  }
}
