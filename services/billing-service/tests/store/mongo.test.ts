// MongoDB keeps the contract of every store, on the server that MONGODB_URI names; the database of the
// address is left alone, each run makes one of its own beside it.
import { vi } from 'vitest'
import { openMongoStore } from '../../src/adapters/mongo/store.ts'
import { describeStore } from '../../src/ports/store.contract.ts'
import { freshMongo } from '../../src/test/mongo-database.ts'
import { describeOnMongo } from '../../src/test/on-mongo.ts'

// Compatible servers take longer over 12,000 rows.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

describeOnMongo('the store on MongoDB', uri => {
  describeStore('its contract', async () => {
    const database = await freshMongo(uri)
    const store = await openMongoStore({ uri: database.uri })
    const narrow = await openMongoStore({ uri: database.uri, poolSize: 1 })
    return {
      store,
      narrow,
      async close() {
        await store.close()
        await narrow.close()
        await database.drop()
      },
    }
  })
})
