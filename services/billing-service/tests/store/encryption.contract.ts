// What encryption over a store must do on a real database: the store's own contract holds, values open in their own
// place only, an erasure is the end of a key, and master keys change hands.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { destroyKeys } from '../../src/actions/privacy/destroy-keys.ts'
import { encryptExisting } from '../../src/adapters/encryption/encrypt-existing.ts'
import { readKeyFile } from '../../src/adapters/encryption/key-file.ts'
import { withEncryption } from '../../src/adapters/encryption/open.ts'
import { systemClock } from '../../src/adapters/system/clock.ts'
import type { RowOf } from '../../src/ports/collections.ts'
import { auditRow } from '../../src/ports/contract/record-rows.ts'
import { customerRow, tenantRow } from '../../src/ports/contract/rows.ts'
import type { StoreUnderTest } from '../../src/ports/contract/under-test.ts'
import { describeStore } from '../../src/ports/store.contract.ts'
import type { Store } from '../../src/ports/store.ts'
import { type TestKeyFile, testKeyFile } from '../../src/test/key-file.ts'
import type { Owner } from '../../src/test/owner.ts'

/** One prepared database: the store as a process that starts opens it, and its owner. */
export interface Database {
  open(poolSize?: number): Promise<Store>
  owner(): Promise<Owner>
  drop(): Promise<void>
}

type CustomerId = RowOf<'customers'>['id']

/** A database that is encrypted under a key file, and what tests do with it. */
export interface Encrypted {
  readonly file: TestKeyFile
  readonly owner: Owner
  /** Opens it, encrypted, for this work. */
  opened<T>(work: (store: Store) => Promise<T>): Promise<T>
  /** A customer of a tenant of its own, known by name. Answers the customer's id. */
  customerOf(tenantId: string, name: string): Promise<CustomerId>
  readName(tenantId: string, id: CustomerId): Promise<string | null>
  /** The name as it stands in the database. */
  storedName(id: CustomerId): Promise<string>
  close(): Promise<void>
}

export async function encrypt(database: Database): Promise<Encrypted> {
  const file = testKeyFile('one')
  const owner = await database.owner()
  const opened = async <T>(work: (store: Store) => Promise<T>): Promise<T> => {
    const plain = await database.open()
    try {
      return await work(await withEncryption(plain, readKeyFile(file.path), systemClock.real))
    } finally {
      await plain.close()
    }
  }
  return {
    file,
    owner,
    opened,
    async customerOf(tenantId, name) {
      const row = customerRow(tenantId, { name, metadata: { contact: name } })
      await opened(store =>
        store.transaction(tenantId, async tx => {
          await tx.insert('tenants', tenantRow(tenantId))
          await tx.insert('customers', row)
        }),
      )
      return row.id
    },
    readName: (tenantId, id) =>
      opened(async store => (await store.of(tenantId).get('customers', id)).name),
    async storedName(id) {
      const [row] = await owner.rows('customers', { id })
      return String(row?.name)
    },
    async close() {
      await owner.close()
      file.remove()
    },
  }
}

type Given = () => Encrypted

function valuesOn(given: Given): void {
  it('opens in its own row alone: not in another row, field or tenant', async () => {
    const { opened, owner, customerOf, readName, storedName } = given()
    const ada = await customerOf('ada', 'Ada')
    const bob = await customerOf('bob', 'Bob')
    const second = customerRow('ada', { name: 'Second' })
    await opened(store => store.transaction('ada', tx => tx.insert('customers', second)))
    const text = await storedName(ada)
    expect(text).toMatch(/^encrypted:1:[\w-]{22}:[\w-]+$/)
    await owner.alter('customers', { id: second.id }, { name: text })
    await expect(readName('ada', second.id)).rejects.toThrow('not written for')
    await owner.alter('customers', { id: ada }, { purchaseOrder: text })
    await expect(readName('ada', ada)).rejects.toThrow('purchaseOrder')
    await owner.alter('customers', { id: bob }, { name: text })
    await expect(readName('bob', bob)).rejects.toThrow('there is no key')
  })

  it('in clear from before stays readable, and is encrypted when its row is next written', async () => {
    const { opened, owner, customerOf, readName, storedName } = given()
    const id = await customerOf('old', 'Old')
    await owner.alter('customers', { id }, { name: 'Clear' })
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
    const { opened, owner, customerOf, readName } = given()
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
    const keys = await owner.rows('dataKeys', { tenantId: 'gone' })
    const destroyed = keys.map(({ purpose, wrapped }) => `${purpose} ${wrapped === null}`)
    expect(destroyed.sort()).toEqual(['erasable false', 'erasable true', 'retained false'])
  })
}

