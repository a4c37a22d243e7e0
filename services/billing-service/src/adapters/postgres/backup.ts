// A backup of every table as one moment saw it, and its way back into an empty database. No tool besides
// this program is needed: an embedded server brings none. Files are COPY's text, compressed, each with its
// rows counted and its bytes hashed in a manifest that is written last: a folder without it is no backup.
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { Client, escapeIdentifier } from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import { StartupProblem } from '../../ports/startup.ts'
import { copyKeysIn, countKeys } from './key-copy.ts'
import { schemaVersion } from './migrate.ts'
import { schemaName, tableOf } from './rows.ts'

export interface BackupTable {
  readonly name: string
  readonly columns: readonly string[]
  readonly rows: number
  /** Of the uncompressed text. */
  readonly sha256: string
}

export interface BackupManifest {
  readonly format: 1
  readonly schemaVersion: number
  readonly takenAt: string
  readonly serverVersion: string
  /** Keys of personal fields there were; they are in a file of their own, never in the folder. */
  readonly keys: number
  readonly tables: readonly BackupTable[]
}

export type BackupProgress = (done: number, total: number) => void

/** What the migrations keep about themselves is made by them, not restored. */
const bookkeeping = ['schema_migrations', 'schema_roles']

/** Keys lie apart from the rows, so that an erasure reaches backups that were made before it. */
const keyTable = tableOf('dataKeys').shape.table

const fileOf = (folder: string, table: string) => join(folder, 'tables', `${table}.copy.gz`)

async function open(url: string): Promise<Client> {
  const client = new Client({ connectionString: url, application_name: 'quittance backup' })
  client.on('error', () => undefined)
  await client.connect()
  return client
}

async function tablesOf(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = $1::regnamespace
     and relkind in ('r', 'p') and not relispartition and not relname = any($2) order by relname`,
    [schemaName, bookkeeping],
  )
  return rows.map(({ name }) => name)
}

async function columnsOf(client: Client, table: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select attname as name from pg_attribute where attrelid = $1::regclass
     and attnum > 0 and not attisdropped and attgenerated = '' order by attnum`,
    [`${schemaName}.${escapeIdentifier(table)}`],
  )
  return rows.map(({ name }) => name)
}

const nameIn = (table: string) => `${schemaName}.${escapeIdentifier(table)}`
const listed = (columns: readonly string[]) => columns.map(escapeIdentifier).join(', ')

/**
 * Writes every row of the deployment into a folder, as of one moment, while the service goes on. `systemUrl`
 * is the role that sees every tenant.
 */
