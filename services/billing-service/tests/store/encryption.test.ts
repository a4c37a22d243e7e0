// Personal fields encrypted on a real PostgreSQL: what every database must do, and what its backups hold.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { copyRows, differences } from '../../src/actions/copy/copy-store.ts'
import { destroyKeys } from '../../src/actions/privacy/destroy-keys.ts'
import { readKeyFile } from '../../src/adapters/encryption/key-file.ts'
import { withEncryption } from '../../src/adapters/encryption/open.ts'
import { openMemoryStore } from '../../src/adapters/memory/store.ts'
import { backUp, restore } from '../../src/adapters/postgres/backup.ts'
import { copyKeysOut } from '../../src/adapters/postgres/key-copy.ts'
import type { PreparedDatabase } from '../../src/adapters/postgres/prepare.ts'
import { openPostgresStore } from '../../src/adapters/postgres/store.ts'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { customerRow } from '../../src/ports/contract/rows.ts'
import { encryptedFields } from '../../src/ports/encrypted-fields.ts'
import { collectionNames, fullKey, shapeOf, uniqueKeys } from '../../src/ports/shape.ts'
import { testKeyFile } from '../../src/test/key-file.ts'
import { ownerOfPostgres } from '../../src/test/owner.ts'
import { type Database, describeEncryption, encrypt } from './encryption.contract.ts'
import { startTestServer, type TestServer } from './server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.stop())

const onServer = ({ appUrl, systemUrl, ownerUrl }: PreparedDatabase): Database => ({
  open: poolSize => openPostgresStore({ appUrl, systemUrl, ...(poolSize && { poolSize }) }),
  owner: () => ownerOfPostgres(ownerUrl),
  drop: async () => undefined,
})

describeEncryption('PostgreSQL', async () => onServer(await server.fresh()))

describe('a backup made before an erasure', () => {
  it('cannot be read after it: the newest copy of the keys lacks the one that opens it', async () => {
    const database = await server.fresh()
    const { file, opened, customerOf, close } = await encrypt(onServer(database))
    const erased = await customerOf('erased', 'Erased')
    const stays = await customerOf('stays', 'Stays')
    const folder = mkdtempSync(join(tmpdir(), 'quittance-kept-'))
    const [rows, keys] = [join(folder, 'rows'), join(folder, 'keys.csv')]
    const manifest = await backUp(database.systemUrl, rows)
    expect(manifest.tables.map(({ name }) => name)).not.toContain('data_keys')
    expect(await copyKeysOut(database.systemUrl, keys)).toBe(manifest.keys)
    const before = readFileSync(keys, 'utf8')
    await opened(store => destroyKeys({ store, clock: systemClock }, 'erased'))
    expect(await copyKeysOut(database.systemUrl, keys)).toBe(manifest.keys)
    const wrapped = /^erased,[^,]+,erasable,one,([\w-]+),/m.exec(before)?.[1] ?? 'none'
    expect(readFileSync(keys, 'utf8')).not.toContain(wrapped)

    const target = await server.fresh()
    await expect(restore(target.ownerUrl, rows)).rejects.toThrow('--keys FILE')
    await restore(target.ownerUrl, rows, { keys })
    rmSync(folder, { recursive: true })
    const plain = await openPostgresStore(target)
    const store = await withEncryption(plain, readKeyFile(file.path), systemClock.real)
    const stored = await plain.of('erased').get('customers', erased)
    expect(stored.name).toMatch(/^encrypted:/)
    expect((await store.of('erased').get('customers', erased)).name).toBeNull()
    expect((await store.of('stays').get('customers', stays)).name).toBe('Stays')
    await plain.close()
    await close()
  })
})

it('a copy to another store carries the keys: each row is as it was, under the same key file', async () => {
  const file = testKeyFile('one')
  const plain = await openPostgresStore(await server.fresh())
  const to = openMemoryStore()
  const masters = readKeyFile(file.path)
  const from = await withEncryption(plain, masters, systemClock.real)
  const target = await withEncryption(to, masters, systemClock.real)
  await from.transaction('moved', tx =>
    tx.insert('customers', customerRow('moved', { name: 'Moved' })),
  )
  expect(await copyRows(from, target, () => undefined)).toBe(2)
  expect(await differences(from, target)).toEqual([])
  await plain.close()
  file.remove()
  const { rows } = await to.of('moved').list('customers', { limit: 1 })
  expect(rows[0]?.name).toMatch(/^encrypted:/)
})

it('encrypts no field that a key, an index or a reference names, and no part of a counter', () => {
  for (const name of collectionNames) {
    const shape = shapeOf(name)
    const named = [
      fullKey(shape),
      ...uniqueKeys(shape),
      ...(shape.indexes ?? []),
      ...(shape.systemIndexes ?? []),
      Object.keys(shape.references ?? {}),
    ].flat()
    for (const { field } of encryptedFields(shape)) {
      expect(named, `${name}.${field}`).not.toContain(field)
      expect(shape.fields[field]?.replace('?', ''), `${name}.${field}`).toMatch(/^(text|json)$/)
    }
  }
})

it('leaves a text that is erased as it would be whatever it said', () => {
  for (const name of collectionNames) {
    for (const { field, isJson, purpose, erased } of encryptedFields(shapeOf(name))) {
      if (isJson || purpose === 'retained') continue
      expect(erased('a'), `${name}.${field}`).toEqual(erased(null))
    }
  }
})

it('asks for no encrypted field in a query', async () => {
  const asked = openMemoryStore()
    .of('ada')
    .list('customers', { where: { name: 'Ada' }, limit: 1 })
  await expect(asked).rejects.toThrow('may be encrypted and is not asked for')
})
