import { describe, expect, it } from 'vitest'
import type { AttachedDiscount } from '../coupon.ts'
import { defaultPlans } from '../plan.ts'
import type { Subscription } from '../subscription.ts'
import { moveRevenue, noRevenue, subscriptionMrrMinor } from './recurring.ts'

const starter = defaultPlans.find(plan => plan.code === 'starter')!
const at = Date.UTC(2026, 0, 10)

const subscription = (more: Partial<Subscription> = {}): Subscription =>
  ({
    tenantId: 'acme',
    id: 'sub_1',
    customerId: 'cus_1',
    planId: starter.id,
    planCode: 'starter',
    billingCycle: 'monthly',
    quantity: 1,
    currency: 'USD',
    status: 'active',
    updatedAt: at,
    version: 1,
    ...more,
  }) as Subscription

const tenPercent = (duration: AttachedDiscount['duration'], endsAt: number | null) =>
  ({
    id: 'disc_1',
    attachedAt: at - 1,
    endsAt,
    duration,
    scope: null,
    uses: 1,
    benefit: { kind: 'percent', ratePpm: 100_000 },
  }) as unknown as AttachedDiscount

describe('what a subscription is worth a month', () => {
  it('29.00 for one seat, 87.00 for three, a twelfth of the yearly price', () => {
    expect(subscriptionMrrMinor(subscription(), starter, [])).toBe(2900)
    expect(subscriptionMrrMinor(subscription({ quantity: 3 }), starter, [])).toBe(8700)
    const yearly = starter.prices.find(price => price.billingCycle === 'yearly')!.amountMinor
    const value = subscriptionMrrMinor(subscription({ billingCycle: 'yearly' }), starter, [])
    expect(Math.abs(value * 12 - yearly)).toBeLessThan(12)
  })

  it('past due counts; trials, unpaid, paused and ended ones do not', () => {
    const worth = (status: Subscription['status']) =>
      subscriptionMrrMinor(subscription({ status }), starter, [])
    expect(worth('past_due')).toBe(2900)
    const none = ['trialing', 'unpaid', 'paused', 'incomplete', 'canceled'] as const
    expect(none.map(worth)).toEqual([0, 0, 0, 0, 0])
  })

  it('10 % for ever or for some months is off while it lasts, once is not', () => {
    const worth = (discount: AttachedDiscount) =>
      subscriptionMrrMinor(subscription(), starter, [discount])
    expect(worth(tenPercent({ kind: 'forever' }, null))).toBe(2610)
    expect(worth(tenPercent({ kind: 'repeating', months: 3 }, at + 1))).toBe(2610)
    expect(worth(tenPercent({ kind: 'repeating', months: 3 }, at))).toBe(2900)
    expect(worth(tenPercent({ kind: 'once' }, null))).toBe(2900)
  })
})

describe('movements of a customer', () => {
  it('new, a second subscription, the end of one, the end of the last, and back again', () => {
    const second = subscription({ id: 'sub_2' })
    const kinds: string[] = []
    let revenue = noRevenue(subscription())
    for (const [of, worthMinor] of [
      [subscription(), 2900],
      [second, 6000],
      [subscription(), 0],
      [second, 0],
      [second, 6000],
      [second, 9000],
    ] as const) {
      const moved = moveRevenue(revenue, of, worthMinor)!
      revenue = moved.revenue
      kinds.push(`${moved.movement.kind} ${moved.movement.changeMinor}`)
    }
    expect(kinds).toEqual([
      'new_business 2900',
      'expansion 6000',
      'contraction -2900',
      'churn -6000',
      'reactivation 6000',
      'expansion 3000',
    ])
    expect(revenue).toMatchObject({ mrrMinor: 9000, bySubscription: { sub_2: 9000 } })
    expect(moveRevenue(revenue, second, 9000)).toBeNull()
  })
})
