// What a tenant may use now.

import { route } from '../route.ts'
import { EntitlementCheck, EntitlementQuestion, Entitlements } from '../schemas/entitlement.ts'

export const entitlementRoutes = {
  getEntitlements: route({
    method: 'GET',
    path: '/entitlements',
    tag: 'Entitlements',
    summary: 'What the tenant may use now: features, limits and metered units',
    description:
      'An overdue invoice leaves everything usable while grace lasts; unpaid and paused subscriptions grant nothing.',
    permission: 'entitlements.read',
    tenant: true,
    status: 200,
    reply: Entitlements,
    refusals: [],
  }),
  checkEntitlement: route({
    method: 'POST',
    path: '/entitlements/check',
    tag: 'Entitlements',
    summary: 'Whether a feature, some units of a metric or a limit may be used now',
    permission: 'entitlements.read',
    tenant: true,
    body: EntitlementQuestion,
    safe: true,
    status: 200,
    reply: EntitlementCheck,
    refusals: [],
  }),
} as const
