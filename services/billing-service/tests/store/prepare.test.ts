// Making a database ready: roles, migrations, several instances at once, and what is said when it cannot be.
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDatabase, withDatabase } from '../../src/adapters/postgres/embedded.ts'
import { prepareDatabase } from '../../src/adapters/postgres/prepare.ts'
import { withClient } from '../../src/adapters/postgres/server-process.ts'
import { openPostgresStore } from '../../src/adapters/postgres/store.ts'
import { StartupProblem } from '../../src/ports/startup.ts'
import { startTestServer, type TestServer } from './server.ts'

let server: TestServer
let made = 0

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server?.stop())

const sql = (url: string, text: string) => withClient(url, client => client.query(text))

function withLogin(url: string, user: string, password: string): string {
  const changed = new URL(url)
  changed.username = user
  changed.password = password
  return changed.toString()
}

/** An empty database that belongs to a role of its own. */
async function emptyDatabase(rights: string): Promise<{ url: string; role: string; name: string }> {
  made += 1
  const [name, role] = [`empty_${made}`, `owner_${made}`]
  await sql(server.ownerUrl, `create role ${role} login ${rights} password 'secret of ${made}'`)
  const url = await createDatabase(server.ownerUrl, name)
  await sql(server.ownerUrl, `grant create on database ${name} to ${role}`)
  return { url: withLogin(url, role, `secret of ${made}`), role, name }
}

async function problemOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    reason => reason,
  )
  expect(error).toBeInstanceOf(StartupProblem)
  return (error as StartupProblem).message
}

describe('one URL whose role may make roles', () => {
  test('is enough: two plain roles are made, and a second run finds nothing to do', async () => {
    const { url, name } = await emptyDatabase('createrole')
    const first = await prepareDatabase({ databaseUrl: url })
    expect(first.applied.length).toBeGreaterThan(0)
    expect(new URL(first.appUrl).username).toBe(`${name}_app`)
    expect(new URL(first.systemUrl).username).toBe(`${name}_system`)
    const second = await prepareDatabase({ databaseUrl: url })
    expect(second).toEqual({ ...first, applied: [] })
    const store = await openPostgresStore(first)
    expect(await store.system.count('tenants', {})).toBe(0)
    await store.close()
  })

  test('serves four instances that start at once: each migration runs once', async () => {
    const { url } = await emptyDatabase('createrole')
    const all = await Promise.all([1, 2, 3, 4].map(() => prepareDatabase({ databaseUrl: url })))
    const runs = all.map(prepared => prepared.applied.length).sort()
    expect(runs.slice(0, 3)).toEqual([0, 0, 0])
    expect(runs[3]).toBeGreaterThan(0)
  })

  test('may change its password: the passwords of the other roles follow', async () => {
    const { url, role } = await emptyDatabase('createrole')
    const before = await prepareDatabase({ databaseUrl: url })
    await sql(server.ownerUrl, `alter role ${role} password 'another'`)
    const after = await prepareDatabase({ databaseUrl: withLogin(url, role, 'another') })
    expect(after.appUrl).not.toBe(before.appUrl)
    await sql(after.appUrl, 'select 1')
    await expect(sql(before.appUrl, 'select 1')).rejects.toMatchObject({ code: '28P01' })
  })
})

