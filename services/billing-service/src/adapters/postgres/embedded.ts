// The embedded database: a whole PostgreSQL server in a data directory of ours, for first runs, single
// machines and tests. One owner per directory; a server left by a killed owner is taken over.
import { createHash, randomBytes } from 'node:crypto'
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { escapeIdentifier } from 'pg'
import { StartupProblem } from '../../ports/startup.ts'
import { readyBinaries } from './server-binaries.ts'
import { identify, takeLock } from './server-lock.ts'
import {
  adopt,
  type Cluster,
  databaseName,
  initialise,
  launch,
  type RunningServer,
  stopServer,
  urlOf,
  withClient,
  writePrivate,
} from './server-process.ts'
import { isRoot, obstacle, type ServerUser, serverUser } from './server-user.ts'

/** Where a root process keeps what the server's user must reach although it cannot reach the checkout. */
const sharedDir = '/var/lib/quittance'

export interface EmbeddedOptions {
  readonly dataDir: string
  /** Without it a free port is chosen. */
  readonly port?: number
  readonly log?: (line: string) => void
  /** Further server settings, such as `fsync: 'off'` for tests. */
  readonly settings?: Readonly<Record<string, string>>
}

export interface EmbeddedServer {
  /** The owner's connection: makes roles, runs migrations. */
  readonly ownerUrl: string
  readonly port: number
  readonly pid: number
  /** One line for the start banner. */
  readonly describe: string
  /** Whether the server process is there. */
  running(): boolean
  /** Stops the server in order and gives the directory back. Repeatable. */
  stop(): Promise<void>
}

export interface DataDirChoice {
  readonly dataDir: string
  /** What to tell the operator when it is not the expected one. */
  readonly notice: string | null
}

/**
 * Chooses where data goes before anything is started. An explicit directory is taken as it is (and refused
 * later if it cannot be used). The default stands in the checkout, unless this is root and the server's user
 * cannot get there: then it moves under `/var/lib/quittance`, one per checkout.
 */
export function chooseDataDir(
  explicit: string | undefined,
  byDefault: string,
  moveTo = sharedDir,
): DataDirChoice {
  if (explicit !== undefined && explicit !== '') return { dataDir: resolve(explicit), notice: null }
  const dataDir = resolve(byDefault)
  const user = serverUser()
  const blocked = user && obstacle(dirname(dataDir), user)
  if (!blocked) return { dataDir, notice: null }
  const moved = join(moveTo, createHash('sha256').update(dataDir).digest('hex').slice(0, 12))
  return {
    dataDir: moved,
    notice: `The database's user (${user.name}) cannot enter ${blocked}, so data is kept in ${moved}.`,
  }
}

function plain(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const known: Readonly<Record<string, string>> = {
    EACCES: 'permission denied',
    EPERM: 'not permitted',
    EROFS: 'the file system is read-only',
    ENOSPC: 'the disk is full',
    ENOTDIR: 'part of the path is a file',
    EEXIST: 'it is a file',
  }
  return known[code] ?? (error instanceof Error ? error.message : String(error))
}

// Folders we make ourselves are made passable, whatever the umask: the server's user walks through them.
function makeFolder(dataDir: string): void {
  const first = mkdirSync(dataDir, { recursive: true })
  if (first === undefined || !isRoot()) return
  for (let folder = dataDir; folder.length >= first.length; folder = dirname(folder)) {
    chmodSync(folder, 0o755)
  }
}

/** Makes the directory if need be and lets the server's user into it, or says what stands in the way. */
function openDataDir(dataDir: string): ServerUser | null {
  const before = serverUser()
  const blocked = before && obstacle(dirname(dataDir), before)
  if (blocked) throw unreachable(dataDir, blocked, before)
  try {
    makeFolder(dataDir)
    accessSync(dataDir, constants.W_OK | constants.X_OK)
  } catch (cause) {
    throw new StartupProblem(
      `The data directory ${dataDir} cannot be written (${plain(cause)}): choose another with DATA_DIR.`,
      { cause },
    )
  }
  const user = serverUser(statSync(join(dataDir, 'postgres'), { throwIfNoEntry: false }))
  if (user === null) return null
  // The directory itself is ours to open: a group of its own may pass, nobody else.
  const stats = statSync(dataDir)
  if (obstacle(dataDir, user) === dataDir && stats.uid === 0) {
    chownSync(dataDir, 0, user.gid)
    chmodSync(dataDir, (stats.mode & 0o7707) | 0o010)
  }
  const still = obstacle(dataDir, user)
  if (still) throw unreachable(dataDir, still, user)
  return user
}

const unreachable = (dataDir: string, folder: string, user: ServerUser): StartupProblem =>
  new StartupProblem(
    `The data directory ${dataDir} cannot be used: the database runs as user ${user.name}, who cannot ` +
      `enter ${folder}. Choose another with DATA_DIR, or open that folder (chmod o+x ${folder}).`,
  )

