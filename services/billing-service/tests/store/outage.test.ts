// What a store answers when its database is away, slow or full of connections: a refusal that says so, and
// work that goes on once it is back.
import { afterAll, beforeAll, expect, test } from 'vitest'

import type { PreparedDatabase } from '../../src/adapters/postgres/prepare.ts'
import { withClient } from '../../src/adapters/postgres/server-process.ts'
import { openPostgresStore } from '../../src/adapters/postgres/store.ts'
import { refusalOf } from '../../src/ports/contract/refused.contract.ts'
import { customerRow, newTenant } from '../../src/ports/contract/rows.ts'
import type { Store } from '../../src/ports/store.ts'
import { startTestServer, type TestServer } from './server.ts'

let server: TestServer
let database: PreparedDatabase
let store: Store

beforeAll(async () => {
  server = await startTestServer()
  database = await server.fresh()
  store = await openPostgresStore(database)
})
afterAll(async () => {
  await store.close()
  await server.stop()
})

const asOwner = (text: string) => withClient(database.ownerUrl, client => client.query(text))

const endAll = () =>
  asOwner(
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'quittance %'`,
  )

const away = { code: 'unavailable', details: { part: 'database' } }

test('a connection that dies inside a transaction is unavailable, and nothing was written', async () => {
  const tenantId = newTenant()
  const lost = store.transaction(tenantId, async tx => {
    await tx.insert('customers', customerRow(tenantId))
    await endAll()
    await tx.insert('customers', customerRow(tenantId))
  })
  expect(await refusalOf(lost)).toMatchObject(away)
  expect(await store.of(tenantId).count('customers', {})).toBe(0)
})

test('idle connections that die do not end the process, and the next reads succeed', async () => {
  const reads = store.of(newTenant())
  await Promise.all(Array.from({ length: 10 }, () => reads.count('customers', {})))
  await endAll()
  const answers = await Promise.allSettled(
    Array.from({ length: 10 }, () => reads.count('customers', {})),
  )
  for (const answer of answers) {
    if (answer.status === 'rejected') expect(answer.reason).toMatchObject(away)
  }
  expect(await reads.count('customers', {})).toBe(0)
})

test('a deadlock is a lost race: the body runs again and both transactions commit', async () => {
  const tenantId = newTenant()
  const [a, b] = [customerRow(tenantId), customerRow(tenantId)]
  await store.transaction(tenantId, tx => tx.insertMany('customers', [a, b]))
  let runs = 0
  let arrive: () => void = () => undefined
  const bothHold = new Promise<void>(resolve => {
    let waiting = 2
    arrive = () => {
      waiting -= 1
      if (waiting === 0) resolve()
    }
  })
  const cross = (first: string, second: string) =>
    store.transaction(tenantId, async tx => {
      runs += 1
      await tx.lock('customers', first as typeof a.id)
      arrive()
      await bothHold
      const row = await tx.lock('customers', second as typeof a.id)
      await tx.replace('customers', { ...row, name: 'crossed' })
    })
  await Promise.all([cross(a.id, b.id), cross(b.id, a.id)])
  expect(runs).toBe(3)
  const rows = await store.of(tenantId).getMany('customers', [a.id, b.id])
  expect(rows.map(row => row.version)).toEqual([2, 2])
})

test('a statement that waits over its time is unavailable, and its connection serves on', async () => {
  const tenantId = newTenant()
  const row = customerRow(tenantId)
  const brief = await openPostgresStore({
    ...database,
    patience: { app: { statementMs: 100 } },
    poolSize: 1,
  })
  await store.transaction(tenantId, async tx => {
    await tx.insert('customers', row)
    const waiting = brief.transaction(tenantId, other => other.insert('customers', row))
    expect(await refusalOf(waiting)).toMatchObject(away)
  })
  expect(await brief.of(tenantId).count('customers', {})).toBe(1)
  await brief.close()
})

test('a server that is gone is unavailable to reads, writes and ping', async () => {
  const own = await startTestServer()
  const gone = await openPostgresStore(await own.fresh())
  await own.stop()
  expect(await refusalOf(gone.ping())).toMatchObject(away)
  expect(await refusalOf(gone.of('t').count('customers', {}))).toMatchObject(away)
  expect(await refusalOf(gone.transaction('t', async () => undefined))).toMatchObject(away)
  expect(await refusalOf(gone.system.count('tenants', {}))).toMatchObject(away)
  await gone.close()
})
