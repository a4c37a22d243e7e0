// Personal fields encrypted on MongoDB, on the server that MONGODB_URI names.
import { expect, test, vi } from 'vitest'
import { copyRows, differences } from '../../src/actions/copy/copy-store.ts'
import { readKeyFile } from '../../src/adapters/encryption/key-file.ts'
import { withEncryption } from '../../src/adapters/encryption/open.ts'
import { openMemoryStore } from '../../src/adapters/memory/store.ts'
import { openMongoStore } from '../../src/adapters/mongo/store.ts'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { customerRow } from '../../src/ports/contract/rows.ts'
import { testKeyFile } from '../../src/test/key-file.ts'
import { freshMongo } from '../../src/test/mongo-database.ts'
import { describeOnMongo } from '../../src/test/on-mongo.ts'
import { ownerOfMongo } from '../../src/test/owner.ts'
import { type Database, describeEncryption } from './encryption.contract.ts'

// Compatible servers take longer over 12,000 rows.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

describeOnMongo('encryption on MongoDB', uri => {
  const fresh = async (): Promise<Database> => {
    const { uri: own, drop } = await freshMongo(uri)
    return {
      open: poolSize => openMongoStore({ uri: own, ...(poolSize && { poolSize }) }),
      owner: () => ownerOfMongo(own),
      drop,
    }
  }
  describeEncryption('MongoDB', fresh)

  test('a copy carries the keys: each row is as it was, under the same key file', async () => {
    const file = testKeyFile('one')
    const masters = readKeyFile(file.path)
    const database = await fresh()
    const there = await database.open()
    const from = await withEncryption(openMemoryStore(), masters, systemClock.real)
    const to = await withEncryption(there, masters, systemClock.real)
    try {
      const row = customerRow('64f0c2a1b3d4e5f601234567', { name: 'Moved' })
      await from.transaction(row.tenantId, tx => tx.insert('customers', row))
      expect(await copyRows(from, to, () => undefined)).toBe(2)
      expect(await differences(from, to)).toEqual([])
      const stored = await there.of(row.tenantId).get('customers', row.id)
      expect(stored.name).toMatch(/^encrypted:/)
    } finally {
      await there.close()
      await database.drop()
      file.remove()
    }
  })
})
