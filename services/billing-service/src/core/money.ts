// Amounts of money: integer minor units with their currency, the only place that multiplies, divides
// and splits them. Not prices by tier (rating/) and not taxes (tax.ts).

import { assert } from './assert.ts'
import { type CurrencyFacts, currencies } from './currency.ts'
import {
  compare,
  type Decimal,
  decimal,
  decimalsMax,
  decimalText,
  divideRounded,
  plainText,
  powerOfTen,
  type Rounding,
  readDecimal,
} from './decimal.ts'
import { refuse } from './refusal.ts'

export type { Rounding }

/** ISO 4217 code in upper case. */
export type Currency = string

/** An amount in minor units of its currency. Positive is owed by the tenant. */
export interface Money {
  readonly amountMinor: number
  readonly currency: Currency
}

/** A price per unit, finer than a minor unit: major units of the currency times 10^12. */
export interface UnitAmount {
  readonly scaled: bigint
}

const amountDigitsMax = 12
const processorAmountMax = 99_999_999
const percentDecimalsMax = 4

function facts(currency: Currency): CurrencyFacts {
  return currencies.get(currency) ?? refuse('unknown_currency', { currency })
}

/** Whether the text is the upper-case code of a currency that we can bill in. */
export function isCurrency(text: string): boolean {
  return currencies.has(text)
}

/** Decimals of the currency's minor unit. Refuses `unknown_currency`. */
export function exponentOf(currency: Currency): 0 | 2 | 3 {
  return facts(currency).exponent
}

/** A big integer as a JSON-safe number; anything larger is a fault. */
export function toSafeNumber(value: bigint): number {
  const number = Number(value)
  assert(Number.isSafeInteger(number), `amount out of range: ${value}`)
  return number
}

function whole(value: number | bigint, what: string): bigint {
  if (typeof value === 'bigint') return value
  assert(Number.isSafeInteger(value), `${what} is not a safe integer: ${value}`)
  return BigInt(value)
}

/** `amount` x `numerator` / `denominator`, exact until the one named rounding. */
export function mulDiv(
  amount: number,
  numerator: number | bigint,
  denominator: number | bigint,
  rounding: Rounding,
): number {
  const product = whole(amount, 'amount') * whole(numerator, 'numerator')
  return toSafeNumber(divideRounded(product, whole(denominator, 'denominator'), rounding))
}

/** `amountMinor` x a rate in parts per million. */
export function applyRate(amountMinor: number, ratePpm: number, rounding: Rounding): number {
  return mulDiv(amountMinor, ratePpm, 1_000_000, rounding)
}

/** Sum of amounts in one currency. */
export function sumMinor(amounts: readonly number[]): number {
  return toSafeNumber(amounts.reduce((sum, amount) => sum + whole(amount, 'amount'), 0n))
}

/**
 * Splits `totalMinor` in proportion to non-negative weights. The minor units left over go to the
 * largest remainders, ties to the earlier position; a negative total mirrors the positive one, so a
 * refund is split as its charge was. The parts always sum to the total.
 */
export function allocate(totalMinor: number, weights: readonly (number | bigint)[]): number[] {
  const sizes = weights.map(weight => whole(weight, 'weight'))
  assert(
    sizes.every(size => size >= 0n),
    'weights are not negative',
  )
  const sum = sizes.reduce((left, right) => left + right, 0n)
  const total = whole(totalMinor, 'total')
  if (total === 0n) return sizes.map(() => 0)
  assert(sum > 0n, 'a total needs a weight to go to')
  const sign = total < 0n ? -1n : 1n
  const size = total * sign
  const parts = sizes.map(weight => (size * weight) / sum)
  const left = size - parts.reduce((a, b) => a + b, 0n)
  const byRemainder = sizes
    .map((weight, position) => ({ position, remainder: (size * weight) % sum }))
    .sort((a, b) => (a.remainder === b.remainder ? a.position - b.position : later(a, b)))
  for (const { position } of byRemainder.slice(0, Number(left))) parts[position]! += 1n
  return parts.map(part => toSafeNumber(part * sign))
}

