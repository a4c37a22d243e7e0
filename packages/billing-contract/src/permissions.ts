// Who may do what: one matrix, read by the service, the documentation and the roles page. Roles come
// from the token; `operator` is the issuer's staff, the other roles act for one tenant.

export const roles = ['member', 'admin', 'service', 'operator'] as const
export type Role = (typeof roles)[number]

/**
 * Each permission with the roles that hold it. `operator` holds every one. Those marked `issuer` are the
 * operator's alone, unless the issuer grants them to `admin` (`ADMIN_MAY`).
 */
export const permissions = {
  'plans.read': ['member', 'admin', 'service'],
  'plans.manage': ['issuer'],
  'coupons.manage': ['issuer'],
  'subscriptions.read': ['member', 'admin', 'service'],
  'subscriptions.manage': ['admin'],
  'usage.read': ['member', 'admin', 'service'],
  'usage.audit': ['admin', 'service'],
  'usage.record': ['admin', 'service'],
  'entitlements.read': ['member', 'admin', 'service'],
  'invoices.read': ['admin'],
  'invoices.pay': ['admin'],
  'invoices.manage': ['issuer'],
  'payment-methods.manage': ['admin'],
  'transactions.read': ['admin'],
  'transactions.refund': ['issuer'],
  'customers.read': ['admin'],
  'customers.manage': ['admin'],
  'exports.manage': ['admin'],
  'settings.read': ['admin'],
  'settings.manage': ['admin'],
  'privacy.erase': ['issuer'],
  'history.read': ['admin'],
  'api-keys.manage': ['admin'],
  'reports.read': ['admin'],
  'webhooks.manage': ['admin'],
  'policy.manage': ['issuer'],
  'credits.manage': ['issuer'],
  'approvals.manage': ['issuer'],
  'clock.manage': ['issuer'],
  'issuer.read': ['issuer'],
  'operations.manage': ['issuer'],
} as const satisfies Record<string, readonly (Exclude<Role, 'operator'> | 'issuer')[]>

export type Permission = keyof typeof permissions

/** Permissions that only the issuer's operators hold by default. */
export const issuerPermissions = (Object.keys(permissions) as Permission[]).filter(name =>
  (permissions[name] as readonly string[]).includes('issuer'),
)

/** Whether one of these roles holds the permission; `adminMay` are issuer permissions granted to admins. */
export function mayDo(
  held: readonly Role[],
  permission: Permission,
  adminMay: readonly Permission[] = [],
): boolean {
  if (held.includes('operator')) return true
  if (held.includes('admin') && adminMay.includes(permission)) return true
  return held.some(role => (permissions[permission] as readonly string[]).includes(role))
}
