// MongoDB keeps the contract of every store, on the server that MONGODB_URI names; the database of the
// address is left alone, each run makes one of its own beside it.
import { describe, test } from 'vitest'
import { openMongoStore } from '../../src/adapters/mongo/store.ts'
import { describeStore } from '../../src/ports/store.contract.ts'
import { freshMongo, mongoUri } from '../../src/test/mongo-database.ts'

const uri = mongoUri

if (uri === null) {
  describe('the store on MongoDB', () => {
    test.skip('SKIPPED: set MONGODB_URI to run it', () => undefined)
  })
} else {
  describeStore('the store on MongoDB', async () => {
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
}
