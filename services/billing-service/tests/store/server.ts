// An embedded server for tests, with a prepared database that each test store is copied from.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  createDatabase,
  type EmbeddedServer,
  startEmbedded,
  withDatabase,
} from '../../src/adapters/postgres/embedded.ts'
import { type PreparedDatabase, prepareDatabase } from '../../src/adapters/postgres/prepare.ts'

export interface TestServer {
  /** The owner's URL of the server's own, empty database. */
  readonly ownerUrl: string
  /** A database of its own with the whole schema and no rows. */
  fresh(): Promise<PreparedDatabase>
  stop(): Promise<void>
}

// A schema that cannot be made must not leave its server behind.
async function prepared(server: EmbeddedServer): Promise<PreparedDatabase> {
  try {
    return await prepareDatabase({ databaseUrl: await createDatabase(server.ownerUrl, 'pattern') })
  } catch (error) {
    await server.stop()
    throw error
  }
}

/** Starts the server; what it holds is gone when it stops, so it never waits for a disk. */
export async function startTestServer(): Promise<TestServer> {
  const dataDir = mkdtempSync(join(tmpdir(), 'quittance-store-'))
  chmodSync(dataDir, 0o755)
  const server = await startEmbedded({
    dataDir,
    settings: {
      fsync: 'off',
      synchronous_commit: 'off',
      full_page_writes: 'off',
      max_connections: '200',
    },
  })
  const template = await prepared(server)
  let made = 0
  return {
    ownerUrl: server.ownerUrl,
    async fresh() {
      made += 1
      const name = `copy_${made}`
      await createDatabase(server.ownerUrl, name, 'pattern')
      return {
        ownerUrl: withDatabase(template.ownerUrl, name),
        appUrl: withDatabase(template.appUrl, name),
        systemUrl: withDatabase(template.systemUrl, name),
        applied: [],
      }
    },
    async stop() {
      await server.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
