// Rows by key that one piece of work has read already. What it asks for again is the same, as in a snapshot, until
// it holds or writes anything: it may have waited for somebody then.
import type { CollectionName, RowOf } from '../../ports/collections.ts'
import { refuseMissing } from '../../ports/shape.ts'
import type { Key, Reads, TenantTransaction } from '../../ports/store.ts'

type Changing = Exclude<keyof TenantTransaction, keyof Reads<CollectionName>>

// A new verb that is not named here does not compile.
const changing: Readonly<Record<Changing, true>> = {
  lock: true,
  share: true,
  insert: true,
  insertMany: true,
  replace: true,
  replaceMany: true,
  add: true,
  remove: true,
  takeNumbers: true,
  ingest: true,
}

type Verb = (...given: unknown[]) => Promise<unknown>

/** The same verbs; rows found by key are read once. */
export function remembered(tx: TenantTransaction): TenantTransaction {
  const known = new Map<string, Promise<unknown>>()

  function find<N extends CollectionName>(collection: N, key: Key<N>): Promise<RowOf<N> | null> {
    const name = `${collection} ${typeof key === 'string' ? key : JSON.stringify(key)}`
    const row = known.get(name) ?? tx.find(collection, key)
    known.set(name, row)
    return row as Promise<RowOf<N> | null>
  }
  const forgetting = (Object.keys(changing) as Changing[]).map(verb => {
    const act: Verb = (...given) =>
      (tx[verb] as Verb)(...given).finally(() => {
        known.clear()
      })
    return [verb, act]
  })
  return {
    ...tx,
    ...(Object.fromEntries(forgetting) as Pick<TenantTransaction, Changing>),
    find,
    async get(collection, key) {
      return (await find(collection, key)) ?? refuseMissing(collection)
    },
  }
}
