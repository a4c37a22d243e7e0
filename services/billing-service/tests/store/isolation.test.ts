// What the database itself keeps apart, asked in plain SQL with the application's role: every tenant's
// table, without the store in between.

import { Client, type DatabaseError } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PreparedDatabase } from '../../src/adapters/postgres/prepare.ts'
import { snakeCase } from '../../src/adapters/postgres/rows.ts'
import { openPostgresStore } from '../../src/adapters/postgres/store.ts'
import type { RowOf, TenantCollection } from '../../src/ports/collections.ts'
import { apiKeyRow } from '../../src/ports/contract/api-key-rows.ts'
import { discountRow, quoteRow } from '../../src/ports/contract/coupon-rows.ts'
import { exportRows } from '../../src/ports/contract/export-rows.ts'
import { fapiaoBuyerRow, fapiaoRow } from '../../src/ports/contract/fapiao-rows.ts'
import { mailRow } from '../../src/ports/contract/mail-rows.ts'
import {
  answerRow,
  approvalRow,
  auditRow,
  dataKeyRow,
  eventRow,
  reservationRow,
} from '../../src/ports/contract/record-rows.ts'
import { reportRows } from '../../src/ports/contract/report-rows.ts'
import {
  balanceRow,
  creditEntryRow,
  creditNoteRow,
  customerRow,
  invoiceRow,
  ledgerRow,
  methodRow,
  subscriptionRow,
  tenantRow,
  transactionRow,
} from '../../src/ports/contract/rows.ts'
import { sealRows } from '../../src/ports/contract/seal-rows.ts'
import { disputeRow } from '../../src/ports/contract/settlement-rows.ts'
import { planRow } from '../../src/ports/contract/system-rows.ts'
import { alertRow, lateRow, usageRow } from '../../src/ports/contract/usage-rows.ts'
import { webhookDeliveryRow, webhookEndpointRow } from '../../src/ports/contract/webhook-rows.ts'
import { collectionNames, shapeOf } from '../../src/ports/shape.ts'
import type { Store } from '../../src/ports/store.ts'
import { startTestServer, type TestServer } from './server.ts'

/** One row of every tenant's table; a table without one does not compile. */
type Rows = { readonly [C in Exclude<TenantCollection, 'usageTotals'>]: RowOf<C> }

function rowsOf(tenantId: string): Rows {
  const customers = customerRow(tenantId)
  const paymentMethods = methodRow(customers)
  const subscriptions = subscriptionRow(customers, { paymentMethodId: paymentMethods.id })
  const invoices = invoiceRow(customers, { subscriptionId: subscriptions.id })
  const transactions = transactionRow(customers, { invoiceId: invoices.id })
  const creditBalances = balanceRow(customers)
  const events = eventRow(tenantId)
  const webhookEndpoints = webhookEndpointRow(tenantId)
  return {
    tenants: tenantRow(tenantId),
    customers,
    paymentMethods,
    subscriptions,
    invoices,
    fapiaoBuyers: fapiaoBuyerRow(customers),
    fapiaos: fapiaoRow(invoices),
    creditNotes: creditNoteRow(invoices),
    transactions,
    disputes: disputeRow(transactions),
    creditBalances,
    creditEntries: creditEntryRow(creditBalances),
    ledgerEntries: ledgerRow(tenantId, { transactionId: transactions.id }),
    usageEvents: usageRow(subscriptions),
    discounts: discountRow(subscriptions),
    quotes: quoteRow(subscriptions),
    lateTotals: lateRow(subscriptions),
    usageAlerts: alertRow(subscriptions),
    dataKeys: dataKeyRow(tenantId),
    events,
    mails: mailRow(events),
    webhookEndpoints,
    apiKeys: apiKeyRow(tenantId),
    webhookDeliveries: webhookDeliveryRow(webhookEndpoints, events),
    auditLines: auditRow(tenantId),
    approvals: approvalRow(customers),
    idempotentAnswers: answerRow(tenantId),
    reservations: reservationRow(tenantId),
    notices: { tenantId, id: 'renewal', objectId: subscriptions.id, createdAt: 0 },
    ...sealRows(tenantId),
    ...exportRows(tenantId),
    ...reportRows(subscriptions),
    numberSeries: { tenantId, id: 'INV', nextNumber: 1 },
  }
}

async function fill(store: Store, rows: Rows): Promise<void> {
  await store.transaction(rows.tenants.tenantId, async tx => {
    for (const name of Object.keys(rows) as (keyof Rows)[]) {
      if (name !== 'usageEvents') await tx.insertMany(name, [rows[name]] as never)
    }
    await tx.ingest([rows.usageEvents])
  })
}

