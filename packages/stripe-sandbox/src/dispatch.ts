// Answers one API request: key, version, route, idempotency, faults, the unit of work, the body.

import type { Route } from './api.ts'
import { type Caller, callerOf, type Headers, headerOf, type Keys } from './authorization.ts'
import type { Engine } from './engine.ts'
import { apiVersion } from './events.ts'
import { expanded } from './expand.ts'
import { StripeFailure, unauthorized } from './failures.ts'
import { type Fault, requestFaults } from './faults.ts'
import { decodeForm, type FormRecord } from './form.ts'
import { checkKey, fingerprintOf, keepAnswer, keptAnswer, keyInUse } from './idempotency.ts'
import { newId, rollBack, type Work } from './state.ts'
import type { KeptAnswer } from './tables.ts'
import { faultByMetadata } from './test-values.ts'

export type ApiRequest = {
  method: string
  /** Path and query as received. */
  url: string
  headers: Headers
  body: string
}

type Reply = { status: number; headers: Record<string, string>; body: string }

/** What to do with the connection: answer, cut it, or leave the caller waiting. */
export type Outcome = { kind: 'reply'; reply: Reply } | { kind: 'reset' } | { kind: 'silence' }

type Found = { route: Route; ids: string[] }
type Finder = (method: string, path: string) => Found | undefined

type Dispatcher = {
  engine: Engine
  find: Finder
  keys: Keys
  /** Idempotency keys whose request is running. */
  running: Set<string>
  log: (line: string) => void
}

type Task = {
  request: ApiRequest
  requestId: string
  found: Found
  params: FormRecord
  key: string | undefined
  caller: Caller
}

type Answer = { status: number; body: unknown; repeats: boolean }

function literals(steps: string[]): number {
  return steps.filter(step => !step.startsWith(':')).length
}

/** Finds the route of a path; literal segments win over ids. */
function routeFinder(routes: readonly Route[]): Finder {
  const table = routes
    .map(route => ({ route, steps: route.path.split('/') }))
    .sort((left, right) => literals(right.steps) - literals(left.steps))
  return (method, path) => {
    const given = path.split('/')
    for (const { route, steps } of table) {
      if (route.method !== method || steps.length !== given.length) continue
      if (!steps.every((step, index) => step.startsWith(':') || step === given[index])) continue
      return { route, ids: given.filter((_, index) => steps[index]?.startsWith(':')) }
    }
    return undefined
  }
}

function checkVersion(request: ApiRequest): void {
  const version = headerOf(request.headers, 'stripe-version')
  if (version === undefined || version === apiVersion) return
  throw new StripeFailure(400, {
    type: 'invalid_request_error',
    message: `Invalid Stripe API version: ${version}. This sandbox speaks ${apiVersion} only.`,
  })
}

function pathOf(request: ApiRequest): string {
  return request.url.split('?')[0] ?? ''
}

function needRoute(find: Finder, request: ApiRequest): Found {
  const found = find(request.method, pathOf(request))
  if (found) return found
  throw new StripeFailure(404, {
    type: 'invalid_request_error',
    message: `Unrecognized request URL (${request.method}: ${pathOf(request)}).`,
  })
}

function paramsOf(request: ApiRequest): FormRecord {
  const query = request.url.includes('?') ? request.url.slice(request.url.indexOf('?') + 1) : ''
  return { ...decodeForm(query), ...(request.method === 'POST' ? decodeForm(request.body) : {}) }
}

/** The refusal a fault stands for, when it keeps the request from being carried out. */
function refusalOf(fault: Fault | undefined): StripeFailure | undefined {
  if (fault?.kind === 'rate_limit') {
    return new StripeFailure(429, {
      type: 'invalid_request_error',
      code: 'rate_limit',
      message: 'Too many requests. Please retry with exponential backoff.',
    })
  }
  if (fault?.kind !== 'lock_timeout') return undefined
  return new StripeFailure(fault.status, {
    type: 'invalid_request_error',
    code: 'lock_timeout',
    message:
      'This object cannot be accessed right now because another API request or Stripe process ' +
      'is currently accessing it. Please retry.',
  })
}

const serverError = {
  type: 'api_error' as const,
  message: 'An unknown error occurred on the server. The request can be retried.',
}

const logsUrl = 'https://dashboard.stripe.com/test/logs'

function headersFor(requestId: string, key: string | undefined): Record<string, string> {
  return {
    'content-type': 'application/json',
    'request-id': requestId,
    'stripe-version': apiVersion,
    'access-control-allow-origin': '*',
    'access-control-expose-headers': 'Request-Id',
    ...(key ? { 'idempotency-key': key } : {}),
  }
}

