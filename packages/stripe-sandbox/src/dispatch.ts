// Answers one API request: key, version, route, idempotency, faults, the unit of work, the body.

import { createHash } from 'node:crypto'
import type { Route } from './api.ts'
import type { Engine } from './engine.ts'
import { apiVersion } from './events.ts'
import { expanded } from './expand.ts'
import { StripeFailure, unauthorized } from './failures.ts'
import { type Fault, requestFaults } from './faults.ts'
import { decodeForm, type FormRecord } from './form.ts'
import { newId, rollBack, save, type Work } from './state.ts'
import type { KeptAnswer } from './tables.ts'
import { faultByMetadata } from './test-values.ts'

export type ApiRequest = {
  method: string
  /** Path and query as received. */
  url: string
  headers: Record<string, string | string[] | undefined>
  body: string
}

export type Reply = { status: number; headers: Record<string, string>; body: string }

/** What to do with the connection: answer, cut it, or leave the caller waiting. */
export type Outcome = { kind: 'reply'; reply: Reply } | { kind: 'reset' } | { kind: 'silence' }

export type Keys = { secretKey: string; publishableKey: string }

type Found = { route: Route; ids: string[] }

const keptForMs = 24 * 3_600_000

/** Finds the route of a path; literal segments win over ids. */
export function routeFinder(routes: readonly Route[]) {
  const table = routes
    .map(route => ({ route, steps: route.path.split('/') }))
    .sort((left, right) => literals(right.steps) - literals(left.steps))
  return (method: string, path: string): Found | undefined => {
    const given = path.split('/')
    for (const { route, steps } of table) {
      if (route.method !== method || steps.length !== given.length) continue
      if (!steps.every((step, index) => step.startsWith(':') || step === given[index])) continue
      const ids = given.filter((_, index) => steps[index]?.startsWith(':'))
      return { route, ids: ids.map(id => decodeURIComponent(id)) }
    }
    return undefined
  }
}

function literals(steps: string[]): number {
  return steps.filter(step => !step.startsWith(':')).length
}

function headerOf(request: ApiRequest, name: string): string | undefined {
  const value = request.headers[name]
  return Array.isArray(value) ? value[0] : value
}

function keyOf(request: ApiRequest): string | undefined {
  const header = headerOf(request, 'authorization') ?? ''
  const [scheme = '', value = ''] = header.split(' ')
  if (scheme.toLowerCase() === 'bearer') return value
  if (scheme.toLowerCase() !== 'basic') return undefined
  return Buffer.from(value, 'base64').toString().split(':')[0]
}

function shownKey(key: string): string {
  return key.length <= 12 ? '*'.repeat(key.length) : `${key.slice(0, 8)}****${key.slice(-4)}`
}

/** Who is calling: 401 without a key or with an unknown one. */
export function callerOf(request: ApiRequest, keys: Keys): 'secret' | 'publishable' {
  const key = keyOf(request)
  if (!key) {
    throw unauthorized(
      'You did not provide an API key. You need to provide your API key in the Authorization ' +
        "header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
    )
  }
  if (key === keys.secretKey) return 'secret'
  if (key === keys.publishableKey) return 'publishable'
  throw unauthorized(`Invalid API Key provided: ${shownKey(key)}`)
}

function checkVersion(request: ApiRequest): void {
  const version = headerOf(request, 'stripe-version')
  if (version === undefined || version === apiVersion) return
  throw new StripeFailure(400, {
    type: 'invalid_request_error',
    message: `Invalid Stripe API version: ${version}. This sandbox speaks ${apiVersion} only.`,
  })
}

function findRoute(find: ReturnType<typeof routeFinder>, method: string, path: string): Found {
  const found = find(method, path)
  if (found) return found
  throw new StripeFailure(404, {
    type: 'invalid_request_error',
    message: `Unrecognized request URL (${method}: ${path}).`,
  })
}

