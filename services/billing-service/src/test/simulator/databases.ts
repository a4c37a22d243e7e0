// Stores for runs: memory, or databases of their own in one embedded PostgreSQL or on a MongoDB server.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openMemoryStore } from '../../adapters/memory/store.ts'
import { openMongoStore } from '../../adapters/mongo/store.ts'
import { createDatabase, startEmbedded, withDatabase } from '../../adapters/postgres/embedded.ts'
import { prepareDatabase } from '../../adapters/postgres/prepare.ts'
import { openPostgresStore } from '../../adapters/postgres/store.ts'
import type { Store } from '../../ports/store.ts'
import { freshMongo } from '../mongo-database.ts'
import { watchTenancy } from '../mongo-tenancy.ts'

export interface Stores {
  /** An empty store of its own. */
  fresh(): Promise<Store>
  close(): Promise<void>
}

export const memoryStores = (): Stores => ({
  fresh: async () => openMemoryStore(),
  close: async () => undefined,
})

/** Starts a server that lives as long as this process needs it; nothing of it is kept. */
export async function postgresStores(): Promise<Stores> {
  const dataDir = mkdtempSync(join(tmpdir(), 'quittance-simulator-'))
  chmodSync(dataDir, 0o755) // The database runs as a user of its own when this runs as root.
  const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }
  const server = await startEmbedded({ dataDir, settings })
  const pattern = await createDatabase(server.ownerUrl, 'pattern')
  const prepared = await prepareDatabase({ databaseUrl: pattern })
  let made = 0
  return {
    async fresh() {
      made += 1
      const name = `seed_${made}`
      await createDatabase(server.ownerUrl, name, 'pattern')
      return openPostgresStore({
        appUrl: withDatabase(prepared.appUrl, name),
        systemUrl: withDatabase(prepared.systemUrl, name),
        poolSize: 4,
      })
    },
    async close() {
      await server.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

/**
 * Databases on the server of MONGODB_URI, each dropped when its store is closed, which throws when a command of
 * a tenant did not name it.
 */
export function mongoStores(uri: string): Stores {
  return {
    async fresh() {
      const database = await freshMongo(uri)
      const tenancy = watchTenancy()
      const store = await openMongoStore({
        uri: database.uri,
        poolSize: 4,
        watch: tenancy.watch,
      })
      return {
        ...store,
        async close() {
          await store.close()
          await database.drop()
          tenancy.proved()
        },
      }
    },
    close: async () => undefined,
  }
}
