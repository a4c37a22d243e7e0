// What every store must do, as one suite that each adapter runs. It speaks the port's words alone.
import { afterAll, beforeAll, describe } from 'vitest'
import { readingContract } from './contract/reading.ts'
import { summingContract } from './contract/summing.ts'
import { tenancyContract } from './contract/tenancy.ts'
import { transactionContract } from './contract/transactions.ts'
import { workContract } from './contract/work.ts'
import { writingContract } from './contract/writing.ts'
import type { Store } from './store.ts'

export interface StoreUnderTest {
  readonly store: Store
  /** The same data through one connection only, where the store has connections. */
  readonly narrow: Store
  close(): Promise<void>
}

/** How a part of the contract gets its store: it is open only while tests run. */
export type Opened = () => StoreUnderTest

/** Runs the whole contract on a store. Tests use tenants of their own, so one store serves them all. */
export function describeStore(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(name, () => {
    let opened: StoreUnderTest | undefined
    beforeAll(async () => {
      opened = await open()
    })
    afterAll(async () => {
      await opened?.close()
    })
    const under: Opened = () => {
      if (!opened) throw new Error('the store is open while its tests run')
      return opened
    }
    readingContract(under)
    summingContract(under)
    writingContract(under)
    transactionContract(under)
    tenancyContract(under)
    workContract(under)
  })
}
