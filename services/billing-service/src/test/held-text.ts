// Where a text stands in a database, as its owner sees it: every table of PostgreSQL, every collection of MongoDB.
import { MongoClient } from 'mongodb'
import pg from 'pg'

export interface HeldText {
  /** Tables that were looked through. */
  readonly tables: number
  /** The tables that hold it, each tenant's rows by themselves. */
  readonly found: readonly { readonly table: string; readonly tenantId: string | null }[]
}

/** Looks through every table, of the database's own schemas as well as of ours. */
export async function heldInPostgres(ownerUrl: string, text: string): Promise<HeldText> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    const { rows: tables } = await client.query(
      "select schemaname || '.' || tablename as name from pg_tables where schemaname !~ '^(pg_|info)'",
    )
    const found: { table: string; tenantId: string | null }[] = []
    for (const { name } of tables) {
      const { rows } = await client.query(
        `select distinct to_jsonb(t) ->> 'tenant_id' as tenant from ${name} t where position($1 in t::text) > 0`,
        [text],
      )
      for (const { tenant } of rows) found.push({ table: name, tenantId: tenant })
    }
    return { tables: tables.length, found }
  } finally {
    await client.end()
  }
}

/** Looks through every collection, document by document. */
export async function heldInMongo(uri: string, text: string): Promise<HeldText> {
  const client = new MongoClient(uri)
  try {
    const collections = await client.db().collections()
    const found: { table: string; tenantId: string | null }[] = []
    for (const collection of collections) {
      const tenants = new Set<string | null>()
      for await (const document of collection.find({})) {
        const { tenantId = null } = document
        if (JSON.stringify(document).includes(text)) tenants.add(tenantId && String(tenantId))
      }
      for (const tenantId of tenants) found.push({ table: collection.collectionName, tenantId })
    }
    return { tables: collections.length, found }
  } finally {
    await client.close()
  }
}
