// A deployment moves to another store and back: every row of some simulated months, as it was.
import { describe, expect, test } from 'vitest'
import {
  copyOrder,
  copyRows,
  differences,
  firstWithRows,
} from '../../src/actions/copy/copy-store.ts'
import { openMemoryStore } from '../../src/adapters/memory/store.ts'
import type { Store } from '../../src/ports/store.ts'
import { describeOnMongo } from '../../src/test/on-mongo.ts'
import { mongoStores, postgresStores } from '../../src/test/simulator/databases.ts'
import { runSeed } from '../../src/test/simulator/run.ts'
import { toldBy } from '../../src/test/simulator/told.ts'
import { openWorld, type SimulatedWorld } from '../../src/test/simulator/world.ts'

/** Four months of tenants' lives, kept in that store. */
async function lived(store: Store): Promise<SimulatedWorld> {
  const world = await openWorld({ seed: 'copied', store })
  await runSeed(world, 1 / 3)
  return world
}

const quiet = () => undefined

test('rows come after those they refer to', () => {
  const order = copyOrder()
  const [customers, invoices, notes, transactions] = [
    'customers',
    'invoices',
    'creditNotes',
    'transactions',
  ].map(name => order.indexOf(name as never))
  expect(customers).toBeLessThan(invoices!)
  expect(invoices).toBeLessThan(notes!)
  expect(notes).toBeLessThan(transactions!)
})

describe('a copy', () => {
  test('holds every row, and one changed afterwards is named', async () => {
    const [from, to] = [openMemoryStore(), openMemoryStore()]
    await lived(from)
    expect(await firstWithRows(to)).toBeNull()
    const copied = await copyRows(from, to, quiet)
    expect(copied).toBeGreaterThan(500)
    expect(await differences(from, to)).toEqual([])
    const [customer] = (await to.system.list('customers', { limit: 1 })).rows
    await to.system.transaction(tx => tx.replace('customers', customer!))
    const { tenantId, id } = customer!
    const key = JSON.stringify({ tenantId, id })
    expect(await differences(from, to)).toEqual([`customers: ${key} is not as it was`])
    expect(await firstWithRows(to)).not.toBeNull()
  })
})

describeOnMongo('a copy to MongoDB and back', uri => {
  test('from PostgreSQL to MongoDB and back holds every row, and says the same of its books', async () => {
    const [postgres, mongo] = [await postgresStores(), mongoStores(uri)]
    const [from, there, back] = [
      await postgres.fresh(),
      await mongo.fresh(),
      await postgres.fresh(),
    ]
    const world = await lived(from)
    try {
      const copied = await copyRows(from, there, quiet)
      expect(await differences(from, there)).toEqual([])
      expect(await copyRows(there, back, quiet)).toBe(copied)
      expect(await differences(from, back)).toEqual([])
      const told = await toldBy(world, from)
      expect(told.proofs).toHaveLength(12)
      expect(told.proofs.flatMap(({ broken }) => broken)).toEqual([])
      expect(told.files.join().length).toBeGreaterThan(10_000)
      expect(await toldBy(world, there)).toEqual(told)
      expect(await toldBy(world, back)).toEqual(told)
    } finally {
      await world.close()
      for (const store of [there, back]) await store.close()
      await postgres.close()
    }
  }, 300_000)
})
