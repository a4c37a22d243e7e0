// Looks at everything a deployment needs, and names the fix of what is not well. It changes nothing.
import { existsSync } from 'node:fs'
import { createConnection } from 'node:net'
import {
  type BillingNumbers,
  readNumbers,
} from '@quittance/billing-service/actions/operations/read-numbers'
import { isOpenToAll, readKeyFile } from '@quittance/billing-service/adapters/encryption/key-file'
import { inspectDatabase } from '@quittance/billing-service/adapters/postgres/inspect'
import { type Config, loadConfig } from '@quittance/billing-service/config'
import type { Deps } from '@quittance/billing-service/deps'
import { exitCodes, type Invocation, type Run } from './command.ts'
import { withService } from './composed.ts'
import { assertTls, type GatewaySettings, readGatewaySettings } from './gateway-settings.ts'
import { stopInOrder } from './lifetime.ts'
import { dashboardDir } from './places.ts'
import { openDatabaseOf } from './surroundings.ts'
import { say, warn } from './terminal.ts'

export interface Finding {
  readonly part: string
  readonly state: 'well' | 'note' | 'broken'
  readonly says: string
  /** What to do; empty where nothing has to be done. */
  readonly fix: string
}

const well = (part: string, says: string): Finding => ({ part, state: 'well', says, fix: '' })
const note = (part: string, says: string, fix: string): Finding => ({
  part,
  state: 'note',
  says,
  fix,
})
const broken = (part: string, says: string, fix: string): Finding => ({
  part,
  state: 'broken',
  says,
  fix,
})

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error))

const clockOffMaxMs = 2_000
const hourSeconds = 3_600

/** Whether something listens at the address of a URL. */
function reach(url: string, portByDefault: number): Promise<string | null> {
  const { hostname, port } = new URL(url)
  return new Promise(resolve => {
    const socket = createConnection({ host: hostname, port: Number(port) || portByDefault })
    const end = (problem: string | null) => {
      socket.destroy()
      resolve(problem)
    }
    socket.setTimeout(5_000, () => end('no answer within 5 s'))
    socket.on('connect', () => end(null))
    socket.on('error', error => end(error.message))
  })
}

async function lookAtDatabase(config: Config): Promise<Finding[]> {
  const { urls, parts } = await openDatabaseOf(config)
  try {
    const facts = await inspectDatabase(urls.ownerUrl ?? urls.databaseUrl ?? '')
    const { serverVersion, migration, newestMigration, clockAheadMs } = facts
    const schema =
      migration === newestMigration
        ? well(
            'database',
            `PostgreSQL ${serverVersion}, migration ${migration} of ${newestMigration}`,
          )
        : broken(
            'database',
            `PostgreSQL ${serverVersion} stands at migration ${migration ?? 0} of ${newestMigration}`,
            'run "quittance migrate" with DATABASE_OWNER_URL, or start the version that made it',
          )
    const off = Math.round(clockAheadMs)
    const clock =
      Math.abs(off) <= clockOffMaxMs
        ? well('clock', `agrees with the database's within ${Math.abs(off)} ms`)
        : broken('clock', `the database is ${off} ms ahead`, 'let both follow a time server (NTP)')
    return [schema, clock]
  } catch (error) {
    const fix = 'check DATABASE_URL, that the server runs, and that it lets this address in'
    return [broken('database', reasonOf(error), fix)]
  } finally {
    await stopInOrder(parts, warn)
  }
}

function lookAtKeys({ personalKeyFile: file }: Config): Finding {
  if (file === null) {
    const fix = 'set PERSONAL_KEY_FILE to encrypt them with keys that an erasure destroys'
    return note('personal data', 'are stored in clear', fix)
  }
  try {
    const { first } = readKeyFile(file)
    return isOpenToAll(file)
      ? broken('personal data', `everybody here may read ${file}`, `chmod 400 ${file}`)
      : well('personal data', `are encrypted under the master key ${first}`)
  } catch (error) {
    return broken('personal data', reasonOf(error), 'put the key file back, or mend it')
  }
}

async function lookAtMail(config: Config): Promise<Finding> {
  const { smtpUrl } = config.mail
  if (smtpUrl === null) {
    const says = 'mails are kept as files and reach nobody'
    return note('mail', says, 'set SMTP_URL and MAIL_FROM to send them')
  }
  const problem = await reach(smtpUrl, smtpUrl.startsWith('smtps') ? 465 : 587)
  return problem === null
    ? well('mail', `${new URL(smtpUrl).host} answers`)
    : broken('mail', `${new URL(smtpUrl).host}: ${problem}`, 'check SMTP_URL and the firewall')
}

async function lookAtRedis({ redisUrl, withoutRedis }: GatewaySettings): Promise<Finding[]> {
  if (redisUrl === null) return []
  const problem = await reach(redisUrl, 6379)
  if (problem === null) return [well('redis', 'answers; limits are shared')]
  return [broken('redis', `${problem}; limits are ${withoutRedis}`, 'check REDIS_URL')]
}

