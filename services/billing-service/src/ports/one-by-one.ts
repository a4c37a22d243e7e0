// Work for many items on a store that has nothing to gain from doing it together.
import type { Store } from './store.ts'

/** Does the work for one item after the other, each in transactions of its own; answers each outcome. */
export async function oneByOne<Item, T>(
  store: Store,
  items: readonly Item[],
  work: (store: Store, item: Item) => Promise<T>,
): Promise<PromiseSettledResult<T>[]> {
  const outcomes: PromiseSettledResult<T>[] = []
  for (const item of items) {
    const [outcome] = await Promise.allSettled([work(store, item)])
    outcomes.push(outcome)
  }
  return outcomes
}