function paramsOf(request: ApiRequest): FormRecord {
  const query = request.url.includes('?') ? request.url.slice(request.url.indexOf('?') + 1) : ''
  return { ...decodeForm(query), ...(request.method === 'POST' ? decodeForm(request.body) : {}) }
}

function fingerprintOf(request: ApiRequest): string {
  return createHash('sha256')
    .update(`${request.method} ${request.url}\n${request.body}`)
    .digest('hex')
}

function reused(): StripeFailure {
  return new StripeFailure(400, {
    type: 'idempotency_error',
    message:
      'Keys for idempotent requests can only be used with the same parameters they were first ' +
      'used with. Try using a key other than the one given if you meant to execute a different ' +
      'request.',
  })
}

function inUse(): StripeFailure {
  return new StripeFailure(409, {
    type: 'idempotency_error',
    code: 'idempotency_key_in_use',
    message:
      'There is currently another in-progress request using this idempotency key (that probably ' +
      'means you submitted twice, and the other request is still going through). Please try again ' +
      'later.',
  })
}

function faultFailure(fault: Fault): StripeFailure | undefined {
  if (fault.kind === 'rate_limit') {
    return new StripeFailure(429, {
      type: 'invalid_request_error',
      code: 'rate_limit',
      message: 'Too many requests. Please retry with exponential backoff.',
    })
  }
  if (fault.kind === 'lock_timeout') {
    return new StripeFailure(fault.status, {
      type: 'invalid_request_error',
      code: 'lock_timeout',
      message:
        'This object cannot be accessed right now because another API request or Stripe process ' +
        'is currently accessing it. Please retry.',
    })
  }
  return undefined
}

const serverError = {
  type: 'api_error' as const,
  message: 'An unknown error occurred on the server. The request can be retried.',
}

type Answer = { status: number; body: unknown; repeats: boolean }

