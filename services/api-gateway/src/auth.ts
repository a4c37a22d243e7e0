// Which requests to the billing API need a token, and whose token it is. Not permissions: the billing
// service knows what each role may do.

import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { isApiKey, isWellFormedKey } from '@quittance/http-kit/api-key'
import {
  type Caller,
  isPlatformWide,
  type RequestOrigin,
  resolveCaller,
} from '@quittance/http-kit/caller'
import { type Claims, refuseToken } from '@quittance/http-kit/claims'
import { languageOf } from '@quittance/http-kit/language'
import { bearerToken, type TokenVerifier } from '@quittance/http-kit/token'

export const apiPrefix = '/api/v1/billing'

/**
 * How a request is let in: `webhook` is signed by the processor, `open` is public or carries its own
 * signature in the path, `token` needs a bearer token.
 */
export type Admission = 'webhook' | 'open' | 'token'

const reads = new Set(['GET', 'HEAD'])
const openReads = /^\/(?:openapi\.json|docs(?:\/.*)?)$/

/**
 * Paths that two servers could read differently: dot segments, empty segments, encoded separators.
 * They name nothing, and one of them could pass for an open path here and for another one behind.
 */
const ambiguous = /(?:^|\/)\.{1,2}(?:\/|$)|\/\/|[\\#]|%(?:2e|2f|5c|00)/i

/** The path of a request target without its query. */
export function pathOf(url: string): string {
  const query = url.indexOf('?')
  return query === -1 ? url : url.slice(0, query)
}

/** Whether every server reads this path alike. */
export function isPlainPath(path: string): boolean {
  return !ambiguous.test(path)
}

/** How a request below the API's base path is let in. Expects a plain path. */
export function admissionOf(method: string, path: string): Admission {
  const rest = path.slice(apiPrefix.length)
  if (method === 'POST' && /^\/webhooks\/[^/]+$/.test(rest)) return 'webhook'
  if (rest.startsWith('/public/')) return 'open'
  return reads.has(method) && openReads.test(rest) ? 'open' : 'token'
}

const heavy = /\/(?:transactions\/export\/|exports(?:\/|$)|reports\/)|\/(?:pdf|receipt)$/

/** Whether a request makes files or folds many rows. Expects a path without its query. */
export const isHeavy = (path: string): boolean => heavy.test(path)

/** A verified caller with the key its requests are counted under. */
export interface Admitted {
  readonly caller: Caller
  readonly limitKey: string
}

/** Staff and back-end calls for a tenant have a bucket of their own and never use up the tenant's. */
function limitKeyOf(claims: Claims, caller: Caller): string {
  if (!isPlatformWide(claims)) return `tenant ${caller.tenantId}`
  return caller.tenantId === null ? `platform ${caller.sub}` : `platform for ${caller.tenantId}`
}

/**
 * A key of a machine goes on as it is: only the billing service knows whose it is and what it may do. Here its requests are
 * counted, each key by itself, and the address's as always. Refusal: `unauthenticated` when it cannot be a key.
 */
function admitKey(token: string, headers: IncomingHttpHeaders, origin: RequestOrigin): Admitted {
  if (!isWellFormedKey(token)) refuseToken('the API key is malformed', 'API 密钥格式错误')
  const digest = createHash('sha256').update(token).digest('hex').slice(0, 16)
  const caller: Caller = {
    sub: `key ${digest}`,
    tenantId: null,
    roles: [],
    requestId: origin.requestId,
    language: languageOf(headers['accept-language']),
    ip: origin.ip,
    userAgent: headers['user-agent']?.slice(0, 500) ?? null,
  }
  return { caller, limitKey: `key ${digest}` }
}

/**
 * The caller of a request. Refusals: `unauthenticated`, and for the tenant header `forbidden` or
 * `invalid_request`. A promise only while the token issuer's keys are fetched.
 */
export function admit(
  verifier: TokenVerifier,
  headers: IncomingHttpHeaders,
  origin: RequestOrigin,
): Admitted | Promise<Admitted> {
  const admitted = (claims: Claims): Admitted => {
    const caller = resolveCaller(claims, headers, origin)
    return { caller, limitKey: limitKeyOf(claims, caller) }
  }
  const token = bearerToken(headers.authorization)
  if (isApiKey(token)) return admitKey(token, headers, origin)
  const claims = verifier.verify(token)
  return claims instanceof Promise ? claims.then(admitted) : admitted(claims)
}
