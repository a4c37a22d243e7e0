// Starts a sandbox: the HTTP server, its state, its journal and its webhook deliveries. The only
// file that listens on a socket.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerAdmin } from './admin.ts'
import { followInvoicePayment } from './billing/subscriptions.ts'
import { followPayment } from './checkouts.ts'
import { startDeliveries } from './deliveries.ts'
import { type ApiRequest, type Outcome, startDispatch } from './dispatch.ts'
import { type Engine, noOrigin, startEngine } from './engine.ts'
import { newFaultBook } from './faults.ts'
import { answerPage } from './hosted.ts'
import { memoryJournal, openJournal, readJournal } from './journal.ts'
import { theAccount } from './resources/account.ts'
import { upsertEndpoint } from './resources/webhook-endpoints.ts'
import { routes } from './routes.ts'
import { type Environment, emptyStore, type Timings } from './state.ts'
import { type StateAccess, stateAccess } from './state-access.ts'

export type SandboxOptions = {
  /** 0 or nothing takes a free port. */
  port?: number
  host?: '127.0.0.1'
  /** Folder of the journal; null or nothing keeps the state in memory only. */
  dataDir?: string | null
  secretKey?: string
  publishableKey?: string
  /** Endpoints that must exist, known by their address. Without `events` they get all. */
  webhooks?: { url: string; secret: string; events?: string[] }[]
  /** Base clock in epoch milliseconds; the sandbox's clock may run ahead of it. */
  now?: () => number
  timings?: Partial<Timings>
  log?: (line: string) => void
}

export type Sandbox = {
  url: string
  port: number
  secretKey: string
  publishableKey: string
  /** Direct reading and steering for tests, without HTTP. */
  state: StateAccess
  close(): Promise<void>
}

const hour = 3_600_000
/** Stripe's requests are small; a snapshot of a long simulation is not. */
const bodyMax = 1_048_576
const snapshotMax = 512 * 1_048_576
const silenceMs = 120_000

/** Quick enough for a demonstration, slow enough that `pending` and `processing` can be seen. */
const defaultTimings: Timings = {
  debitSettlesMs: 5000,
  refundSettlesMs: 5000,
  disputeOpensMs: 5000,
  fundsAvailableMs: 48 * hour,
}

async function bodyOf(message: IncomingMessage): Promise<string | undefined> {
  const limit = message.url?.startsWith('/sandbox/snapshot') ? snapshotMax : bodyMax
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of message) {
    const bytes = Buffer.from(chunk)
    size += bytes.length
    if (size > limit) return undefined
    chunks.push(bytes)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function respond(outcome: Outcome, response: ServerResponse): void {
  if (outcome.kind === 'reset') {
    response.socket?.resetAndDestroy()
    return
  }
  if (outcome.kind === 'silence') {
    setTimeout(() => response.socket?.destroy(), silenceMs).unref()
    return
  }
  const { status, headers, body } = outcome.reply
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) })
  response.end(body)
}

const preflightHeaders = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, POST, DELETE',
  'access-control-allow-headers': 'Authorization, Content-Type, Idempotency-Key, Stripe-Version',
  'access-control-max-age': '600',
}

type Handler = (request: ApiRequest) => Promise<Outcome>

async function handle(
  message: IncomingMessage,
  response: ServerResponse,
  handler: Handler,
): Promise<void> {
  if (message.method === 'OPTIONS') {
    response.writeHead(204, preflightHeaders).end()
    return
  }
  const body = await bodyOf(message)
  if (body === undefined) {
    response.writeHead(413).end()
    return
  }
  const { method = 'GET', url = '/', headers } = message
  respond(await handler({ method, url, headers, body }), response)
}

/** A timer that does what falls due while nobody calls. */
function startTicking(engine: Engine): () => void {
  const timer = setInterval(() => {
    if (engine.nextDueAt() <= engine.now()) engine.runDue()
  }, 250)
  timer.unref()
  return () => clearInterval(timer)
}

function engineFor(options: SandboxOptions, environment: Environment, onCommit: () => void) {
  const { dataDir = null } = options
  const store = dataDir ? readJournal(dataDir) : emptyStore()
  const journal = dataDir ? openJournal(dataDir, store) : memoryJournal()
  const baseNow = options.now ?? Date.now
  const log = options.log ?? (() => {})
  const engine = startEngine({ store, journal, environment, baseNow, onCommit, log })
  return { engine, journal }
}

/**
 * Starts a sandbox on 127.0.0.1. What it answered is in its journal before the answer leaves, so a
 * killed sandbox resumes where it was, undelivered webhooks included. One process per folder.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { secretKey = 'sk_test_sandbox', publishableKey = 'pk_test_sandbox' } = options
  const log = options.log ?? (() => {})
  const environment: Environment = {
    baseUrl: '',
    publishableKey,
    timings: { ...defaultTimings, ...options.timings },
    faults: newFaultBook(),
    paymentEnded(work, intentId) {
      followPayment(work, intentId)
      followInvoicePayment(work, intentId)
    },
  }
  const { engine, journal } = engineFor(options, environment, () => deliveries.wake())
  const deliveries = startDeliveries(engine)
  const keys = { secretKey, publishableKey }
  const api = startDispatch({ engine, routes, keys, log })
  const handler: Handler = async request =>
    (await answerAdmin(engine, deliveries, keys, request)) ??
    answerPage(engine, request) ??
    (await api(request))

  const server = createServer((message, response) => {
    handle(message, response, handler).catch((fault: unknown) => {
      log(`fault: ${fault instanceof Error ? (fault.stack ?? fault.message) : 'unknown'}`)
      response.destroy()
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, options.host ?? '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  environment.baseUrl = `http://127.0.0.1:${port}`
  engine.transact(noOrigin, work => {
    theAccount(work)
    for (const wanted of options.webhooks ?? []) upsertEndpoint(work, wanted)
  })
  deliveries.wake()
  const stopTicking = startTicking(engine)
  return {
    url: environment.baseUrl,
    port,
    secretKey,
    publishableKey,
    state: stateAccess(engine, deliveries),
    async close() {
      stopTicking()
      await deliveries.close()
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
      journal.close()
    },
  }
}