function later(a: { remainder: bigint }, b: { remainder: bigint }): number {
  return a.remainder > b.remainder ? -1 : 1
}

function refuseAmount(path: string, message: string): never {
  return refuse('invalid_amount', {}, [{ path, message }])
}

/**
 * Reads a major-unit amount from outside, a JSON number or a decimal string, into minor units.
 * Refuses `invalid_amount` for exponents, for more decimals than the currency has, for more than 12
 * digits, for NaN; `unknown_currency`.
 */
export function fromWire(value: number | string, currency: Currency, path = '/amount'): number {
  const exponent = exponentOf(currency)
  const text = typeof value === 'number' ? String(value) : value
  const read = text.length <= 20 ? readDecimal(text) : undefined
  if (!read) refuseAmount(path, 'must be a plain decimal number in the major unit')
  if (read.scale > exponent) {
    refuseAmount(path, `${currency} has ${exponent} decimals`)
  }
  if (text.replace(/[-.]/g, '').length > amountDigitsMax) {
    refuseAmount(path, `must have at most ${amountDigitsMax} digits`)
  }
  return toSafeNumber(read.digits * powerOfTen(exponent - read.scale))
}

/** The exact major-unit JSON number of an amount. */
export function toWire(amountMinor: number, currency: Currency): number {
  return Number(toDecimalString(amountMinor, currency))
}

/** The amount in major units with all decimals of its currency, such as `1284.50`. */
export function toDecimalString(amountMinor: number, currency: Currency): string {
  const exponent = exponentOf(currency)
  const digits = whole(amountMinor, 'amount')
    .toString()
    .replace('-', '')
    .padStart(exponent + 1, '0')
  const sign = amountMinor < 0 ? '-' : ''
  if (exponent === 0) return sign + digits
  return `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`
}

/** An exact major-unit value in minor units, rounded once. */
export function roundToMinor(value: Decimal, currency: Currency, rounding: Rounding): number {
  const dividend = value.digits * powerOfTen(exponentOf(currency))
  return toSafeNumber(divideRounded(dividend, powerOfTen(value.scale), rounding))
}

/**
 * Reads a price per unit in major units: up to 12 decimals and 12 digits before them.
 * Refuses `invalid_amount`.
 */
export function parseUnitAmount(value: string | number, path = '/unitAmount'): UnitAmount {
  const text = typeof value === 'number' ? plainText(value) : value
  const read = text.length <= 2 * amountDigitsMax + 2 ? readDecimal(text) : undefined
  const wholeDigits = text.replace('-', '').split('.')[0] ?? ''
  if (!read || read.scale > decimalsMax || wholeDigits.length > amountDigitsMax) {
    refuseAmount(path, `must be a plain decimal with at most ${decimalsMax} decimals`)
  }
  return { scaled: read.digits * powerOfTen(decimalsMax - read.scale) }
}

/** Canonical text of a unit price, such as `0.0075`. */
export function unitAmountText(unit: UnitAmount): string {
  return decimalText({ digits: unit.scaled, scale: decimalsMax })
}

/** Beyond 12 digits nothing is meant seriously, and soon nothing is exact. */
function assertRepresentable(exact: Decimal, currency: Currency): void {
  const bound: Decimal = { digits: powerOfTen(amountDigitsMax), scale: 0 }
  const size = exact.digits < 0n ? { ...exact, digits: -exact.digits } : exact
  if (compare(size, bound) < 0) return
  refuse('amount_too_large', { maximum: '9'.repeat(amountDigitsMax), currency })
}

/**
 * Unit price x quantity (decimal text), rounded once to the minor unit. Refuses `amount_too_large` for
 * more than 12 digits.
 */
export function multiplyUnit(
  unit: UnitAmount,
  quantity: string,
  currency: Currency,
  rounding: Rounding,
): number {
  const count = decimal(quantity)
  const exact = { digits: unit.scaled * count.digits, scale: decimalsMax + count.scale }
  assertRepresentable(exact, currency)
  return roundToMinor(exact, currency, rounding)
}

