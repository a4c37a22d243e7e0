// Who calls, and for which tenant: the claims of a verified token joined with the request's headers.
// Not permissions: those are the contract's matrix, asked by each route.

import type { IncomingHttpHeaders } from 'node:http'
import type { Role } from '@quittance/billing-contract/permissions'
import { type Claims, isTenantId } from './claims.ts'
import { type Language, languageOf } from './language.ts'
import { refuseRequest } from './refusal.ts'

export interface Caller {
  readonly sub: string
  /** The tenant the call acts for; null while an operator or the platform's back end named none. */
  readonly tenantId: string | null
  readonly roles: readonly Role[]
  readonly requestId: string
  readonly language: Language
  readonly ip: string
  /** At most 500 characters of it; null when the client sent none. */
  readonly userAgent: string | null
}

/** What the server knows of the request besides its headers. */
export interface RequestOrigin {
  readonly requestId: string
  readonly ip: string
}

/** Node hands header bytes over as Latin-1; tenant ids beyond ASCII travel as UTF-8. */
function decodeTenantHeader(value: string): string {
  const decoded = Buffer.from(value, 'latin1').toString('utf8')
  if (isTenantId(decoded) && !decoded.includes('\uFFFD')) return decoded
  return refuseRequest('invalid_request', {}, [
    {
      path: '/x-tenant-id',
      message: 'X-Tenant-Id must be 1-128 printable characters without commas or spaces.',
      messageZh: 'X-Tenant-Id 须为 1-128 个可打印字符，且不含逗号或空格。',
    },
  ])
}

/**
 * Whether this caller belongs to no tenant and may name one: the issuer's staff always, the platform's
 * back end when its token carries no tenant. An operator's own `tenantId` claim is not used, so that a
 * forgotten header can never act on the wrong account.
 */
export function isPlatformWide(claims: Claims): boolean {
  if (claims.roles.includes('operator')) return true
  return claims.roles.includes('service') && claims.tenantId === null
}

function actingTenant(claims: Claims, named: string | undefined): string | null {
  if (isPlatformWide(claims)) return named === undefined ? null : decodeTenantHeader(named)
  if (claims.tenantId === null && claims.roles.length > 0) {
    refuseRequest('unauthenticated', {
      reason: 'the token names no tenant (tenantId)',
      reasonZh: '令牌未指定租户 tenantId',
    })
  }
  if (named !== undefined) {
    refuseRequest('forbidden', {
      needed: 'operator, or service without a tenant, to send X-Tenant-Id',
      neededZh: '以 operator 或无租户的 service 身份发送 X-Tenant-Id',
    })
  }
  return claims.tenantId
}

/**
 * The caller of a request with a verified token. `X-Tenant-Id` is heard from an operator, and from a
 * `service` token without a tenant. Refusals: `forbidden` when anyone else sends it, `invalid_request`
 * when it is malformed, `unauthenticated` when a tenant's user has a token without a tenant.
 */
export function resolveCaller(
  claims: Claims,
  headers: IncomingHttpHeaders,
  origin: RequestOrigin,
): Caller {
  const named = headers['x-tenant-id']
  return {
    sub: claims.sub,
    tenantId: actingTenant(claims, Array.isArray(named) ? named.join(',') : named),
    roles: claims.roles,
    requestId: origin.requestId,
    language: languageOf(headers['accept-language']),
    ip: origin.ip,
    userAgent: headers['user-agent']?.slice(0, 500) ?? null,
  }
}

/** The tenant a tenant route acts for. Refusal: `tenant_required` when the caller named none. */
export function requireTenant(caller: Caller): string {
  return caller.tenantId ?? refuseRequest('tenant_required')
}
