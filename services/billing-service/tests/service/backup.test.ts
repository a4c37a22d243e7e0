// The drill: a deployment with some history is backed up while it serves, restored into another database,
// and its books are proved there.
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sealWaiting } from '../../src/actions/seals/seal-rows.ts'
import { verifyBooks } from '../../src/actions/verify/verify-books.ts'
import { backUp, checkBackup, restore } from '../../src/adapters/postgres/backup.ts'
import { type EmbeddedServer, startEmbedded } from '../../src/adapters/postgres/embedded.ts'
import { prepareDatabase } from '../../src/adapters/postgres/prepare.ts'
import { openPostgresStore } from '../../src/adapters/postgres/store.ts'
import { openStory } from '../../src/test/story.ts'
import { openWorld, type World } from '../../src/test/world.ts'

let world: World
let second: EmbeddedServer
let folder: string
const kept = () => join(folder, 'kept')

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'quittance-backup-'))
  chmodSync(folder, 0o755)
  ;[world, second] = await Promise.all([
    openWorld({ jobs: 'off' }),
    startEmbedded({ dataDir: join(folder, 'second'), settings: { fsync: 'off' } }),
  ])
})
afterAll(async () => {
  await world?.close()
  await second?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const count = async (url: string, table: string): Promise<number> => {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query(`select count(*)::int as n from quittance.${table}`)
    return rows[0].n
  } finally {
    await client.end()
  }
}

describe('backup, restore, verify', () => {
  it('every row comes back, and all proofs of the books hold', async () => {
    const story = await openStory(world, 'kept-tenant', '2024-01-31T10:00:00Z')
    const { id } = await story.ask('POST', '/subscriptions', {
      plan: 'professional',
      paymentMethodId: 'pm_card_visa',
    })
    await story.ask('POST', `/subscriptions/${id}/usage`, {
      metric: 'api_calls',
      quantity: 400_000,
    })
    await story.until('2024-04-05T00:00:00Z')
    const { data } = await story.ask('GET', '/transactions?type=payment&status=succeeded')
    await story.operate('POST', `/transactions/${data[0].id}/refund`, { amount: 1 })
    await sealWaiting(world.service.deps)
    const { systemUrl } = await prepareDatabase({ databaseUrl: world.ownerUrl })
    const manifest = await backUp(systemUrl, kept())
    expect(manifest.tables.length).toBeGreaterThan(30)
    expect(await checkBackup(kept())).toEqual([])

    const prepared = await prepareDatabase({ databaseUrl: second.ownerUrl })
    await restore(prepared.ownerUrl, kept())
    for (const { name, rows } of manifest.tables) {
      expect([name, await count(prepared.systemUrl, name)]).toEqual([name, rows])
    }
    const store = await openPostgresStore(prepared)
    try {
      const proofs = await verifyBooks({ ...world.service.deps, store }, { days: 3660, kept: [] })
      expect(proofs.length).toBeGreaterThanOrEqual(10)
      expect(proofs.filter(({ broken }) => broken.length > 0)).toEqual([])
    } finally {
      await store.close()
    }
    await expect(restore(prepared.ownerUrl, kept())).rejects.toThrow('not empty')
  })

  it('tenants are apart again: the owner sees no row, and the policies are forced', async () => {
    const client = new Client({ connectionString: second.ownerUrl })
    await client.connect()
    const { rows } = await client.query(
      `select count(*)::int as n from pg_class where relnamespace = 'quittance'::regnamespace
       and relrowsecurity and not relforcerowsecurity`,
    )
    await client.end()
    expect(rows[0].n).toBe(0)
  })

  it('a file that changed by 1 byte is found, and nothing of it is restored', async () => {
    const broken = join(folder, 'broken')
    cpSync(kept(), broken, { recursive: true })
    const file = join(broken, 'tables', 'invoices.copy.gz')
    const bytes = readFileSync(file)
    bytes[bytes.length >> 1]! ^= 1
    writeFileSync(file, bytes)
    expect(await checkBackup(broken)).toEqual(['invoices'])
    await expect(restore(second.ownerUrl, broken)).rejects.toThrow('damaged: invoices')
  })

  it('a folder without a manifest is no backup', async () => {
    rmSync(join(folder, 'broken', 'manifest.json'))
    await expect(restore(second.ownerUrl, join(folder, 'broken'))).rejects.toThrow('no manifest')
  })
})
