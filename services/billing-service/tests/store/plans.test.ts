// That declared indexes carry the queries they are declared for: PostgreSQL's own plans, on 20,000 rows of
// 100 tenants.
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Statement } from '../../src/adapters/postgres/connect.ts'
import type { PreparedDatabase } from '../../src/adapters/postgres/prepare.ts'
import {
  type Asking,
  countStatement,
  keyStatement,
  pageStatement,
  sumStatement,
} from '../../src/adapters/postgres/queries.ts'
import { rowTypes, tableOf } from '../../src/adapters/postgres/rows.ts'
import { withClient } from '../../src/adapters/postgres/server-process.ts'
import { openPostgresStore } from '../../src/adapters/postgres/store.ts'
import { claimStatement } from '../../src/adapters/postgres/writes.ts'
import {
  customerRow,
  dayMs,
  newYear,
  subscriptionRow,
  transactionRow,
} from '../../src/ports/contract/rows.ts'
import { cursorAfter, planFilter, planKey, planQuery } from '../../src/ports/query.ts'
import { startTestServer, type TestServer } from './server.ts'

let server: TestServer
let database: PreparedDatabase
let app: Client
let system: Client

async function fill(): Promise<void> {
  const store = await openPostgresStore(database)
  for (let tenant = 0; tenant < 100; tenant += 1) {
    const customer = customerRow(`tenant-${tenant}`)
    const rows = Array.from({ length: 200 }, (_, at) =>
      transactionRow(customer, {
        createdAt: newYear + at * dayMs,
        checkAt: at === 0 ? newYear + tenant : null,
      }),
    )
    const subscription = subscriptionRow(customer, { nextBillingAt: newYear + tenant * dayMs })
    await store.transaction(customer.tenantId, async tx => {
      await tx.insert('customers', customer)
      await tx.insert('subscriptions', subscription)
      await tx.insertMany('transactions', rows)
    })
  }
  await store.close()
  await withClient(database.ownerUrl, client => client.query('vacuum analyze'))
}

beforeAll(async () => {
  server = await startTestServer()
  database = await server.fresh()
  await fill()
  app = new Client({ connectionString: database.appUrl, types: rowTypes })
  system = new Client({ connectionString: database.systemUrl, types: rowTypes })
  await Promise.all([app.connect(), system.connect()])
})
afterAll(async () => {
  await Promise.all([app?.end(), system?.end()])
  await server?.stop()
})

async function planOf(client: Client, { text, values }: Statement): Promise<string> {
  const { rows } = await client.query(`explain (analyze, costs off, timing off) ${text}`, [
    ...values,
  ])
  return rows.map(row => row['QUERY PLAN']).join('\n')
}

const tenant: Asking = { scope: 'tenant', tenantId: 'tenant-7', mode: 'alone' }
const everybody: Asking = { scope: 'system', tenantId: null, mode: 'alone' }
const transactions = tableOf('transactions')
const newest = { field: 'createdAt', direction: 'desc' } as const

describe('a tenant’s single read sets the tenant first', () => {
  test('a row by its key is one probe of the primary key', async () => {
    const key = planKey(tenant, 'transactions', 'txn_none')
    const plan = await planOf(app, keyStatement(tenant, transactions, key))
    expect(plan).toMatch(/^Nested Loop[\s\S]*CTE t[\s\S]*CTE Scan on t[\s\S]*Index Scan/)
    expect(plan).toMatch(/transactions_pkey.*\n\s*Index Cond: .*tenant_id = \(t\.v\).* AND \(id = /)
  })

  test('the newest page and the page after it are walked in the index, without sorting', async () => {
    const first = planQuery(tenant, 'transactions', { order: newest, limit: 20 })
    const last = { createdAt: newYear + 100 * dayMs, id: 'txn_1' }
    const cursor = cursorAfter(first, last)
    const second = planQuery(tenant, 'transactions', { order: newest, limit: 20, cursor })
    for (const page of [first, second]) {
      const plan = await planOf(app, pageStatement(tenant, transactions, page))
      expect(plan).toMatch(/Index Scan Backward using transactions_tenant_id_created_at_id_idx/)
      expect(plan).not.toContain('Sort')
    }
    const after = await planOf(app, pageStatement(tenant, transactions, second))
    expect(after).toMatch(/Index Cond: .*ROW\(created_at, id\) < ROW/)
  })

  test('a filtered page, a count and a sum of a period stay within the tenant’s index', async () => {
    const where = { status: 'succeeded' } as const
    const page = planQuery(tenant, 'transactions', { where, order: newest, limit: 20 })
    const listed = await planOf(app, pageStatement(tenant, transactions, page))
    expect(listed).toContain('transactions_tenant_id_')
    expect(listed).not.toContain('Seq Scan')
    const range = { field: 'createdAt', from: newYear, to: newYear + 9 * dayMs }
    const filter = planFilter(tenant, 'transactions', { range })
    const counted = await planOf(app, countStatement(tenant, transactions, filter))
    const sum = { ...filter, sum: ['amountMinor'], groupBy: ['currency'] }
    const summed = await planOf(app, sumStatement(tenant, transactions, sum))
    for (const plan of [counted, summed]) {
      expect(plan).toMatch(/transactions_tenant_id_created_at_id_idx/)
      expect(plan).not.toContain('Seq Scan')
    }
  })
})

describe('work across tenants', () => {
  test('due rows are claimed from the head of their index', async () => {
    const times = { now: newYear + 10, leaseUntil: newYear + dayMs, limit: 5 }
    const plan = await planOf(system, claimStatement(transactions, 'checkAt', times))
    expect(plan).toMatch(/Index Scan using transactions_check_at_tenant_id_id_idx/)
    expect(plan).not.toContain('Seq Scan')
  })

  test('an object of the processor is found whoever’s it is', async () => {
    const where = { processorId: 'pi_1' }
    const page = planQuery(everybody, 'transactions', { where, limit: 1 })
    const plan = await planOf(system, pageStatement(everybody, transactions, page))
    expect(plan).toMatch(/transactions_processor_id_idx/)
  })
})
