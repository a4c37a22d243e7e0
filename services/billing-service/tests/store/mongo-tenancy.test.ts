// The tenant stands in every command that a tenant's handle sends to MongoDB, read off the driver's monitor.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { SentCommand } from '../../src/adapters/mongo/connect.ts'
import { openMongoStore } from '../../src/adapters/mongo/store.ts'
import {
  customerRow,
  ledgerRow,
  methodRow,
  newTenant,
  subscriptionRow,
} from '../../src/ports/contract/rows.ts'
import { usageRow } from '../../src/ports/contract/usage-rows.ts'
import { collectionNames, type Row, shapeOf } from '../../src/ports/shape.ts'
import type { Store } from '../../src/ports/store.ts'
import { freshMongo, type MongoDatabase, mongoUri } from '../../src/test/mongo-database.ts'

const tenantCollections = collectionNames.filter(name => shapeOf(name).scope === 'tenant')

const reservationOf = (tenantId: string) => ({
  tenantId,
  id: 'held',
  holder: 'a',
  heldUntil: 0,
  version: 1,
})

/** The filters of a command, or the documents it inserts; null for commands that touch no rows. */
function touched({ name, body }: SentCommand): readonly Row[] | null {
  switch (name) {
    case 'find':
      return [body.filter as Row]
    case 'aggregate':
      return [(body.pipeline as { $match: Row }[])[0]!.$match]
    case 'findAndModify':
      return [body.query as Row]
    case 'update':
      return (body.updates as { q: Row }[]).map(update => update.q)
    case 'delete':
      return (body.deletes as { q: Row }[]).map(each => each.q)
    case 'insert':
      return body.documents as Row[]
    default:
      return null
  }
}

const rowCommands = ['find', 'aggregate', 'findAndModify', 'update', 'delete', 'insert']
const others = ['commitTransaction', 'abortTransaction', 'endSessions', 'getMore', 'killCursors']

describe('commands of a tenant', () => {
  if (mongoUri === null) {
    test.skip('SKIPPED: set MONGODB_URI to read the commands sent to MongoDB', () => undefined)
    return
  }
  const uri = mongoUri
  const sent: SentCommand[] = []
  let database: MongoDatabase
  let store: Store
  beforeAll(async () => {
    database = await freshMongo(uri)
    const watch = (command: SentCommand) => sent.push(command)
    store = await openMongoStore({ uri: database.uri, watch })
    sent.length = 0
  })
  afterAll(async () => {
    await store.close()
    await database.drop()
  })

  /** Every command so far names the tenant; answers how many touched rows. */
  function proved(tenantId: string): number {
    const commands = sent.splice(0)
    for (const command of commands) {
      expect([...rowCommands, ...others]).toContain(command.name)
      for (const filter of touched(command) ?? []) {
        expect(String(filter.tenantId), JSON.stringify(command.name)).toBe(tenantId)
      }
    }
    return commands.filter(command => touched(command) !== null).length
  }

  test('every reading verb on each tenant collection names the tenant first', async () => {
    const tenantId = '64f0c2a1b3d4e5f601234567'
    const reads = store.of(tenantId)
    for (const name of tenantCollections) {
      const key = Object.fromEntries(
        shapeOf(name).key.map(field => [field, shapeOf(name).fields[field] === 'text' ? 'x' : 1]),
      )
      await reads.find(name, key as never)
      await reads.getMany(name, [key as never])
      await reads.list(name, { limit: 2 })
      await reads.count(name, {})
      await reads.sum(name, { sum: [] })
      for await (const _ of reads.stream(name, {})) break
    }
    expect(proved(tenantId)).toBe(6 * tenantCollections.length)
  })

  test('so does every writing verb, in a transaction', async () => {
    const tenantId = newTenant()
    const customer = customerRow(tenantId)
    const subscription = subscriptionRow(customer)
    await store.transaction(tenantId, async tx => {
      await tx.insert('customers', customer)
      await tx.insert('subscriptions', subscription)
    })
    await store.transaction(tenantId, async tx => {
      await tx.insertMany('ledgerEntries', [ledgerRow(tenantId)], { onConflict: 'skip' })
      await tx.insert('paymentMethods', methodRow(customer))
      const locked = await tx.lock('customers', customer.id)
      await tx.replace('customers', { ...locked, name: 'other' })
      const shared = await tx.share('subscriptions', subscription.id)
      await tx.replaceMany('subscriptions', [shared])
      await tx.takeNumbers({ INV: 1 })
      await tx.takeNumbers({ INV: 1 })
      await tx.ingest([usageRow(subscription)])
      await tx.insert('reservations', reservationOf(tenantId))
      await tx.remove('reservations', 'held')
    })
    expect(proved(tenantId)).toBeGreaterThan(15)
  })
})
