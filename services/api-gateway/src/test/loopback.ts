// A gateway before a small stand-in for the billing service, on loopback, and clients that can misuse
// HTTP. For tests only.

import { createHmac } from 'node:crypto'
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { onTestFinished } from 'vitest'
import type { GatewayOptions } from '../app.ts'
import { startGateway } from '../server.ts'

export const secret = 'a-secret-of-more-than-thirty-two-bytes!'

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A token signed with the test secret, valid for an hour. */
export function tokenFor(claims: object = {}): string {
  const exp = Math.floor(Date.now() / 1000) + 3600
  const payload = { sub: 'user_1', tenantId: 'tenant_1', roles: ['admin'], exp, ...claims }
  const input = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(payload)}`
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`
}

export const bearer = (claims: object = {}) => ({ authorization: `Bearer ${tokenFor(claims)}` })

/** What reached the billing service. */
export interface Received {
  readonly method: string
  readonly url: string
  readonly headers: http.IncomingHttpHeaders
  readonly body: Buffer
}

type Answerer = (received: Received, response: ServerResponse, request: IncomingMessage) => void

export interface Upstream {
  readonly url: string
  readonly received: Received[]
  /** Requests whose head arrived, whether or not they were ever complete. */
  readonly heads: () => number
  close(): Promise<void>
}

const echo: Answerer = (received, response) => {
  const text = JSON.stringify({ method: received.method, url: received.url })
  response.writeHead(200, { 'content-type': 'application/json' })
  response.end(text)
}

async function listen(server: http.Server, port = 0): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return (server.address() as AddressInfo).port
}

export async function startUpstream(answer: Answerer = echo, port = 0): Promise<Upstream> {
  const received: Received[] = []
  let heads = 0
  const server = http.createServer((request, response) => {
    heads += 1
    const chunks: Buffer[] = []
    request.on('data', chunk => chunks.push(chunk))
    request.on('error', () => undefined)
    request.on('end', () => {
      const { method = '', url = '', headers } = request
      const entry = { method, url, headers, body: Buffer.concat(chunks) }
      received.push(entry)
      answer(entry, response, request)
    })
  })
  const actualPort = await listen(server, port)
  const close = async () => {
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
  }
  onTestFinished(close)
  return { url: `http://127.0.0.1:${actualPort}`, received, heads: () => heads, close }
}

/** A gateway before `upstream`, without limits unless the options say otherwise. */
export async function startBefore(billingUrl: string, options: Partial<GatewayOptions> = {}) {
  const gateway = await startGateway({
    port: 0,
    billingUrl,
    token: { secret },
    limits: { tenant: null, address: null },
    ...options,
  })
  onTestFinished(() => gateway.close())
  return gateway
}

export async function startBoth(options: Partial<GatewayOptions> = {}, answer: Answerer = echo) {
  const upstream = await startUpstream(answer)
  const gateway = await startBefore(upstream.url, options)
  return { upstream, gateway, url: gateway.url }
}

/** A promise and the function that fulfils it. */
export function makeSignal<T>() {
  let give: (value: T) => void = () => undefined
  const given = new Promise<T>(resolve => {
    give = resolve
  })
  return { given, give }
}

export interface Answer {
  readonly status: number
  readonly headers: http.IncomingHttpHeaders
  readonly body: Buffer
  readonly json: () => Record<string, unknown>
}

export interface Call {
  readonly method?: string
  readonly headers?: http.OutgoingHttpHeaders
  readonly body?: Buffer | string
  /** Send without Content-Length, in chunks of 64 KB. */
  readonly chunked?: boolean
}

/** One request on a connection of its own, written to the end whatever is answered meanwhile. */
export function call(url: string, options: Call = {}): Promise<Answer> {
  const { method = 'GET', headers = {}, body } = options
  const bytes = body === undefined ? null : Buffer.from(body)
  const framing =
    bytes === null || options.chunked === true ? {} : { 'content-length': bytes.length }
  return new Promise((resolve, reject) => {
    const request = http.request(url, {
      method,
      agent: false,
      headers: { ...headers, ...framing },
    })
    request.on('error', reject)
    request.on('response', response => {
      const chunks: Buffer[] = []
      response.on('data', chunk => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const whole = Buffer.concat(chunks)
        const json = () => JSON.parse(whole.toString('utf8'))
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: whole,
          json,
        })
      })
    })
    if (bytes !== null && options.chunked === true) {
      for (let at = 0; at < bytes.length; at += 65_536)
        request.write(bytes.subarray(at, at + 65_536))
    }
    request.end(options.chunked === true ? undefined : (bytes ?? undefined))
  })
}

/** Writes bytes to the gateway as they are, and reads until it closes or `until` is seen. */
export function exchange(url: string, bytes: string | Buffer, until?: RegExp): Promise<string> {
  const { port } = new URL(url)
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect(Number(port), '127.0.0.1', () => socket.write(bytes))
    socket.on('data', chunk => {
      answer += chunk.toString('latin1')
      if (until?.test(answer) === true) socket.destroy()
    })
    socket.on('close', () => resolve(answer)).on('error', reject)
  })
}