function mastersOn(given: Given, database: () => Database): void {
  it('a newer one is put first, and both open', async () => {
    const { file, owner, customerOf, readName } = given()
    const id = await customerOf('two', 'Two')
    file.write('two', 'one')
    expect(await readName('two', id)).toBe('Two')
    await customerOf('later', 'Later')
    const mastersOf = async (tenantId: string) =>
      (await owner.rows('dataKeys', { tenantId })).map(({ masterId }) => masterId)
    expect(await mastersOf('two')).toEqual(['one'])
    expect(await mastersOf('later')).toEqual(['two'])
  })

  it('an older one can go when "encrypt" has wrapped all keys anew, and data in clear are encrypted then', async () => {
    const { file, owner, customerOf, readName, storedName } = given()
    const id = await customerOf('clear', 'Clear')
    await owner.alter('customers', { id }, { name: 'Clear' })
    file.write('two', 'one')
    const encryptAll = async () => {
      const plain = await database().open()
      const masters = readKeyFile(file.path)
      const encrypting = await withEncryption(plain, masters, systemClock.real)
      return encryptExisting(plain, encrypting, masters).finally(() => plain.close())
    }
    const first = await encryptAll()
    expect(first.rows).toBeGreaterThanOrEqual(1)
    expect(first.keys).toBeGreaterThanOrEqual(1)
    expect(await storedName(id)).toMatch(/^encrypted:/)
    expect(await encryptAll()).toEqual({ rows: 0, keys: 0 })
    file.write('two')
    expect(await readName('clear', id)).toBe('Clear')
    const [gone] = await owner.rows('customers', { tenantId: 'gone' })
    expect(await readName('gone', gone!.id)).toBe('Back')
  })

  it('that are missing, or are others of the same name, stop the start with their name', async () => {
    const { file, readName } = given()
    file.write('one')
    await expect(readName('two', 'cus_1')).rejects.toThrow('lacks the key two')
    file.write('two')
    const another = testKeyFile('two')
    const plain = await database().open()
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
}

async function storeUnderTest(database: Database): Promise<StoreUnderTest> {
  const file = testKeyFile('one')
  const masters = readKeyFile(file.path)
  const store = await database.open()
  const narrow = await database.open(1)
  return {
    store: await withEncryption(store, masters, systemClock.real),
    narrow: await withEncryption(narrow, masters, systemClock.real),
    async close() {
      await store.close()
      await narrow.close()
      await database.drop()
      file.remove()
    },
  }
}

/** Runs it all on databases of one kind. */
export function describeEncryption(name: string, fresh: () => Promise<Database>): void {
  describeStore(`${name}, encrypted`, async () => storeUnderTest(await fresh()))

  describe(`personal fields encrypted in ${name}`, () => {
    let database: Database
    let encrypted: Encrypted
    beforeAll(async () => {
      database = await fresh()
      encrypted = await encrypt(database)
    })
    afterAll(async () => {
      await encrypted?.close()
      await database?.drop()
    })
    describe('a value', () => valuesOn(() => encrypted))
    describe('master keys', () =>
      mastersOn(
        () => encrypted,
        () => database,
      ))
  })
}
