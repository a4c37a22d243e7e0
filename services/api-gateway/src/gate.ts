// The way of one request to the billing API through the gateway: path, address limit, size, token,
// tenant limit, forward. It decides nothing about billing and changes no body.

import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import {
  addLogFacts,
  causeOf,
  type ProblemCause,
  sendProblem,
} from '@quittance/http-kit/fastify-kit'
import { refuseRequest } from '@quittance/http-kit/refusal'
import type { TokenVerifier } from '@quittance/http-kit/token'
import { traceHeadersOf } from '@quittance/http-kit/tracing'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Admission, admissionOf, admit, isHeavy, isPlainPath, pathOf } from './auth.ts'
import { announcesTooMuch, type BodyReader, discardBody, isUnread } from './body.ts'
import type { Breaker } from './breaker.ts'
import { requestHeaders, responseHeaders } from './headers.ts'
import {
  addressKey,
  type LimitDecision,
  type LimitPolicy,
  limitHeaders,
  type RateLimiter,
  tighter,
} from './limits.ts'
import { type Forwarder, type ForwardFailure, streamAnswer } from './proxy.ts'

/** How much is let through; null switches a limit off. */
export interface GateLimits {
  readonly tenant: LimitPolicy | null
  readonly address: LimitPolicy | null
  /** Of one token, whoever it speaks for. */
  readonly token: LimitPolicy | null
  /** Of a tenant for what costs much: files, reports, exports. */
  readonly heavy: LimitPolicy | null
}

export interface GateParts {
  readonly verifier: TokenVerifier
  readonly limiter: RateLimiter
  readonly limits: GateLimits
  readonly bodies: BodyReader
  readonly breaker: Breaker
  readonly bodyBytesMax: number
  readonly forwarder: Forwarder
  /** Whether requests are traced. */
  readonly traced: boolean
  /** Whether the gateway is shutting down, so that kept-alive connections end with their answer. */
  readonly isClosing: () => boolean
}

/** One request on its way, with the tightest limit it has met so far. */
interface Passage {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly admission: Admission
  limit: LimitDecision | null
}

const causeOfFailure: Readonly<Record<Exclude<ForwardFailure, 'aborted'>, ProblemCause>> = {
  unreachable: { code: 'bad_gateway' },
  timeout: { code: 'gateway_timeout' },
  overloaded: { code: 'overloaded', details: { seconds: 1 } },
}

const unknownPath: ProblemCause = {
  code: 'not_found',
  details: { noun: 'address', nounZh: '地址' },
}

function refuse(passage: Passage, cause: ProblemCause): void {
  const { request, reply } = passage
  if (isUnread(request.raw)) discardBody(request.raw)
  reply.headers(limitHeaders(passage.limit))
  sendProblem(request, reply, cause)
}

async function count(
  passage: Passage,
  limiter: RateLimiter,
  key: string,
  policy: LimitPolicy | null,
): Promise<void> {
  if (policy === null) return
  const decision = await limiter.take(key, policy)
  passage.limit = tighter(passage.limit, decision)
  if (!decision.allowed) refuseRequest('rate_limited', { seconds: decision.retryAfterSeconds })
}

async function admitCaller(passage: Passage, parts: GateParts): Promise<void> {
  const { request } = passage
  const origin = { requestId: request.id, ip: request.ip }
  const { caller, limitKey } = await admit(parts.verifier, request.headers, origin)
  addLogFacts(request, { tenantId: caller.tenantId, sub: caller.sub })
  const { limiter, limits } = parts
  await count(passage, limiter, limitKey, limits.tenant)
  if (limits.token !== null) {
    await count(passage, limiter, `token ${fingerprint(request)}`, limits.token)
  }
  if (isHeavy(pathOf(request.raw.url ?? '/'))) {
    await count(passage, limiter, `heavy ${limitKey}`, limits.heavy)
  }
}

/** Names a token without being it: keys are kept in memory and in Redis. */
const fingerprint = (request: FastifyRequest): string =>
  createHash('sha256')
    .update(request.headers.authorization ?? '')
    .digest('base64url')
    .slice(0, 22)

/** The body, null for none, undefined when the sender left. Refusals: too large, overloaded. */
async function readBody(passage: Passage, parts: GateParts): Promise<Buffer | null | undefined> {
  const outcome = await parts.bodies.read(passage.request.raw)
  if (outcome.kind === 'read') return outcome.bytes
  if (outcome.kind === 'aborted') return undefined
  if (outcome.kind === 'too_large') return refuseBody(parts)
  return refuseRequest('unavailable', { part: 'memory for uploads', partZh: '上传缓冲' })
}

