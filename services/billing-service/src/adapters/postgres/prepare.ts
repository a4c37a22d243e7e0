// Makes a database ready: the roles that serve tenants and jobs, then the migrations. Where the right to make
// roles is missing it says which SQL to run; it never guesses passwords.
import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'
import { Client, DatabaseError, escapeIdentifier, escapeLiteral } from 'pg'
import { StartupProblem } from '../../ports/startup.ts'
import {
  mayMigrate,
  migrate,
  migratedTo,
  recordedRoles,
  type SchemaRoles,
  schemaVersion,
  whileLocked,
} from './migrate.ts'
import { keepUsageMonths } from './usage-months.ts'

export interface PrepareOptions {
  /** The application's connection; alone, it is also the owner's and makes the other roles. */
  readonly databaseUrl?: string
  /** Owns the tables and runs migrations. */
  readonly ownerUrl?: string
  /** The connection of jobs and operators. */
  readonly systemUrl?: string
  readonly log?: (line: string) => void
}

export interface PreparedDatabase {
  readonly ownerUrl: string
  readonly appUrl: string
  readonly systemUrl: string
  /** Names of the migrations that ran. */
  readonly applied: readonly string[]
}

type Kind = keyof SchemaRoles

const userOf = (url: string): string => decodeURIComponent(new URL(url).username)

const databaseOf = (url: string): string =>
  decodeURIComponent(new URL(url).pathname.slice(1)) || userOf(url)

function withUser(url: string, user: string, password: string): string {
  const changed = new URL(url)
  changed.username = encodeURIComponent(user)
  changed.password = encodeURIComponent(password)
  return changed.toString()
}

// Roles belong to a whole server, so two deployments on one server need two pairs of them.
function roleName(database: string, kind: Kind): string {
  const name = `${database}_${kind}`
  if (Buffer.byteLength(name) <= 63) return name
  return `q_${createHash('sha256').update(database).digest('hex').slice(0, 16)}_${kind}`
}

/**
 * The password of a role that we made. It follows from the owner's: every instance that was given one URL
 * finds it, nothing is stored, and whoever knows the owner's password could make the role anyway. Logins of
 * their own are chosen over `SET ROLE`, because a session could put that back by a mere `set_config`.
 */
function derivedPassword(ownerUrl: string, role: string): string {
  const secret = decodeURIComponent(new URL(ownerUrl).password)
  return createHmac('sha256', secret).update(`quittance role ${role}`).digest('base64url')
}