export async function backUp(
  systemUrl: string,
  folder: string,
  progress: BackupProgress = () => undefined,
): Promise<BackupManifest> {
  await mkdir(join(folder, 'tables'), { recursive: true, mode: 0o700 })
  const client = await open(systemUrl)
  try {
    await client.query('begin isolation level repeatable read read only')
    const { rows } = await client.query<{ at: Date; version: string; number: string }>(
      `select now() as at, current_setting('server_version') as version,
       (select max(number) from ${schemaName}.schema_migrations) as number`,
    )
    const keys = await countKeys(client)
    const names = (await tablesOf(client)).filter(name => name !== keyTable)
    const tables: BackupTable[] = []
    for (const name of names) {
      tables.push(await copyOut(client, folder, name))
      progress(tables.length, names.length)
    }
    await client.query('commit')
    const { at, version, number } = rows[0]!
    const manifest: BackupManifest = {
      format: 1,
      schemaVersion: Number(number),
      takenAt: at.toISOString(),
      serverVersion: version,
      keys,
      tables,
    }
    await writeFile(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`, {
      mode: 0o600,
    })
    return manifest
  } finally {
    await client.end().catch(() => undefined)
  }
}

async function copyOut(client: Client, folder: string, name: string): Promise<BackupTable> {
  const columns = await columnsOf(client, name)
  const counted = hashing()
  const source = client.query(copyTo(`copy ${nameIn(name)} (${listed(columns)}) to stdout`))
  await pipeline(
    source,
    counted.through,
    createGzip({ level: 6 }),
    createWriteStream(fileOf(folder, name), { mode: 0o600 }),
  )
  return { name, columns, ...counted.result() }
}

/** Counts rows (COPY's text has one line each) and hashes what passes. */
function hashing() {
  const hash = createHash('sha256')
  let rows = 0
  const through = new PassThrough()
  through.on('data', (chunk: Buffer) => {
    hash.update(chunk)
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) rows += 1
  })
  return { through, result: () => ({ rows, sha256: hash.digest('hex') }) }
}

/** The manifest of a backup. Throws `StartupProblem` for a folder that is none. */
export async function readManifest(folder: string): Promise<BackupManifest> {
  let manifest: BackupManifest
  try {
    manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'))
  } catch (cause) {
    throw new StartupProblem(`${folder} is no finished backup: it has no manifest.json.`, { cause })
  }
  if (manifest.format !== 1) {
    throw new StartupProblem(`The backup in ${folder} has format ${manifest.format}, not 1.`)
  }
  return manifest
}

/** Reads every file once more and holds it against the manifest. Answers the names that differ. */
export async function checkBackup(folder: string): Promise<string[]> {
  const wrong: string[] = []
  for (const table of (await readManifest(folder)).tables) {
    const counted = hashing()
    counted.through.resume()
    try {
      await pipeline(createReadStream(fileOf(folder, table.name)), createGunzip(), counted.through)
      const { rows, sha256 } = counted.result()
      if (rows !== table.rows || sha256 !== table.sha256) wrong.push(table.name)
    } catch {
      wrong.push(table.name)
    }
  }
  return wrong
}

/** Referred tables before those that refer to them. */
async function inOrder(client: Client, names: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ name: string; needs: string }>(
    `select c.relname as name, t.relname as needs from pg_constraint k
     join pg_class c on c.oid = k.conrelid join pg_class t on t.oid = k.confrelid
     where k.contype = 'f' and k.connamespace = $1::regnamespace and c.oid <> t.oid`,
    [schemaName],
  )
  const ordered: string[] = []
  const visit = (name: string, path: readonly string[]) => {
    if (ordered.includes(name)) return
    if (path.includes(name)) throw new Error(`tables refer to each other: ${path.join(', ')}`)
    for (const { needs } of rows.filter(row => row.name === name)) visit(needs, [...path, name])
    ordered.push(name)
  }
  for (const name of names) visit(name, [])
  return ordered.filter(name => names.includes(name))
}

/**
 * Puts a backup into a database that has the schema and no rows, in one transaction: all of it or nothing.
 * `ownerUrl` is the role that owns the tables, `keys` the file of `copyKeysOut`. Throws `StartupProblem` for a damaged
 * backup, one of another schema or without its keys, or a database with rows.
 */
export async function restore(
  ownerUrl: string,
  folder: string,
  {
    keys = null,
    progress = () => undefined,
  }: { readonly keys?: string | null; readonly progress?: BackupProgress } = {},
): Promise<BackupManifest> {
  const manifest = await readManifest(folder)
  if (manifest.schemaVersion !== schemaVersion) {
    throw new StartupProblem(
      `The backup is of migration ${manifest.schemaVersion}, this version knows ${schemaVersion}: ` +
        'restore it with the version that made it, then upgrade.',
    )
  }
  if (manifest.keys > 0 && keys === null) {
    throw new StartupProblem(
      'Personal data in this backup are encrypted: give the newest copy of their keys with --keys FILE.',
    )
  }
  const wrong = await checkBackup(folder)
  if (wrong.length > 0) {
    throw new StartupProblem(`The backup is damaged: ${wrong.join(', ')}. Nothing was restored.`)
  }
  const client = await open(ownerUrl)
  try {
    await client.query('begin')
    const names = await inOrder(client, await tablesOf(client))
    await openToOwner(client, names, false)
    await assertEmpty(client, names)
    let done = 0
    for (const name of names) {
      const table = manifest.tables.find(each => each.name === name)
      if (table !== undefined) await copyIn(client, folder, table)
      done += 1
      progress(done, names.length)
    }
    if (keys !== null) await copyKeysIn(client, keys)
    await openToOwner(client, names, true)
    await client.query('commit')
    await client.query('analyze')
    return manifest
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw error
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** Row-level security binds the owner too; inside this transaction it does not. */
async function openToOwner(client: Client, names: readonly string[], closed: boolean) {
  const { rows } = await client.query<{ name: string }>(
    `select relname as name from pg_class
     where relnamespace = $1::regnamespace and relrowsecurity and relname = any($2)`,
    [schemaName, names],
  )
  for (const { name } of rows) {
    await client.query(`alter table ${nameIn(name)} ${closed ? '' : 'no '}force row level security`)
  }
}

async function assertEmpty(client: Client, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const { rows } = await client.query(`select exists (select from ${nameIn(name)}) as filled`)
    if (rows[0]?.filled !== true) continue
    throw new StartupProblem(
      `The database is not empty (${name} has rows). A backup is restored into a new one only.`,
    )
  }
}

async function copyIn(client: Client, folder: string, table: BackupTable): Promise<void> {
  const { name, columns, rows, sha256 } = table
  const counted = hashing()
  const sink = client.query(copyFrom(`copy ${nameIn(name)} (${listed(columns)}) from stdin`))
  await pipeline(createReadStream(fileOf(folder, name)), createGunzip(), counted.through, sink)
  const read = counted.result()
  if (read.rows !== rows || read.sha256 !== sha256) {
    throw new StartupProblem(`The backup changed while it was restored: ${name}.`)
  }
}
