import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addFractions,
  apportion,
  fraction,
  lowestTerms,
  nothing,
  roundFraction,
} from './fraction.ts'

describe('fractions', () => {
  it('14/31 and 12/28 add to 191/217', () => {
    expect(lowestTerms(addFractions(fraction(14, 31), fraction(12, 28)))).toEqual(
      fraction(191, 217),
    )
  })

  it('-5/2 rounds to -3 away from zero', () => {
    expect(roundFraction(fraction(-5, 2), 'half_away')).toBe(-3)
  })
})

describe('apportion', () => {
  it('20 from one line and -10 from another stay 20 and -10', () => {
    expect(apportion(10, [fraction(20, 1), fraction(-10, 1)])).toEqual([20, -10])
  })

  it('2.5 + 2.5 rounded to 5 is 3 and 2, and mirrored for credits', () => {
    expect(apportion(5, [fraction(5, 2), fraction(5, 2)])).toEqual([3, 2])
    expect(apportion(-5, [fraction(-5, 2), fraction(-5, 2)])).toEqual([-3, -2])
  })

  it('parts of any signs sum to the rounded total and stay within one unit of their share', () => {
    const share = fc
      .tuple(fc.integer({ min: -1_000_000, max: 1_000_000 }), fc.integer({ min: 1, max: 1000 }))
      .map(([numerator, denominator]) => fraction(numerator, denominator))
    const roundings = fc.constantFrom('half_away', 'half_even', 'up', 'down' as const)
    fc.assert(
      fc.property(
        fc.array(share, { minLength: 1, maxLength: 12 }),
        roundings,
        (shares, rounding) => {
          const total = roundFraction(shares.reduce(addFractions, nothing), rounding)
          const parts = apportion(total, shares)
          expect(parts.reduce((a, b) => a + b, 0)).toBe(total)
          shares.forEach(({ numerator, denominator }, at) => {
            const off = BigInt(parts[at] ?? 0) * denominator - numerator
            expect(off < denominator && off > -denominator).toBe(true)
          })
        },
      ),
    )
  })
})
