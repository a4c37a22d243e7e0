// The claims of a token that we read, and their rules. Not signatures: token.ts checks those first.

import { roles as knownRoles, type Role } from '@quittance/billing-contract/permissions'
import { refuseRequest } from './refusal.ts'

export interface Claims {
  /** Who the token speaks for; goes into the audit log. */
  readonly sub: string
  /** The payer; null on tokens of the issuer's staff and of the platform's back end. */
  readonly tenantId: string | null
  /** The roles we know; others in the token are ignored. Empty means: may do nothing. */
  readonly roles: readonly Role[]
  /** Epoch seconds. */
  readonly expiresAtSeconds: number
  /** Epoch seconds; 0 when the token does not say. */
  readonly notBeforeSeconds: number
  /** Epoch seconds; 0 when the token does not say. */
  readonly issuedAtSeconds: number
}

/** Where a token says who somebody is: the name of a claim, or a JSON Pointer (`/realm_access/roles`). */
export interface ClaimNames {
  readonly subject: string
  readonly tenant: string
  readonly roles: string
}

export const usualClaims: ClaimNames = { subject: 'sub', tenant: 'tenantId', roles: 'roles' }

/** Letters of any script, digits, punctuation; no separators, controls, format or private characters. */
const tenantIdPattern = /^[^\s,\p{C}\p{Z}]{1,128}$/u
const subjectPattern = /^[^\p{C}]{1,255}$/u

/** Whether a string can name a tenant: 1-128 printable characters, no commas or spaces. */
export function isTenantId(value: string): boolean {
  return tenantIdPattern.test(value)
}

/** Refuses a token, saying why in both languages. The reason never repeats the token's content. */
export function refuseToken(reason: string, reasonZh: string): never {
  return refuseRequest('unauthenticated', { reason, reasonZh })
}

type Payload = Readonly<Record<string, unknown>>

/** The parts of a JSON Pointer (RFC 6901); a name without a leading slash is one part as it stands. */
export const claimParts = (name: string): string[] =>
  name.startsWith('/')
    ? name
        .slice(1)
        .split('/')
        .map(part => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    : [name]

/** The claim of that name; only what the token itself carries, nothing inherited. */
function claimOf(payload: Payload, name: string): unknown {
  let value: unknown = payload
  for (const part of claimParts(name)) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, part)) return undefined
    value = (value as Payload)[part]
  }
  return value
}

function readSubject(value: unknown, name: string): string {
  if (typeof value === 'string' && subjectPattern.test(value)) return value
  return refuseToken(
    `the ${name} claim must be a text of 1-255 characters`,
    `${name} 声明须为 1-255 个字符的文本`,
  )
}

function readTenantId(value: unknown, name: string): string | null {
  if (value === undefined || value === null) return null
  if (typeof value === 'string' && isTenantId(value)) return value
  return refuseToken(
    `the ${name} claim must be 1-128 printable characters without commas or spaces`,
    `${name} 声明须为 1-128 个可打印字符，且不含逗号或空格`,
  )
}

/** A list, or for a claim of another name than ours one text: many issuers write a single role so. */
function readRoles(value: unknown, name: string): Role[] {
  if (value === undefined) return []
  const given = name !== usualClaims.roles && typeof value === 'string' ? [value] : value
  if (!Array.isArray(given)) {
    return refuseToken(`the ${name} claim must be a list`, `${name} 声明须为列表`)
  }
  return knownRoles.filter(role => given.includes(role))
}

function readSeconds(value: unknown, name: string): number {
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value
  return refuseToken(`the ${name} claim must be a time in seconds`, `${name} 声明须为以秒计的时间`)
}

/**
 * Reads our claims out of a verified payload, under the names given and no others. Refuses with
 * `unauthenticated` when `exp` is missing, when subject, tenant or a time is malformed, or when the roles
 * are not a list.
 */
export function readClaims(payload: Payload, names: ClaimNames = usualClaims): Claims {
  return {
    sub: readSubject(claimOf(payload, names.subject), names.subject),
    tenantId: readTenantId(claimOf(payload, names.tenant), names.tenant),
    roles: readRoles(claimOf(payload, names.roles), names.roles),
    expiresAtSeconds: readSeconds(payload.exp, 'exp'),
    notBeforeSeconds: payload.nbf === undefined ? 0 : readSeconds(payload.nbf, 'nbf'),
    issuedAtSeconds: payload.iat === undefined ? 0 : readSeconds(payload.iat, 'iat'),
  }
}
