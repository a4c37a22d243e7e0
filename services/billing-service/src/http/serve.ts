// Puts one operation of the contract on the server: its token, role, tenant and body are checked in the
// order the interface promises, then its handler runs, once per idempotency key.

import type {
  BodyOf,
  PathParameters,
  QueryOf,
  ReplyOf,
  Route,
} from '@quittance/billing-contract/route'
import { basePath, type RouteName, type Routes, routes } from '@quittance/billing-contract/routes'
import { causeOf, problemFor } from '@quittance/http-kit/fastify-kit'
import { fieldErrorsFrom } from '@quittance/http-kit/validation-errors'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { TSchema } from 'typebox'
import { Compile, type Validator } from 'typebox/compile'
import { Convert } from 'typebox/value'
import { AwaitsApproval } from '../core/approval.ts'
import type { Caller } from '../core/caller.ts'
import { PassingRefusal, refuse } from '../core/refusal.ts'
import { ProcessorUnavailable } from '../ports/processor.ts'
import { refuseAccountNumbers } from './account-numbers.ts'
import { assertMay, type Bearer, bearerOf, callerOf, withReason } from './caller.ts'
import { type Answer, answerOnce, requestKeyOf } from './idempotency.ts'
import { refuseReserved } from './reserved-texts.ts'
import type { Server } from './server.ts'
import { approvalToWire } from './wire/approval.ts'

export interface Request<R extends Route> {
  /** Null where the operation acts on no single tenant. */
  readonly caller: R['tenant'] extends true ? Caller : null
  readonly bearer: Bearer
  readonly params: PathParameters<R>
  readonly query: QueryOf<R>
  readonly body: BodyOf<R>
  readonly raw: FastifyRequest
  readonly reply: FastifyReply
}

type Handler<R extends Route> = (request: Request<R>) => Promise<ReplyOf<R>>

interface Checks {
  readonly query: Validator | null
  readonly body: Validator | null
}

const compiled = (schema: TSchema | undefined): Validator | null =>
  schema === undefined ? null : Compile(schema)

function validated(validator: Validator | null, value: unknown): unknown {
  if (validator === null || validator.Check(value)) return value
  return refuse('invalid_request', {}, fieldErrorsFrom(validator.Errors(value)))
}

const isWrite = (route: Route): boolean => route.method !== 'GET' && route.safe !== true

/** Serves an operation that answers JSON (or nothing, with 204). */
export function serve<N extends RouteName>(
  server: Server,
  name: N,
  handle: Handler<Routes[N]>,
): void {
  const route: Route = routes[name]
  const checks: Checks = { query: compiled(route.query), body: compiled(route.body) }
  server.app.route({
    method: route.method,
    url: `${basePath}${route.path}`,
    onRequest: async request => {
      request.bearer = await admitted(server, route, request)
    },
    handler: async (request, reply) => {
      refuseAccountNumbers(route, request)
      refuseReserved(request.body)
      const bearer = isWrite(route) ? withReason(server, request.bearer!, request) : request.bearer!
      const run = async (requestKey: string | null): Promise<Answer> => {
        const answer = await answered(server, route, handle, {
          caller: tenantCaller(server, route, bearer, requestKey) as Request<Routes[N]>['caller'],
          bearer,
          params: request.params as PathParameters<Routes[N]>,
          query: queryOf(checks, route, request) as QueryOf<Routes[N]>,
          body: validated(checks.body, request.body ?? {}) as BodyOf<Routes[N]>,
          raw: request,
          reply,
        })
        return answer
      }
      const key = request.headers['idempotency-key']
      const keeps = isWrite(route) && route.unkept !== true
      const once = keeps && typeof key === 'string' && bearer.tenantId !== null
      return once ? answerWrite(server, request, reply, key, run) : send(reply, await run(null))
    },
  })
}

/** Size, token, role, tenant: in this order, before a byte of the body is read. */
async function admitted(server: Server, route: Route, request: FastifyRequest): Promise<Bearer> {
  const length = Number(request.headers['content-length'] ?? 0)
  if (length > server.app.initialConfig.bodyLimit!) refuse('body_too_large', { limit: '1 MB' })
  const bearer = await bearerOf(server, request)
  if (route.permission !== null) assertMay(server, bearer, route.permission)
  if (route.tenant) callerOf(server, bearer)
  return bearer
}

