// What every store must do, as one suite that each adapter runs. It speaks the port's words alone.
import { afterAll, beforeAll, describe } from 'vitest'
import { readingContract } from './contract/reading.contract.ts'
import { summingContract } from './contract/summing.contract.ts'
import { tenancyContract } from './contract/tenancy.contract.ts'
import { togetherContract } from './contract/together.contract.ts'
import { transactionContract } from './contract/transactions.contract.ts'
import type { Opened, StoreUnderTest } from './contract/under-test.ts'
import { workContract } from './contract/work.contract.ts'
import { writingContract } from './contract/writing.contract.ts'

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
    togetherContract(under)
  })
}
