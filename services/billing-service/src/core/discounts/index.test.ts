import { describe, expect, it } from 'vitest'
import type { AmountDiscount } from './amount.ts'
import { applyDiscounts, type Discount, type DiscountRules } from './index.ts'
import type { DiscountableLine } from './kind.ts'
import type { PercentDiscount } from './percent.ts'

const rules: DiscountRules = { currency: 'USD', percentLevel: 'total', stacking: 'attached' }
const line = (amountMinor: number, planCode = 'pro'): DiscountableLine => ({
  amountMinor,
  kind: 'recurring',
  planCode,
  metric: null,
})
const percent = (value: number, more: Partial<PercentDiscount> = {}): PercentDiscount => ({
  kind: 'percent',
  id: `${value}%`,
  attachedAt: 0,
  scope: null,
  ratePpm: value * 10_000,
  ...more,
})
const amount = (amountMinor: number, more: Partial<AmountDiscount> = {}): AmountDiscount => ({
  kind: 'amount',
  id: `${amountMinor}`,
  attachedAt: 0,
  scope: null,
  amountMinor,
  currency: 'USD',
  ...more,
})
const total = (lines: DiscountableLine[], discounts: Discount[], more = rules) =>
  applyDiscounts(lines, discounts, more).discountMinor

describe('stacking', () => {
  it('10 % and then 20 % of 100.00 are 28.00, 15 % and 20 % are 32.00', () => {
    expect(total([line(10_000)], [percent(10), percent(20, { attachedAt: 1 })])).toBe(2800)
    expect(total([line(10_000)], [percent(15), percent(20)])).toBe(3200)
  })

  it('goes by the time of attachment: 10.00 then 20 % takes 28.00, 20 % then 10.00 takes 30.00', () => {
    const early = amount(1000, { attachedAt: 1 })
    const late = amount(1000, { attachedAt: 3 })
    expect(total([line(10_000)], [percent(20, { attachedAt: 2 }), early])).toBe(2800)
    expect(total([line(10_000)], [percent(20, { attachedAt: 2 }), late])).toBe(3000)
  })

  it('the best for the customer takes percentages first, a single one takes the largest', () => {
    const both = [amount(1000, { attachedAt: 1 }), percent(20, { attachedAt: 2 })]
    expect(total([line(10_000)], both, { ...rules, stacking: 'best' })).toBe(3000)
    const single = applyDiscounts([line(10_000)], both, { ...rules, stacking: 'single' })
    expect([single.discountMinor, single.untouched]).toEqual([2000, ['1000']])
  })

  it('scoped discounts come first, general ones share over what is left', () => {
    const scoped = percent(50, { id: 's', attachedAt: 9, scope: { planCodes: ['addon'] } })
    const general = percent(10, { id: 'g', attachedAt: 1 })
    const result = applyDiscounts([line(10_000), line(2000, 'addon')], [general, scoped], rules)
    expect(result.applied.map(entry => [entry.discountId, entry.discountMinor])).toEqual([
      ['s', 1000],
      ['g', 1100],
    ])
    expect(result.lineDiscountsMinor).toEqual([1000, 1100])
  })

  it('a later discount that finds nothing left is not used up', () => {
    const result = applyDiscounts([line(1000)], [amount(1500), percent(10)], rules)
    expect(result.discountMinor).toBe(1000)
    expect(result.applied[0]?.leftOverMinor).toBe(500)
    expect(result.untouched).toEqual(['10%'])
  })
})

describe('lines', () => {
  it('7.50 over 3.00 and 12.00 is 1.50 and 6.00', () => {
    const result = applyDiscounts([line(300), line(1200)], [amount(750)], rules)
    expect(result.lineDiscountsMinor).toEqual([150, 600])
  })

  it('33.33 % of 1.00 and 1.00 is 0.67 of the total, 0.66 by line', () => {
    const two = [line(100), line(100)]
    const third = percent(33.33)
    expect(total(two, [third])).toBe(67)
    expect(total(two, [third], { ...rules, percentLevel: 'line' })).toBe(66)
  })

  it('credits and lines that already contain their discount are left alone', () => {
    const lines = [line(-500), { ...line(1000), discountable: false }, line(1000)]
    expect(applyDiscounts(lines, [percent(50)], rules).lineDiscountsMinor).toEqual([0, 0, 500])
  })

  it('an amount in another currency is refused', () => {
    expect(() => total([line(1000)], [amount(100, { currency: 'EUR' })])).toThrow(
      'currency_mismatch',
    )
  })
})
