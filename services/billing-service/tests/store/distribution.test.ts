// Whether tables could be spread over several servers by their tenant: each key of a tenant's table includes it, so
// no key has to hold between two servers, and a reference never leaves one. Read from the catalogue of a migrated
// database, not from what is declared.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { withClient } from '../../src/adapters/postgres/server-process.ts'
import { startTestServer, type TestServer } from './server.ts'

let server: TestServer
let ownerUrl: string

beforeAll(async () => {
  server = await startTestServer()
  ownerUrl = (await server.fresh()).ownerUrl
})
afterAll(() => server?.stop())

async function rowsOf<R>(sql: string): Promise<R[]> {
  const { rows } = await withClient(ownerUrl, client => client.query(sql))
  return rows as R[]
}

/** Tables that name a tenant and stay on one server all the same. */
const kept: Readonly<Record<string, string>> = {
  inbox: 'an event is stored before it is known whose it is, once by the processor’s id',
  drifts: 'a difference may be of something that no tenant has',
}

/** Tables without a tenant: small, and the same for all, or the deployment’s own. */
const everybodys = [
  'brandings',
  'certificates',
  'closings',
  'coupon_counters',
  'coupons',
  'deployment',
  'issuer_series',
  'job_runs',
  'leases',
  'marks',
  'number_prefixes',
  'payouts',
  'plans',
  'promotion_codes',
  'schema_migrations',
  'schema_roles',
  'tax_rates',
]

const schema = `pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'quittance'`
const namesTenant = `exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id'
  and not a.attisdropped)`

test('every table has a tenant, or is one of 17 that belong to nobody', async () => {
  const found = await rowsOf<{ name: string }>(
    `select c.relname as name from ${schema} where c.relkind in ('r', 'p') and not ${namesTenant} order by 1`,
  )
  expect(found.map(({ name }) => name)).toEqual(everybodys)
})

test('every primary and unique key of a tenant’s table includes the tenant', async () => {
  const found = await rowsOf<{ table: string; key: string; fields: string[] }>(
    `select c.relname as table, x.relname as key,
       array(select a.attname::text from unnest(i.indkey[0:i.indnkeyatts - 1]) as f(num)
         join pg_attribute a on a.attrelid = c.oid and a.attnum = f.num) as fields
     from ${schema} join pg_index i on i.indrelid = c.oid and i.indisunique
     join pg_class x on x.oid = i.indexrelid
     where ${namesTenant} order by 1, 2`,
  )
  expect(found.length).toBeGreaterThan(60)
  const without = found.filter(({ fields }) => !fields.includes('tenant_id'))
  expect(without.map(({ table, key }) => `${table} ${key}`)).toEqual([
    'drifts drifts_key_key',
    'drifts drifts_pkey',
    'inbox inbox_pkey',
  ])
  expect([...new Set(without.map(({ table }) => table))].sort()).toEqual(Object.keys(kept).sort())
})

test('every foreign key goes from a tenant’s row to a row of the same tenant', async () => {
  const found = await rowsOf<{ key: string; same: boolean }>(
    `select k.conname as key, exists (
       select from unnest(k.conkey, k.confkey) as pair(here, there)
       join pg_attribute a on a.attrelid = k.conrelid and a.attnum = pair.here and a.attname = 'tenant_id'
       join pg_attribute b on b.attrelid = k.confrelid and b.attnum = pair.there and b.attname = 'tenant_id'
     ) as same
     from ${schema} join pg_constraint k on k.conrelid = c.oid and k.contype = 'f' order by 1`,
  )
  expect(found.length).toBeGreaterThan(30)
  expect(found.filter(({ same }) => !same)).toEqual([])
})

test('no table holds rows apart by anything but keys: there is no exclusion constraint', async () => {
  expect(
    await rowsOf(
      `select k.conname from ${schema} join pg_constraint k on k.conrelid = c.oid where k.contype = 'x'`,
    ),
  ).toEqual([])
})
