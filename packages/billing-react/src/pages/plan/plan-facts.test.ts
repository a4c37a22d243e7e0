import { describe, expect, it } from 'vitest'
import {
  compareIncluded,
  nextCharge,
  nextTerms,
  planMove,
  priceOf,
  smallerQuotas,
} from './plan-facts.ts'

const plans = ['free', 'starter', 'professional'].map(code => ({ code }))
const starter = { plan: 'starter', billingCycle: 'monthly' as const }

describe('choosing a plan', () => {
  it.each([
    ['professional', 'monthly', 'upgrade'],
    ['free', 'monthly', 'downgrade'],
    ['starter', 'monthly', 'current'],
    ['starter', 'yearly', 'cycle'],
  ] as const)('%s %s from starter monthly is "%s"', (code, billingCycle, move) => {
    expect(planMove(plans, starter, { code, billingCycle })).toBe(move)
  })

  it('without a plan is a subscription', () => {
    expect(planMove(plans, null, { code: 'free', billingCycle: 'monthly' })).toBe('subscribe')
  })

  it('warns of quotas that become smaller: unlimited to 100, 100 to nothing, not 5 to 20', () => {
    const mine = { included: { messages: null, api_calls: 100, seats: 5 } }
    const theirs = { included: { messages: 100, seats: 20 } }
    expect(smallerQuotas(mine, theirs)).toEqual(['messages', 'api_calls'])
    expect(compareIncluded(100, null)).toBe('more')
  })
})

describe('a price', () => {
  const plan = {
    prices: [
      { currency: 'USD', billingCycle: 'monthly' as const, amount: 29 },
      { currency: 'CNY', billingCycle: 'monthly' as const, amount: 199 },
    ],
  }

  it('is that of the currency, and unknown rather than another currency’s', () => {
    expect(priceOf(plan, 'monthly', 'CNY')?.amount).toBe(199)
    expect(priceOf(plan, 'monthly', 'EUR')).toBeNull()
    expect(priceOf(plan, 'yearly', 'USD')).toBeNull()
    expect(priceOf(plan, 'monthly')?.currency).toBe('USD')
  })
})

describe('what comes next', () => {
  it.each([
    ['active', false, 'renewal'],
    ['active', true, 'final'],
    ['trialing', false, 'first'],
    ['trialing', true, 'none'],
    ['past_due', false, 'renewal'],
    ['paused', false, 'paused'],
    ['canceled', false, 'none'],
  ] as const)('for %s with its end scheduled %s is "%s"', (status, cancelAtPeriodEnd, next) => {
    expect(nextCharge({ status, cancelAtPeriodEnd })).toBe(next)
  })

  it('already counts a change that is scheduled, but not one that waits for a payment', () => {
    const change = { plan: 'free', billingCycle: 'monthly' as const, quantity: 1, invoiceId: null }
    const terms = (effectiveAt: string | null) =>
      nextTerms({ ...starter, quantity: 2, pendingChange: { ...change, effectiveAt } }).plan
    expect(terms('2026-12-01T00:00:00Z')).toBe('free')
    expect(terms(null)).toBe('starter')
  })
})
