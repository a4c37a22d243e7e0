import { describe, expect, it } from 'vitest'
import { customerRow, subscriptionRow } from '../ports/contract/rows.ts'
import { checkFeature, checkLimit, checkMetric, entitlementsOf, type Held } from './entitlements.ts'
import { defaultPlans, type Plan } from './plan.ts'
import type { SubscriptionStatus } from './subscription.ts'

const at = 1_000_000
const planOf = (code: string): Plan => defaultPlans.find(plan => plan.code === code)!
const customer = customerRow('tenant')

const held = (plan: Plan, status: SubscriptionStatus = 'active', graceEndsAt?: number): Held => ({
  plan,
  subscription: {
    ...subscriptionRow(customer, { planId: plan.id, planCode: plan.code, status, quantity: 1 }),
    ...(graceEndsAt === undefined ? {} : { graceEndsAt }),
  },
})

const addOn: Plan = {
  ...planOf('starter'),
  code: 'extra',
  family: 'extra',
  metrics: {},
  features: ['phone_support'],
  limits: { projects: 10 },
}

describe('a feature', () => {
  it.each<[SubscriptionStatus, number | undefined, boolean, string]>([
    ['trialing', undefined, true, 'granted'],
    ['active', undefined, true, 'granted'],
    ['past_due', at + 1, true, 'grace'],
    ['past_due', at, false, 'past_due'],
    ['past_due', undefined, true, 'grace'],
    ['unpaid', undefined, false, 'unpaid'],
    ['paused', undefined, false, 'paused'],
    ['incomplete', undefined, false, 'incomplete'],
  ])('of a %s subscription with grace until %s: %s, %s', (status, grace, allowed, reason) => {
    const check = checkFeature([held(planOf('professional'), status, grace)], 'audit_log', at)
    expect(check).toMatchObject({ allowed, reason })
  })

  it('that no plan has is not_included, without any plan no_subscription', () => {
    expect(checkFeature([held(planOf('free'))], 'audit_log', at).reason).toBe('not_included')
    expect(checkFeature([], 'audit_log', at).reason).toBe('no_subscription')
  })

  it('of an add-on stands beside the plan, and outlives its neighbour’s pause', () => {
    const both = [held(planOf('starter'), 'paused'), held(addOn)]
    expect(checkFeature(both, 'phone_support', at).allowed).toBe(true)
    expect(checkFeature(both, 'email_support', at)).toMatchObject({
      allowed: false,
      reason: 'paused',
      plan: 'starter',
    })
  })
})

describe('units of a metric', () => {
  const check = (code: string, used: string, quantity: string) =>
    checkMetric([held(planOf(code))], 'messages', quantity, () => used, at)

  it('are granted within the quota: 990 used, 10 more of 1,000', () => {
    expect(check('free', '990', '10')).toMatchObject({
      allowed: true,
      reason: 'granted',
      included: '1000',
      used: '990',
      remaining: '10',
    })
  })

  it('stop at a hard cap: 11 more are not', () => {
    expect(check('free', '990', '11')).toMatchObject({
      allowed: false,
      reason: 'quota_exhausted',
      remaining: '10',
    })
  })

  it('go on as overage where they are sold, and without end where unlimited', () => {
    expect(check('starter', '10000', '1')).toMatchObject({
      allowed: true,
      reason: 'overage',
      remaining: '0',
    })
    expect(check('enterprise', '1', '1')).toMatchObject({ allowed: true, included: null })
  })

  it('are denied to an unpaid subscription however many are left', () => {
    const unpaid = [held(planOf('starter'), 'unpaid')]
    const answer = checkMetric(unpaid, 'messages', '1', () => '0', at)
    expect(answer).toMatchObject({ allowed: false, reason: 'unpaid', remaining: '10000' })
  })
})

describe('a limit', () => {
  it('of 10 projects allows 10 and not 11', () => {
    expect(checkLimit([held(addOn)], 'projects', '10', at).allowed).toBe(true)
    expect(checkLimit([held(addOn)], 'projects', '11', at)).toMatchObject({
      allowed: false,
      reason: 'quota_exhausted',
      included: '10',
    })
  })
})

describe('all entitlements', () => {
  it('join the features and limits of open subscriptions, and count every metric', () => {
    const all = entitlementsOf([held(planOf('free')), held(addOn)], () => '5', at)
    expect(all.features).toEqual(['community_support', 'phone_support'])
    expect(all.limits).toEqual({ projects: 10 })
    expect(all.metrics.messages).toMatchObject({ used: '5', remaining: '995', allowed: true })
    expect(Object.keys(all.metrics)).toEqual(['api_calls', 'messages', 'seats', 'storage_gb'])
  })

  it('of a paused subscription keep its meters and grant nothing', () => {
    const all = entitlementsOf([held(planOf('free'), 'paused')], () => '5', at)
    expect(all.features).toEqual([])
    expect(all.metrics.messages).toMatchObject({ allowed: false, reason: 'paused' })
  })
})
