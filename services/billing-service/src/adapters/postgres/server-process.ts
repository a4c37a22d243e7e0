// The embedded server as a process: making its data directory, starting it in a process group of its own,
// finding one that an earlier owner left running, and stopping it. Whose directory it is, is not asked here.
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { basename, dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Client, DatabaseError } from 'pg'
import { StartupProblem } from '../../ports/startup.ts'
import { discard, type ServerBinaries } from './server-binaries.ts'
import { identify, type ProcessIdentity } from './server-lock.ts'
import type { ServerUser } from './server-user.ts'

/** The cluster of one data directory. */
export interface Cluster {
  /** PostgreSQL's own directory. */
  readonly folder: string
  readonly logFile: string
  readonly user: ServerUser | null
  readonly binaries: ServerBinaries
  readonly password: string
  readonly settings: Readonly<Record<string, string>>
}

export interface RunningServer {
  readonly identity: ProcessIdentity
  readonly port: number
  readonly adopted: boolean
}

export const superuser = 'quittance'
export const databaseName = 'quittance'

/**
 * Full durability: a payment that was acknowledged survives a power cut. One machine's worth of connections and of
 * memory, which is taken as it is used: with a quarter of these buffers a billing run takes a sixth longer. No parallel
 * workers, which would need more shared memory than a container has.
 */
const defaults: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '60',
  shared_buffers: '256MB',
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  wal_level: 'minimal',
  max_wal_senders: '0',
  io_method: 'sync',
  random_page_cost: '1.1',
  max_parallel_workers_per_gather: '0',
  max_parallel_maintenance_workers: '0',
  jit: 'off',
  password_encryption: 'scram-sha-256',
  timezone: 'UTC',
  log_timezone: 'UTC',
  cluster_name: 'quittance',
}

/** Runs as the server's user, in a folder it can enter, without PG* variables that would redirect it. */
const spawnAs = (user: ServerUser | null) => ({
  ...(user === null ? {} : { uid: user.uid, gid: user.gid }),
  cwd: '/',
  windowsHide: true,
  env: { PATH: process.env.PATH ?? '', LC_ALL: 'C', TZ: 'UTC' },
})

const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error)

function give(path: string, user: ServerUser | null): void {
  if (user !== null) chownSync(path, user.uid, user.gid)
}

/** Writes a file that only its owner, the server's user, can read. */
export function writePrivate(path: string, text: string, user: ServerUser | null): void {
  writeFileSync(path, text, { mode: 0o600 })
  give(path, user)
}

async function run(program: string, args: string[], user: ServerUser | null): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const child = spawn(program, args, { ...spawnAs(user), stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    child.stdout.on('data', chunk => (said += chunk))
    child.stderr.on('data', chunk => (said += chunk))
    child.on('error', reject)
    child.on('close', code => {
      if (code === 0) return resolve()
      const lines = said.trim().split('\n')
      reject(
        new Error(lines.find(line => line.includes('error')) ?? lines.at(-1) ?? `exit ${code}`),
      )
    })
  })
}

