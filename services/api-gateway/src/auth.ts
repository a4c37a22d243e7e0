// Which requests to the billing API need a token, and whose token it is. Not permissions: the billing
// service knows what each role may do.

import type { IncomingHttpHeaders } from 'node:http'
import {
  type Caller,
  isPlatformWide,
  type RequestOrigin,
  resolveCaller,
} from '@quittance/http-kit/caller'
import type { Claims } from '@quittance/http-kit/claims'
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
  const claims = verifier.verify(bearerToken(headers.authorization))
  return claims instanceof Promise ? claims.then(admitted) : admitted(claims)
}