describe('roles made by an administrator', () => {
  test('are asked for with their SQL when the right to make them is missing', async () => {
    const { url, role, name } = await emptyDatabase('nocreaterole')
    const message = await problemOf(prepareDatabase({ databaseUrl: url }))
    expect(message).toContain(`create role "${name}_app" login`)
    expect(message).toContain(`create role "${name}_system" login`)
    expect(message).toContain(`grant create on database "${name}" to "${role}"`)
    expect(message).toContain('DATABASE_SYSTEM_URL')
  })

  test('serve under names and passwords of their own', async () => {
    const { url } = await emptyDatabase('nocreaterole')
    await sql(
      server.ownerUrl,
      `create role shop login password 'a'; create role shop_jobs login password 'b'`,
    )
    const prepared = await prepareDatabase({
      ownerUrl: url,
      databaseUrl: withLogin(url, 'shop', 'a'),
      systemUrl: withLogin(url, 'shop_jobs', 'b'),
    })
    const store = await openPostgresStore(prepared)
    expect(await store.of('t').count('customers', {})).toBe(0)
    expect(await store.system.count('tenants', {})).toBe(0)
    await store.close()
  })

  test('serve a prepared database without its owner, and cannot change it', async () => {
    const { url } = await emptyDatabase('createrole')
    const { appUrl, systemUrl } = await prepareDatabase({ databaseUrl: url })
    const served = await prepareDatabase({ databaseUrl: appUrl, systemUrl })
    expect(served).toEqual({ ownerUrl: appUrl, appUrl, systemUrl, applied: [] })
    const alone = await problemOf(prepareDatabase({ databaseUrl: appUrl }))
    expect(alone).toContain('DATABASE_SYSTEM_URL')
    await sql(url, 'delete from quittance.schema_migrations where number > 1')
    const behind = await problemOf(prepareDatabase({ databaseUrl: appUrl, systemUrl }))
    expect(behind).toContain('DATABASE_OWNER_URL')
  })

  test('given later join the roles of the first preparation', async () => {
    const { url } = await emptyDatabase('createrole')
    await prepareDatabase({ databaseUrl: url })
    await sql(url, `create role late login password 'late'`)
    const databaseUrl = withLogin(url, 'late', 'late')
    const prepared = await prepareDatabase({ ownerUrl: url, databaseUrl })
    const store = await openPostgresStore(prepared)
    expect(await store.of('t').count('customers', {})).toBe(0)
    await store.close()
  })

  test('that are superusers, or own the tables, are not let near tenants', async () => {
    const { url } = await emptyDatabase('createrole')
    const prepared = await prepareDatabase({ databaseUrl: url })
    const superuser = withDatabase(server.ownerUrl, new URL(url).pathname.slice(1))
    const asSuperuser = openPostgresStore({ ...prepared, appUrl: superuser })
    expect(await problemOf(asSuperuser)).toContain('may see past row-level security')
    const asOwner = openPostgresStore({ ...prepared, appUrl: url })
    expect(await problemOf(asOwner)).toContain('may see past row-level security')
  })
})

describe('a database that is not ours to use', () => {
  test('of a newer version is refused by migrate and by the store', async () => {
    const prepared = await server.fresh()
    await sql(
      prepared.ownerUrl,
      `insert into quittance.schema_migrations (number, name, checksum) values (999, 'later', '')`,
    )
    expect(await problemOf(prepareDatabase(prepared))).toContain('newer version')
    expect(await problemOf(openPostgresStore(prepared))).toContain('newer version')
  })

  test('whose applied migration differs from the file is refused', async () => {
    const prepared = await server.fresh()
    await sql(
      prepared.ownerUrl,
      `update quittance.schema_migrations set checksum = 'x' where number = 2`,
    )
    expect(await problemOf(prepareDatabase(prepared))).toContain('Migration 2')
  })

  test('that was never prepared is sent to migrate', async () => {
    const { url } = await emptyDatabase('createrole')
    const store = openPostgresStore({ appUrl: url, systemUrl: url })
    expect(await problemOf(store)).toContain('quittance migrate')
  })

  test('with a wrong password, or nobody listening, is one sentence', async () => {
    const { url, role } = await emptyDatabase('createrole')
    const wrong = await problemOf(prepareDatabase({ databaseUrl: withLogin(url, role, 'no') }))
    expect(wrong).toMatch(/does not let us in as "owner_\d+": .*authentication failed/)
    const nobody = new URL(url)
    nobody.port = '1'
    const refused = await problemOf(prepareDatabase({ databaseUrl: nobody.toString() }))
    expect(refused).toContain('ECONNREFUSED')
    expect(await problemOf(prepareDatabase({}))).toContain('DATABASE_URL')
  })
})

test('a migration that fails leaves nothing of itself, and the next run goes on', async () => {
  const { url } = await emptyDatabase('createrole')
  await sql(url, 'create schema quittance; create table quittance.invoices (n int)')
  await expect(prepareDatabase({ databaseUrl: url })).rejects.toMatchObject({ code: '42P07' })
  const client = new Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query(
    'select number::int from quittance.schema_migrations order by 1',
  )
  expect(rows.map(row => row.number)).toEqual([1, 2])
  await client.query('drop table quittance.invoices')
  await client.end()
  const again = await prepareDatabase({ databaseUrl: url })
  expect(again.applied[0]).toBe('money')
})
