// Exact decimals for quantities, unit prices and rates. On records and on the wire they are text;
// inside a calculation they are scaled integers of any size. Not money: money is in minor units.

import { assert } from './assert.ts'
import { refuse } from './refusal.ts'

/** The value `digits` / 10^`scale`, exact. */
export interface Decimal {
  readonly digits: bigint
  readonly scale: number
}

/** How a value between two steps is settled. `half_away` takes -2.5 to -3, as it takes 2.5 to 3. */
export type Rounding = 'half_away' | 'half_even' | 'down' | 'up' | 'floor' | 'ceil'

/** Most decimals that a quantity or a unit price may carry. */
export const decimalsMax = 12
const integerDigitsMax = 18

const pattern = /^-?(?:0|[1-9]\d*)(?:\.(\d+))?$/

/** Nothing. */
export const zero: Decimal = { digits: 0n, scale: 0 }

const powers = Array.from({ length: 40 }, (_, exponent) => 10n ** BigInt(exponent))

/** 10^`exponent` as an integer. */
export function powerOfTen(exponent: number): bigint {
  return powers[exponent] ?? 10n ** BigInt(exponent)
}

/** Whether a text is a plain decimal such as `-12.5`. */
export const isDecimal = (text: string): boolean => pattern.test(text)

/** Reads a plain decimal such as `-12.5`; undefined for anything else (exponents, spaces, `.5`). */
export function readDecimal(text: string): Decimal | undefined {
  const match = pattern.exec(text)
  if (!match) return undefined
  const fraction = match[1] ?? ''
  return { digits: BigInt(text.replace('.', '')), scale: fraction.length }
}

/** The value of a text that our own records hold. A malformed one is a fault. */
export function decimal(text: string): Decimal {
  const value = readDecimal(text)
  assert(value, `not a decimal: ${text}`)
  return value
}

/**
 * Reads a quantity from outside: a plain decimal, at most 12 decimals and 18 digits before them.
 * Refuses `invalid_request` with the field's path. Answers the canonical text (`2.50` becomes `2.5`).
 */
export function parseQuantity(value: string | number, path = '/quantity'): string {
  if (Number.isSafeInteger(value)) return String(value)
  const text = typeof value === 'number' ? plainText(value) : value
  const read = text.length <= 40 ? readDecimal(text) : undefined
  const whole = text.replace('-', '').split('.')[0] ?? ''
  if (!read || read.scale > decimalsMax || whole.length > integerDigitsMax) {
    refuse('invalid_request', {}, [
      { path, message: `must be a plain decimal with at most ${decimalsMax} decimals` },
    ])
  }
  return decimalText(read)
}

/** The plain text of a JSON number, without an exponent where 12 decimals can say the same value. */
export function plainText(value: number): string {
  const text = String(value)
  if (!text.includes('e')) return text
  const plain = value.toFixed(decimalsMax)
  return Number(plain) === value ? plain.replace(/\.?0+$/, '') : text
}

/** Canonical text: no trailing zeros, no `-0`. */
export function decimalText(value: Decimal): string {
  const negative = value.digits < 0n
  const digits = (negative ? -value.digits : value.digits).toString().padStart(value.scale + 1, '0')
  const whole = digits.slice(0, digits.length - value.scale)
  const fraction = digits.slice(digits.length - value.scale).replace(/0+$/, '')
  const text = fraction === '' ? whole : `${whole}.${fraction}`
  return negative && text !== '0' ? `-${text}` : text
}

function digitsAt(value: Decimal, scale: number): bigint {
  return scale === value.scale ? value.digits : value.digits * powerOfTen(scale - value.scale)
}

/** Exact sum. */
export function plus(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale)
  return { digits: digitsAt(a, scale) + digitsAt(b, scale), scale }
}

/** Exact difference. */
export function minus(a: Decimal, b: Decimal): Decimal {
  return plus(a, { digits: -b.digits, scale: b.scale })
}

/** Exact product. */
export function times(a: Decimal, b: Decimal): Decimal {
  return { digits: a.digits * b.digits, scale: a.scale + b.scale }
}

/** Order by value: -1, 0 or 1. */
export function compare(a: Decimal, b: Decimal): -1 | 0 | 1 {
  const difference = minus(a, b).digits
  if (difference === 0n) return 0
  return difference < 0n ? -1 : 1
}

/** The smaller of two values. */
export function smaller(a: Decimal, b: Decimal): Decimal {
  return compare(a, b) <= 0 ? a : b
}

/** The larger of two values. */
export function larger(a: Decimal, b: Decimal): Decimal {
  return compare(a, b) >= 0 ? a : b
}

/** Divides two integers and settles the rest by the named rounding. */
export function divideRounded(dividend: bigint, divisor: bigint, rounding: Rounding): bigint {
  assert(divisor !== 0n, 'division by zero')
  const top = divisor < 0n ? -dividend : dividend
  const bottom = divisor < 0n ? -divisor : divisor
  const quotient = top / bottom
  const rest = top % bottom
  if (rest === 0n) return quotient
  const away = top < 0n ? quotient - 1n : quotient + 1n
  const doubled = 2n * (rest < 0n ? -rest : rest)
  switch (rounding) {
    case 'down':
      return quotient
    case 'up':
      return away
    case 'floor':
      return top < 0n ? away : quotient
    case 'ceil':
      return top < 0n ? quotient : away
    case 'half_away':
      return doubled >= bottom ? away : quotient
    case 'half_even':
      if (doubled === bottom) return quotient % 2n === 0n ? quotient : away
      return doubled > bottom ? away : quotient
  }
}

/** `a` / `b` with at most `scale` decimals. */
export function dividedBy(a: Decimal, b: Decimal, scale: number, rounding: Rounding): Decimal {
  const dividend = a.digits * powerOfTen(scale + b.scale)
  return { digits: divideRounded(dividend, b.digits * powerOfTen(a.scale), rounding), scale }
}

/** The value with at most `scale` decimals. */
export function rounded(value: Decimal, scale: number, rounding: Rounding): Decimal {
  if (value.scale <= scale) return value
  return { digits: divideRounded(value.digits, powerOfTen(value.scale - scale), rounding), scale }
}

/** Sum of two quantities held as text. */
export function addDecimal(a: string, b: string): string {
  const [left, right] = [Number(a), Number(b)]
  const sum = left + right
  const isWhole = Number.isSafeInteger(left) && Number.isSafeInteger(right)
  if (isWhole && Number.isSafeInteger(sum) && String(left) === a && String(right) === b) {
    return String(sum)
  }
  return decimalText(plus(decimal(a), decimal(b)))
}

/** Difference of two quantities held as text. */
export function subtractDecimal(a: string, b: string): string {
  return decimalText(minus(decimal(a), decimal(b)))
}

/** Product of two quantities held as text, exact. */
export function multiplyDecimal(a: string, b: string): string {
  return decimalText(times(decimal(a), decimal(b)))
}

/** Order of two quantities held as text: -1, 0 or 1. */
export function compareDecimal(a: string, b: string): -1 | 0 | 1 {
  return compare(decimal(a), decimal(b))
}

/** Whether a quantity held as text is zero, however it is written. */
export function isZeroDecimal(text: string): boolean {
  return decimal(text).digits === 0n
}

/** Whether a quantity held as text is below zero; `-0` is not. */
export function isNegativeDecimal(text: string): boolean {
  return text.startsWith('-') && decimal(text).digits < 0n
}
