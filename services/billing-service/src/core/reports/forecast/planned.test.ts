import { describe, expect, it } from 'vitest'
import type { AttachedDiscount } from '../../coupon.ts'
import { defaultPlans } from '../../plan.ts'
import type { PendingChange, Subscription } from '../../subscription.ts'
import { isPlanned, plannedValues } from './planned.ts'

const planOf = (code: string) => defaultPlans.find(plan => plan.code === code)!
const plans = new Map(defaultPlans.map(plan => [plan.id, plan]))
const on = (month: number, day: number): number => Date.UTC(2026, month - 1, day)

const starter = (more: Partial<Subscription> = {}): Subscription =>
  ({
    tenantId: 'acme',
    id: 'sub_1',
    planId: planOf('starter').id,
    planCode: 'starter',
    billingCycle: 'monthly',
    quantity: 1,
    currency: 'USD',
    status: 'active',
    billedBy: 'engine',
    anchorAt: on(1, 10),
    anchorZone: 'UTC',
    anchorDay: 10,
    periodIndex: 0,
    currentPeriodStart: on(1, 10),
    currentPeriodEnd: on(2, 10),
    pendingChange: null,
    pendingLines: [],
    discounts: [],
    updatedAt: on(1, 10),
    ...more,
  }) as Subscription

const change = (more: Partial<PendingChange>): PendingChange => ({
  planId: planOf('professional').id,
  planCode: 'professional',
  billingCycle: 'monthly',
  quantity: 1,
  effectiveAt: on(2, 10),
  invoiceId: null,
  restartsPeriodAt: null,
  ...more,
})

const valuesOf = (subscription: Subscription, attached: AttachedDiscount[] = []) =>
  plannedValues(subscription, plans, attached, on(12, 31))

describe('what is planned for a contract', () => {
  it('an end on February 10 leaves nothing from then on', () => {
    expect(valuesOf(starter({ cancelAtPeriodEnd: true }))).toEqual([{ at: on(2, 10), mrrMinor: 0 }])
  })

  it('so does a pause', () => {
    expect(valuesOf(starter({ pauseAtPeriodEnd: true }))).toEqual([{ at: on(2, 10), mrrMinor: 0 }])
  })

  it('a change to 3 units of Professional on February 10 makes 29.00 a month 297.00', () => {
    const changed = starter({ pendingChange: change({ quantity: 3 }) })
    expect(valuesOf(changed)).toEqual([{ at: on(2, 10), mrrMinor: 29_700 }])
  })

  it('10 % for 3 months end with the renewal of April 10', () => {
    const coupon = {
      id: 'disc_1',
      attachedAt: on(1, 10),
      endsAt: on(4, 10),
      duration: { kind: 'repeating', months: 3 },
      scope: null,
      uses: 1,
      benefit: { kind: 'percent', ratePpm: 100_000 },
    } as unknown as AttachedDiscount
    expect(valuesOf(starter(), [coupon])).toEqual([
      { at: on(2, 10), mrrMinor: 2_610 },
      { at: on(4, 10), mrrMinor: 2_900 },
    ])
  })

  it('a change that waits for its payment is not planned, nor is a trial', () => {
    const waits = change({ effectiveAt: null, invoiceId: 'inv_1' as never })
    expect(isPlanned(starter({ pendingChange: waits }))).toBe(false)
    expect(isPlanned(starter({ status: 'trialing', cancelAtPeriodEnd: true }))).toBe(false)
  })
})
