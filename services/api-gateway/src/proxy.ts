// Sends one request to the billing service and streams the answer back. Knows no path and no rule:
// what may be forwarded was decided before. On node:http, because that keeps bytes and errors in hand.

import http, { type ClientRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import https from 'node:https'
import type { HeaderList } from './headers.ts'

/** Why there is no answer to stream. `aborted`: the client left, nobody is there to be told. */
export type ForwardFailure = 'unreachable' | 'timeout' | 'overloaded' | 'aborted'

export interface ForwardRequest {
  readonly method: string
  /** Request target as received, with its query. */
  readonly target: string
  readonly headers: HeaderList
  readonly body: Buffer | null
  /** Whether sending it twice does no harm: a read, or a write with an idempotency key. */
  readonly replayable: boolean
  /** Where the answer will be written; its close means that the client left. */
  readonly client: ServerResponse
}

export interface ForwardHandlers {
  /** The head of the answer; `streamAnswer` sends it on. */
  readonly onAnswer: (answer: IncomingMessage) => void
  readonly onFailure: (failure: ForwardFailure, error: Error | null) => void
}

export interface Forwarder {
  readonly host: string
  forward(request: ForwardRequest, handlers: ForwardHandlers): void
  close(): void
}

export interface ForwarderOptions {
  /** Origin of the billing service, `http://127.0.0.1:3010`. */
  readonly url: string
  /** Longest silence of the service, before and within an answer. */
  readonly timeoutMs: number
  /** Requests under way at one time; more are turned away at once. */
  readonly inFlightMax: number
}

class UpstreamTimeout extends Error {}

/** A kept-alive connection that the service closed just as we used it. */
function wasStale(request: ClientRequest, error: Error & { code?: string }): boolean {
  return request.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE')
}

/** A connection that was never made carried nothing: an instance that restarts has a neighbour. */
function mayRepeat(
  request: ForwardRequest,
  outgoing: ClientRequest,
  error: Error & { code?: string },
) {
  return request.replayable && (error.code === 'ECONNREFUSED' || wasStale(outgoing, error))
}

/** Throws when the address is not an http(s) origin. */
function readOrigin(address: string): URL {
  const url = new URL(address)
  if (!/^https?:$/.test(url.protocol) || url.pathname !== '/' || url.search !== '') {
    throw new Error('The address of the billing service must be an http(s) origin without a path.')
  }
  return url
}

/** Opens a pool of kept-alive connections to the billing service. */
export function makeForwarder(options: ForwarderOptions): Forwarder {
  const origin = readOrigin(options.url)
  const secure = origin.protocol === 'https:'
  const agentOptions = { keepAlive: true, maxFreeSockets: 256, timeout: options.timeoutMs }
  const agent = secure ? new https.Agent(agentOptions) : new http.Agent(agentOptions)
  const send = secure ? https.request : http.request
  const hostname = origin.hostname.replace(/^\[(.*)\]$/, '$1')
  const port = origin.port === '' ? (secure ? 443 : 80) : Number(origin.port)
  let inFlight = 0

  function attempt(request: ForwardRequest, handlers: ForwardHandlers, isRetry: boolean): void {
    const { method, headers, client } = request
    let settled = false
    const outgoing = send({
      hostname,
      port,
      method,
      path: request.target,
      headers,
      // A connection of its own cannot be stale a second time.
      agent: isRetry ? false : agent,
      timeout: options.timeoutMs,
    })
    inFlight += 1
    const onClientClose = () => outgoing.destroy()
    client.on('close', onClientClose)
    outgoing.on('response', answer => {
      settled = true
      handlers.onAnswer(answer)
    })
    outgoing.on('timeout', () => outgoing.destroy(new UpstreamTimeout()))
    outgoing.on('error', (error: Error & { code?: string }) => {
      if (settled) return
      settled = true
      client.off('close', onClientClose)
      if (client.destroyed) handlers.onFailure('aborted', null)
      else if (error instanceof UpstreamTimeout) handlers.onFailure('timeout', null)
      else if (!isRetry && mayRepeat(request, outgoing, error)) attempt(request, handlers, true)
      else handlers.onFailure('unreachable', error)
    })
    outgoing.on('close', () => {
      inFlight -= 1
      client.off('close', onClientClose)
      if (settled) return
      settled = true
      handlers.onFailure('aborted', null)
    })
    outgoing.end(request.body ?? undefined)
  }

  return {
    host: origin.host,
    forward(request, handlers) {
      if (inFlight >= options.inFlightMax) handlers.onFailure('overloaded', null)
      else attempt(request, handlers, false)
    },
    close: () => agent.destroy(),
  }
}

/**
 * Streams an answer to the client with backpressure. An answer that breaks off breaks off for the
 * client too: ending it properly would pass half an answer off as a whole one.
 */
export function streamAnswer(
  answer: IncomingMessage,
  client: ServerResponse,
  headers: HeaderList,
): void {
  client.writeHead(answer.statusCode ?? 502, headers)
  answer.on('data', (chunk: Buffer) => {
    if (client.write(chunk)) return
    answer.pause()
    client.once('drain', () => answer.resume())
  })
  answer.on('end', () => client.end())
  answer.on('error', () => client.destroy())
  answer.on('close', () => {
    if (!answer.complete) client.destroy()
  })
}
