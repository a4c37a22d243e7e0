import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  allocate,
  applyRate,
  chargeableMinor,
  exponentOf,
  fromProcessorAmount,
  fromWire,
  isCurrency,
  maximumChargeMinor,
  minimumChargeMinor,
  mulDiv,
  multiplyUnit,
  parseUnitAmount,
  payableMinor,
  percentToPpm,
  ppmToPercent,
  processorAmount,
  toDecimalString,
  toWire,
  unitAmountText,
} from './money.ts'
import { Refusal } from './refusal.ts'

function codeOf(action: () => unknown): string {
  try {
    action()
  } catch (error) {
    if (error instanceof Refusal) return error.code
    throw error
  }
  return 'accepted'
}

describe('currencies', () => {
  it('the yen has 0 decimals, the dollar 2, the dinar of Kuwait 3', () => {
    expect([exponentOf('JPY'), exponentOf('USD'), exponentOf('KWD')]).toEqual([0, 2, 3])
  })

  it('lower case, BTC and an empty text are no currencies', () => {
    expect(['usd', 'BTC', '', 'toString'].map(isCurrency)).toEqual([false, false, false, false])
    expect(codeOf(() => exponentOf('usd'))).toBe('unknown_currency')
  })

  it('5 ISK is sent to Stripe as 500, 5 JPY as 5, 5.120 KWD as 5120', () => {
    expect(processorAmount(5, 'ISK')).toBe(500)
    expect(processorAmount(5, 'JPY')).toBe(5)
    expect(processorAmount(5120, 'KWD')).toBe(5120)
    expect(fromProcessorAmount(500, 'ISK')).toBe(5)
  })

  it('5.124 KWD cannot be charged as it is; 5.120 of it can', () => {
    expect(codeOf(() => processorAmount(5124, 'KWD'))).toBe('invalid_amount')
    expect(chargeableMinor(5124, 'KWD')).toBe(5120)
  })

  it('of 10.45 HUF a payout pays 10.00', () => {
    expect(payableMinor(1045, 'HUF')).toBe(1000)
  })

  it('Stripe charges 0.50 to 999,999.99 USD and up to 999,999 ISK', () => {
    expect(minimumChargeMinor('USD')).toBe(50)
    expect(maximumChargeMinor('USD')).toBe(99_999_999)
    expect(maximumChargeMinor('ISK')).toBe(999_999)
    expect(maximumChargeMinor('KWD')).toBe(99_999_990)
  })
})

describe('mulDiv', () => {
  it('-2.5 rounds to -3 away from zero, to -2 to even, and 2.5 mirrors it', () => {
    expect(mulDiv(-5, 1, 2, 'half_away')).toBe(-3)
    expect(mulDiv(5, 1, 2, 'half_away')).toBe(3)
    expect(mulDiv(-5, 1, 2, 'half_even')).toBe(-2)
    expect(mulDiv(-7, 1, 2, 'half_even')).toBe(-4)
  })

  it('-2.1 goes down to -2, up to -3, to floor -3, to ceiling -2', () => {
    const modes = ['down', 'up', 'floor', 'ceil'] as const
    expect(modes.map(mode => mulDiv(-21, 1, 10, mode))).toEqual([-2, -3, -3, -2])
    expect(modes.map(mode => mulDiv(21, 1, 10, mode))).toEqual([2, 3, 2, 3])
  })

  it('29 % of 50 is 14.5, which is 15 and never 14', () => {
    expect(applyRate(50, 290_000, 'half_away')).toBe(15)
  })

  it('90,000,000.00 over a month of milliseconds stays exact', () => {
    expect(mulDiv(9_000_000_000, 1_339_200_000, 2_678_400_000, 'half_away')).toBe(4_500_000_000)
  })

  it('an amount past 2^53 is a fault, not a wrong number', () => {
    expect(() => mulDiv(Number.MAX_SAFE_INTEGER, 2, 1, 'half_away')).toThrow('out of range')
    expect(() => mulDiv(0.5, 2, 1, 'half_away')).toThrow('safe integer')
  })
})

