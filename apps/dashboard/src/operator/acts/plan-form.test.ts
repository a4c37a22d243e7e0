import { expect, it } from 'vitest'
import type { PlanRow } from '../data/wire.ts'
import { isPlanTyped, newPlanForm, offerWith, planFormOf } from './plan-form.ts'

const plan = (code: string, amount: number): PlanRow => ({
  code,
  name: code,
  version: 3,
  family: 'standard',
  prices: [
    { currency: 'USD', billingCycle: 'monthly', amount, setupFee: 5, taxBehavior: 'exclusive' },
  ],
  trialDays: 14,
  ownTrialDays: null,
  included: { messages: 1000, seats: null },
  overage: { messages: 0.002 },
  overageCurrency: 'USD',
  metrics: { messages: { perSeat: true } },
  features: ['sso'],
  limits: {},
  seats: null,
  addOnTo: [],
})
const offer = [plan('starter', 29), plan('professional', 99)]

it('an edited plan keeps its place, and what the form does not show', () => {
  const form = planFormOf(offer[0]!)
  const pushed = offerWith(offer, offer[0]!, {
    ...form,
    prices: [{ ...form.prices[0]!, amount: '35' }],
  })
  expect(pushed.map(({ code }) => code)).toEqual(['starter', 'professional'])
  expect(pushed[0]).toMatchObject({
    prices: [{ amount: '35', setupFee: 5 }],
    trialDays: null,
    included: { messages: '1000', seats: null },
    overage: { messages: '0.002' },
    metrics: { messages: { perSeat: true } },
    features: ['sso'],
  })
  expect(pushed[1]).not.toHaveProperty('version')
})

it('a new plan stands at the end and needs a code, a name and a price', () => {
  const form = newPlanForm(offer)
  expect(isPlanTyped(form)).toBe(false)
  const typed = {
    ...form,
    code: 'team',
    name: 'Team',
    prices: [{ ...form.prices[0]!, amount: '49' }],
  }
  expect(isPlanTyped(typed)).toBe(true)
  expect(offerWith(offer, null, typed).map(({ code }) => code)).toEqual([
    'starter',
    'professional',
    'team',
  ])
})

it('a price that is no amount is not sent', () => {
  const form = planFormOf(offer[0]!)
  expect(isPlanTyped({ ...form, prices: [{ ...form.prices[0]!, amount: '1,50' }] })).toBe(false)
})