/**
 * A percentage from outside in parts per million: 8.875 becomes 88,750. Refuses `invalid_amount` for
 * more than 4 decimals or what is no plain decimal.
 */
export function percentToPpm(percent: number | string, path = '/rate'): number {
  const text = typeof percent === 'number' ? plainText(percent) : percent
  const read = text.length <= 20 ? readDecimal(text) : undefined
  if (!read || read.scale > percentDecimalsMax) {
    refuseAmount(path, `must be a percentage with at most ${percentDecimalsMax} decimals`)
  }
  return toSafeNumber(read.digits * powerOfTen(percentDecimalsMax - read.scale))
}

/** Parts per million as a percentage for the wire: 88,750 becomes 8.875. */
export function ppmToPercent(ratePpm: number): number {
  return Number(decimalText({ digits: whole(ratePpm, 'rate'), scale: percentDecimalsMax }))
}

/**
 * The largest amount not above `amountMinor` that a card can be charged: three-decimal currencies
 * take multiples of 10 alone. What is cut off stays owed.
 */
export function chargeableMinor(amountMinor: number, currency: Currency): number {
  return amountMinor - (amountMinor % facts(currency).chargeStep)
}

/** What a payout of this amount pays: whole forint and whole new Taiwan dollars. */
export function payableMinor(amountMinor: number, currency: Currency): number {
  return amountMinor - (amountMinor % facts(currency).payoutStep)
}

/** Whether an amount lies on the steps in which the processor moves money. */
export const isMovable = (amountMinor: number, currency: Currency): boolean =>
  amountMinor % facts(currency).chargeStep === 0

/** Refuses `invalid_amount` for an amount between the steps in which the processor moves money. */
export function assertMovable(amountMinor: number, currency: Currency): void {
  if (isMovable(amountMinor, currency)) return
  const { chargeStep } = facts(currency)
  const step = toDecimalString(chargeStep, currency)
  refuse('invalid_amount', { currency, step }, [
    { path: '/amount', message: `must be a multiple of ${step} ${currency}` },
  ])
}

/**
 * The integer that Stripe's API takes for an amount; the krona and the Ugandan shilling keep two
 * digits there. Refuses `invalid_amount` for an amount that Stripe cannot charge (`chargeableMinor`).
 */
export function processorAmount(amountMinor: number, currency: Currency): number {
  const { exponent, processorExponent } = facts(currency)
  assertMovable(amountMinor, currency)
  return mulDiv(amountMinor, powerOfTen(processorExponent - exponent), 1, 'down')
}

/** Our minor units for an integer from Stripe. */
export function fromProcessorAmount(amount: number, currency: Currency): number {
  const { exponent, processorExponent } = facts(currency)
  const scale = powerOfTen(processorExponent - exponent)
  assert(whole(amount, 'amount') % scale === 0n, `${amount} ${currency} has a fraction`)
  return mulDiv(amount, 1, scale, 'down')
}

/** The smallest charge that Stripe accepts in this currency, in minor units. */
export function minimumChargeMinor(currency: Currency): number {
  return facts(currency).minimumCharge
}

/** Refuses `amount_too_large` for what cannot be charged at once (choice 31b: 8 digits). */
export function assertChargeable(amountMinor: number, currency: Currency): void {
  const maximumMinor = maximumChargeMinor(currency)
  if (Math.abs(amountMinor) <= maximumMinor) return
  refuse('amount_too_large', { maximum: toDecimalString(maximumMinor, currency), currency })
}

/** Refuses `amount_too_small` below what can be charged at all. */
export function assertNotTooSmall(amountMinor: number, currency: Currency): void {
  const minimumMinor = minimumChargeMinor(currency)
  if (amountMinor >= minimumMinor) return
  refuse('amount_too_small', { minimum: toDecimalString(minimumMinor, currency), currency })
}

/** The largest charge that Stripe accepts, 8 digits, in minor units. */
export function maximumChargeMinor(currency: Currency): number {
  const { exponent, processorExponent } = facts(currency)
  const largest = mulDiv(processorAmountMax, 1, powerOfTen(processorExponent - exponent), 'down')
  return chargeableMinor(largest, currency)
}
