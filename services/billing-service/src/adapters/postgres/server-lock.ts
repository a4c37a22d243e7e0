// One owner per data directory: a file naming the process that runs the embedded server, checked against
// the start time of that process, because process ids are used again.
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { StartupProblem } from '../../ports/startup.ts'

export interface ProcessIdentity {
  readonly pid: number
  /** Differs between two processes that had the same id. */
  readonly started: string
}

function readOr(path: string, otherwise: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return otherwise
  }
}

const hasProc = existsSync('/proc/self/stat')

function fromProc(pid: number): ProcessIdentity | null {
  const stat = readOr(`/proc/${pid}/stat`, '')
  // The name in parentheses may hold spaces and parentheses; the fields after the last one are fixed.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [state, startedAtTicks] = [fields[0], fields[19]]
  if (startedAtTicks === undefined || state === 'Z' || state === 'X') return null
  const boot = readOr('/proc/sys/kernel/random/boot_id', '').trim()
  return { pid, started: `${boot}:${startedAtTicks}` }
}

/** The process of that id, or null when there is none (a zombie counts as none). */
export function identify(pid: number): ProcessIdentity | null {
  if (!Number.isSafeInteger(pid) || pid <= 0) return null
  if (hasProc) return fromProc(pid)
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return null
  }
  const listed = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' })
  return { pid, started: String(listed.stdout ?? '').trim() }
}

function holderOf(text: string): ProcessIdentity | null {
  try {
    const { pid, started } = JSON.parse(text)
    const running = identify(Number(pid))
    return running && running.started === started ? running : null
  } catch {
    return null
  }
}

// Links a finished file into place: the name appears with its content or not at all.
function claim(path: string, text: string): boolean {
  const draft = `${path}.${process.pid}-${randomBytes(4).toString('hex')}`
  writeFileSync(draft, text, { mode: 0o644 })
  try {
    linkSync(draft, path)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

// Two starters may both find the same dead holder: each moves the file aside under its own name, and puts
// it back if it turns out to be a newer one than it had read.
function clearStale(path: string, stale: string): void {
  const aside = `${path}.${process.pid}-${randomBytes(4).toString('hex')}`
  try {
    renameSync(path, aside)
  } catch {
    return
  }
  const moved = readOr(aside, stale)
  if (moved !== stale) claim(path, moved)
  rmSync(aside, { force: true })
}

export interface DirectoryLock {
  release(): void
}

/** Takes the data directory for this process. A living holder is a `StartupProblem` that names it. */
export function takeLock(path: string, directory: string): DirectoryLock {
  const self = identify(process.pid)
  const text = JSON.stringify({ pid: process.pid, started: self?.started ?? '' })
  for (let attempt = 0; attempt < 5; attempt += 1) {
    if (claim(path, text)) return { release: () => releaseLock(path, text) }
    const found = readOr(path, '')
    const holder = holderOf(found)
    if (holder) {
      throw new StartupProblem(
        `Another process (id ${holder.pid}) already uses the data in ${directory}: ` +
          'stop it first, or choose another directory with DATA_DIR.',
      )
    }
    clearStale(path, found)
  }
  throw new StartupProblem(`The data in ${directory} is being taken by other processes: try again.`)
}

function releaseLock(path: string, text: string): void {
  if (readOr(path, '') === text) rmSync(path, { force: true })
}
