// The tenant stands in every command that a tenant's handle sends to MongoDB, read off the driver's monitor.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
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
import { freshMongo, type MongoDatabase } from '../../src/test/mongo-database.ts'
import { strayOf, type Tenancy, watchTenancy } from '../../src/test/mongo-tenancy.ts'
import { describeOnMongo } from '../../src/test/on-mongo.ts'

const tenantCollections = collectionNames.filter(name => shapeOf(name).scope === 'tenant')

const reservationOf = (tenantId: string) => ({
  tenantId,
  id: 'held',
  holder: 'a',
  heldUntil: 0,
  version: 1,
})

const commandOf = (body: Row) => ({ name: 'find', body: { find: 'quittance.invoices', ...body } })

describe('a command', () => {
  test('of a tenant that does not name it, or names another, is seen', () => {
    const filter = { tenantId: 'one', $and: [{ id: 'x' }] }
    expect(strayOf(commandOf({ comment: 'tenant one', filter }))).toBeNull()
    expect(strayOf(commandOf({ comment: 'tenant other', filter }))).toContain('names one')
    expect(strayOf(commandOf({ comment: 'tenant one', filter: { id: 'x' } }))).not.toBeNull()
    expect(strayOf(commandOf({ filter }))).toContain('does not say whose it is')
    expect(strayOf(commandOf({ comment: 'system', filter: {} }))).toBeNull()
  })
})

describeOnMongo('commands of a tenant on MongoDB', uri => {
  let tenancy: Tenancy
  let database: MongoDatabase
  let store: Store
  beforeAll(async () => {
    database = await freshMongo(uri)
  })
  beforeEach(async () => {
    tenancy = watchTenancy()
    store = await openMongoStore({ uri: database.uri, watch: tenancy.watch })
  })
  afterEach(() => store.close())
  afterAll(() => database.drop())

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
    expect(tenancy.proved()).toBe(6 * tenantCollections.length)
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
    expect(tenancy.proved()).toBeGreaterThan(15)
  })
})
