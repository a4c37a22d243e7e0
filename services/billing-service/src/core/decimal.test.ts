import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addDecimal,
  compareDecimal,
  decimal,
  decimalText,
  dividedBy,
  isNegativeDecimal,
  isZeroDecimal,
  multiplyDecimal,
  parseQuantity,
  rounded,
  subtractDecimal,
} from './decimal.ts'
import { Refusal } from './refusal.ts'

describe('decimal texts', () => {
  it('0.1 + 0.2 is 0.3, 3 x 0.1 is 0.3, 0.3 - 0.1 is 0.2', () => {
    expect(addDecimal('0.1', '0.2')).toBe('0.3')
    expect(multiplyDecimal('3', '0.1')).toBe('0.3')
    expect(subtractDecimal('0.3', '0.1')).toBe('0.2')
  })

  it('5.001 is above 5, 1.50 equals 1.5, -0.0 is zero and not negative', () => {
    expect(compareDecimal('5.001', '5')).toBe(1)
    expect(compareDecimal('1.50', '1.5')).toBe(0)
    expect(isZeroDecimal('-0.0')).toBe(true)
    expect(isNegativeDecimal('-0.0')).toBe(false)
    expect(isNegativeDecimal('-0.001')).toBe(true)
  })

  it('a quantity of 2.500 is kept as 2.5, 1e-7 as a number as 0.0000001', () => {
    expect(parseQuantity('2.500')).toBe('2.5')
    expect(parseQuantity(1e-7)).toBe('0.0000001')
    expect(parseQuantity(-0)).toBe('0')
    expect([parseQuantity(7), parseQuantity('7'), parseQuantity(-7)]).toEqual(['7', '7', '-7'])
  })

  it('refuses exponents, words, 13 decimals and infinity as quantities', () => {
    for (const bad of [
      '1e3',
      'ten',
      '0.0000000000001',
      '',
      '1,5',
      Number.POSITIVE_INFINITY,
      1e21,
    ]) {
      expect(() => parseQuantity(bad)).toThrow(Refusal)
    }
  })

  it('2 / 3 keeps nine decimals as 0.666666667', () => {
    expect(decimalText(dividedBy(decimal('2'), decimal('3'), 9, 'half_away'))).toBe('0.666666667')
    expect(decimalText(rounded(decimal('-8328.5'), 0, 'half_away'))).toBe('-8329')
  })

  it('sums of whole numbers are exact below, at and beyond 2^53', () => {
    const edge = 2n ** 53n
    const whole = fc.oneof(
      fc.bigInt({ min: -1_000n, max: 1_000n }),
      fc.bigInt({ min: edge - 3n, max: edge + 3n }),
      fc.bigInt({ min: -(edge + 3n), max: 3n - edge }),
    )
    fc.assert(
      fc.property(whole, whole, (a, b) => {
        expect(addDecimal(String(a), String(b))).toBe(String(a + b))
      }),
    )
  })

  it('sum and difference undo each other for all decimals', () => {
    const text = fc
      .tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.integer({ min: 0, max: 12 }))
      .map(([digits, scale]) => decimalText({ digits, scale }))
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(subtractDecimal(addDecimal(a, b), b)).toBe(a)
        expect(multiplyDecimal(a, b)).toBe(multiplyDecimal(b, a))
        expect(compareDecimal(a, b)).toBe(0 - compareDecimal(b, a) || 0)
      }),
    )
  })
})
