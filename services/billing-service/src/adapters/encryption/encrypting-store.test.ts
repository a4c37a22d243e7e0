// Encryption changes nothing for whoever uses a store: it keeps the contract of every store.
import { describeStore } from '../../ports/store.contract.ts'
import { testKeyFile } from '../../test/key-file.ts'
import { openMemoryStore } from '../memory/store.ts'
import { readKeyFile } from './key-file.ts'
import { withEncryption } from './open.ts'

describeStore('the store in memory, encrypted', async () => {
  const file = testKeyFile('one')
  const store = await withEncryption(openMemoryStore(), readKeyFile(file.path), Date.now)
  file.remove()
  return { store, narrow: store, close: () => store.close() }
})
