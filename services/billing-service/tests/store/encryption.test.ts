// Personal fields encrypted on a real PostgreSQL: the contract of every store holds, values open in their own place
// only, and master keys change hands.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { copyRows, differences } from '../../src/actions/copy/copy-store.ts'
import { destroyKeys } from '../../src/actions/privacy/destroy-keys.ts'
import { encryptExisting } from '../../src/adapters/encryption/encrypt-existing.ts'
import { readKeyFile } from '../../src/adapters/encryption/key-file.ts'
import { withEncryption } from '../../src/adapters/encryption/open.ts'
import { openMemoryStore } from '../../src/adapters/memory/store.ts'
import { backUp, restore } from '../../src/adapters/postgres/backup.ts'
import { copyKeysOut } from '../../src/adapters/postgres/key-copy.ts'
import type { PreparedDatabase } from '../../src/adapters/postgres/prepare.ts'
import { openPostgresStore } from '../../src/adapters/postgres/store.ts'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { auditRow } from '../../src/ports/contract/record-rows.ts'
import { customerRow, tenantRow } from '../../src/ports/contract/rows.ts'
import { encryptedFields } from '../../src/ports/encrypted-fields.ts'
import { collectionNames, fullKey, shapeOf, uniqueKeys } from '../../src/ports/shape.ts'
import { describeStore } from '../../src/ports/store.contract.ts'
import type { Store } from '../../src/ports/store.ts'
import { type TestKeyFile, testKeyFile } from '../../src/test/key-file.ts'
import { startTestServer, type TestServer } from './server.ts'

let server: TestServer
let database: PreparedDatabase
let file: TestKeyFile
let owner: Client
beforeAll(async () => {
  server = await startTestServer()
  database = await server.fresh()
  file = testKeyFile('one')
  owner = new Client({ connectionString: database.ownerUrl })
  await owner.connect()
})
afterAll(async () => {
  await owner.end()
  await server.stop()
  file.remove()
})

/** The store as a process that starts now opens it. */
async function opened<T>(work: (store: Store) => Promise<T>): Promise<T> {
  const plain = await openPostgresStore(database)
  try {
    return await work(await withEncryption(plain, readKeyFile(file.path), systemClock.real))
  } finally {
    await plain.close()
  }
}

describeStore('the store on PostgreSQL, encrypted', async () => {
  const { appUrl, systemUrl } = await server.fresh()
  const store = await openPostgresStore({ appUrl, systemUrl })
  const narrow = await openPostgresStore({ appUrl, systemUrl, poolSize: 1 })
  const masters = readKeyFile(file.path)
  return {
    store: await withEncryption(store, masters, systemClock.real),
    narrow: await withEncryption(narrow, masters, systemClock.real),
    async close() {
      await store.close()
      await narrow.close()
    },
  }
})

/** A customer of a tenant of its own, known by name. */
async function customerOf(tenantId: string, name: string): Promise<string> {
  const row = customerRow(tenantId, { name, metadata: { contact: name } })
  await opened(store =>
    store.transaction(tenantId, async tx => {
      await tx.insert('tenants', tenantRow(tenantId))
      await tx.insert('customers', row)
    }),
  )
  return row.id
}

const readName = (tenantId: string, id: string) =>
  opened(async store => (await store.of(tenantId).get('customers', id)).name)

const onlyCustomerOf = (tenantId: string) =>
  opened(async store => (await store.of(tenantId).list('customers', { limit: 1 })).rows[0]!)

async function storedName(id: string): Promise<string> {
  const { rows } = await owner.query('select name from quittance.customers where id = $1', [id])
  return rows[0].name
}