function attempt({ log }: Dispatcher, work: Work, task: Task, fault: Fault | undefined): Answer {
  const broken: Answer = { status: 500, body: { error: serverError }, repeats: true }
  const fails = fault?.kind === 'server_error'
  if (fails && !fault.performs) return broken
  const { params, caller, found } = task
  const [id = '', subId = ''] = found.ids
  try {
    const answer = found.route.answer({ work, params, id, subId, caller })
    const body = expanded(work, answer, params)
    return fails ? broken : { status: 200, body, repeats: true }
  } catch (failure) {
    const known = failure instanceof StripeFailure
    if (!known || failure.effects === 'discard') rollBack(work)
    if (known) {
      // Secret callers are told where the request is logged; a browser is not.
      const log = caller === 'secret' ? { request_log_url: `${logsUrl}/${task.requestId}` } : {}
      const error = { ...failure.body, ...log }
      return { status: failure.status, body: { error }, repeats: failure.repeats }
    }
    log(`fault: ${failure instanceof Error ? (failure.stack ?? failure.message) : 'unknown'}`)
    return { ...broken, repeats: false }
  }
}

/** Carries a request out and keeps its answer, both in one unit of work. */
function perform(dispatcher: Dispatcher, task: Task, fault: Fault | undefined): Answer {
  const { key, requestId, request } = task
  return dispatcher.engine.transact({ requestId, idempotencyKey: key ?? null }, work => {
    const answer = attempt(dispatcher, work, task, fault)
    if (key && answer.repeats) {
      keepAnswer(work, {
        id: key,
        fingerprint: fingerprintOf(request),
        requestId,
        status: answer.status,
        body: JSON.stringify(answer.body),
        createdAt: dispatcher.engine.baseNow(),
      })
    }
    return answer
  })
}

function replay(kept: KeptAnswer, requestId: string): Outcome {
  const headers = {
    ...headersFor(requestId, kept.id),
    'idempotent-replayed': 'true',
    'original-request': kept.requestId,
  }
  return { kind: 'reply', reply: { status: kept.status, headers, body: kept.body } }
}

function delay(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms))
}

async function answerOnce(dispatcher: Dispatcher, task: Task): Promise<Outcome> {
  const { request, params, requestId, key } = task
  const what = { method: request.method, name: pathOf(request) }
  const { faults } = dispatcher.engine.environment
  const fault = faultByMetadata(params) ?? faults.strike(requestFaults, what)
  if (fault?.kind === 'reset_before') return { kind: 'reset' }
  if (fault?.kind === 'latency') await delay(fault.delayMs)
  const refused = refusalOf(fault)
  if (refused) throw refused
  const answer = perform(dispatcher, task, fault)
  if (fault?.kind === 'reset_after') return { kind: 'reset' }
  if (fault?.kind === 'timeout_after') return { kind: 'silence' }
  const body = JSON.stringify(answer.body, null, 2)
  const headers = headersFor(requestId, key)
  return { kind: 'reply', reply: { status: answer.status, headers, body } }
}

async function handle(
  dispatcher: Dispatcher,
  request: ApiRequest,
  requestId: string,
): Promise<Outcome> {
  const caller = callerOf(request.headers, dispatcher.keys)
  checkVersion(request)
  const found = needRoute(dispatcher.find, request)
  if (caller === 'publishable' && !found.route.publishable) {
    throw unauthorized('This API call cannot be made with a publishable API key.')
  }
  const params = paramsOf(request)
  const key = request.method === 'POST' ? headerOf(request.headers, 'idempotency-key') : undefined
  const task = { request, requestId, found, params, key, caller }
  if (!key) return answerOnce(dispatcher, task)
  checkKey(key)
  const { engine } = dispatcher
  const kept = keptAnswer(engine.store, key, fingerprintOf(request), engine.baseNow())
  if (kept) return replay(kept, requestId)
  if (dispatcher.running.has(key)) throw keyInUse()
  dispatcher.running.add(key)
  try {
    return await answerOnce(dispatcher, task)
  } finally {
    dispatcher.running.delete(key)
  }
}

/** Answers the API requests of one sandbox. */
export function startDispatch(parts: {
  engine: Engine
  routes: readonly Route[]
  keys: Keys
  log: (line: string) => void
}): (request: ApiRequest) => Promise<Outcome> {
  const { engine, keys, log } = parts
  const find = routeFinder(parts.routes)
  const dispatcher: Dispatcher = { engine, find, keys, running: new Set(), log }
  return async request => {
    const requestId = newId('req', 14)
    try {
      const outcome = await handle(dispatcher, request, requestId)
      const status = outcome.kind === 'reply' ? outcome.reply.status : outcome.kind
      log(`${request.method} ${pathOf(request)} ${status} ${requestId}`)
      return outcome
    } catch (failure) {
      if (!(failure instanceof StripeFailure)) throw failure
      log(`${request.method} ${pathOf(request)} ${failure.status} ${requestId}`)
      const body = JSON.stringify({ error: failure.body }, null, 2)
      const headers = headersFor(requestId, headerOf(request.headers, 'idempotency-key'))
      return { kind: 'reply', reply: { status: failure.status, headers, body } }
    }
  }
}
