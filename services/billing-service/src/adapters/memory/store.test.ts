// The reference model keeps the contract of every store.
import { describeStore } from '../../ports/store.contract.ts'
import { openMemoryStore } from './store.ts'

describeStore('the store in memory', async () => {
  const store = openMemoryStore()
  return { store, narrow: store, close: () => store.close() }
})
