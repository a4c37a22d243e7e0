// Fees and limits in minor units.

import { describe, expect, it } from 'vitest'
import { checkChargeable, disputeFee, processingFee, shownAmount } from './money.ts'

describe('fees', () => {
  it.each([
    [5000, 'usd', 'card', 175],
    [50, 'usd', 'card', 31],
    [1017, 'eur', 'card', 59],
    [500, 'jpy', 'card', 45],
    [10_000, 'kwd', 'card', 590],
    [20, 'usd', 'card', 20],
    [10_000, 'usd', 'us_bank_account', 80],
    [90_000, 'usd', 'us_bank_account', 500],
  ])('of %i %s by %s is %i', (amount, currency, type, fee) => {
    expect(processingFee(amount, currency, type)).toBe(fee)
  })

  it('of a dispute is 15.00', () => {
    expect(disputeFee('usd')).toBe(1500)
  })
})

describe('amounts', () => {
  it.each([
    [6000, 'usd', '$60.00'],
    [5, 'eur', '€0.05'],
    [500, 'jpy', '¥500'],
    [1200, 'sek', '12.00 sek'],
    [1234, 'kwd', '1.234 kwd'],
  ])('%i %s reads %s', (amount, currency, shown) => {
    expect(shownAmount(amount, currency)).toBe(shown)
  })

  it.each([
    [49, 'usd'],
    [29, 'gbp'],
    [100_000_000, 'usd'],
  ])('%i %s cannot be charged', (amount, currency) => {
    expect(() => checkChargeable(amount, currency)).toThrow(/Amount must be/)
  })
})
