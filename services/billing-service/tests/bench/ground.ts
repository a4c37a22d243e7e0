// What benches stand on: a service with a database that keeps what it was told (fsync on), and twins of its
// tables, without row-level security, for what the database can do at most.
import pg from 'pg'
import { rowTypes, schemaName, type Table, tableOf } from '../../src/adapters/postgres/rows.ts'
import { insertManyStatement } from '../../src/adapters/postgres/writes.ts'
import type { CollectionName } from '../../src/ports/collections.ts'
import type { Row } from '../../src/ports/shape.ts'
import { openWorld, type World } from '../../src/test/world.ts'

export interface Ground {
  readonly world: World
  /** The database as its owner sees it. */
  readonly owner: pg.Client
  close(): Promise<void>
}

const endings = ['SIGINT', 'SIGTERM'] as const
const open = new Set<() => Promise<void>>()

// Servers are processes of their own: without this they would outlive a bench that somebody stops.
function endEarly(): void {
  process.stderr.write('Stopped; its database server ends as well.\n')
  // What is being measured fails now that its server goes.
  process.on('uncaughtException', () => undefined)
  void Promise.allSettled([...open].map(close => close())).then(() => process.exit(130))
}

/** Opens a service without its jobs; benches run what they measure. */
export async function openGround(
  environment: Readonly<Record<string, string>> = {},
): Promise<Ground> {
  const world = await openWorld({ jobs: 'off', durable: true, environment })
  const owner = new pg.Client({ connectionString: world.ownerUrl, types: rowTypes })
  await owner.connect()
  await owner.query('create schema bench')
  const close = async () => {
    open.delete(close)
    if (open.size === 0) for (const signal of endings) process.off(signal, endEarly)
    await owner.end()
    await world.close()
  }
  if (open.size === 0) for (const signal of endings) process.once(signal, endEarly)
  open.add(close)
  return { world, owner, close }
}

/** An empty table like the product's: columns, defaults, indexes, checks and foreign keys. */
export async function makeTwin(owner: pg.Client, collection: CollectionName): Promise<void> {
  const { name, shape } = tableOf(collection)
  const twin = `bench.${shape.table}`
  await owner.query(`create table ${twin} (like ${name} including all)`)
  const { rows } = await owner.query(
    'select pg_get_constraintdef(oid) as says from pg_constraint ' +
      "where conrelid = $1::regclass and contype = 'f'",
    [name],
  )
  for (const { says } of rows) await owner.query(`alter table ${twin} add ${says}`)
}

const rowsPerInsert = 1_000

/** Inserts rows into the twin as fast as a client can: many rows a statement, one statement a commit. */
export async function insertRaw(
  owner: pg.Client,
  collection: CollectionName,
  rows: readonly Row[],
): Promise<void> {
  const table: Table = tableOf(collection)
  for (let from = 0; from < rows.length; from += rowsPerInsert) {
    const slice = rows.slice(from, from + rowsPerInsert)
    const { text, values } = insertManyStatement(table, slice, false)
    const raw = text.replace(`insert into ${schemaName}.`, 'insert into bench.')
    await owner.query({ name: `raw ${collection}`, text: raw, values: [...values] })
  }
}