/** What the figures of the books say, each with its runbook in docs/operations.md. */
function lookAtNumbers(numbers: BillingNumbers): Finding[] {
  const { inboxDead, inboxAgeSeconds, dueNotBilled, driftOpen, ledgerBroken } = numbers
  const late = inboxAgeSeconds > 300
  return [
    inboxDead > 0 || late
      ? broken(
          'webhooks',
          `${inboxDead} given up, the oldest waits for ${Math.round(inboxAgeSeconds)} s`,
          'does a worker run? mend the reason in GET /webhook-events, then replay',
        )
      : well('webhooks', 'none waits, none was given up'),
    dueNotBilled > 0
      ? broken(
          'billing',
          `${dueNotBilled} periods ended and were not billed`,
          'start a worker; "quittance jobs run renew-due"',
        )
      : well('billing', 'nothing is due and not billed'),
    driftOpen > 0
      ? note(
          'drift',
          `${driftOpen} differences from Stripe wait`,
          'GET /reconciliation/drift, and resolve each',
        )
      : well('drift', 'none waits'),
    (ledgerBroken ?? 0) > 0
      ? broken(
          'ledger',
          `${ledgerBroken} postings do not balance`,
          'run "quittance verify" and call for help',
        )
      : well('ledger', ledgerBroken === null ? 'not checked yet' : 'balanced at its last check'),
  ]
}

async function lookAtEvents(deps: Deps, config: Config): Promise<Finding[]> {
  if (config.stripe === null) return []
  const { rows } = await deps.store.system.list('inbox', {
    order: { field: 'receivedAt', direction: 'desc' },
    limit: 1,
  })
  const hook = `${config.publicUrl}/api/v1/billing/webhooks/stripe`
  if (rows[0] !== undefined)
    return [well('stripe webhooks', `last one ${new Date(rows[0].receivedAt).toISOString()}`)]
  const fix = `register ${hook} in Stripe's dashboard and set its secret as STRIPE_WEBHOOK_SECRET`
  return [note('stripe webhooks', 'none ever arrived', fix)]
}

async function lookAtJobs(deps: Deps): Promise<Finding> {
  const { rows } = await deps.store.system.list('jobRuns', {
    order: { field: 'startedAt', direction: 'desc' },
    limit: 1,
  })
  const last = rows[0]
  const at = last?.endedAt ?? last?.startedAt ?? null
  const age = at === null ? null : (deps.clock.real() - at) / 1000
  if (age !== null && age < 2 * hourSeconds) {
    return well('jobs', `ran ${Math.round(age / 60)} minutes ago`)
  }
  return note(
    'jobs',
    'none ran in the last 2 hours',
    'run "quittance worker", or serve with --jobs on',
  )
}

async function lookInside(env: Invocation['env'], config: Config): Promise<Finding[]> {
  try {
    return await withService(
      env,
      async ({ deps }) => {
        const { mode, account } = await deps.processor.identify()
        return [
          well('stripe', `${mode} account ${account} takes the key`),
          ...(await lookAtEvents(deps, config)),
          ...lookAtNumbers(await readNumbers(deps)),
          await lookAtJobs(deps),
        ]
      },
      { readOnly: true },
    )
  } catch (error) {
    return [broken('service', reasonOf(error), 'mend this first; the rest was not looked at')]
  }
}

async function lookAtAll(env: Invocation['env']): Promise<Finding[]> {
  let config: Config
  let settings: GatewaySettings
  try {
    config = loadConfig(env)
    settings = readGatewaySettings(env)
    assertTls(config, settings)
  } catch (error) {
    return [
      broken('configuration', reasonOf(error), 'set what is named; .env.example explains each'),
    ]
  }
  const dashboard = existsSync(dashboardDir)
    ? well('dashboard', 'is built')
    : note('dashboard', 'is not built', 'run "npm run build"')
  const database = await lookAtDatabase(config)
  const ready = database.every(({ state }) => state !== 'broken')
  return [
    well('configuration', config.stripe === null ? 'with the sandbox' : 'with Stripe'),
    dashboard,
    lookAtKeys(config),
    ...database,
    // What is inside can be looked at only where nothing would be changed by opening it.
    ...(ready ? await lookInside(env, config) : []),
    await lookAtMail(config),
    ...(await lookAtRedis(settings)),
  ]
}

const marks = { well: 'well  ', note: 'note  ', broken: 'BROKEN' } as const

export const runDoctor: Run = async ({ on, env }) => {
  const findings = await lookAtAll(env)
  const healthy = findings.every(({ state }) => state !== 'broken')
  if (on('json')) say(JSON.stringify({ healthy, findings }))
  else {
    for (const { part, state, says, fix } of findings) {
      say(`${marks[state]}  ${part}: ${says}`)
      if (fix !== '') say(`        ${fix}`)
    }
  }
  return healthy ? exitCodes.ok : exitCodes.problem
}
