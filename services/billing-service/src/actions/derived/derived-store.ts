// A store whose transactions keep daily sums and the log of recurring revenue in step with what they write, and have
// it wait for its seal: one place, so that no path forgets it. What a transaction wrote is looked at once, just before
// it commits.
import type { Store } from '../../ports/store.ts'
import { addTotals } from './add-totals.ts'
import { awaitSeals } from './await-seals.ts'
import { noChanges, noting, type Verbs } from './changes.ts'
import { moveRevenues } from './move-revenues.ts'

/** Runs the body, then derives from what it wrote, all in its transaction. */
async function derived<T, V extends Verbs>(
  store: Store,
  tx: V,
  body: (tx: V) => Promise<T>,
): Promise<T> {
  const changes = noChanges()
  const result = await body(noting(tx, changes))
  await awaitSeals(tx, changes)
  await moveRevenues(store, tx, [...changes.subscriptions.values()])
  await addTotals(tx, changes)
  return result
}

/** The same store; its transactions also write what is derived from their rows. */
export function derivedStore(store: Store): Store {
  return {
    of: tenantId => store.of(tenantId),
    transaction: (tenantId, body) => store.transaction(tenantId, tx => derived(store, tx, body)),
    together: (items, work) =>
      store.together(items, (shared, item) => work(derivedStore(shared), item)),
    system: {
      ...store.system,
      transaction: body => store.system.transaction(tx => derived(store, tx, body)),
    },
    ping: () => store.ping(),
    close: () => store.close(),
  }
}
