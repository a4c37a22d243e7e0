import { describe, expect, it } from 'vitest'
import { reachedThresholds, withinTotal } from './usage.ts'

describe('thresholds', () => {
  it.each([
    ['499', '1000', []],
    ['500', '1000', [50]],
    ['799.999', '1000', [50]],
    ['800', '1000', [50, 80]],
    ['1000', '1000', [50, 80, 100]],
    ['0.5', '1', [50]],
    ['7', null, []],
    ['7', '0', []],
  ])('%s of %s reaches %j', (total, bound, expected) => {
    expect(reachedThresholds(total, bound)).toEqual(expected)
  })
})

describe('a quantity', () => {
  it.each([
    ['-25', '10', '-10'],
    ['-10', '10', '-10'],
    ['-0.5', '10', '-0.5'],
    ['7', '10', '7'],
    ['-1', '0', '0'],
  ])('%s after %s counts as %s', (quantity, total, expected) => {
    expect(withinTotal(quantity, total)).toBe(expected)
  })
})
