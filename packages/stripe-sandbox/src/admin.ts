// Steering a running sandbox over HTTP: its clock, faults, snapshots, and what banks and customers
// decide. Takes JSON, needs the secret key; no part of Stripe's API.

import { callerOf, type Keys } from './authorization.ts'
import { settleDebit } from './bank-debits.ts'
import { moveClock } from './clock.ts'
import { type DeclineName, declines } from './declines.ts'
import type { Deliveries } from './deliveries.ts'
import type { ApiRequest, Outcome } from './dispatch.ts'
import { type Engine, noOrigin } from './engine.ts'
import { emit } from './events.ts'
import { objectNamed } from './expand.ts'
import { invalidParameter, StripeFailure, unauthorized } from './failures.ts'
import { type Fault, faultKinds } from './faults.ts'
import { authenticate } from './hosted.ts'
import { balanceOf } from './resources/balance.ts'
import { closeDispute, openDispute } from './resources/disputes.ts'
import { failPayout, payOutAll } from './resources/payouts.ts'
import { failRefund, settleRefund } from './resources/refunds.ts'
import { openReview } from './resources/reviews.ts'
import { changesOf, need, type Timings } from './state.ts'
import type { Change, EventObject, EventType } from './tables.ts'

type Body = Record<string, unknown>
type AdminCall = { engine: Engine; deliveries: Deliveries; body: Body; id: string }
type AdminRoute = {
  method: string
  path: string
  answer(call: AdminCall): unknown
}

const spanUnits: Record<string, number> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}

/** A span: milliseconds, or a number with a unit such as "3d", "12h", "30m", "10s". */
function spanMs(value: unknown): number {
  if (typeof value === 'number' && value >= 0) return value
  const found = /^(\d+)(ms|s|m|h|d)$/.exec(String(value))
  if (!found) throw invalidParameter('A span is a number of ms, or like "3d", "12h".', 'by')
  return Number(found[1]) * (spanUnits[found[2] ?? ''] ?? 1)
}

/** An instant: epoch seconds, or an ISO-8601 text. */
function instantMs(value: unknown): number {
  const ms = typeof value === 'number' ? value * 1000 : Date.parse(String(value))
  if (Number.isNaN(ms)) throw invalidParameter('An instant is epoch seconds or ISO-8601.', 'to')
  return ms
}

function textOf(body: Body, name: string): string {
  const value = body[name]
  if (typeof value === 'string' && value !== '') return value
  throw invalidParameter(`Missing required param: ${name}.`, name, 'parameter_missing')
}

function numberOf(body: Body, name: string, fallback: number): number {
  const value = body[name] ?? fallback
  if (typeof value === 'number' && value >= 0) return value
  throw invalidParameter(`Invalid number: ${name}`, name)
}

function clockState({ engine }: AdminCall) {
  const now = engine.now()
  return { now: Math.floor(now / 1000), iso: new Date(now).toISOString() }
}

function setClock(call: AdminCall) {
  const { engine, body } = call
  const span = body.to === undefined ? spanMs(body.by) : instantMs(body.to) - engine.now()
  if (span < 0) throw invalidParameter('The clock only moves forward.', 'to')
  engine.transact(noOrigin, work => moveClock(work, span))
  engine.runDue()
  return clockState(call)
}

function faultFrom(body: Body): Omit<Fault, 'id'> {
  const kind = faultKinds.find(known => known === body.kind)
  if (!kind) {
    throw invalidParameter(`Invalid kind: must be one of ${faultKinds.join(', ')}`, 'kind')
  }
  const endless = body.probability !== undefined && body.next === undefined
  return {
    kind,
    remaining: endless ? null : numberOf(body, 'next', 1),
    probability: numberOf(body, 'probability', 1),
    method: typeof body.method === 'string' ? body.method : null,
    match: typeof body.match === 'string' ? body.match : null,
    delayMs: numberOf(body, 'delay_ms', 1000),
    status: body.status === 409 ? 409 : 429,
    performs: body.performs === true,
  }
}

function faultState({ engine }: AdminCall) {
  const { faults } = engine.environment
  return { faults: faults.list(), struck: faults.struck() }
}

function addFault(call: AdminCall) {
  const { body } = call
  const { faults } = call.engine.environment
  if (body.seed !== undefined) faults.reseed(numberOf(body, 'seed', 1))
  if (body.kind === undefined) return faultState(call)
  return faults.add(faultFrom(body))
}

function clearFaults(call: AdminCall) {
  const { faults } = call.engine.environment
  if (call.id) faults.remove(call.id)
  else faults.clear()
  return faultState(call)
}

function restore({ engine, deliveries, body }: AdminCall) {
  if (!Array.isArray(body.changes)) {
    throw invalidParameter('Missing required param: changes.', 'changes', 'parameter_missing')
  }
  engine.restore(body.changes as Change[])
  deliveries.wake()
  return { restored: true }
}

function emitAgain({ engine, body }: AdminCall) {
  return engine.transact(noOrigin, work => {
    const id = textOf(body, 'object')
    const object = id === 'balance' ? balanceOf(work) : objectNamed(work, id)
    if (!object) throw invalidParameter(`No such object: '${id}'`, 'object', 'resource_missing')
    return emit(work, textOf(body, 'type') as EventType, object as EventObject)
  })
}

