import type { CheckWire, EntitlementsWire } from '@quittance/billing-contract/schemas/entitlement'
import type { Check, Entitlements } from '../../core/entitlements.ts'
import { toIso } from '../../core/time.ts'
import { time } from './money.ts'

const units = (text: string | null): number | null => (text === null ? null : Number(text))

export const checkToWire = (check: Check): CheckWire => ({
  allowed: check.allowed,
  reason: check.reason,
  until: time(check.until),
  subscriptionId: check.subscriptionId,
  plan: check.plan,
  included: units(check.included),
  used: units(check.used),
  remaining: units(check.remaining),
})

export const entitlementsToWire = (
  tenantId: string,
  { subscriptions, features, limits, metrics }: Entitlements,
): EntitlementsWire => ({
  tenantId,
  subscriptions: subscriptions.map(({ allowed, reason, until, held: { subscription, plan } }) => ({
    subscriptionId: subscription.id,
    plan: plan.code,
    family: plan.family,
    status: subscription.status,
    quantity: subscription.quantity,
    allowed,
    reason,
    until: time(until),
    currentPeriodEnd: toIso(subscription.currentPeriodEnd),
  })),
  features: [...features],
  limits: { ...limits },
  metrics: Object.fromEntries(
    Object.entries(metrics).map(([metric, check]) => [metric, checkToWire(check)]),
  ),
})
