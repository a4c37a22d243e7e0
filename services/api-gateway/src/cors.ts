// Which other origins' pages may call the API from a browser, and that browsers come back by TLS only.
// Neither replaces a token: they protect a browser's user, not the API.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { apiPrefix } from './auth.ts'

const methods = 'GET, POST, PUT, PATCH, DELETE'
const requestHeaders =
  'authorization, content-type, idempotency-key, x-tenant-id, accept-language, x-request-id'
const exposed =
  'x-request-id, retry-after, idempotent-replayed, ratelimit-limit, ratelimit-remaining, ratelimit-reset, content-disposition'
const preflightSeconds = 600

/** Headers for the origin of a request: none for one that is not on the list. */
export function corsHeaders(
  origins: readonly string[],
  origin: string | undefined,
): Record<string, string> {
  if (origins.length === 0) return {}
  if (origin === undefined || !origins.includes(origin)) return { vary: 'Origin' }
  return {
    vary: 'Origin',
    'access-control-allow-origin': origin,
    'access-control-expose-headers': exposed,
  }
}

function isPreflight(request: FastifyRequest): boolean {
  return (
    request.method === 'OPTIONS' &&
    request.headers['access-control-request-method'] !== undefined &&
    request.url.startsWith(apiPrefix)
  )
}

/** Answers preflights of listed origins itself; those of others get no permission. */
export function addCors(app: FastifyInstance, origins: readonly string[]): void {
  if (origins.length === 0) return
  app.addHook('onRequest', (request: FastifyRequest, reply: FastifyReply, done) => {
    const headers = corsHeaders(origins, request.headers.origin)
    reply.headers(headers)
    if (!isPreflight(request)) return done()
    if (headers['access-control-allow-origin'] !== undefined) {
      reply.headers({
        'access-control-allow-methods': methods,
        'access-control-allow-headers': requestHeaders,
        'access-control-max-age': String(preflightSeconds),
      })
    }
    reply.code(204).send()
  })
}

/** Two years, as browsers' preload lists want it. */
const hsts = 'max-age=63072000; includeSubDomains'

/** Tells browsers to come by TLS only. Where TLS ends before us, the proxy has to be believed (TRUST_PROXY). */
export function addHsts(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    if (request.protocol === 'https') reply.header('strict-transport-security', hsts)
    done()
  })
}