function settle({ engine, body }: AdminCall) {
  return engine.transact(noOrigin, work => {
    const id = textOf(body, 'payment_intent')
    const outcome = body.outcome === undefined ? undefined : textOf(body, 'outcome')
    if (outcome !== undefined && outcome !== 'succeeded' && !(outcome in declines)) {
      const known = ['succeeded', ...Object.keys(declines)].join(', ')
      throw invalidParameter(`Invalid outcome: must be one of ${known}`, 'outcome')
    }
    settleDebit(work, id, outcome as 'succeeded' | DeclineName | undefined)
    return need(work, 'payment_intent', id)
  })
}

function settleRefundNow({ engine, body, id }: AdminCall) {
  return engine.transact(noOrigin, work => {
    if (body.outcome === 'failed') {
      failRefund(work, id, typeof body.reason === 'string' ? body.reason : undefined)
    } else settleRefund(work, id)
    return need(work, 'refund', id)
  })
}

function dispute({ engine, body }: AdminCall) {
  const reason = typeof body.reason === 'string' ? body.reason : undefined
  return engine.transact(noOrigin, work => openDispute(work, textOf(body, 'charge'), reason))
}

function endDispute({ engine, body, id }: AdminCall) {
  const outcome = body.outcome === 'won' ? 'won' : 'lost'
  return engine.transact(noOrigin, work => closeDispute(work, id, outcome))
}

function payOut({ engine, body }: AdminCall) {
  const currency = typeof body.currency === 'string' ? body.currency : 'usd'
  return engine.transact(noOrigin, work => ({ payout: payOutAll(work, currency) }))
}

function setTimings({ engine, body }: AdminCall) {
  const { timings } = engine.environment
  for (const name of Object.keys(timings) as (keyof Timings)[]) {
    timings[name] = numberOf(body, name, timings[name])
  }
  return timings
}

const adminRoutes: readonly AdminRoute[] = [
  { method: 'GET', path: '/sandbox/clock', answer: clockState },
  { method: 'POST', path: '/sandbox/clock', answer: setClock },
  { method: 'GET', path: '/sandbox/faults', answer: faultState },
  { method: 'POST', path: '/sandbox/faults', answer: addFault },
  { method: 'DELETE', path: '/sandbox/faults', answer: clearFaults },
  { method: 'DELETE', path: '/sandbox/faults/:id', answer: clearFaults },
  {
    method: 'GET',
    path: '/sandbox/snapshot',
    answer: ({ engine }) => ({ changes: [...changesOf(engine.store)] }),
  },
  { method: 'POST', path: '/sandbox/snapshot', answer: restore },
  { method: 'POST', path: '/sandbox/emit', answer: emitAgain },
  { method: 'POST', path: '/sandbox/settle', answer: settle },
  { method: 'POST', path: '/sandbox/refunds/:id', answer: settleRefundNow },
  { method: 'POST', path: '/sandbox/disputes', answer: dispute },
  { method: 'POST', path: '/sandbox/disputes/:id', answer: endDispute },
  {
    method: 'POST',
    path: '/sandbox/reviews',
    answer: ({ engine, body }) =>
      engine.transact(noOrigin, work => openReview(work, textOf(body, 'charge'))),
  },
  { method: 'POST', path: '/sandbox/payouts', answer: payOut },
  {
    method: 'POST',
    path: '/sandbox/payouts/:id/fail',
    answer: ({ engine, id }) =>
      engine.transact(noOrigin, work => failPayout(work, id, 'account_closed')),
  },
  {
    method: 'POST',
    path: '/sandbox/authenticate/:id',
    answer: ({ engine, body, id }) =>
      engine.transact(noOrigin, work => {
        return authenticate(work, id, body.outcome !== 'fail')
      }),
  },
  { method: 'POST', path: '/sandbox/timings', answer: setTimings },
  {
    method: 'POST',
    path: '/sandbox/deliver',
    answer: async ({ deliveries }) => {
      await deliveries.idle()
      return { delivered: true }
    },
  },
]

function matching(method: string, path: string): { route: AdminRoute; id: string } | undefined {
  const given = path.split('/')
  for (const route of adminRoutes) {
    const steps = route.path.split('/')
    if (route.method !== method || steps.length !== given.length) continue
    if (!steps.every((step, index) => step === ':id' || step === given[index])) continue
    return { route, id: given[steps.indexOf(':id')] ?? '' }
  }
  return undefined
}

function bodyOf(request: ApiRequest): Body {
  if (request.body === '') return {}
  try {
    const body: unknown = JSON.parse(request.body)
    if (typeof body === 'object' && body !== null) return body as Body
  } catch {
    throw invalidParameter('The body must be JSON.')
  }
  throw invalidParameter('The body must be a JSON object.')
}

function json(status: number, body: unknown): Outcome {
  const headers = { 'content-type': 'application/json' }
  return { kind: 'reply', reply: { status, headers, body: JSON.stringify(body, null, 2) } }
}

/** Answers a request to `/sandbox/...`; undefined for any other path. */
export async function answerAdmin(
  engine: Engine,
  deliveries: Deliveries,
  keys: Keys,
  request: ApiRequest,
): Promise<Outcome | undefined> {
  const path = request.url.split('?')[0] ?? ''
  if (!path.startsWith('/sandbox/')) return undefined
  try {
    if (callerOf(request.headers, keys) !== 'secret')
      throw unauthorized('The secret key is needed.')
    const found = matching(request.method, path)
    if (!found) throw new StripeFailure(404, { type: 'invalid_request_error', message: path })
    const body = bodyOf(request)
    return json(200, await found.route.answer({ engine, deliveries, body, id: found.id }))
  } catch (failure) {
    if (!(failure instanceof StripeFailure)) throw failure
    return json(failure.status, { error: failure.body })
  }
}
