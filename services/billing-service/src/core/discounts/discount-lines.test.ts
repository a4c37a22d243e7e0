import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AttachedDiscount, DiscountBenefit } from '../coupon.ts'
import { explainLine } from '../explanation.ts'
import type { InvoiceLine } from '../invoice.ts'
import { discountLines, discountsUsed, discountTotals } from './discount-lines.ts'
import type { CouponDuration } from './life.ts'

let made = 0
const line = (amountMinor: number, more: Partial<InvoiceLine> = {}): InvoiceLine => {
  made += 1
  return {
    id: `il_${made}`,
    kind: 'recurring',
    description: 'Plan',
    descriptionZh: null,
    quantity: '1',
    unitAmount: '1',
    amountMinor,
    discountMinor: 0,
    taxMinor: 0,
    taxRatePpm: null,
    periodStart: null,
    periodEnd: null,
    planCode: 'professional',
    metric: null,
    why: null,
    ...more,
  }
}

/** A charge for a part of a period. */
const prorated = (amountMinor: number, part: number, whole: number) =>
  line(amountMinor, {
    kind: 'proration_charge',
    why: { rule: 'proration.second', inputs: { part, whole } },
  })

const discount = (
  code: string,
  benefit: DiscountBenefit,
  more: Partial<AttachedDiscount> = {},
): AttachedDiscount => ({
  tenantId: 't',
  id: `disc_${code}`,
  customerId: 'cus_1',
  subscriptionId: 'sub_1',
  couponId: `cpn_${code}`,
  coupon: code,
  name: null,
  promotionCodeId: null,
  promotionCode: null,
  benefit,
  duration: { kind: 'forever' },
  scope: null,
  status: 'attached',
  attachedAt: 0,
  endsAt: null,
  uses: 0,
  attachedWith: null,
  attachedKey: code,
  createdAt: 0,
  updatedAt: 0,
  version: 1,
  ...more,
})

const percent = (code: string, rate: number, more: Partial<AttachedDiscount> = {}) =>
  discount(code, { kind: 'percent', ratePpm: rate * 10_000 }, more)
const dollars = (code: string, amountMinor: number, more: Partial<AttachedDiscount> = {}) =>
  discount(code, { kind: 'amount', amountMinor, currency: 'USD' }, more)
const once: CouponDuration = { kind: 'once' }

const taken = (lines: readonly InvoiceLine[], discounts: readonly AttachedDiscount[]) =>
  discountLines(lines, discounts, 'USD').map(l => l.discountMinor)

describe('which lines', () => {
  it('credits and what goes to the balance are never discounted', () => {
    const lines = [
      line(-500, { kind: 'proration_credit' }),
      line(1000),
      line(300, { kind: 'balance_transfer' }),
    ]
    expect(taken(lines, [percent('A', 50)])).toEqual([0, 500, 0])
  })

  it('a coupon for a metric leaves the plan alone', () => {
    const lines = [line(1000), line(400, { kind: 'usage', metric: 'messages' })]
    const scope = { metrics: ['messages'] }
    expect(taken(lines, [percent('A', 25, { scope })])).toEqual([0, 100])
  })

  it('a once-coupon is not used up by a proration, but by a full period that starts early', () => {
    expect(taken([prorated(4950, 1, 2)], [dollars('A', 1000, { duration: once })])).toEqual([0])
    expect(taken([prorated(9900, 1, 1)], [dollars('A', 1000, { duration: once })])).toEqual([1000])
  })

  it('10.00 off a period is 5.00 off half of one, and whole off the period beside it', () => {
    expect(taken([prorated(4950, 1, 2)], [dollars('A', 1000)])).toEqual([500])
    expect(taken([prorated(4950, 1, 2), line(9900)], [dollars('A', 1000)])).toEqual([500, 1000])
  })
})

describe('why', () => {
  it('10 % attached first and 20 % after it: the line names both in order', () => {
    const discounts = [percent('LATE', 20, { attachedAt: 2 }), percent('EARLY', 10)]
    const [only] = discountLines([line(10_000)], discounts, 'USD')
    expect(only?.discountMinor).toBe(2800)
    expect(explainLine(only!, 'USD', 'en')).toBe(
      'Coupon EARLY (1 of 2): 10% of 100.00, 10.00 of it on this line. ' +
        'Coupon LATE (2 of 2): 20% of 90.00, 18.00 of it on this line.',
    )
    expect(explainLine(only!, 'USD', 'zh-CN')).toContain('优惠券 LATE（第 2/2 项）：90.00 × 20%')
    expect([...discountsUsed([only!])]).toEqual(['disc_EARLY', 'disc_LATE'])
    expect(discountTotals([only!])).toEqual([
      { name: 'EARLY', ratePpm: 100_000, amountMinor: 1000 },
      { name: 'LATE', ratePpm: 200_000, amountMinor: 1800 },
    ])
  })

  it('pricing the same lines again takes the same, and without the coupon nothing', () => {
    const first = discountLines([line(1000), line(500)], [percent('A', 33)], 'USD')
    expect(discountLines(first, [percent('A', 33)], 'USD')).toEqual(first)
    expect(taken(first, [])).toEqual([0, 0])
  })
})

const anyLine = fc
  .record({ amountMinor: fc.integer({ min: -200_000, max: 500_000 }), half: fc.boolean() })
  .map(({ amountMinor, half }) =>
    half && amountMinor > 0 ? prorated(amountMinor, 1, 2) : line(amountMinor),
  )
const anyDiscount = fc
  .record({
    isShare: fc.boolean(),
    worth: fc.integer({ min: 1, max: 100 }),
    isOnce: fc.boolean(),
    attachedAt: fc.integer({ min: 0, max: 5 }),
  })
  .map(({ isShare, worth, isOnce, attachedAt }) => {
    made += 1
    const more = { attachedAt, ...(isOnce ? { duration: once } : {}) }
    return isShare ? percent(`P${made}`, worth, more) : dollars(`D${made}`, worth * 997, more)
  })

it('for any lines and coupons: none below zero, parts add up, no amount takes more than its worth', () => {
  fc.assert(
    fc.property(
      fc.array(anyLine, { minLength: 1, maxLength: 8 }),
      fc.array(anyDiscount, { maxLength: 5 }),
      (lines, discounts) => {
        const result = discountLines(lines, discounts, 'USD')
        for (const [at, after] of result.entries()) {
          const before = lines[at]!
          expect(after.amountMinor).toBe(before.amountMinor)
          expect(after.discountMinor).toBeGreaterThanOrEqual(0)
          expect(after.discountMinor).toBeLessThanOrEqual(Math.max(0, before.amountMinor))
          const parts = (after.discounts ?? []).map(entry => entry.amountMinor)
          expect(parts.reduce((a, b) => a + b, 0)).toBe(after.discountMinor)
        }
        const whole = result.filter(l => l.kind === 'recurring')
        for (const total of discountTotals(whole)) {
          const { benefit } = discounts.find(d => d.coupon === total.name)!
          if (benefit.kind === 'amount') {
            expect(total.amountMinor).toBeLessThanOrEqual(benefit.amountMinor)
          }
        }
      },
    ),
  )
})
