// A look at a database that changes nothing: does it let us in, where does its schema stand, does its clock
// agree with ours.
import { Client } from 'pg'
import { schemaVersion } from './migrate.ts'
import { schemaName } from './rows.ts'

export interface DatabaseFacts {
  readonly serverVersion: string
  /** The last migration that ran; null for a database without our schema. */
  readonly migration: number | null
  readonly newestMigration: number
  /** How far its clock is ahead of ours, in milliseconds. */
  readonly clockAheadMs: number
}

/** Looks at the database of a URL. Throws what the connection throws. */
export async function inspectDatabase(url: string): Promise<DatabaseFacts> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: 5_000,
    application_name: 'quittance doctor',
  })
  client.on('error', () => undefined)
  try {
    await client.connect()
    const { rows } = await client.query<{ now: Date; version: string; found: string | null }>(
      `select clock_timestamp() as now, current_setting('server_version') as version,
       to_regclass($1)::text as found`,
      [`${schemaName}.schema_migrations`],
    )
    const clockAheadMs = (rows[0]?.now.getTime() ?? 0) - Date.now()
    return {
      serverVersion: rows[0]?.version ?? '',
      migration: rows[0]?.found == null ? null : await lastMigration(client),
      newestMigration: schemaVersion,
      clockAheadMs,
    }
  } finally {
    await client.end().catch(() => undefined)
  }
}

async function lastMigration(client: Client): Promise<number> {
  const { rows } = await client.query<{ number: string | null }>(
    `select max(number) as number from ${schemaName}.schema_migrations`,
  )
  return Number(rows[0]?.number ?? 0)
}