describe('a value', () => {
  it('opens in its own row alone: not in another row, field or tenant', async () => {
    const ada = await customerOf('ada', 'Ada')
    const bob = await customerOf('bob', 'Bob')
    const second = customerRow('ada', { name: 'Second' })
    await opened(store => store.transaction('ada', tx => tx.insert('customers', second)))
    const text = await storedName(ada)
    expect(text).toMatch(/^encrypted:1:[\w-]{22}:[\w-]+$/)
    const put = (field: string, id: string) =>
      owner.query(`update quittance.customers set ${field} = $1 where id = $2`, [text, id])
    await put('name', second.id)
    await expect(readName('ada', second.id)).rejects.toThrow('not written for')
    await put('purchase_order', ada)
    await expect(readName('ada', ada)).rejects.toThrow('purchaseOrder')
    await put('name', bob)
    await expect(readName('bob', bob)).rejects.toThrow('there is no key')
  })

  it('in clear from before stays readable, and is encrypted when its row is next written', async () => {
    const id = await customerOf('old', 'Old')
    await owner.query(`update quittance.customers set name = 'Clear' where id = $1`, [id])
    expect(await readName('old', id)).toBe('Clear')
    await opened(store =>
      store.transaction('old', async tx => {
        await tx.replace('customers', await tx.lock('customers', id))
      }),
    )
    expect(await storedName(id)).toMatch(/^encrypted:/)
    expect(await readName('old', id)).toBe('Clear')
  })

  it('whose key is destroyed reads as an erasure leaves it; what is written then has a new key', async () => {
    const id = await customerOf('gone', 'Gone')
    await opened(async store => {
      const line = auditRow('gone', { reason: 'why' })
      await store.transaction('gone', tx => tx.insert('auditLines', line))
      await destroyKeys({ store, clock: systemClock }, 'gone')
      const row = await store.of('gone').get('customers', id)
      expect([row.name, row.metadata]).toEqual([null, {}])
      await store.transaction('gone', async tx => {
        await tx.replace('customers', { ...(await tx.lock('customers', id)), name: 'Back' })
      })
    })
    expect(await readName('gone', id)).toBe('Back')
    const { rows } = await owner.query(
      `select purpose, wrapped is null as destroyed from quittance.data_keys
       where tenant_id = 'gone' order by purpose, destroyed desc`,
    )
    expect(rows.map(({ purpose, destroyed }) => [purpose, destroyed])).toEqual([
      ['erasable', true],
      ['erasable', false],
      ['retained', false],
    ])
  })
})

describe('a backup made before an erasure', () => {
  it('cannot be read after it: the newest copy of the keys lacks the one that opens it', async () => {
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
  })
})

it('a copy to another store carries the keys: each row is as it was, under the same key file', async () => {
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
  const { rows } = await to.of('moved').list('customers', { limit: 1 })
  expect(rows[0]?.name).toMatch(/^encrypted:/)
})

describe('master keys', () => {
  it('a newer one is put first, and both open', async () => {
    const id = await customerOf('two', 'Two')
    file.write('two', 'one')
    expect(await readName('two', id)).toBe('Two')
    await customerOf('later', 'Later')
    const { rows } = await owner.query(
      `select distinct master_id from quittance.data_keys where tenant_id in ('two', 'later')
       order by master_id`,
    )
    expect(rows.map(({ master_id }) => master_id)).toEqual(['one', 'two'])
  })

  it('an older one can go when "encrypt" has wrapped all keys anew, and data in clear are encrypted then', async () => {
    const id = await customerOf('clear', 'Clear')
    await owner.query(`update quittance.customers set name = 'Clear' where id = $1`, [id])
    file.write('two', 'one')
    const encrypt = async () => {
      const plain = await openPostgresStore(database)
      const masters = readKeyFile(file.path)
      const encrypting = await withEncryption(plain, masters, systemClock.real)
      return encryptExisting(plain, encrypting, masters).finally(() => plain.close())
    }
    const first = await encrypt()
    expect(first.rows).toBeGreaterThanOrEqual(1)
    expect(first.keys).toBeGreaterThanOrEqual(1)
    expect(await storedName(id)).toMatch(/^encrypted:/)
    expect(await encrypt()).toEqual({ rows: 0, keys: 0 })
    file.write('two')
    expect(await readName('clear', id)).toBe('Clear')
    expect(await readName('gone', (await onlyCustomerOf('gone')).id)).toBe('Back')
  })

  it('that are missing, or are others of the same name, stop the start with their name', async () => {
    file.write('one')
    await expect(readName('two', 'cus_1')).rejects.toThrow('lacks the key two')
    file.write('two')
    const another = testKeyFile('two')
    const plain = await openPostgresStore(database)
    try {
      const wrong = withEncryption(plain, readKeyFile(another.path), systemClock.real)
      await expect(wrong).rejects.toThrow('The key two in PERSONAL_KEY_FILE')
      const none = withEncryption(plain, null, systemClock.real)
      await expect(none).rejects.toThrow('set PERSONAL_KEY_FILE')
    } finally {
      await plain.close()
      another.remove()
    }
  })
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
  await opened(async store => {
    const asked = store.of('ada').list('customers', { where: { name: 'Ada' }, limit: 1 })
    await expect(asked).rejects.toThrow('may be encrypted and is not asked for')
  })
})
