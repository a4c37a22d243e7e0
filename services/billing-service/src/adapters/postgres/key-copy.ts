// A copy of the wrapped keys of personal fields, in one file that the next copy takes the place of. So a key that an
// erasure destroyed is soon in no copy, however many backups of the rows there are.
import { createReadStream, createWriteStream } from 'node:fs'
import { rename } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { Client } from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import { StartupProblem } from '../../ports/startup.ts'
import { tableOf } from './rows.ts'

const { name: table, columns } = tableOf('dataKeys')
const columnNames = columns.map(({ name }) => name).join(', ')

/** How many keys there are, destroyed ones among them. */
export async function countKeys(client: Client): Promise<number> {
  const { rows } = await client.query<{ keys: number }>(
    `select count(*)::int as keys from ${table}`,
  )
  return rows[0]!.keys
}

/** Writes all keys as they are now over the file, whole or not at all; answers how many there are. */
export async function copyKeysOut(systemUrl: string, file: string): Promise<number> {
  const client = new Client({ connectionString: systemUrl, application_name: 'quittance backup' })
  client.on('error', () => undefined)
  await client.connect()
  try {
    await client.query('begin isolation level repeatable read read only')
    const keys = await countKeys(client)
    const source = copyTo(`copy ${table} (${columnNames}) to stdout with (format csv, header)`)
    const beside = `${file}.new`
    const sink = createWriteStream(beside, { mode: 0o600, flush: true })
    await pipeline(client.query(source), sink)
    await client.query('commit')
    await rename(beside, file)
    return keys
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** Puts a copy into the empty table. Throws `StartupProblem` for a file that is none. */
export async function copyKeysIn(client: Client, file: string): Promise<void> {
  const sink = copyFrom(`copy ${table} (${columnNames}) from stdin with (format csv, header match)`)
  try {
    await pipeline(createReadStream(file), client.query(sink))
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new StartupProblem(`${file} is no copy of the keys: ${reason}.`, { cause })
  }
}