describe('allocate', () => {
  it('splits 101 in three equal parts as 34, 34, 33', () => {
    expect(allocate(101, [1, 1, 1])).toEqual([34, 34, 33])
  })

  it('splits -5 by 7:3:0 as -4, -1, 0, the mirror of 5', () => {
    expect(allocate(-5, [7, 3, 0])).toEqual([-4, -1, 0])
    expect(allocate(5, [7, 3, 0])).toEqual([4, 1, 0])
  })

  it('parts always sum to the total, mirror it, and stay within one unit of their exact share', () => {
    const weights = fc.array(fc.integer({ min: 0, max: 1_000_000_000 }), { minLength: 1 })
    const total = fc.integer({ min: -1_000_000_000_000, max: 1_000_000_000_000 })
    fc.assert(
      fc.property(total, weights, (amount, sizes) => {
        const sum = sizes.reduce((a, b) => a + b, 0)
        fc.pre(sum > 0)
        const parts = allocate(amount, sizes)
        expect(parts.reduce((a, b) => a + b, 0)).toBe(amount)
        expect(allocate(-amount, sizes)).toEqual(parts.map(part => 0 - part))
        parts.forEach((part, at) => {
          const off = BigInt(part) * BigInt(sum) - BigInt(amount) * BigInt(sizes[at] ?? 0)
          expect(off < BigInt(sum) && off > -BigInt(sum)).toBe(true)
        })
      }),
    )
  })
})

describe('the wire', () => {
  it('19.99, 29, "1284.50" and -5 USD are read into cents', () => {
    expect([19.99, 29, '1284.50', -5].map(value => fromWire(value, 'USD'))).toEqual([
      1999, 2900, 128_450, -500,
    ])
  })

  it('refuses 1.001 USD, 5.5 JPY, exponents, NaN, spaces, 13 digits and binary noise', () => {
    const bad = [1.001, '1e3', 1e21, 1e-7, Number.NaN, ' 1', '1.', '.5', '', '+1', '0x10', '01']
    for (const value of [...bad, 0.1 + 0.2, '12345678901.23', Number.POSITIVE_INFINITY]) {
      expect([value, codeOf(() => fromWire(value, 'USD'))]).toEqual([value, 'invalid_amount'])
    }
    expect(codeOf(() => fromWire(5.5, 'JPY'))).toBe('invalid_amount')
  })

  it('names the field that is wrong', () => {
    try {
      fromWire('x', 'USD', '/lineItems/0/amount')
    } catch (error) {
      expect(error instanceof Refusal && error.errors[0]?.path).toBe('/lineItems/0/amount')
    }
  })

  it('128450 cents print as 1284.50, -5 as -0.05, 5 yen as 5, 1 fils as 0.001', () => {
    expect(toDecimalString(128_450, 'USD')).toBe('1284.50')
    expect(toDecimalString(-5, 'USD')).toBe('-0.05')
    expect(toDecimalString(5, 'JPY')).toBe('5')
    expect(toDecimalString(1, 'KWD')).toBe('0.001')
  })

  it('every amount up to 12 digits survives the way out and in', () => {
    const amount = fc.integer({ min: -999_999_999_999, max: 999_999_999_999 })
    fc.assert(
      fc.property(amount, fc.constantFrom('USD', 'JPY', 'KWD'), (minor, currency) => {
        expect(fromWire(toWire(minor, currency), currency)).toBe(minor)
        expect(fromWire(JSON.parse(JSON.stringify(toWire(minor, currency))), currency)).toBe(minor)
      }),
    )
  })
})

describe('unit prices and rates', () => {
  it('0.0075 x 75 units is 56.25 cents and rounds once, to 0.56', () => {
    expect(multiplyUnit(parseUnitAmount('0.0075'), '75', 'USD', 'half_away')).toBe(56)
  })

  it('a unit price may be 0.000000000001, given as text or as a number', () => {
    expect(unitAmountText(parseUnitAmount('0.000000000001'))).toBe('0.000000000001')
    expect(unitAmountText(parseUnitAmount(0.000000000001))).toBe('0.000000000001')
    expect(codeOf(() => parseUnitAmount('0.0000000000001'))).toBe('invalid_amount')
  })

  it('8.875 percent is 88,750 parts per million, and 8.87551 is refused', () => {
    expect(percentToPpm(8.875)).toBe(88_750)
    expect(ppmToPercent(88_750)).toBe(8.875)
    expect(codeOf(() => percentToPpm(8.875_51))).toBe('invalid_amount')
    expect(codeOf(() => percentToPpm(Number.NaN))).toBe('invalid_amount')
  })
})
