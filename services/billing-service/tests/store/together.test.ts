// Work for many rows on PostgreSQL really shares a transaction and its statements, whatever it asks.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openPostgresStore } from '../../src/adapters/postgres/store.ts'
import { customerRow, newTenant, subscriptionRow } from '../../src/ports/contract/rows.ts'
import type { Store } from '../../src/ports/store.ts'
import { startTestServer, type TestServer } from './server.ts'

let server: TestServer
let store: Store
const said: string[] = []

beforeAll(async () => {
  server = await startTestServer()
  const { appUrl, systemUrl } = await server.fresh()
  store = await openPostgresStore({ appUrl, systemUrl, log: line => said.push(line) })
})
afterAll(async () => {
  await store.close()
  await server.stop()
})

async function agreements(count: number) {
  const customers = Array.from({ length: count }, () => customerRow(newTenant()))
  const all = customers.map(customer => subscriptionRow(customer))
  await store.system.transaction(async tx => {
    await tx.insertMany('customers', customers)
    await tx.insertMany('subscriptions', all)
  })
  return all
}

describe('work for 50 rows', () => {
  it('asks by key, by lists, by sums and counts, and writes, without falling into halves', async () => {
    const all = await agreements(50)
    const outcomes = await store.together(all, (shared, { tenantId, id, customerId }) =>
      shared.transaction(tenantId, async tx => {
        const before = await tx.lock('subscriptions', id)
        const [shares, found, many] = await Promise.all([
          tx.share('customers', customerId),
          tx.find('subscriptions', { liveKey: 'none' }),
          tx.getMany('subscriptions', [id, 'sub_none']),
        ])
        const { rows } = await tx.list('subscriptions', {
          where: { customerId, status: { in: ['active', 'trialing'] } },
          order: { field: 'createdAt', direction: 'desc' },
          limit: 5,
        })
        const sums = await tx.sum('usageTotals', {
          where: { subscriptionId: id },
          groupBy: ['metric'],
          sum: ['quantity'],
        })
        const count = await tx.count('invoices', { where: { subscriptionId: id } })
        const { version } = await tx.replace('subscriptions', {
          ...before,
          metadata: { seen: 'yes' },
        })
        return [shares.id, found, many.length, rows.map(row => row.id), sums, count, version]
      }),
    )
    const expected = all.map(({ id, customerId, version }) => ({
      status: 'fulfilled',
      value: [customerId, null, 1, [id], [], 0, version + 1],
    }))
    expect(outcomes).toEqual(expected)
    expect(said.filter(line => line.includes('in halves'))).toEqual([])
  })

  it('of whom two want the same row has them wait for each other, still in one transaction', async () => {
    const all = await agreements(4)
    const both = [...all, all[0]!]
    const before = said.length
    const outcomes = await store.together(both, (shared, { tenantId, id }) =>
      shared.transaction(tenantId, async tx => {
        const row = await tx.lock('subscriptions', id)
        await tx.replace('subscriptions', { ...row, quantity: row.quantity + 1 })
      }),
    )
    expect(outcomes.every(({ status }) => status === 'fulfilled')).toBe(true)
    expect(said.slice(before)).toEqual([])
    const { tenantId, id, quantity } = all[0]!
    expect((await store.of(tenantId).get('subscriptions', id)).quantity).toBe(quantity + 2)
  })

  it('of whom two wait for each other in a ring says so, and does them in halves', async () => {
    const customer = customerRow(newTenant())
    const [a, b] = [subscriptionRow(customer), subscriptionRow(customer)]
    await store.system.transaction(async tx => {
      await tx.insert('customers', customer)
      await tx.insertMany('subscriptions', [a, b])
    })
    const ways = [
      [a, b],
      [b, a],
    ]
    const outcomes = await store.together(ways, (shared, ids) =>
      shared.transaction(customer.tenantId, async tx => {
        for (const { id } of ids) await tx.lock('subscriptions', id)
        for (const { id } of ids) {
          const row = await tx.get('subscriptions', id)
          await tx.replace('subscriptions', { ...row, quantity: row.quantity + 1 })
        }
      }),
    )
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled'])
    expect(said.some(line => line.includes('2 rows') && line.includes('in halves'))).toBe(true)
    const { rows } = await store.of(customer.tenantId).list('subscriptions', { limit: 2 })
    expect(rows.map(row => row.quantity)).toEqual([3, 3])
  })
})
