// PostgreSQL keeps the contract of every store, on a real server.
import { openPostgresStore } from '../../src/adapters/postgres/store.ts'
import { describeStore } from '../../src/ports/store.contract.ts'
import { startTestServer } from './server.ts'

describeStore('the store on PostgreSQL', async () => {
  const server = await startTestServer()
  const { appUrl, systemUrl } = await server.fresh()
  const store = await openPostgresStore({ appUrl, systemUrl })
  const narrow = await openPostgresStore({ appUrl, systemUrl, poolSize: 1 })
  return {
    store,
    narrow,
    async close() {
      await store.close()
      await narrow.close()
      await server.stop()
    },
  }
})