const tenantTables = collectionNames
  .map(shapeOf)
  .filter(shape => shape.scope === 'tenant')
  .map(shape => shape.table)
const systemTables = collectionNames
  .map(shapeOf)
  .filter(shape => shape.scope === 'system')
  .map(shape => shape.table)

let server: TestServer
let database: PreparedDatabase
let store: Store
let app: Client
const mine = rowsOf('tenant-a')
const theirs = rowsOf('tenant-b')

beforeAll(async () => {
  server = await startTestServer()
  database = await server.fresh()
  store = await openPostgresStore(database)
  await fill(store, mine)
  await fill(store, theirs)
  await store.system.transaction(tx => tx.insert('plans', planRow()))
  app = new Client({ connectionString: database.appUrl })
  await app.connect()
  await app.query('set search_path = quittance')
})
afterAll(async () => {
  await app?.end()
  await store?.close()
  await server?.stop()
})

async function count(table: string): Promise<number> {
  const { rows } = await app.query(`select count(*)::int as n from ${table}`)
  return rows[0].n
}

/** Runs the body as a tenant, in a transaction that is rolled back. */
async function as<T>(tenantId: string, body: () => Promise<T>): Promise<T> {
  await app.query('begin')
  try {
    await app.query("select set_config('app.tenant_id', $1, true)", [tenantId])
    return await body()
  } finally {
    await app.query('rollback')
  }
}

/** The SQL state that a statement of a tenant ends in. */
const stateOf = (sql: string, values: unknown[] = []): Promise<string | undefined> =>
  as('tenant-a', () =>
    app.query(sql, values).then(
      () => undefined,
      (error: DatabaseError) => error.code,
    ),
  )

describe('a connection without a tenant', () => {
  test.each(tenantTables)('sees no row of %s', async table => {
    expect(await count(table)).toBe(0)
  })

  test('writes no row, not even one without a tenant’s name', async () => {
    const insert = 'insert into number_series (tenant_id, id, next_number) values ($1, $2, 1)'
    for (const tenantId of ['tenant-a', '']) {
      await expect(app.query(insert, [tenantId, 'X'])).rejects.toMatchObject({ code: '42501' })
    }
  })
})

describe('a tenant', () => {
  test.each(tenantTables)('sees its own row of %s alone', async table => {
    await as('tenant-a', async () => {
      const { rows } = await app.query(`select tenant_id from ${table}`)
      expect(rows).toEqual([{ tenant_id: 'tenant-a' }])
    })
  })

  test.each(tenantTables)('changes and removes nothing of its neighbour in %s', async table => {
    const appendOnly = collectionNames.map(shapeOf).find(s => s.table === table)?.appendOnly
    await as('tenant-a', async () => {
      if (appendOnly) {
        const change = app.query(`update ${table} set tenant_id = tenant_id`)
        await expect(change).rejects.toMatchObject({ code: '42501' })
        return
      }
      const where = "where tenant_id = 'tenant-b'"
      const changed = await app.query(`update ${table} set tenant_id = 'tenant-a' ${where}`)
      const removed = await app.query(`delete from ${table} ${where}`)
      expect([changed.rowCount, removed.rowCount]).toEqual([0, 0])
    })
  })

  test.each(tenantTables)('gives no row of %s away', async table => {
    // Row-level security answers before any key or reference is looked at.
    expect(await stateOf(`update ${table} set tenant_id = 'tenant-b'`)).toBe('42501')
  })

  const references = collectionNames.flatMap(name => {
    const shape = shapeOf(name)
    return Object.entries(shape.references ?? {}).map(([field, target]) => ({
      collection: name as keyof Rows,
      table: shape.table,
      field,
      target: target as 'customers',
      appendOnly: shape.appendOnly === true,
    }))
  })

  test.each(references.filter(reference => !reference.appendOnly))(
    'refers from $table.$field to no row of its neighbour',
    async ({ table, field, target }) => {
      const sql = `update ${table} set ${snakeCase(field)} = $1`
      expect(await stateOf(sql, [theirs[target].id])).toBe('23503')
    },
  )

  test('adds no line that refers to its neighbour’s rows', async () => {
    for (const [field, id] of [
      ['invoice_id', theirs.invoices.id],
      ['transaction_id', theirs.transactions.id],
    ]) {
      const columns =
        'tenant_id, posting_id, kind, account, currency, amount_minor, booked_at, recorded_at'
      const copied = `insert into ledger_entries (${columns}, id, dedupe_key, ${field})
        select ${columns}, 'le_copy', 'copy', $1 from ledger_entries`
      expect(await stateOf(copied, [id])).toBe('23503')
    }
    const event = `insert into usage_events
      select tenant_id, 'copy', $1, metric, quantity, occurred_at, period_start, day,
        recorded_at, null, false
      from usage_events`
    expect(await stateOf(event, [theirs.subscriptions.id])).toBe('23503')
  })

  test.each(systemTables)('changes nothing in %s', async table => {
    expect(await stateOf(`update ${table} set id = id`)).toBe('42501')
    expect(await stateOf(`delete from ${table}`)).toBe('42501')
    // Into these two a tenant adds its own prefix, and a series that nobody has taken from yet.
    if (table !== 'number_prefixes' && table !== 'issuer_series') {
      expect(await stateOf(`insert into ${table} select * from ${table}`)).toBe('42501')
    }
  })

  test('lifts none of this: no other role, no owner’s right', async () => {
    expect(await stateOf('alter table customers no force row level security')).toBe('42501')
    expect(await stateOf('drop policy one_tenant on customers')).toBe('42501')
    expect(await stateOf('truncate customers')).toBe('42501')
    expect(await stateOf('set role pattern_system')).toBe('42501')
    expect(await stateOf('set session authorization quittance')).toBe('42501')
    expect(await stateOf('create table quittance.mine (n int)')).toBe('42501')
    await as('tenant-a', async () => {
      await app.query('set local row_security = off')
      await expect(app.query('select from customers')).rejects.toMatchObject({ code: '42501' })
    })
  })
})

