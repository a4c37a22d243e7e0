import { describe, expect, it } from 'vitest'
import { minorText } from './minor.ts'

describe('an amount in minor units', () => {
  it.each([
    [-4950, 'USD', '-49.50'],
    [5, 'EUR', '0.05'],
    [4950, 'JPY', '4950'],
    ['1234567', 'KWD', '1234.567'],
    [0, 'USD', '0.00'],
  ])('%s of %s is %s', (minor, currency, text) => {
    expect(minorText(minor, currency)).toBe(text)
  })
})
