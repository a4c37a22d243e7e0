// Who a token speaks for and what its roles may do, for what the pages offer. Nothing is verified
// here: the server decides each call. Not the matrix itself: a test proves these rows equal to it.

/** The roles that the pages know. */
export const roles = ['member', 'admin', 'service', 'operator'] as const
export type Role = (typeof roles)[number]

/** The roles that hold what the pages ask about; operators hold everything. */
const holders = {
  'subscriptions.read': ['member', 'admin', 'service'],
  'usage.read': ['member', 'admin', 'service'],
  'usage.record': ['admin', 'service'],
  'usage.audit': ['admin', 'service'],
  'subscriptions.manage': ['admin'],
  'invoices.read': ['admin'],
  'invoices.pay': ['admin'],
  'payment-methods.manage': ['admin'],
  'transactions.read': ['admin'],
  'customers.manage': ['admin'],
  'settings.read': ['admin'],
  'settings.manage': ['admin'],
  'invoices.manage': [],
  'transactions.refund': [],
} as const satisfies Record<string, readonly Role[]>

export type Permission = keyof typeof holders
export const permissions = Object.keys(holders) as Permission[]

/** The known roles among names; others mean nothing to the pages. */
export const rolesAmong = (names: readonly unknown[]): Role[] =>
  roles.filter(role => names.includes(role))

/** Whether one of the roles holds a permission by default; an issuer may have granted more. */
export const rolesMay = (held: readonly Role[], permission: Permission): boolean =>
  held.includes('operator') ||
  held.some(role => (holders[permission] as readonly Role[]).includes(role))

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