test('after a transaction and after a single read no tenant is set and no row is seen', async () => {
  await as('tenant-a', () => count('customers'))
  const narrow = await openPostgresStore({ ...database, poolSize: 1 })
  await narrow.of('tenant-a').list('customers', { limit: 1 })
  await narrow.transaction('tenant-a', tx => tx.count('customers', {}))
  await narrow.close()
  const single = `with t as materialized (select set_config('app.tenant_id', 'tenant-a', true) as v)
    select s.* from t, lateral (select * from customers r where r.tenant_id = t.v offset 0) s`
  expect((await app.query(single)).rowCount).toBe(1)
  const { rows } = await app.query("select current_setting('app.tenant_id', true) as tenant")
  expect(rows).toEqual([{ tenant: '' }])
  expect(await count('customers')).toBe(0)
})

test('the database refuses what the arithmetic of an invoice forbids', async () => {
  for (const wrong of [
    'total_minor = total_minor + 1',
    'amount_paid_minor = -1',
    "currency = 'usd'",
    "status = 'paid'",
    "status = 'mailed'",
    'amount_refunded_minor = -1',
  ]) {
    expect(await stateOf(`update invoices set ${wrong}`)).toBe('23514')
  }
})

test('the database keeps an issued invoice as it was issued; what is paid of it moves on', async () => {
  const said = [
    "invoice_number = 'OTHER-0001'",
    "currency = 'EUR'",
    'subtotal_minor = subtotal_minor + 1, total_minor = total_minor + 1',
    'tax_minor = tax_minor - 1, total_minor = total_minor - 1',
    "lines = jsonb_set(lines, '{0,amountMinor}', '1')",
    "lines = '[]'",
    "tax_lines = '[{}]'",
    "issued_at = issued_at + interval '1 day'",
    "status = 'draft'",
  ]

  const openOnly = `where id = 'inv_kept'`
  await as('tenant-a', async () => {
    await app.query('create temporary table kept (like quittance.invoices) on commit drop')
    await app.query("insert into kept select * from invoices where status = 'draft'")
    await app.query("update kept set id = 'inv_kept'")
    await app.query('insert into invoices select * from kept')
    const lines = JSON.stringify([{ amountMinor: 100, taxes: [{ taxMinor: 5 }] }])
    const asOpen = `status = 'open', invoice_number = 'KEPT-0001', issued_at = created_at, lines = '${lines}'`
    expect((await app.query(`update invoices set ${asOpen} ${openOnly}`)).rowCount).toBe(1)
    const credited = "lines = jsonb_set(lines, '{0,creditedNetMinor}', '1')"
    const taxed = "lines = jsonb_set(lines, '{0,taxes,0,creditedMinor}', '1')"
    for (const moved of [credited, taxed, 'attempt_count = 1', "status = 'uncollectible'"]) {
      expect((await app.query(`update invoices set ${moved} ${openOnly}`)).rowCount).toBe(1)
    }
    for (const change of [
      ...said.map(set => `update invoices set ${set}`),
      'delete from invoices',
    ]) {
      await app.query('savepoint before')
      await expect(app.query(`${change} ${openOnly}`)).rejects.toMatchObject({ code: '23000' })
      await app.query('rollback to before')
    }
  })
})