/** What the handler says; above the limit of one person, what waits for another (202). */
async function answered<R extends Route>(
  { deps }: Server,
  { status }: Pick<Route, 'status'>,
  handle: Handler<R>,
  request: Request<R>,
): Promise<Answer> {
  try {
    return { status, body: await reaching(handle, request) }
  } catch (error) {
    if (!(error instanceof AwaitsApproval)) throw error
    return { status: 202, body: approvalToWire(error.approval, deps.clock.real()) }
  }
}

/** Without the processor some requests cannot be served; nothing was lost, and they may come again. */
async function reaching<R extends Route>(handle: Handler<R>, request: Request<R>) {
  try {
    return await handle(request)
  } catch (error) {
    if (!(error instanceof ProcessorUnavailable)) throw error
    request.raw.log.warn({ reason: error.message }, 'processor unavailable')
    return refuse('unavailable', { part: 'Stripe' })
  }
}

const tenantCaller = (
  server: Server,
  route: Route,
  bearer: Bearer,
  requestKey: string | null,
): Caller | null => (route.tenant ? callerOf(server, bearer, requestKey) : null)

function queryOf(checks: Checks, route: Route, request: FastifyRequest): unknown {
  if (route.query === undefined) return undefined
  const query = { ...(request.query as Record<string, unknown>) }
  refuseUnstorable(query)
  return validated(checks.query, Convert(route.query, query))
}

/** No store holds a NUL, so none can be looked for; said before a file begins to stream. */
function refuseUnstorable(query: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(query)) {
    if (!String(value).includes('\u0000')) continue
    refuse('invalid_request', {}, [{ path: `/${name}`, message: 'must not contain a NUL' }])
  }
}

async function answerWrite(
  server: Server,
  request: FastifyRequest,
  reply: FastifyReply,
  key: string,
  run: (requestKey: string | null) => Promise<Answer>,
): Promise<FastifyReply> {
  const idempotent = {
    tenantId: request.bearer!.tenantId!,
    method: request.method,
    path: request.url.split('?')[0]!,
    key,
    body: request.body ?? null,
  }
  const requestKey = requestKeyOf(idempotent)
  const answer = await answerOnce(server.deps, idempotent, async () => {
    try {
      return await run(requestKey)
    } catch (error) {
      // A decision is kept like a success; everything else goes its usual way and is not kept.
      if (error instanceof PassingRefusal) throw error
      const { status, body } = problemFor(request, causeOf(error))
      if (![402, 404, 409].includes(status)) throw error
      return { status, body }
    }
  })
  if (answer.replayed) reply.header('Idempotent-Replayed', 'true')
  return send(reply, answer)
}

function send(reply: FastifyReply, { status, body }: Answer): FastifyReply {
  reply.code(status)
  if (status < 400) return status === 204 ? reply.send() : reply.send(body)
  // Bytes, because Fastify appends a charset to texts, which problem+json does not define.
  reply.header('content-type', 'application/problem+json')
  return reply.send(Buffer.from(JSON.stringify(body)))
}

/** Serves an operation whose handler writes the answer itself: files and streams. */
export function serveFile<N extends RouteName>(
  server: Server,
  name: N,
  handle: (request: Request<Routes[N]>) => Promise<FastifyReply>,
): void {
  const route: Route = routes[name]
  const checks: Checks = { query: compiled(route.query), body: null }
  server.app.route({
    method: route.method,
    url: `${basePath}${route.path}`,
    onRequest: async request => {
      request.bearer = await admitted(server, route, request)
    },
    handler: async (request, reply) => {
      refuseAccountNumbers(route, request)
      return handle({
        caller: tenantCaller(server, route, request.bearer!, null) as Request<Routes[N]>['caller'],
        bearer: request.bearer!,
        params: request.params as PathParameters<Routes[N]>,
        query: queryOf(checks, route, request) as QueryOf<Routes[N]>,
        body: undefined as BodyOf<Routes[N]>,
        raw: request,
        reply,
      })
    },
  })
}

/** Serves the operations that are part of the interface but not built yet: they say so. */
export function serveNotBuilt(server: Server): void {
  for (const name of Object.keys(routes) as RouteName[]) {
    const route: Route = routes[name]
    if (route.built !== false) continue
    server.app.route({
      method: route.method,
      url: `${basePath}${route.path}`,
      onRequest: async request => {
        request.bearer = await admitted(server, route, request)
      },
      handler: async () => refuse('not_built_yet'),
    })
  }
}

declare module 'fastify' {
  interface FastifyRequest {
    bearer: Bearer | null
  }
}
