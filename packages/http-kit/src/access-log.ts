// One structured line per request, without secrets: no headers, no query strings, no signed paths.

import type { FastifyBaseLogger, FastifyReply, FastifyRequest } from 'fastify'
import { withoutAccountNumbers } from './account-numbers.ts'
import type {} from './log-facts.ts'

/** The rest of these paths is a secret: who knows it may see and pay. */
const signedPrefix = /^\/(?:api\/v1\/billing\/public|p|f)\//

/** The path of a URL as it may be logged: without query, without the secret of a signed page, without card numbers. */
export function loggablePath(url: string): string {
  const query = url.search(/[?#]/)
  const path = query === -1 ? url : url.slice(0, query)
  const signed = signedPrefix.exec(path)
  return signed === null ? withoutAccountNumbers(path.slice(0, 500)) : `${signed[0]}*`
}

/** Writes the line of a finished request. Faults (5xx) are errors, the rest is information. */
export function logAccess(
  log: FastifyBaseLogger,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const status = reply.raw.statusCode
  const line = {
    method: request.method,
    path: loggablePath(request.raw.url ?? ''),
    status,
    ...(reply.raw.writableFinished ? {} : { aborted: true }),
    ms: Math.round(reply.elapsedTime * 10) / 10,
    ip: request.ip,
    ...request.logFacts,
  }
  if (status >= 500) log.error(line, 'request')
  else log.info(line, 'request')
}

/** Settings for the server's logger: a compact level, ids beside messages, and nothing of headers. */
export function loggerOptions(level: string) {
  return {
    level,
    base: null,
    redact: {
      paths: [
        'authorization',
        'cookie',
        'headers',
        '*.authorization',
        '*.cookie',
        '*.headers',
        '*.token',
        '*.secret',
        '*.clientSecret',
      ],
      remove: true,
    },
    serializers: {
      req: (request: { method?: string; url?: string }) => ({
        method: request.method,
        path: loggablePath(request.url ?? ''),
      }),
    },
  }
}
