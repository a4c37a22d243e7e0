// Exact shares: a part of a whole as two integers. Not decimals (decimal.ts), which cannot say 1/3.

import { assert } from './assert.ts'
import { divideRounded, type Rounding } from './decimal.ts'
import { toSafeNumber } from './money.ts'

/** `numerator` / `denominator`; the denominator is positive. Not always in lowest terms. */
export interface Fraction {
  readonly numerator: bigint
  readonly denominator: bigint
}

/** No share at all. */
export const nothing: Fraction = { numerator: 0n, denominator: 1n }

/** `numerator` parts of `denominator`, as they are. */
export function fraction(numerator: number | bigint, denominator: number | bigint): Fraction {
  assert(BigInt(denominator) > 0n, 'a denominator is positive')
  return { numerator: BigInt(numerator), denominator: BigInt(denominator) }
}

function commonDivisor(a: bigint, b: bigint): bigint {
  return b === 0n ? (a < 0n ? -a : a) : commonDivisor(b, a % b)
}

/** The same share in lowest terms. */
export function lowestTerms({ numerator, denominator }: Fraction): Fraction {
  const divisor = commonDivisor(numerator, denominator)
  return { numerator: numerator / divisor, denominator: denominator / divisor }
}

/** Exact sum of two shares. */
export function addFractions(a: Fraction, b: Fraction): Fraction {
  if (a.denominator === b.denominator) {
    return { numerator: a.numerator + b.numerator, denominator: a.denominator }
  }
  return lowestTerms({
    numerator: a.numerator * b.denominator + b.numerator * a.denominator,
    denominator: a.denominator * b.denominator,
  })
}

/** The nearest integer under the named rounding. */
export function roundFraction(value: Fraction, rounding: Rounding): number {
  return toSafeNumber(divideRounded(value.numerator, value.denominator, rounding))
}

/**
 * Splits a rounded total over the exact shares it was rounded from, which may have different signs.
 * Each part is its share rounded to one side or the other; the left-over units go to the largest
 * remainders, ties to the earlier position; a negative total mirrors the positive one. The parts
 * always sum to the total.
 */
export function apportion(totalMinor: number, shares: readonly Fraction[]): number[] {
  const sum = shares.reduce(addFractions, nothing)
  const sign = sum.numerator < 0n ? -1n : 1n
  const parts = shares.map(share => {
    const numerator = share.numerator * sign
    const floor = divideRounded(numerator, share.denominator, 'floor')
    return { floor, rest: numerator - floor * share.denominator, over: share.denominator }
  })
  const floors = parts.reduce((left, part) => left + part.floor, 0n)
  const units = Number(BigInt(totalMinor) * sign - floors)
  const byRest = parts
    .map((part, position) => ({ ...part, position }))
    .sort((a, b) => compareRests(b, a) || a.position - b.position)
  const extra = new Set(byRest.slice(0, units).map(part => part.position))
  assert(units >= 0 && units <= shares.length, 'a total lies within one unit of its shares')
  return parts.map(({ floor }, position) =>
    toSafeNumber((floor + (extra.has(position) ? 1n : 0n)) * sign),
  )
}

interface Rest {
  readonly rest: bigint
  readonly over: bigint
}

function compareRests(a: Rest, b: Rest): number {
  const difference = a.rest * b.over - b.rest * a.over
  if (difference === 0n) return 0
  return difference < 0n ? -1 : 1
}
