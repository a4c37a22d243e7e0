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

function readSubject(value: unknown): string {
  if (typeof value === 'string' && subjectPattern.test(value)) return value
  return refuseToken(
    'the sub claim must be a text of 1-255 characters',
    'sub 声明须为 1-255 个字符的文本',
  )
}

function readTenantId(value: unknown): string | null {
  if (value === undefined || value === null) return null
  if (typeof value === 'string' && isTenantId(value)) return value
  return refuseToken(
    'the tenantId claim must be 1-128 printable characters without commas or spaces',
    'tenantId 声明须为 1-128 个可打印字符，且不含逗号或空格',
  )
}

function readRoles(value: unknown): Role[] {
  if (value === undefined) return []
  if (!Array.isArray(value)) {
    return refuseToken('the roles claim must be a list', 'roles 声明须为列表')
  }
  return knownRoles.filter(role => value.includes(role))
}

function readSeconds(value: unknown, name: string): number {
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value
  return refuseToken(`the ${name} claim must be a time in seconds`, `${name} 声明须为以秒计的时间`)
}

/**
 * Reads our claims out of a verified payload. Refuses with `unauthenticated` when `exp` is missing,
 * when `sub`, `tenantId` or a time is malformed, or when `roles` is not a list.
 */
export function readClaims(payload: Readonly<Record<string, unknown>>): Claims {
  return {
    sub: readSubject(payload.sub),
    tenantId: readTenantId(payload.tenantId),
    roles: readRoles(payload.roles),
    expiresAtSeconds: readSeconds(payload.exp, 'exp'),
    notBeforeSeconds: payload.nbf === undefined ? 0 : readSeconds(payload.nbf, 'nbf'),
    issuedAtSeconds: payload.iat === undefined ? 0 : readSeconds(payload.iat, 'iat'),
  }
}