function refuseBody(parts: GateParts): never {
  const megabytes = parts.bodyBytesMax / 1024 / 1024
  return refuseRequest('body_too_large', { limit: `${Math.round(megabytes * 10) / 10} MB` })
}

function ownHeaders(passage: Passage, parts: GateParts): Record<string, string> {
  const headers = {
    // What hooks have set, such as for other origins: a hijacked reply would not write it.
    ...(passage.reply.getHeaders() as Record<string, string>),
    ...limitHeaders(passage.limit),
    'x-request-id': passage.request.id,
  }
  return parts.isClosing() ? { ...headers, connection: 'close' } : headers
}

/** A write is safe to repeat when the billing service would notice: by its key, or by its event id. */
function isReplayable(passage: Passage): boolean {
  const { method, headers } = passage.request
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return true
  return headers['idempotency-key'] !== undefined || passage.admission === 'webhook'
}

/** Without a length node would announce a chunked body, which a write without body does not have. */
function carriesLength(request: FastifyRequest): boolean {
  const { method, headers } = request
  return headers['content-length'] !== undefined || ['POST', 'PUT', 'PATCH'].includes(method)
}

const resting: ProblemCause = {
  code: 'unavailable',
  details: { part: 'the billing service', partZh: '计费服务', seconds: 2 },
}

function forward(passage: Passage, parts: GateParts, body: Buffer | null): void {
  const { request, reply } = passage
  if (!parts.breaker.mayTry()) {
    refuse(passage, resting)
    return
  }
  const onAnswer = (answer: IncomingMessage) => {
    parts.breaker.succeeded()
    reply.hijack()
    const headers = responseHeaders(answer.rawHeaders, ownHeaders(passage, parts))
    streamAnswer(answer, reply.raw, headers)
  }
  const onFailure = (failure: ForwardFailure, error: Error | null) => {
    if (failure === 'aborted') return
    if (failure !== 'overloaded') parts.breaker.failed()
    if (error !== null) request.log.warn({ err: error }, 'billing service unreachable')
    refuse(passage, causeOfFailure[failure])
  }
  const headers = requestHeaders(request.headers, {
    requestId: request.id,
    forwardedFor: request.ips === undefined ? request.ip : request.ips.toReversed().join(', '),
    protocol: request.protocol,
    host: request.host,
    upstreamHost: parts.forwarder.host,
    trace: parts.traced ? traceHeadersOf(request) : null,
    bodyBytes: body?.length ?? (carriesLength(request) ? 0 : null),
  })
  parts.forwarder.forward(
    {
      method: request.method,
      target: request.raw.url ?? '/',
      headers,
      body,
      replayable: isReplayable(passage),
      client: reply.raw,
    },
    { onAnswer, onFailure },
  )
}

async function pass(passage: Passage, parts: GateParts): Promise<void> {
  const { request, admission } = passage
  const { limits, limiter } = parts
  if (admission !== 'webhook') {
    await count(passage, limiter, `address ${addressKey(request.ip)}`, limits.address)
  }
  if (announcesTooMuch(request.raw, parts.bodyBytesMax)) refuseBody(parts)
  // Size is refused before the token; of a chunked body it is known only when it was read.
  const isChunked = request.headers['transfer-encoding'] !== undefined
  let body = isChunked ? await readBody(passage, parts) : null
  if (admission === 'token') await admitCaller(passage, parts)
  if (!isChunked) body = await readBody(passage, parts)
  if (body !== undefined) forward(passage, parts, body)
}

/**
 * An `onRequest` hook for the routes of the billing API: it answers every request itself, before
 * Fastify would read the body. Order of refusals: path, address limit, size, token, tenant header,
 * tenant limit.
 */
export function makeGate(parts: GateParts) {
  return (request: FastifyRequest, reply: FastifyReply): void => {
    const path = pathOf(request.raw.url ?? '/')
    const isPlain = isPlainPath(path)
    const admission = isPlain ? admissionOf(request.method, path) : 'open'
    const passage: Passage = { request, reply, admission, limit: null }
    if (!isPlain) {
      refuse(passage, unknownPath)
      return
    }
    pass(passage, parts).catch((error: unknown) => {
      const cause = causeOf(error)
      if (cause.code === 'internal_error') request.log.error({ err: error }, 'fault')
      refuse(passage, cause)
    })
  }
}