function assertVersion(folder: string, dataDir: string, version: string): boolean {
  const file = join(folder, 'PG_VERSION')
  if (!existsSync(folder)) return false
  const [ours] = version.split('.')
  let found: string
  try {
    found = readFileSync(file, 'utf8').trim()
  } catch (cause) {
    throw new StartupProblem(
      `The data in ${folder} cannot be read (${plain(cause)}): start as the user it belongs to, or choose ` +
        'another directory with DATA_DIR.',
      { cause },
    )
  }
  if (found === ours) return true
  throw new StartupProblem(
    `The data in ${dataDir} was written by PostgreSQL ${found}, and this is PostgreSQL ${ours}: move it ` +
      'with pg_dump, or choose another directory with DATA_DIR.',
  )
}

function passwordOf(dataDir: string, user: ServerUser | null, made: boolean): string {
  const file = join(dataDir, 'postgres.password')
  if (existsSync(file)) return readFileSync(file, 'utf8').trim()
  if (made) {
    throw new StartupProblem(`The database's password is missing: put ${file} back.`)
  }
  const password = randomBytes(24).toString('base64url')
  writePrivate(file, `${password}\n`, user)
  return password
}

// What a start that was cut short left behind.
function sweep(dataDir: string): void {
  for (const name of readdirSync(dataDir)) {
    if (/^(postgres\.new|secret)-[0-9a-f]{8}$/.test(name)) {
      rmSync(join(dataDir, name), { recursive: true, force: true })
    }
  }
}

/**
 * Starts the embedded server on a data directory, or takes over the one running on it. Whatever the
 * operator can put right (rights, a second start, data of another version) is a `StartupProblem`.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const log = options.log ?? (() => undefined)
  const dataDir = resolve(options.dataDir)
  const user = openDataDir(dataDir)
  const lock = takeLock(join(dataDir, 'quittance.lock'), dataDir)
  try {
    const cacheDir = isRoot() ? sharedDir : dataDir
    const binaries = readyBinaries({ user, cacheDir, log })
    const folder = join(dataDir, 'postgres')
    const made = assertVersion(folder, dataDir, binaries.version)
    sweep(dataDir)
    const password = passwordOf(dataDir, user, made)
    const logFile = join(dataDir, 'postgres.log')
    const settings = options.settings ?? {}
    const cluster: Cluster = { folder, logFile, user, binaries, password, settings }
    if (!made) await initialise(cluster)
    const found = made ? await adopt(cluster, options.port) : null
    const server = found ?? (await launch(cluster, options.port))
    if (server.adopted) log('The embedded database was still running and is used again.')
    return handleOf(server, cluster, dataDir, () => lock.release())
  } catch (error) {
    lock.release()
    if (error instanceof StartupProblem) throw error
    throw new StartupProblem(`The embedded database does not start: ${plain(error)}.`, {
      cause: error,
    })
  }
}

function handleOf(
  server: RunningServer,
  cluster: Cluster,
  dataDir: string,
  release: () => void,
): EmbeddedServer {
  const { identity, port } = server
  let stopping: Promise<void> | undefined
  const who = cluster.user === null ? '' : ` as user ${cluster.user.name}`
  return {
    ownerUrl: urlOf(port, cluster.password, databaseName),
    port,
    pid: identity.pid,
    describe: `PostgreSQL ${cluster.binaries.version}${who} on 127.0.0.1:${port}, data in ${dataDir}`,
    running: () => identify(identity.pid)?.started === identity.started,
    stop: () => {
      stopping ??= stopServer(identity).finally(release)
      return stopping
    },
  }
}

/** The same server and user, another database. */
export function withDatabase(url: string, database: string): string {
  const parsed = new URL(url)
  parsed.pathname = `/${encodeURIComponent(database)}`
  return parsed.toString()
}

/**
 * Makes a database on the owner's server, as a copy of `template` if one is named (a copy of a prepared
 * schema takes tens of milliseconds), and answers the owner's URL of it.
 */
export async function createDatabase(
  ownerUrl: string,
  database: string,
  template?: string,
): Promise<string> {
  const copied = template === undefined ? '' : ` template ${escapeIdentifier(template)}`
  await withClient(withDatabase(ownerUrl, 'postgres'), client =>
    client.query(`create database ${escapeIdentifier(database)}${copied}`),
  )
  return withDatabase(ownerUrl, database)
}

/** Removes a database, whoever is still connected to it. */
export async function dropDatabase(ownerUrl: string, database: string): Promise<void> {
  await withClient(withDatabase(ownerUrl, 'postgres'), client =>
    client.query(`drop database if exists ${escapeIdentifier(database)} with (force)`),
  )
}
