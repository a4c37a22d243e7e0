// Puts a sandbox on HTTP. The only file that listens on a socket.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ApiRequest, Outcome } from './dispatch.ts'
import { makeSandbox, type SandboxCore, type SandboxCoreOptions } from './sandbox.ts'
import type { StateAccess } from './state-access.ts'

export type SandboxOptions = SandboxCoreOptions & {
  /** 0 or nothing takes a free port. */
  port?: number
  host?: '127.0.0.1'
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

/** Stripe's requests are small; a snapshot of a long simulation is not. */
const bodyMax = 1_048_576
const snapshotMax = 512 * 1_048_576
const silenceMs = 120_000

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
function startTicking(core: SandboxCore): () => void {
  const timer = setInterval(() => core.tick(), 250)
  timer.unref()
  return () => clearInterval(timer)
}

/**
 * Starts a sandbox on 127.0.0.1. What it answered is in its journal before the answer leaves, so a
 * killed sandbox resumes where it was, undelivered webhooks included. One process per folder.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const log = options.log ?? (() => {})
  const core = makeSandbox(options)
  const server = createServer((message, response) => {
    handle(message, response, core.handle).catch((fault: unknown) => {
      log(`fault: ${fault instanceof Error ? (fault.stack ?? fault.message) : 'unknown'}`)
      response.destroy()
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, options.host ?? '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}`
  core.open(url)
  const stopTicking = startTicking(core)
  return {
    url,
    port,
    secretKey: core.secretKey,
    publishableKey: core.publishableKey,
    state: core.state,
    async close() {
      stopTicking()
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
      await core.close()
    },
  }
}
