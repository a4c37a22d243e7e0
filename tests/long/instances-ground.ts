// What several instances stand on in a test: one PostgreSQL, one sandbox, services that serve and workers that
// work, each a process of its own; and a gate in the database at which chunks of the billing run wait.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbedded } from '@quittance/billing-service/adapters/postgres/embedded'
import { withClient } from '@quittance/billing-service/adapters/postgres/server-process'
import { openWorld, secret } from '@quittance/billing-service/test/world'
import { freePort } from '@quittance/http-kit/free-port'
import { type Process, startProcess } from '../stack/product.ts'

export interface Worker {
  /** Its name in the database. */
  readonly name: string
  readonly process: Process
}

/** Holds every insertion of an invoice, as a slow disk would; claims go on. */
export interface Gate {
  shut(): Promise<void>
  open(): Promise<void>
  /** Names of the processes that wait at it. */
  waiting(): Promise<string[]>
}

const pastMs = 15 * 86_400_000
const gateKey = 4_711

type Ask = <R>(sql: string, values?: readonly unknown[]) => Promise<R[]>

async function makeGate(ownerUrl: string, ask: Ask): Promise<Gate> {
  await ask(
    `create function quittance.at_the_gate() returns trigger language plpgsql as
     $$ begin perform pg_advisory_xact_lock_shared(${gateKey}); return null; end $$;
     create trigger gate before insert on quittance.invoices
     for each statement execute function quittance.at_the_gate()`,
  )
  let open = async () => {}
  return {
    shut: () =>
      new Promise((resolve, reject) => {
        const held = withClient(ownerUrl, async client => {
          await client.query('select pg_advisory_lock($1)', [gateKey])
          await new Promise<void>(opened => {
            open = () => {
              opened()
              return held
            }
            resolve()
          })
        })
        held.catch(reject)
      }),
    open: () => open(),
    async waiting() {
      const rows = await ask<{ name: string }>(
        `select distinct application_name as name from pg_stat_activity
         where wait_event = 'advisory' order by 1`,
      )
      return rows.map(({ name }) => name)
    },
  }
}

/** The address of the database, under which the process is known there. */
function namedUrl(url: string, name: string): string {
  const named = new URL(url)
  named.searchParams.set('application_name', name)
  return named.toString()
}

/**
 * Opens database and sandbox, and a service of the past in this process, which makes what is due now. Services and
 * workers are started afterwards: the first alone, since it may have to be built.
 */
export async function openGround() {
  const folder = mkdtempSync(join(tmpdir(), 'quittance-stack-'))
  chmodSync(folder, 0o755)
  const database = await startEmbedded({
    dataDir: join(folder, 'postgres'),
    settings: { fsync: 'off', full_page_writes: 'off' },
  })
  const { ownerUrl } = database
  const past = { real: () => Date.now() - pastMs, steady: () => performance.now() }
  const world = await openWorld({ jobs: 'off', databaseUrl: ownerUrl, clock: past })
  /** Asks the database as its owner. */
  const ask: Ask = <R>(sql: string, values: readonly unknown[] = []) =>
    withClient(ownerUrl, async client => {
      const { rows } = await client.query(sql, [...values])
      return rows as R[]
    })
  const gate = await makeGate(ownerUrl, ask)
  const running: Process[] = []
  const settings = {
    DATABASE_URL: ownerUrl,
    DATA_DIR: join(folder, 'data'),
    STRIPE_SECRET_KEY: world.sandbox.secretKey,
    STRIPE_API_BASE: world.sandbox.url,
    STRIPE_WEBHOOK_SECRET: 'whsec_unused',
    JWT_SECRET: secret,
    BILLING_DRAFT_HOURS: '0',
    BILLING_USAGE_DRAFT_HOURS: '0',
    LOG_LEVEL: 'error',
  }
  const start = async (name: string, args: readonly string[], says: string, more = {}) => {
    const named = { ...settings, DATABASE_URL: namedUrl(ownerUrl, name), ...more }
    const process = await startProcess(args, named, says)
    running.push(process)
    return process
  }

  /** A service that the sandbox tells of every event. */
  async function startService(name: string): Promise<string> {
    const port = await freePort()
    const endpoint = await world.stripe.webhookEndpoints.create({
      url: `http://127.0.0.1:${port}/api/v1/billing/webhooks/stripe`,
      enabled_events: ['*'],
    })
    const args = ['serve', '--jobs', 'off', '--port', String(port)]
    await start(name, args, 'listens at', { STRIPE_WEBHOOK_SECRET: endpoint.secret })
    return `http://127.0.0.1:${port}/api/v1/billing`
  }

  const startWorker = async (name: string): Promise<Worker> => ({
    name,
    process: await start(name, ['worker'], 'The worker runs.'),
  })

  return {
    world,
    ask,
    gate,
    settings,
    startService,
    startWorker,
    async close() {
      await Promise.all(running.map(each => each.stop()))
      await world.close()
      await database.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export type Ground = Awaited<ReturnType<typeof openGround>>
