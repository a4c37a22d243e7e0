// A whole service for tests: real PostgreSQL, the sandbox over HTTP, the real server on loopback.
import { randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { basePath } from '@quittance/billing-contract/routes'
import { freePort } from '@quittance/http-kit/free-port'
import { makeMetrics } from '@quittance/http-kit/metrics'
import type { Tracing } from '@quittance/http-kit/tracing'
import { type Sandbox, startSandbox } from '@quittance/stripe-sandbox/server'
import { createSigner } from 'fast-jwt'
import Stripe from 'stripe'
import { createDatabase, dropDatabase, startEmbedded } from '../adapters/postgres/embedded.ts'
import { loadConfig } from '../config.ts'
import { type RunningService, startService } from '../main.ts'
import type { Clock } from '../ports/clock.ts'
import { type HeldText, heldInMongo, heldInPostgres } from './held-text.ts'
import { freshMongo, type MongoDatabase, mongoUri } from './mongo-database.ts'
import { watchTenancy } from './mongo-tenancy.ts'
import { type Owner, ownerOfMongo, ownerOfPostgres } from './owner.ts'

/** Signs the tokens of a world. */
export const secret = 'a secret for tests that is long enough'

export interface Answer {
  readonly status: number
  readonly headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers as callers in JavaScript do
  readonly body: any
}

export interface Call {
  readonly as?: string | null
  readonly body?: unknown
  readonly raw?: string
  readonly headers?: Readonly<Record<string, string>>
}

export interface World {
  readonly url: string
  readonly sandbox: Sandbox
  /** Stripe's SDK at the sandbox, past the service. */
  readonly stripe: Stripe
  readonly service: RunningService
  /** PostgreSQL as its superuser sees it, for planting what the service would never write. */
  readonly ownerUrl: string
  /** Where a text stands in the database, as its owner sees it. */
  held(text: string): Promise<HeldText>
  /** The database as its owner reads and alters it; close it at the end. */
  owner(): Promise<Owner>
  /** A token with these claims, signed with the service's secret. */
  token(claims: Readonly<Record<string, unknown>>): string
  /** Tokens of the usual callers. */
  admin(tenantId: string): string
  member(tenantId: string): string
  operator(): string
  platform(): string
  /** Sends a request below `/api/v1/billing`. */
  call(method: string, path: string, call?: Call): Promise<Answer>
  close(): Promise<void>
}

export interface WorldOptions {
  readonly environment?: Readonly<Record<string, string>>
  /** The sandbox tells the service of its events; without it nothing is ever told. */
  readonly webhooks?: boolean
  readonly jobs?: 'on' | 'off'
  /** A database of the test's own, as its owner; the world then starts and stops none. */
  readonly databaseUrl?: string
  /** The database writes through to the disk, as in earnest. */
  readonly durable?: boolean
  /** The built child that lays out issuers' own templates. */
  readonly templateChild?: URL
  /** The service's clock; the sandbox keeps the machine's. */
  readonly clock?: Clock
  /** Where the service's traces are kept. */
  readonly tracing?: Tracing
  /** By which address the service reaches the sandbox, if not by its own. */
  readonly reach?: (sandbox: Sandbox) => Promise<string>
}

interface OwnDatabase {
  readonly ownerUrl: string
  stop(): Promise<void>
}

/**
 * An empty database. Where a run of tests shares a server (`WORLD_SERVER`, its owner's URL) it is a copy of the
 * prepared one there; else a server is started for it.
 */
async function freshDatabase(dataDir: string, durable: boolean): Promise<OwnDatabase> {
  const shared = process.env.WORLD_SERVER
  if (durable) return startEmbedded({ dataDir })
  if (!shared) {
    return startEmbedded({ dataDir, settings: { fsync: 'off', full_page_writes: 'off' } })
  }
  const name = `world_${randomBytes(4).toString('hex')}`
  return {
    ownerUrl: await createDatabase(shared, name, 'pattern'),
    stop: () => dropDatabase(shared, name),
  }
}

/**
 * With WORLD_STORE=mongo worlds stand on MongoDB instead (`npm run test:stores`), and do not close without proof
 * that every command of a tenant named it.
 */
async function mongoWorld(): Promise<MongoDatabase | null> {
  if (process.env.WORLD_STORE !== 'mongo') return null
  if (mongoUri === null) throw new Error('WORLD_STORE=mongo needs MONGODB_URI')
  return freshMongo(mongoUri)
}

/** Opens a world of its own; close it at the end. */
export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'quittance-world-'))
  chmodSync(folder, 0o755) // The database runs as a user of its own when tests run as root.
  const { databaseUrl, durable = false } = options
  const mongo = databaseUrl === undefined ? await mongoWorld() : null
  const database =
    databaseUrl === undefined && mongo === null
      ? await freshDatabase(join(folder, 'postgres'), durable)
      : null
  const ownerUrl = databaseUrl ?? database?.ownerUrl
  const port = options.webhooks === true ? await freePort() : 0
  const told = { url: `http://127.0.0.1:${port}${basePath}/webhooks/stripe`, secret: 'whsec_world' }
  const sandbox = await startSandbox({ dataDir: null, webhooks: port === 0 ? [] : [told] })
  const apiBase = (await options.reach?.(sandbox)) ?? sandbox.url
  const config = loadConfig({
    BILLING_PORT: String(port),
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'silent',
    ...options.environment,
    ...(mongo === null ? {} : { MONGODB_URI: mongo.uri }),
  })
  const tenancy = watchTenancy()
  const service = await startService({
    config,
    watchMongo: tenancy.watch,
    embeddedOwnerUrl: ownerUrl,
    sandbox: true,
    stripe: {
      secretKey: sandbox.secretKey,
      publishableKey: sandbox.publishableKey,
      webhookSecrets: ['whsec_world'],
      apiBase,
    },
    token: { secret },
    mailDir: join(folder, 'mail'),
    metrics: { metrics: makeMetrics(), token: null },
    jobs: options.jobs ?? 'on',
    templateChild: options.templateChild,
    ...(options.tracing === undefined ? {} : { tracing: options.tracing }),
    ...(options.clock === undefined ? {} : { clock: options.clock }),
  })
  const url = service.url!
  const sign = createSigner({ key: secret })
  const token = (claims: Readonly<Record<string, unknown>>) => {
    const iat = Math.floor((options.clock?.real() ?? Date.now()) / 1000)
    return sign({ sub: 'tester', iat, exp: iat + 3600, ...claims })
  }
  return {
    url,
    sandbox,
    stripe: new Stripe(sandbox.secretKey, {
      host: '127.0.0.1',
      port: sandbox.port,
      protocol: 'http',
      telemetry: false,
    }),
    service,
    ownerUrl: ownerUrl ?? '',
    held: text =>
      mongo === null ? heldInPostgres(ownerUrl ?? '', text) : heldInMongo(mongo.uri, text),
    owner: () => (mongo === null ? ownerOfPostgres(ownerUrl ?? '') : ownerOfMongo(mongo.uri)),
    token,
    admin: tenantId => token({ tenantId, roles: ['admin'] }),
    member: tenantId => token({ tenantId, roles: ['member'] }),
    operator: () => token({ roles: ['operator'] }),
    platform: () => token({ roles: ['service'] }),
    call: (method, path, call = {}) => send(url, method, path, call),
    async close() {
      await service.close()
      await sandbox.close()
      await database?.stop()
      await mongo?.drop()
      rmSync(folder, { recursive: true, force: true })
      tenancy.proved()
    },
  }
}

async function send(url: string, method: string, path: string, call: Call): Promise<Answer> {
  const body = call.raw ?? (call.body === undefined ? undefined : JSON.stringify(call.body))
  const response = await fetch(`${url}/api/v1/billing${path}`, {
    method,
    headers: {
      ...(call.as ? { authorization: `Bearer ${call.as}` } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...call.headers,
    },
    ...(body === undefined ? {} : { body }),
  })
  const text = await response.text()
  const json = response.headers.get('content-type')?.includes('json') && text !== ''
  return {
    status: response.status,
    headers: response.headers,
    body: json ? JSON.parse(text) : text,
  }
}
