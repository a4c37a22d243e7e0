// The schema as the migrations make it: kept in a file that is read in review, and held against what the
// port declares. `UPDATE_GOLDEN=1` writes the file anew.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { keyByConstraint, snakeCase, tableOf } from '../../src/adapters/postgres/rows.ts'
import { withClient } from '../../src/adapters/postgres/server-process.ts'
import { collectionNames, fullKey, isNullable, shapeOf, uniqueKeys } from '../../src/ports/shape.ts'
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

interface ColumnFacts {
  readonly table: string
  readonly column: string
  readonly type: string
  readonly nullable: boolean
  readonly collation: string | null
}

const columns = () =>
  rowsOf<ColumnFacts>(`
    select c.relname as table, a.attname as column, format_type(a.atttypid, a.atttypmod) as type,
      not a.attnotnull as nullable, l.collname as collation
    from pg_attribute a
    join pg_class c on c.oid = a.attrelid and c.relkind = 'r'
    join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'quittance'
    left join pg_collation l on l.oid = a.attcollation
    where a.attnum > 0 and not a.attisdropped order by c.relname, a.attnum`)

interface KeyFacts {
  readonly table: string
  readonly name: string
  readonly kind: 'p' | 'u' | 'f' | 'c'
  readonly definition: string
  readonly fields: string[]
  readonly target: string | null
  readonly targetFields: string[] | null
}

const constraints = () =>
  rowsOf<KeyFacts>(`
    select c.relname as table, k.conname as name, k.contype as kind,
      pg_get_constraintdef(k.oid) as definition, f.relname as target,
      array(select a.attname::text from unnest(k.conkey) with ordinality as u(num, place)
        join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.num order by place) as fields,
      array(select a.attname::text from unnest(k.confkey) with ordinality as u(num, place)
        join pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.num order by place) as "targetFields"
    from pg_constraint k
    join pg_class c on c.oid = k.conrelid
    join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'quittance'
    left join pg_class f on f.oid = k.confrelid
    where k.contype in ('p', 'u', 'f', 'c') order by c.relname, k.contype, k.conname`)

interface IndexFacts {
  readonly table: string
  readonly name: string
  readonly definition: string
  readonly fields: string[]
}

const indexes = () =>
  rowsOf<IndexFacts>(`
    select c.relname as table, i.relname as name, pg_get_indexdef(x.indexrelid) as definition,
      array(select pg_get_indexdef(x.indexrelid, place::int, true)
        from generate_series(1, x.indnatts) place) as fields
    from pg_index x
    join pg_class i on i.oid = x.indexrelid
    join pg_class c on c.oid = x.indrelid
    join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'quittance'
    order by c.relname, i.relname`)

interface AccessFacts {
  readonly table: string
  readonly forced: boolean
  readonly policies: string[]
  readonly grants: string[]
}

const access = () =>
  rowsOf<AccessFacts>(`
    select c.relname as table, c.relrowsecurity and c.relforcerowsecurity as forced,
      array(select p.polname || ' to ' || array_to_string(p.polroles::regrole[], ',') || ' using ' ||
          pg_get_expr(p.polqual, c.oid) || ' check ' || pg_get_expr(p.polwithcheck, c.oid)
        from pg_policy p where p.polrelid = c.oid order by p.polname) as policies,
      array(select g.grantee || ': ' || string_agg(lower(g.privilege_type), ', ' order by g.privilege_type)
        from information_schema.role_table_grants g
        where g.table_schema = 'quittance' and g.table_name = c.relname and g.grantee like 'pattern%'
        group by g.grantee order by g.grantee) as grants
    from pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'quittance'
    where c.relkind = 'r' order by c.relname`)

async function dump(): Promise<string> {
  const [facts, keys, lists, rights] = [
    await columns(),
    await constraints(),
    await indexes(),
    await access(),
  ]
  const sections = rights.map(({ table, forced, policies, grants }) => {
    const of = <F extends { table: string }>(all: readonly F[]) =>
      all.filter(fact => fact.table === table)
    return [
      `${table}${forced ? ' (row-level security forced)' : ''}`,
      ...of(facts).map(
        c =>
          `  ${c.column} ${c.type}${c.nullable ? '' : ' not null'}${c.collation ? ` ${c.collation}` : ''}`,
      ),
      ...of(keys).map(key => `  constraint ${key.name}: ${key.definition}`),
      ...of(lists).map(
        index => `  index ${index.name}: ${index.definition.replace(/^.* USING /, '')}`,
      ),
      ...policies.map(policy => `  policy ${policy}`),
      ...grants.map(grant => `  grant ${grant}`),
    ].join('\n')
  })
  return `${sections.join('\n\n')}\n`
}

