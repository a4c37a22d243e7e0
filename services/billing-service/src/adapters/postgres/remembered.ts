// Rows by key that one piece of work has read already. What it asks for again is the same, as in a snapshot, until
// it holds or writes a row: it may have waited for somebody then.
import type { CollectionName, RowOf } from '../../ports/collections.ts'
import { refuseMissing } from '../../ports/shape.ts'
import type { Key, TenantTransaction } from '../../ports/store.ts'

const changing = [
  'lock',
  'share',
  'insert',
  'insertMany',
  'replace',
  'replaceMany',
  'add',
  'remove',
] as const

type Verb = (collection: CollectionName, ...given: unknown[]) => Promise<unknown>

/** The same verbs; rows found by key are read once. */
export function remembered(tx: TenantTransaction): TenantTransaction {
  const known = new Map<string, Promise<unknown>>()

  function find<N extends CollectionName>(collection: N, key: Key<N>): Promise<RowOf<N> | null> {
    const name = `${collection} ${typeof key === 'string' ? key : JSON.stringify(key)}`
    const row = known.get(name) ?? tx.find(collection, key)
    known.set(name, row)
    return row as Promise<RowOf<N> | null>
  }
  const forgetting = changing.map(verb => {
    const act: Verb = async (collection, ...given) => {
      const answer = await (tx[verb] as Verb)(collection, ...given)
      known.clear()
      return answer
    }
    return [verb, act]
  })
  return {
    ...tx,
    ...(Object.fromEntries(forgetting) as Pick<TenantTransaction, (typeof changing)[number]>),
    find,
    async get(collection, key) {
      return (await find(collection, key)) ?? refuseMissing(collection)
    },
  }
}