/** Makes the data directory. It appears whole: a run that is cut short leaves only a draft behind. */
export async function initialise(cluster: Cluster): Promise<void> {
  const { folder, user, binaries } = cluster
  const mark = randomBytes(4).toString('hex')
  const draft = join(dirname(folder), `${basename(folder)}.new-${mark}`)
  const secret = join(dirname(folder), `secret-${mark}`)
  try {
    mkdirSync(draft, { mode: 0o700 })
    give(draft, user)
    writePrivate(secret, cluster.password, user)
    await run(
      binaries.initdb,
      [
        `--pgdata=${draft}`,
        `--username=${superuser}`,
        `--pwfile=${secret}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale=C',
        '--data-checksums',
        ...(cluster.settings.fsync === 'off' ? ['--no-sync'] : []),
      ],
      user,
    )
    renameSync(draft, folder)
  } catch (cause) {
    throw new StartupProblem(`The embedded database cannot be made: ${reasonOf(cause)}.`, { cause })
  } finally {
    discard(secret)
    discard(draft)
  }
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const probe = createServer()
    probe.on('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

export const urlOf = (port: number, password: string, database: string): string =>
  `postgres://${superuser}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`

/** Runs one piece of work on a connection of its own. */
export async function withClient<T>(
  url: string,
  body: (client: Client) => Promise<T>,
  timeoutMs = 5_000,
): Promise<T> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: timeoutMs })
  // An error between two queries (the server going away) must not end this process.
  client.on('error', () => undefined)
  try {
    await client.connect()
    return await body(client)
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** Who answers on a port; nobody yet, or somebody who does not know our password. */
type Answer = { readonly folder: string; readonly version: string } | 'nobody' | 'stranger'

async function ask(port: number, password: string, database: string): Promise<Answer> {
  try {
    return await withClient(
      urlOf(port, password, database),
      async client => {
        const { rows } = await client.query<{ folder: string; version: string }>(
          `select current_setting('data_directory') as folder,
            current_setting('server_version') as version`,
        )
        return rows[0] ?? 'nobody'
      },
      2_000,
    )
  } catch (error) {
    if (!(error instanceof DatabaseError)) return 'nobody'
    // The server is there before its first database is.
    if (error.code === '3D000' && database !== 'postgres') return ask(port, password, 'postgres')
    return /^28/.test(error.code ?? '') ? 'stranger' : 'nobody'
  }
}

const isOurs = (answer: Answer, cluster: Cluster): boolean =>
  typeof answer === 'object' && realpathSync(answer.folder) === realpathSync(cluster.folder)

async function ensureDatabase(cluster: Cluster, port: number): Promise<void> {
  await withClient(urlOf(port, cluster.password, 'postgres'), async client => {
    const known = await client.query('select from pg_database where datname = $1', [databaseName])
    if (known.rowCount === 0) await client.query(`create database ${databaseName}`)
  })
}

/**
 * Waits until the server on our directory answers. The port may still be somebody else's: then ours is about
 * to give up, which `stillRunning` tells.
 */
async function untilReady(
  cluster: Cluster,
  port: number,
  stillRunning: () => boolean,
  timeoutMs: number,
): Promise<boolean> {
  const end = performance.now() + timeoutMs
  while (performance.now() < end && stillRunning()) {
    const answer = await ask(port, cluster.password, databaseName)
    if (isOurs(answer, cluster)) {
      await ensureDatabase(cluster, port)
      return true
    }
    await delay(15)
  }
  return false
}

function lastComplaint(logFile: string): string {
  const lines = readFileSync(logFile, 'utf8').slice(-8_000).trim().split('\n')
  const complaint = lines.filter(line => /FATAL|PANIC|error while loading/.test(line)).at(-1)
  return (complaint ?? lines.at(-1) ?? '').replace(/^.*?(FATAL|PANIC):\s*/, '')
}

// Worth another try: the port was taken meanwhile, or the last children of a killed server still hold
// its shared memory for a moment.
const passing = /could not bind|Address already in use|could not create any TCP|still in use/

// Recovery after a power cut replays at most a checkpoint's worth of log.
const startTimeoutMs = 60_000

async function launchOnce(cluster: Cluster, port: number): Promise<RunningServer> {
  const settings = Object.entries({ ...defaults, ...cluster.settings })
  const args = ['-D', cluster.folder, '-p', String(port)]
  for (const [name, value] of settings) args.push('-c', `${name}=${value}`)
  const log = openSync(cluster.logFile, 'w', 0o600)
  give(cluster.logFile, cluster.user)
  const child = spawn(cluster.binaries.postgres, args, {
    ...spawnAs(cluster.user),
    // A group of its own: Ctrl-C reaches the service, which finishes its commits before it stops the server.
    detached: true,
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  let failure: Error | undefined
  let ended = false
  child.on('error', error => {
    failure = error
    ended = true
  })
  child.on('exit', () => (ended = true))
  child.unref()
  const identity = child.pid === undefined ? null : identify(child.pid)
  const ready = await untilReady(cluster, port, () => !ended, startTimeoutMs).catch(error => {
    failure = error
    return false
  })
  if (ready && identity) return { identity, port, adopted: false }
  if (identity) await stopServer(identity)
  throw failure ?? new Error(lastComplaint(cluster.logFile))
}

/** Starts the server on the wanted port, or on a free one. */
export async function launch(cluster: Cluster, wanted: number | undefined): Promise<RunningServer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await launchOnce(cluster, wanted ?? (await freePort()))
    } catch (cause) {
      const reason = reasonOf(cause)
      const again = wanted === undefined || reason.includes('still in use')
      if (again && attempt < 6 && passing.test(`${reason} ${readLog(cluster)}`)) {
        await delay(50 * attempt)
        continue
      }
      throw new StartupProblem(`The embedded database does not start: ${reason}`, { cause })
    }
  }
}

const readLog = (cluster: Cluster): string =>
  existsSync(cluster.logFile) ? readFileSync(cluster.logFile, 'utf8').slice(-4_000) : ''

interface Postmaster {
  readonly identity: ProcessIdentity
  readonly port: number
}

// PostgreSQL's own pid file: process id, directory, start time, port, one a line. A server stands in its
// data directory, which tells it from a stranger that got the same process id.
function readPostmaster(folder: string): Postmaster | null {
  const file = join(folder, 'postmaster.pid')
  if (!existsSync(file)) return null
  const [pid, directory = '', , port] = readFileSync(file, 'utf8').split('\n')
  const identity = identify(Number(pid))
  if (!identity) return null
  const stands = standsIn(identity.pid) ?? (existsSync(directory) ? realpathSync(directory) : null)
  return stands === realpathSync(folder) ? { identity, port: Number(port) } : null
}

// A process id in the file that is taken (by a stranger, or by a zombie nobody collects) would make the
// server refuse to start. The file may go once none of the dead server's children is left.
async function clearPostmaster(folder: string): Promise<void> {
  const file = join(folder, 'postmaster.pid')
  if (!existsSync(file) || readPostmaster(folder)) return
  const [pid] = readFileSync(file, 'utf8').split('\n')
  if (!isTaken(Number(pid))) return
  const ours = realpathSync(folder)
  const end = performance.now() + 10_000
  while (performance.now() < end && anyoneIn(ours)) await delay(10)
  if (!anyoneIn(ours)) rmSync(file, { force: true })
}

function isTaken(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

function anyoneIn(folder: string): boolean {
  if (!existsSync('/proc')) return false
  return readdirSync('/proc').some(name => /^\d+$/.test(name) && standsIn(Number(name)) === folder)
}

function standsIn(pid: number): string | null {
  try {
    return readlinkSync(`/proc/${pid}/cwd`)
  } catch {
    return null
  }
}

/**
 * A server that a killed owner left running: taken over when it answers as ours with the same version and
 * port, else stopped. Answers null when there is none to use.
 */
export async function adopt(
  cluster: Cluster,
  wanted: number | undefined,
): Promise<RunningServer | null> {
  const found = readPostmaster(cluster.folder)
  if (found) {
    const alive = () => identify(found.identity.pid)?.started === found.identity.started
    const fits = (wanted === undefined || wanted === found.port) && found.port > 0
    if (fits && (await untilReady(cluster, found.port, alive, 5_000).catch(() => false))) {
      const answer = await ask(found.port, cluster.password, databaseName)
      const same = typeof answer === 'object' && answer.version === cluster.binaries.version
      if (same) return { ...found, adopted: true }
    }
    await stopServer(found.identity)
  }
  await clearPostmaster(cluster.folder)
  return null
}

const steps = [
  // Fast: open transactions are rolled back, everything committed is written out.
  { signal: 'SIGINT', waitMs: 15_000 },
  { signal: 'SIGQUIT', waitMs: 5_000 },
  { signal: 'SIGKILL', waitMs: 5_000 },
] as const

/** Stops the server and waits until it is gone; harder each time it does not obey. */
export async function stopServer(identity: ProcessIdentity): Promise<void> {
  const running = () => identify(identity.pid)?.started === identity.started
  for (const { signal, waitMs } of steps) {
    if (!running()) return
    try {
      process.kill(identity.pid, signal)
    } catch {
      return
    }
    const end = performance.now() + waitMs
    while (performance.now() < end && running()) await delay(5)
  }
}
