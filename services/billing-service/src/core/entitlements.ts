// What a tenant may use now: features, metered units and fixed limits of its live subscriptions, families
// side by side. Pure: the subscriptions, their plans and what was used come in.
import { addDecimal, compareDecimal, subtractDecimal } from './decimal.ts'
import type { Plan } from './plan.ts'
import type { Subscription, SubscriptionStatus } from './subscription.ts'
import type { Instant } from './time.ts'
import { capOf, includedUnits } from './usage-price.ts'

/** A live subscription and the plan version it was sold under. */
export interface Held {
  readonly subscription: Subscription & {
    /** Until when an overdue invoice leaves the plan usable. */
    readonly graceEndsAt?: Instant | null
  }
  readonly plan: Plan
}

export interface Access {
  readonly allowed: boolean
  /** `grace`: an invoice is overdue, and the plan may be used until `until`. */
  readonly reason: 'granted' | 'grace' | SubscriptionStatus
  readonly until: Instant | null
}

/**
 * Whether a subscription's plan may be used at an instant (choice 15): trials and paid periods grant it, an
 * overdue invoice only while grace lasts; unpaid, paused and incomplete ones do not.
 */
export function accessTo({ subscription }: Held, at: Instant): Access {
  const { status, graceEndsAt = null } = subscription
  if (status === 'trialing' || status === 'active') {
    return { allowed: true, reason: 'granted', until: null }
  }
  if (status === 'past_due' && (graceEndsAt === null || at < graceEndsAt)) {
    return { allowed: true, reason: 'grace', until: graceEndsAt }
  }
  return { allowed: false, reason: status, until: null }
}

export type CheckReason =
  | Access['reason']
  /** Allowed, and paid for beyond the included units. */
  | 'overage'
  | 'no_subscription'
  | 'not_included'
  | 'quota_exhausted'

export interface Check {
  readonly allowed: boolean
  readonly reason: CheckReason
  readonly until: Instant | null
  readonly subscriptionId: string | null
  readonly plan: string | null
  /** Units per period, or the limit; null: unlimited, or nothing to count. */
  readonly included: string | null
  readonly used: string | null
  /** What is left without further cost, or below the cap; null: unlimited, or nothing to count. */
  readonly remaining: string | null
}

const nothing = { until: null, included: null, used: null, remaining: null } as const

const denied = (reason: CheckReason, held?: Held): Check => ({
  ...nothing,
  allowed: false,
  reason,
  subscriptionId: held?.subscription.id ?? null,
  plan: held?.plan.code ?? null,
})

const byAccess = (held: Held, access: Access): Check => ({
  ...nothing,
  ...access,
  subscriptionId: held.subscription.id,
  plan: held.plan.code,
})

/** The most generous answer of those subscriptions that know of a thing. */
function best(
  held: readonly Held[],
  knows: (plan: Plan) => boolean,
  check: (held: Held) => Check,
): Check {
  const knowing = held.filter(({ plan }) => knows(plan))
  if (knowing.length === 0) return denied(held.length === 0 ? 'no_subscription' : 'not_included')
  const checks = knowing.map(check)
  return (
    checks.find(({ reason }) => reason === 'granted') ?? checks.find(c => c.allowed) ?? checks[0]!
  )
}

/** Whether a feature may be used. */
export const checkFeature = (held: readonly Held[], feature: string, at: Instant): Check =>
  best(
    held,
    plan => plan.features.includes(feature),
    each => byAccess(each, accessTo(each, at)),
  )

/** Whether there may be `quantity` of something that is bounded and not measured, such as projects. */
export function checkLimit(
  held: readonly Held[],
  limit: string,
  quantity: string,
  at: Instant,
): Check {
  return best(
    held,
    plan => plan.limits[limit] !== undefined,
    each => {
      const check = byAccess(each, accessTo(each, at))
      const bound = each.plan.limits[limit] ?? null
      if (bound === null) return check
      const included = String(bound)
      const counted = { included, used: null, remaining: included }
      if (check.allowed && compareDecimal(quantity, included) > 0) {
        return { ...denied('quota_exhausted', each), ...counted }
      }
      return { ...check, ...counted }
    },
  )
}

const below = (bound: string | null, used: string): string | null => {
  if (bound === null) return null
  return compareDecimal(used, bound) >= 0 ? '0' : subtractDecimal(bound, used)
}

/** The state of one metric of one subscription, and whether `quantity` more may be used. */
function checkUnits(
  held: Held,
  metric: string,
  used: string,
  quantity: string,
  at: Instant,
): Check {
  const { plan, subscription } = held
  const terms = { currency: subscription.currency, seats: subscription.quantity }
  const included = includedUnits(plan, metric, terms)
  const cap = capOf(plan, metric, terms)
  const check = byAccess(held, accessTo(held, at))
  const after = addDecimal(used, quantity)
  const counted = { included, used, remaining: below(included, used) }
  if (!check.allowed) return { ...check, ...counted }
  if (cap !== null && compareDecimal(after, cap) > 0) {
    return { ...denied('quota_exhausted', held), ...counted, remaining: below(cap, used) }
  }
  const paid = included !== null && compareDecimal(after, included) > 0
  return { ...check, ...counted, reason: paid ? 'overage' : check.reason }
}

/**
 * Whether `quantity` more units may be used. `usedOf` is what a subscription's running period used of the
 * metric so far. Soft: the recording of usage holds to caps for good.
 */
export const checkMetric = (
  held: readonly Held[],
  metric: string,
  quantity: string,
  usedOf: (subscription: Subscription) => string,
  at: Instant,
): Check =>
  best(
    held,
    plan => plan.metrics[metric] !== undefined,
    each => checkUnits(each, metric, usedOf(each.subscription), quantity, at),
  )

export interface Entitlements {
  readonly subscriptions: readonly (Access & { readonly held: Held })[]
  readonly features: readonly string[]
  /** The most of each limit; null is unlimited. */
  readonly limits: Readonly<Record<string, number | null>>
  readonly metrics: Readonly<Record<string, Check>>
}

/** Everything that may be used now. `usedOf` is asked for each metric. */
export function entitlementsOf(
  held: readonly Held[],
  usedOf: (subscription: Subscription, metric: string) => string,
  at: Instant,
): Entitlements {
  const subscriptions = held.map(each => ({ ...accessTo(each, at), held: each }))
  const open = subscriptions.filter(({ allowed }) => allowed).map(each => each.held.plan)
  const limits: Record<string, number | null> = {}
  for (const [name, bound] of open.flatMap(plan => Object.entries(plan.limits))) {
    const known = limits[name]
    limits[name] = known === null || bound === null ? null : Math.max(known ?? 0, bound)
  }
  const metrics = new Set(held.flatMap(({ plan }) => Object.keys(plan.metrics)))
  const check = (metric: string) =>
    checkMetric(held, metric, '0', subscription => usedOf(subscription, metric), at)
  return {
    subscriptions,
    features: [...new Set(open.flatMap(plan => plan.features))].sort(),
    limits,
    metrics: Object.fromEntries([...metrics].sort().map(metric => [metric, check(metric)])),
  }
}