/** Answers requests of one sandbox. */
export function startDispatch(parts: {
  engine: Engine
  routes: readonly Route[]
  keys: Keys
  log: (line: string) => void
}): (request: ApiRequest) => Promise<Outcome> {
  const { engine, keys, log } = parts
  const find = routeFinder(parts.routes)
  const running = new Set<string>()

  const headersFor = (requestId: string, key: string | undefined): Record<string, string> => ({
    'content-type': 'application/json',
    'request-id': requestId,
    'stripe-version': apiVersion,
    'access-control-allow-origin': '*',
    'access-control-expose-headers': 'Request-Id',
    ...(key ? { 'idempotency-key': key } : {}),
  })

  const run = (work: Work, found: Found, params: FormRecord, caller: 'secret' | 'publishable') => {
    const [id = '', subId = ''] = found.ids
    const answer = found.route.answer({ work, params, id, subId, caller })
    return expanded(work, answer, params)
  }

  const perform = (
    request: ApiRequest,
    found: Found,
    params: FormRecord,
    fault: Fault | undefined,
    identity: { requestId: string; key: string | undefined; caller: 'secret' | 'publishable' },
  ): Answer => {
    const { requestId, key, caller } = identity
    return engine.transact({ requestId, idempotencyKey: key ?? null }, work => {
      const answer = attempt(work, () => run(work, found, params, caller), fault)
      if (key && answer.repeats) {
        save(work, 'kept_answer', {
          id: key,
          fingerprint: fingerprintOf(request),
          requestId,
          status: answer.status,
          body: JSON.stringify(answer.body),
          createdAt: Date.now(),
        })
      }
      return answer
    })
  }

  const attempt = (work: Work, runRoute: () => unknown, fault: Fault | undefined): Answer => {
    const broken: Answer = { status: 500, body: { error: serverError }, repeats: true }
    if (fault?.kind === 'server_error' && !fault.performs) return broken
    try {
      const body = runRoute()
      return fault?.kind === 'server_error' ? broken : { status: 200, body, repeats: true }
    } catch (failure) {
      if (failure instanceof StripeFailure && failure.effects === 'keep') {
        return { status: failure.status, body: { error: failure.body }, repeats: failure.repeats }
      }
      rollBack(work)
      if (failure instanceof StripeFailure) {
        return { status: failure.status, body: { error: failure.body }, repeats: failure.repeats }
      }
      log(`fault: ${failure instanceof Error ? (failure.stack ?? failure.message) : 'unknown'}`)
      return { ...broken, repeats: false }
    }
  }

  const replay = (kept: KeptAnswer, fingerprint: string, requestId: string): Outcome => {
    if (kept.fingerprint !== fingerprint) throw reused()
    const headers = {
      ...headersFor(requestId, kept.id),
      'idempotent-replayed': 'true',
      'original-request': kept.requestId,
    }
    return { kind: 'reply', reply: { status: kept.status, headers, body: kept.body } }
  }

  const keptAnswer = (key: string | undefined): KeptAnswer | undefined => {
    const kept = key ? engine.store.tables.kept_answer.rows.get(key) : undefined
    return kept && kept.createdAt > Date.now() - keptForMs ? kept : undefined
  }

  const answerOnce = async (
    request: ApiRequest,
    found: Found,
    params: FormRecord,
    identity: { requestId: string; key: string | undefined; caller: 'secret' | 'publishable' },
  ): Promise<Outcome> => {
    const path = request.url.split('?')[0] ?? ''
    const fault =
      faultByMetadata(params) ??
      engine.environment.faults.strike(requestFaults, { method: request.method, name: path })
    if (fault?.kind === 'reset_before') return { kind: 'reset' }
    if (fault?.kind === 'latency') await delay(fault.delayMs)
    const refused = fault ? faultFailure(fault) : undefined
    if (refused) throw refused
    const answer = perform(request, found, params, fault, identity)
    if (fault?.kind === 'reset_after') return { kind: 'reset' }
    if (fault?.kind === 'timeout_after') return { kind: 'silence' }
    const headers = headersFor(identity.requestId, identity.key)
    const body = JSON.stringify(answer.body, null, 2)
    return { kind: 'reply', reply: { status: answer.status, headers, body } }
  }

  const handle = async (request: ApiRequest, requestId: string): Promise<Outcome> => {
    const caller = callerOf(request, keys)
    checkVersion(request)
    const found = findRoute(find, request.method, request.url.split('?')[0] ?? '')
    if (caller === 'publishable' && !found.route.publishable) {
      throw unauthorized('This API call cannot be made with a publishable API key.')
    }
    const params = paramsOf(request)
    const key = request.method === 'POST' ? headerOf(request, 'idempotency-key') : undefined
    if (key !== undefined && key.length > 255) {
      throw new StripeFailure(400, {
        type: 'idempotency_error',
        message: 'Idempotency keys can have up to 255 characters.',
      })
    }
    const kept = keptAnswer(key)
    if (kept) return replay(kept, fingerprintOf(request), requestId)
    if (key === undefined) return answerOnce(request, found, params, { requestId, key, caller })
    if (running.has(key)) throw inUse()
    running.add(key)
    try {
      return await answerOnce(request, found, params, { requestId, key, caller })
    } finally {
      running.delete(key)
    }
  }

  return async request => {
    const requestId = newId('req', 14)
    try {
      const outcome = await handle(request, requestId)
      const status = outcome.kind === 'reply' ? outcome.reply.status : outcome.kind
      log(`${request.method} ${request.url} ${status} ${requestId}`)
      return outcome
    } catch (failure) {
      if (!(failure instanceof StripeFailure)) throw failure
      log(`${request.method} ${request.url} ${failure.status} ${requestId}`)
      const body = JSON.stringify({ error: failure.body }, null, 2)
      const headers = headersFor(requestId, headerOf(request, 'idempotency-key'))
      return { kind: 'reply', reply: { status: failure.status, headers, body } }
    }
  }
}

function delay(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms))
}
