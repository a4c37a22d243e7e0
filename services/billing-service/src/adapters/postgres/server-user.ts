// Which operating-system user the embedded server runs as, and what that user can reach. PostgreSQL
// refuses to run as root, so root starts it as somebody else; everybody else starts it as themselves.
import { spawnSync } from 'node:child_process'
import { readFileSync, type Stats, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { StartupProblem } from '../../ports/startup.ts'

export interface ServerUser {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

/** Users that a root process may hand the server to, best first. The second is made when none exists. */
const candidates = ['postgres', 'quittance', 'nobody'] as const

export const isRoot = (): boolean => process.getuid?.() === 0

function knownUsers(): ServerUser[] {
  return readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map(line => line.split(':'))
    .filter(fields => fields.length >= 4)
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
}

const userMaker = {
  program: 'useradd',
  options: ['--system', '--no-create-home', '--shell', '/usr/sbin/nologin', 'quittance'],
}

// A user of its own keeps other daemons away from the data, which `nobody` would not.
function makeUser(): ServerUser | undefined {
  const made = spawnSync(userMaker.program, userMaker.options, { stdio: 'ignore' })
  if (made.error || made.status !== 0) return undefined
  return knownUsers().find(user => user.name === 'quittance')
}

/**
 * The user that the server runs as when this process is root; null when the server runs as this process's
 * own user. `owner` is who owns the data already, if anybody does.
 */
export function serverUser(owner?: Pick<Stats, 'uid' | 'gid'>): ServerUser | null {
  if (!isRoot()) return null
  const users = knownUsers()
  if (owner && owner.uid !== 0) {
    const name = users.find(user => user.uid === owner.uid)?.name ?? String(owner.uid)
    return { name, uid: owner.uid, gid: owner.gid }
  }
  const find = (name: string) => users.find(user => user.name === name && user.uid !== 0)
  const [first, own, last] = candidates
  const user = find(first) ?? find(own) ?? makeUser() ?? find(last)
  if (user) return user
  throw new StartupProblem(
    `The embedded database does not run as root and there is no user for it: create one named ` +
      `"${first}", start as another user, or set DATABASE_URL.`,
  )
}

function may(stats: Stats, user: ServerUser, bit: 4 | 1): boolean {
  if (stats.uid === user.uid) return (stats.mode & (bit << 6)) !== 0
  if (stats.gid === user.gid) return (stats.mode & (bit << 3)) !== 0
  return (stats.mode & bit) !== 0
}

/** The folders from the root down to a path, itself included. */
function foldersTo(path: string): string[] {
  const parent = dirname(path)
  return parent === path ? [path] : [...foldersTo(parent), path]
}

/** The first folder on the way to a path (itself included) that the user cannot enter; null when it can. */
export function obstacle(path: string, user: ServerUser): string | null {
  for (const folder of foldersTo(resolve(path))) {
    const stats = statSync(folder, { throwIfNoEntry: false })
    if (!stats) return null
    if (stats.isDirectory() && !may(stats, user, 1)) return folder
  }
  return null
}

/** Whether the user can read a file, the way to it left aside. */
export const canRead = (stats: Stats, user: ServerUser): boolean => may(stats, user, 4)
/** Whether the user can run a file, the way to it left aside. */
export const canRun = (stats: Stats, user: ServerUser): boolean => may(stats, user, 1)