// The verifier instead of the password: servers may log the statements that make roles.
function scramVerifier(password: string): string {
  const iterations = 4_096
  const salt = randomBytes(16)
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256')
  const sign = (text: string) => createHmac('sha256', salted).update(text).digest()
  const stored = createHash('sha256').update(sign('Client Key')).digest('base64')
  const server = sign('Server Key').toString('base64')
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${stored}:${server}`
}

async function open(url: string): Promise<Client> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: 10_000,
    application_name: 'quittance migrate',
  })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return client
  } catch (cause) {
    await client.end().catch(() => undefined)
    const { hostname, port } = new URL(url)
    const reason = cause instanceof Error ? cause.message || String(Reflect.get(cause, 'code')) : ''
    throw new StartupProblem(
      `The database at ${hostname}${port ? `:${port}` : ''} does not let us in as "${userOf(url)}": ${reason}.`,
      { cause },
    )
  }
}

async function canLogIn(url: string): Promise<boolean> {
  try {
    await (await open(url)).end()
    return true
  } catch {
    return false
  }
}

function sqlToRun(ownerUrl: string, roles: readonly string[]): string {
  return roles
    .map(role => `create role ${escapeIdentifier(role)} login password '...';`)
    .concat(
      `grant create on database ${escapeIdentifier(databaseOf(ownerUrl))} to ${escapeIdentifier(userOf(ownerUrl))};`,
    )
    .join('\n')
}

function sqlNeeded(reason: string, ownerUrl: string, roles: SchemaRoles, cause?: unknown) {
  return new StartupProblem(
    `${reason} As an administrator run\n\n${sqlToRun(ownerUrl, [roles.app, roles.system])}\n\n` +
      `with passwords of your own, then set DATABASE_OWNER_URL (${userOf(ownerUrl)}), DATABASE_URL ` +
      `(${roles.app}) and DATABASE_SYSTEM_URL (${roles.system}).`,
    { cause },
  )
}

async function roleExists(client: Client, role: string): Promise<boolean> {
  const { rowCount } = await client.query('select from pg_roles where rolname = $1', [role])
  return (rowCount ?? 0) > 0
}

// Makes the role, or gives an existing one the password that follows from the owner's today.
async function ensureLogin(client: Client, role: string, url: string): Promise<void> {
  const exists = await roleExists(client, role)
  if (exists && (await canLogIn(url))) return
  const password = decodeURIComponent(new URL(url).password)
  await client.query(
    `${exists ? 'alter' : 'create'} role ${escapeIdentifier(role)} login ` +
      `password ${escapeLiteral(scramVerifier(password))}`,
  )
}

interface Logins {
  readonly roles: SchemaRoles
  readonly urls: Readonly<Record<Kind, string>>
  /** Those that we look after ourselves. */
  readonly made: readonly Kind[]
}

function planLogins(
  ownerUrl: string,
  given: Readonly<Partial<Record<Kind, string>>>,
  recorded: SchemaRoles | null,
): Logins {
  const database = databaseOf(ownerUrl)
  const plan = (kind: Kind) => {
    const url = given[kind]
    if (url !== undefined) return { kind, role: userOf(url), url, made: false }
    const role = recorded?.[kind] ?? roleName(database, kind)
    return {
      kind,
      role,
      url: withUser(ownerUrl, role, derivedPassword(ownerUrl, role)),
      made: true,
    }
  }
  const [app, system] = [plan('app'), plan('system')]
  return {
    roles: { app: app.role, system: system.role },
    urls: { app: app.url, system: system.url },
    made: [app, system].filter(login => login.made).map(login => login.kind),
  }
}

function givenLogins(options: PrepareOptions, ownerUrl: string) {
  const app = options.databaseUrl
  return {
    ...(app !== undefined && userOf(app) !== userOf(ownerUrl) ? { app } : {}),
    ...(options.systemUrl === undefined ? {} : { system: options.systemUrl }),
  }
}

// Grants and policies name the roles of the first preparation; a role given later becomes a member of them.
async function joinRecorded(
  client: Client,
  recorded: SchemaRoles | null,
  roles: SchemaRoles,
): Promise<void> {
  for (const kind of ['app', 'system'] as const) {
    const before = recorded?.[kind]
    if (before === undefined || before === roles[kind]) continue
    await client.query(`grant ${escapeIdentifier(before)} to ${escapeIdentifier(roles[kind])}`)
  }
}

const mayNot = new Set(['42501', '28000'])

// A prepared database and the application's own role: production, where only the migration job owns tables.
async function asPrepared(
  client: Client,
  databaseUrl: string,
  systemUrl: string | undefined,
): Promise<PreparedDatabase> {
  const number = await migratedTo(client)
  if (number < schemaVersion) {
    throw new StartupProblem(
      `The database stands at migration ${number} of ${schemaVersion}, and the role ` +
        `"${userOf(databaseUrl)}" may not change it: run "quittance migrate" with DATABASE_OWNER_URL.`,
    )
  }
  if (systemUrl === undefined) {
    throw new StartupProblem(
      `DATABASE_URL names the application's own role "${userOf(databaseUrl)}": set DATABASE_SYSTEM_URL too.`,
    )
  }
  return { ownerUrl: databaseUrl, appUrl: databaseUrl, systemUrl, applied: [] }
}

async function makeReady(
  client: Client,
  ownerUrl: string,
  options: PrepareOptions,
): Promise<PreparedDatabase> {
  const recorded = await recordedRoles(client)
  const { roles, urls, made } = planLogins(ownerUrl, givenLogins(options, ownerUrl), recorded)
  if (made.length > 0 && new URL(ownerUrl).password === '') {
    const reason = 'The database URL has no password, from which those of the other roles follow.'
    throw sqlNeeded(reason, ownerUrl, roles)
  }
  try {
    for (const kind of made) await ensureLogin(client, roles[kind], urls[kind])
    await joinRecorded(client, recorded, roles)
    const applied = await migrate(client, recorded ?? roles)
    await keepUsageMonths(client, Date.now())
    return { ownerUrl, appUrl: urls.app, systemUrl: urls.system, applied }
  } catch (error) {
    if (!(error instanceof DatabaseError) || !mayNot.has(error.code ?? '')) throw error
    const reason = `The role "${userOf(ownerUrl)}" may not prepare the database (${error.message}).`
    throw sqlNeeded(reason, ownerUrl, roles, error)
  }
}

/**
 * Makes the roles that are missing and runs the migrations; repeatable, and safe from several instances at
 * once. With the application's own role alone it changes nothing and takes a prepared database as it is.
 * Refuses (`StartupProblem`) with the SQL to run where the right to make roles is missing.
 */
export async function prepareDatabase(options: PrepareOptions): Promise<PreparedDatabase> {
  const log = options.log ?? (() => undefined)
  const ownerUrl = options.ownerUrl ?? options.databaseUrl
  if (ownerUrl === undefined) throw new StartupProblem('No database is named: set DATABASE_URL.')
  const client = await open(ownerUrl)
  try {
    if (!(await mayMigrate(client))) return await asPrepared(client, ownerUrl, options.systemUrl)
    const ready = await whileLocked(client, () => makeReady(client, ownerUrl, options))
    const { applied } = ready
    if (applied.length > 0) log(`The database was brought up to date (${applied.join(', ')}).`)
    return ready
  } finally {
    await client.end().catch(() => undefined)
  }
}
