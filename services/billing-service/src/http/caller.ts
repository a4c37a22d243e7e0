// From a verified token to the caller that actions know, and the check of what its role may do.
import {
  mayDo,
  type Permission,
  permissions,
  type Role,
} from '@quittance/billing-contract/permissions'
import { isApiKey, isWellFormedKey } from '@quittance/http-kit/api-key'
import { type Caller as KitCaller, requireTenant, resolveCaller } from '@quittance/http-kit/caller'
import { type Claims, refuseToken } from '@quittance/http-kit/claims'
import { addLogFacts } from '@quittance/http-kit/fastify-kit'
import { bearerToken } from '@quittance/http-kit/token'
import type { FastifyRequest } from 'fastify'
import { findKey } from '../actions/api-keys/find-key.ts'
import type { Caller } from '../core/caller.ts'
import { refuse } from '../core/refusal.ts'
import { issuerTenant } from '../core/webhook.ts'
import { reasonOf } from './reason.ts'
import type { Server } from './server.ts'

/** Whoever the token names, with the reason that came along. */
export interface Bearer extends KitCaller {
  readonly reason: string | null
}

/** Verifies the token and reads the caller. Refuses `unauthenticated`, `forbidden`, `invalid_request`. */
export async function bearerOf(server: Server, request: FastifyRequest): Promise<Bearer> {
  const token = bearerToken(request.headers.authorization)
  const claims = isApiKey(token)
    ? await claimsOfKey(server, token)
    : await server.verifier.verify(token)
  const bearer = resolveCaller(claims, request.headers, { requestId: request.id, ip: request.ip })
  addLogFacts(request, { sub: bearer.sub, tenantId: bearer.tenantId })
  return { ...bearer, reason: null }
}

/** What a key says of its bearer, in the words of a token. Refuses `unauthenticated`. */
async function claimsOfKey(server: Server, token: string): Promise<Claims> {
  const key = isWellFormedKey(token) ? await findKey(server.deps, token) : null
  if (key === null) {
    return refuseToken(
      'the API key is unknown, expired or revoked',
      'API 密钥不存在、已过期或已撤销',
    )
  }
  return {
    sub: `key:${key.id}`,
    tenantId: key.tenantId === issuerTenant ? null : key.tenantId,
    roles: [key.role],
    expiresAtSeconds: key.expiresAt === null ? Number.MAX_SAFE_INTEGER : key.expiresAt / 1_000,
    notBeforeSeconds: 0,
    issuedAtSeconds: 0,
  }
}

/** Refuses `operator_only` for what only the issuer does, else `forbidden` with the roles that may. */
export function assertMay(server: Server, bearer: Bearer, permission: Permission): void {
  if (mayDo(bearer.roles, permission, server.adminMay)) return
  const holders = permissions[permission] as readonly string[]
  if (holders.includes('issuer')) refuse('operator_only')
  refuse('forbidden', { needed: [...holders, 'operator'].join(', ') })
}

/**
 * The bearer with the reason of this request. Refuses `reason_required` where the deployment wants one of operators who
 * change something of a tenant.
 */
export function withReason(server: Server, bearer: Bearer, request: FastifyRequest): Bearer {
  const reason = reasonOf(request.headers['x-reason'], request.body)
  const acts = bearer.tenantId !== null && bearer.roles.includes('operator')
  if (reason === null && acts && server.requireReason) refuse('reason_required')
  return { ...bearer, reason }
}

/** The caller for one tenant. Refuses `tenant_required`. */
export function callerOf(server: Server, bearer: Bearer, requestKey: string | null = null): Caller {
  return callerFor(server, bearer, requireTenant(bearer), requestKey)
}

/** The caller acting for a named tenant. */
export function callerFor(
  server: Server,
  bearer: Bearer,
  tenantId: string,
  requestKey: string | null = null,
): Caller {
  return {
    tenantId,
    subject: bearer.sub,
    role: chiefRole(bearer.roles),
    requestId: bearer.requestId,
    language: bearer.language,
    requestKey,
    origin: { ipAddress: bearer.ip, userAgent: bearer.userAgent },
    reason: bearer.reason,
    mayAsIssuer: permission =>
      bearer.roles.includes('operator') ||
      (bearer.roles.includes('admin') && server.adminMay.includes(permission as Permission)),
  }
}

/** The caller acting for the issuer itself: on what belongs to no tenant. */
export const issuerCaller = (server: Server, bearer: Bearer): Caller =>
  callerFor(server, bearer, issuerTenant)

/**
 * For what a tenant has and the issuer has too: the tenant's, or the issuer's own for an operator who names none. Refuses
 * `tenant_required`.
 */
export function ownerOf(server: Server, bearer: Bearer): Caller {
  const issuer = bearer.tenantId === null && bearer.roles.includes('operator')
  return issuer ? issuerCaller(server, bearer) : callerOf(server, bearer)
}

const order: readonly Role[] = ['operator', 'service', 'admin', 'member']

const chiefRole = (roles: readonly Role[]): string =>
  order.find(role => roles.includes(role)) ?? 'none'
