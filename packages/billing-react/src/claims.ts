// Who a token speaks for and what its roles may do, for what the pages offer. The matrix is the
// contract's; nothing is verified here, the server decides each call.
import {
  type Permission as ContractPermission,
  type Role as ContractRole,
  roles as knownRoles,
  mayDo,
} from '@quittance/billing-contract/permissions'

export type Role = ContractRole
export type Permission = ContractPermission

/** The known roles among names; others mean nothing to the pages. */
export const rolesAmong = (names: readonly unknown[]): Role[] =>
  knownRoles.filter(role => names.includes(role))

/** Whether one of the roles holds a permission by default; an issuer may have granted more. */
export const rolesMay = (roles: readonly Role[], permission: Permission): boolean =>
  mayDo(roles, permission)

function payloadOf(token: string): unknown {
  const part = token.split('.')[1]
  if (!part) return null
  try {
    const base64 = part.replaceAll('-', '+').replaceAll('_', '/')
    const bytes = Uint8Array.from(atob(base64), character => character.charCodeAt(0))
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return null
  }
}

/** What a token says about its bearer. */
export interface TokenClaims {
  readonly roles: readonly Role[]
  /** Null for operators and platform-wide services. */
  readonly tenantId: string | null
}

/** The claims in a token; no roles and no tenant when it cannot be read. */
export function claimsInToken(token: string): TokenClaims {
  const payload = payloadOf(token)
  const claims: Readonly<Record<string, unknown>> =
    typeof payload === 'object' && payload !== null ? { ...payload } : {}
  return {
    roles: Array.isArray(claims.roles) ? rolesAmong(claims.roles) : [],
    tenantId: typeof claims.tenantId === 'string' ? claims.tenantId : null,
  }
}
