// Deliveries over HTTP: signed as Standard Webhooks say, to public addresses only. The name is resolved
// once, and the connection goes to an address of that answer: a second answer can lead nowhere else.
import { createHmac } from 'node:crypto'
import { lookup as resolve } from 'node:dns'
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import type { LookupFunction } from 'node:net'
import type { DeliveryResult } from '../../core/webhook.ts'
import type { HookMessage, HookSender, UrlProblem } from '../../ports/hook-sender.ts'
import { isPublicAddress, literalAddress } from './addresses.ts'

export interface SenderOptions {
  /** `any`: also plain HTTP and private addresses, for development. */
  readonly targets: 'public' | 'any'
  readonly timeoutMs?: number
}

const timeoutDefaultMs = 15_000
const bodyCharactersMax = 1_000
const bodyBytesMax = 16 * 1024

/** `v1,<base 64>` of HMAC-SHA256 over `id.timestamp.body` for each secret (Standard Webhooks 1.0). */
export function signatures(
  secrets: readonly string[],
  message: { readonly id: string; readonly seconds: number; readonly body: string },
): string {
  const signed = `${message.id}.${message.seconds}.${message.body}`
  return secrets
    .map(secret => Buffer.from(secret.replace(/^whsec_/, ''), 'base64'))
    .map(key => `v1,${createHmac('sha256', key).update(signed).digest('base64')}`)
    .join(' ')
}

const privateProblem: UrlProblem = {
  reason: 'it is not on the public internet (WEBHOOK_TARGETS=any allows it in development).',
  reasonZh: '该地址不在公共互联网上（开发环境可设置 WEBHOOK_TARGETS=any）。',
}

/** What is wrong with an address. A name is only known to be private when it is resolved. */
function checkUrl(text: string, targets: SenderOptions['targets']): UrlProblem | null {
  if (!URL.canParse(text)) return { reason: 'it is not an address.', reasonZh: '不是有效的网址。' }
  const url = new URL(text)
  const schemes = targets === 'any' ? ['https:', 'http:'] : ['https:']
  if (!schemes.includes(url.protocol)) {
    return { reason: 'it must begin with https://.', reasonZh: '必须以 https:// 开头。' }
  }
  if (url.username !== '' || url.password !== '') {
    return { reason: 'it must not carry a password.', reasonZh: '网址中不能包含密码。' }
  }
  if (targets === 'any') return null
  const address = literalAddress(url.hostname)
  const local = /(^|\.)(localhost|local|internal)\.?$/i.test(url.hostname)
  return local || (address !== null && !isPublicAddress(address)) ? privateProblem : null
}

/** Resolves a name to its public addresses; one that has a private one among them is not asked at all. */
const publicLookup: LookupFunction = (hostname, options, callback) => {
  resolve(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return callback(error, '')
    const refused = addresses.find(({ address }) => !isPublicAddress(address))
    if (refused !== undefined || addresses.length === 0) {
      return callback(new Error(`${hostname} is not on the public internet`), '')
    }
    if (options.all === true) return callback(null, addresses)
    callback(null, addresses[0]!.address, addresses[0]!.family)
  })
}

/** Makes the sender. */
export function makeHookSender(options: SenderOptions): HookSender {
  const { targets, timeoutMs = timeoutDefaultMs } = options
  const agents = {
    'http:': new HttpAgent({ keepAlive: true, maxSockets: 10, timeout: timeoutMs }),
    'https:': new HttpsAgent({ keepAlive: true, maxSockets: 10, timeout: timeoutMs }),
  }
  return {
    check: url => checkUrl(url, targets),
    async send(message) {
      const startedAt = performance.now()
      const result = (answer: Partial<DeliveryResult>): DeliveryResult => ({
        status: null,
        body: null,
        problem: null,
        ...answer,
        durationMs: Math.round(performance.now() - startedAt),
      })
      const problem = checkUrl(message.url, targets)
      if (problem !== null) return result({ problem: problem.reason })
      try {
        return result(await post(message, { targets, timeoutMs, agents }))
      } catch (error) {
        const reason = error instanceof Error ? error.message || error.name : String(error)
        return result({ problem: reason.slice(0, 300) })
      }
    },
    close() {
      agents['http:'].destroy()
      agents['https:'].destroy()
    },
  }
}

interface PostOptions {
  readonly targets: SenderOptions['targets']
  readonly timeoutMs: number
  readonly agents: { readonly 'http:': HttpAgent; readonly 'https:': HttpsAgent }
}

function post(message: HookMessage, options: PostOptions): Promise<Partial<DeliveryResult>> {
  const url = new URL(message.url)
  const seconds = Math.floor(message.sentAt / 1000)
  const tls = url.protocol === 'https:'
  return new Promise((done, fail) => {
    const request = (tls ? httpsRequest : httpRequest)(url, {
      method: 'POST',
      agent: options.agents[tls ? 'https:' : 'http:'],
      signal: AbortSignal.timeout(options.timeoutMs),
      ...(options.targets === 'public' && { lookup: publicLookup }),
      headers: {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(message.body),
        'user-agent': 'Quittance-Webhooks/1',
        'webhook-id': message.id,
        'webhook-timestamp': String(seconds),
        'webhook-signature': signatures(message.secrets, {
          id: message.id,
          seconds,
          body: message.body,
        }),
      },
    })
    request.on('error', error =>
      fail(error.name === 'AbortError' || error.name === 'TimeoutError' ? slow(options) : error),
    )
    request.on('response', answer => readExcerpt(answer).then(done, fail))
    request.end(message.body)
  })
}

const slow = ({ timeoutMs }: PostOptions) => new Error(`no answer within ${timeoutMs / 1000} s`)

/** Status and the beginning of the body; whoever sends more than that is not listened to. */
async function readExcerpt(answer: IncomingMessage): Promise<Partial<DeliveryResult>> {
  const parts: Buffer[] = []
  let bytes = 0
  try {
    for await (const part of answer) {
      parts.push(part as Buffer)
      bytes += (part as Buffer).length
      if (bytes >= bodyBytesMax) break
    }
  } catch {
    // The status is what counts; a body that breaks off changes nothing about it.
  }
  const status = answer.statusCode ?? 0
  // What the database takes as text has no NUL.
  const body = Buffer.concat(parts)
    .toString('utf8')
    .replaceAll('\0', '')
    .slice(0, bodyCharactersMax)
  const moved = status >= 300 && status < 400
  return {
    status,
    body,
    problem: moved ? 'it answered with a redirection, which is not followed' : null,
  }
}
