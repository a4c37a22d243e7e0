// The parts of a run, each a process of its own: the database and the sandbox live through it, the service
// is killed and started again.
import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort } from '@quittance/http-kit/free-port'
import Stripe from 'stripe'
import { startEmbedded } from '../../src/adapters/postgres/embedded.ts'
import { prepareDatabase } from '../../src/adapters/postgres/prepare.ts'
import { openPostgresStore } from '../../src/adapters/postgres/store.ts'
import type { Store } from '../../src/ports/store.ts'

const secretKey = 'sk_test_sandbox'
export const tokenSecret = 'a secret for the run of faults that is long enough'
const readyWithinMs = 60_000

export interface Sandbox {
  readonly url: string
  readonly stripe: Stripe
  /** Steers it: `/sandbox/<path>`. */
  steer<T>(method: string, path: string, body?: unknown): Promise<T>
}

export interface Service {
  readonly url: string
  /** How often it was started after a kill. */
  readonly restarts: () => number
  /** Ends it as a power cut would and starts it again; resolves when it listens. */
  killAndRestart(): Promise<void>
  /** Runs another command of the product beside it; resolves with its exit code and what it said. */
  command(args: readonly string[]): Promise<{ readonly code: number | null; readonly said: string }>
}

export interface Parts {
  readonly sandbox: Sandbox
  readonly service: Service
  /** The database, read by the run itself. */
  readonly store: Store
  close(): Promise<void>
}

/** Only what a program needs, so that nobody's own settings reach the run. */
function environment(settings: Readonly<Record<string, string>>): Record<string, string> {
  const kept = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'USER'].flatMap(name => {
    const value = process.env[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  return { ...Object.fromEntries(kept), ...settings }
}

interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<number | null>
  readonly said: () => string
}

/** The built command of this checkout; the script that starts the run has built it. */
function launch(args: readonly string[], settings: Readonly<Record<string, string>>): Running {
  const bundle = process.env.QUITTANCE_BUNDLE
  if (bundle === undefined) throw new Error('QUITTANCE_BUNDLE names the built command')
  const child = spawn(process.execPath, [fileURLToPath(bundle), ...args], {
    cwd: tmpdir(),
    env: environment(settings),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', chunk => (said += chunk))
  const ended = new Promise<number | null>(resolve => child.once('close', code => resolve(code)))
  return { child, ended, said: () => said }
}

/** Waits until a program has said something; throws what it said when it ends instead. */
async function whenSaid(running: Running, words: string): Promise<void> {
  let over = false
  void running.ended.then(() => (over = true))
  const end = performance.now() + readyWithinMs
  while (!running.said().includes(words)) {
    if (over || performance.now() > end) {
      running.child.kill('SIGKILL')
      throw new Error(`"${words}" was not said: ${running.said()}`)
    }
    await wait(20)
  }
}

async function startSandbox(): Promise<{ sandbox: Sandbox; stop(): Promise<void> }> {
  const port = await freePort()
  const running = launch(['sandbox', '--port', String(port)], {})
  await whenSaid(running, 'publishable key')
  const url = `http://127.0.0.1:${port}`
  const stripe = new Stripe(secretKey, {
    host: '127.0.0.1',
    port,
    protocol: 'http',
    telemetry: false,
  })
  return {
    sandbox: {
      url,
      stripe,
      async steer<T>(method: string, path: string, body?: unknown): Promise<T> {
        const response = await fetch(`${url}/sandbox/${path}`, {
          method,
          headers: { authorization: `Bearer ${secretKey}`, 'content-type': 'application/json' },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        })
        if (!response.ok) throw new Error(`${method} /sandbox/${path}: ${response.status}`)
        return (await response.json()) as T
      },
    },
    async stop() {
      running.child.kill('SIGTERM')
      await running.ended
    },
  }
}

async function startService(settings: Readonly<Record<string, string>>, port: number) {
  const begin = async () => {
    const running = launch(['serve', '--port', String(port)], settings)
    await whenSaid(running, 'listens at')
    return running
  }
  let current = await begin()
  let restarts = 0
  const service: Service = {
    url: `http://127.0.0.1:${port}/api/v1/billing`,
    restarts: () => restarts,
    async killAndRestart() {
      current.child.kill('SIGKILL')
      await current.ended
      current = await begin()
      restarts += 1
    },
    async command(args) {
      const running = launch(args, settings)
      return { code: await running.ended, said: running.said() }
    },
  }
  const stop = async () => {
    current.child.kill('SIGTERM')
    await current.ended
  }
  return { service, stop }
}

/** Starts the three. What is open is closed again when one does not come up. */
export async function startParts(): Promise<Parts> {
  const folder = mkdtempSync(join(tmpdir(), 'quittance-faults-'))
  chmodSync(folder, 0o755) // The database runs as a user of its own when this is root.
  const stops: (() => Promise<void>)[] = [
    async () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  ]
  const close = async () => {
    for (const stop of stops.splice(0)) await stop()
  }
  try {
    const database = await startEmbedded({ dataDir: join(folder, 'postgres') })
    stops.unshift(() => database.stop())
    const prepared = await prepareDatabase({ databaseUrl: database.ownerUrl })
    const store = await openPostgresStore({
      appUrl: prepared.appUrl,
      systemUrl: prepared.systemUrl,
    })
    stops.unshift(() => store.close())
    const { sandbox, stop: stopSandbox } = await startSandbox()
    stops.unshift(stopSandbox)
    const port = await freePort()
    const endpoint = await sandbox.stripe.webhookEndpoints.create({
      url: `http://127.0.0.1:${port}/api/v1/billing/webhooks/stripe`,
      enabled_events: ['*'],
    })
    const { service, stop } = await startService(
      {
        DATABASE_URL: database.ownerUrl,
        DATA_DIR: folder,
        STRIPE_SECRET_KEY: secretKey,
        STRIPE_WEBHOOK_SECRET: endpoint.secret ?? '',
        STRIPE_API_BASE: sandbox.url,
        JWT_SECRET: tokenSecret,
        LOG_LEVEL: process.env.LOG_LEVEL ?? 'silent',
      },
      port,
    )
    stops.unshift(stop)
    return { sandbox, service, store, close }
  } catch (error) {
    await close()
    throw error
  }
}
