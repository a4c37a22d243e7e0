// What verbs cost on MongoDB, read off the driver's monitor: no more fields and no more commands than they need.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { SentCommand } from '../../src/adapters/mongo/connect.ts'
import { openMongoStore } from '../../src/adapters/mongo/store.ts'
import { customerRow, newTenant } from '../../src/ports/contract/rows.ts'
import type { Store } from '../../src/ports/store.ts'
import { freshMongo, type MongoDatabase } from '../../src/test/mongo-database.ts'
import { describeOnMongo } from '../../src/test/on-mongo.ts'

describeOnMongo('commands sent to MongoDB', uri => {
  let database: MongoDatabase
  let store: Store
  let sent: SentCommand[] = []
  beforeAll(async () => {
    database = await freshMongo(uri)
    store = await openMongoStore({ uri: database.uri, watch: command => sent.push(command) })
  })
  beforeEach(() => {
    sent = []
  })
  afterAll(async () => {
    await store.close()
    await database.drop()
  })

  test('a stream of some fields asks for these and those of its order alone', async () => {
    const tenantId = newTenant()
    await store.transaction(tenantId, tx => tx.insert('customers', customerRow(tenantId)))
    const order = { field: 'createdAt', direction: 'asc' } as const
    const rows: string[][] = []
    for await (const row of store.of(tenantId).streamFields('customers', ['name'], { order })) {
      rows.push(Object.keys(row))
    }
    expect(rows).toEqual([['name', 'createdAt', 'id']])
    expect(sent.at(-1)?.body.projection).toEqual({ _id: 0, name: 1, createdAt: 1, id: 1 })
  })

  test('a row that nothing can refer to is removed by one command', async () => {
    const tenantId = newTenant()
    const held = { tenantId, id: 'held', holder: 'a', heldUntil: 0, version: 1 }
    await store.transaction(tenantId, tx => tx.insert('reservations', held))
    sent = []
    await store.transaction(tenantId, tx => tx.remove('reservations', 'held'))
    expect(sent.map(({ name }) => name)).toEqual(['findAndModify', 'commitTransaction'])
    const again = store.transaction(tenantId, tx => tx.remove('reservations', 'held'))
    await expect(again).rejects.toMatchObject({ code: 'not_found' })
  })
})
