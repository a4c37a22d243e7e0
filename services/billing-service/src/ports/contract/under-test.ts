// How the parts of the store's contract get at the store they test.
import type { Store } from '../store.ts'

export interface StoreUnderTest {
  readonly store: Store
  /** The same data through one connection only, where the store has connections. */
  readonly narrow: Store
  close(): Promise<void>
}

/** The store is open only while tests run, so it is asked for. */
export type Opened = () => StoreUnderTest