const golden = join(import.meta.dirname, 'schema.golden.txt')

test('the schema equals the golden file', async () => {
  const schema = await dump()
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(golden, schema)
  expect(schema).toBe(readFileSync(golden, 'utf8'))
})

const sqlTypeNames: Readonly<Record<string, string>> = { timestamptz: 'timestamp with time zone' }

describe('declarations and migrations agree', () => {
  test('every field is a column of its type, and no column is undeclared', async () => {
    const facts = await columns()
    for (const collection of collectionNames) {
      const table = tableOf(collection)
      const found = facts.filter(fact => fact.table === table.shape.table)
      const declared = table.columns.map(({ name, sqlType, field, type }) => ({
        table: table.shape.table,
        column: name,
        type: sqlTypeNames[sqlType] ?? sqlType,
        nullable: isNullable(table.shape, field),
        collation: type === 'text' ? 'C' : null,
      }))
      const byName = (a: { column: string }, b: { column: string }) =>
        a.column < b.column ? -1 : 1
      expect(found.sort(byName)).toEqual(declared.sort(byName))
    }
  })

  test('every table is declared, or is the migrations’ own', async () => {
    const tables = new Set((await columns()).map(fact => fact.table))
    const declared = collectionNames.map(name => shapeOf(name).table)
    expect([...tables].sort()).toEqual([...declared, 'schema_migrations', 'schema_roles'].sort())
  })

  test('keys and unique keys are the declared ones, under the names that refusals read', async () => {
    const keys = (await constraints()).filter(key => key.kind === 'p' || key.kind === 'u')
    for (const collection of collectionNames) {
      const shape = shapeOf(collection)
      const found = keys.filter(key => key.table === shape.table)
      for (const key of found) {
        expect(key.fields).toEqual((keyByConstraint.get(key.name) ?? []).map(snakeCase))
      }
      const declared = [fullKey(shape), ...uniqueKeys(shape)].map(fields =>
        fields.map(snakeCase).join(),
      )
      expect(found.map(key => key.fields.join()).sort()).toEqual(declared.sort())
    }
  })

  test('every reference is a foreign key that starts with the tenant', async () => {
    const keys = (await constraints()).filter(key => key.kind === 'f')
    const found = keys.map(
      key => `${key.table}(${key.fields}) to ${key.target}(${key.targetFields})`,
    )
    const declared = collectionNames.flatMap(collection => {
      const shape = shapeOf(collection)
      return Object.entries(shape.references ?? {}).map(([field, target]) => {
        const table = shapeOf(target as (typeof collectionNames)[number]).table
        return `${shape.table}(tenant_id,${snakeCase(field)}) to ${table}(tenant_id,id)`
      })
    })
    expect(found.sort()).toEqual(declared.sort())
  })

  test('every declared order has an index, and no index is without a declaration', async () => {
    const found = (await indexes()).filter(index => !index.table.startsWith('schema_'))
    const declared = collectionNames.flatMap(collection => {
      const shape = shapeOf(collection)
      const tenant = shape.scope === 'tenant' ? ['tenantId'] : []
      const lists = [
        fullKey(shape),
        ...uniqueKeys(shape),
        ...(shape.indexes ?? []).map(fields => [...tenant, ...fields]),
        ...(shape.systemIndexes ?? []),
      ]
      return lists.map(fields => `${shape.table}(${fields.map(snakeCase)})`)
    })
    const names = found.map(index => `${index.table}(${index.fields})`)
    expect([...new Set(names)].sort()).toEqual([...new Set(declared)].sort())
  })

  test('every tenant’s table is closed to all but its tenant and the system', async () => {
    const rights = await access()
    for (const collection of collectionNames) {
      const shape = shapeOf(collection)
      const found = rights.find(({ table }) => table === shape.table)
      const changes = shape.appendOnly ? 'insert, select' : 'delete, insert, select, update'
      if (shape.scope === 'tenant') {
        expect(found?.forced).toBe(true)
        expect(found?.policies.map(policy => policy.split(' using')[0])).toEqual([
          'all_tenants to pattern_system',
          'one_tenant to pattern_app',
        ])
        expect(found?.grants).toEqual([`pattern_app: ${changes}`, `pattern_system: ${changes}`])
      } else {
        const shared: Readonly<Partial<Record<string, string>>> = {
          numberPrefixes: 'insert, select',
          issuerSeries: 'insert, select',
        }
        const app = shared[collection] ?? 'select'
        expect(found?.grants).toEqual([`pattern_app: ${app}`, `pattern_system: ${changes}`])
      }
    }
  })
})
