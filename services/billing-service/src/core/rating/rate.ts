// Rating: from what a period used and a price model to exact parts in major units. Rounding, included
// quotas, minimum and maximum spend are charge.ts.

import {
  compare,
  type Decimal,
  decimal,
  decimalText,
  minus,
  plus,
  times,
  zero,
} from '../decimal.ts'
import { packageCount, rateBlocks, ratePackage } from './packages.ts'
import { ratePercentage } from './percentage.ts'
import type { RatedPart, Usage, UsagePrice } from './price.ts'
import { priced, rateGraduated, rateGraduatedPercentage, rateVolume } from './tiers.ts'

/**
 * `clamp`: a period total below zero counts as zero (default). `mirror`: it costs the negative of what
 * the same positive total would cost.
 */
export type NegativeUsage = 'clamp' | 'mirror'

export interface RateOptions {
  readonly negative?: NegativeUsage
  /** Whether the flat amount of the first tier falls due without any usage; it does by default. */
  readonly zeroUsage?: 'charged' | 'free'
}

const unit = decimal('1')

function negated(value: Decimal): Decimal {
  return { digits: -value.digits, scale: value.scale }
}

/** The parts of a period total. Their sum is the exact price of the period. */
export function rateUsage(
  price: UsagePrice,
  usage: Usage,
  options: RateOptions = {},
): readonly RatedPart[] {
  const quantity = decimal(usage.quantity)
  if (quantity.digits === 0n && options.zeroUsage === 'free') return []
  if (quantity.digits >= 0n) return ratePositive(price, usage)
  if (options.negative !== 'mirror') return rateUsage(price, { ...usage, quantity: '0' }, options)
  const mirrored = ratePositive(price, { ...usage, quantity: decimalText(negated(quantity)) })
  return mirrored.map(part => ({
    tier: part.tier,
    quantity: negated(part.quantity),
    amount: negated(part.amount),
  }))
}

function ratePositive(price: UsagePrice, usage: Usage): RatedPart[] {
  const quantity = decimal(usage.quantity)
  switch (price.model) {
    case 'standard': {
      const per = decimal(price.per ?? '1')
      const whole = wholeUnits(quantity, per)
      const amount = priced(whole, decimal(price.unitAmount), per)
      return [{ tier: null, quantity: whole, amount }]
    }
    case 'graduated': {
      const per = decimal(price.per ?? '1')
      return rateGraduated(price.tiers, wholeUnits(quantity, per), per)
    }
    case 'volume': {
      const per = decimal(price.per ?? '1')
      return rateVolume(price.tiers, wholeUnits(quantity, per), per)
    }
    case 'package':
      return ratePackage(price, quantity)
    case 'blocks':
      return rateBlocks(price.tiers, quantity)
    case 'percentage':
      return ratePercentage(price, usage)
    case 'graduated_percentage':
      return rateGraduatedPercentage(price.tiers, quantity)
  }
}

/** A price for more than one unit rounds the quantity up to a whole number of them. */
function wholeUnits(quantity: Decimal, per: Decimal): Decimal {
  return compare(per, unit) === 0 ? quantity : times(packageCount(quantity, per), per)
}

/** The exact sum of parts. */
export function sumOfParts(parts: readonly RatedPart[]): Decimal {
  return parts.reduce((sum, part) => plus(sum, part.amount), zero)
}

/**
 * The parts of a later slice of the same period: the period total is rated again and what earlier slices
 * were rated at comes off, tier by tier. So tiers and packages go on where the first slice stopped.
 * `before` null is the first slice.
 */
export function rateSlice(
  price: UsagePrice,
  before: readonly RatedPart[] | null,
  after: readonly RatedPart[],
): readonly RatedPart[] {
  if (before === null) return after
  // Volume moves all units to another tier; its slices are compared as a whole.
  const key = (part: RatedPart) => (price.model === 'volume' ? null : part.tier)
  const tiers = [...new Set([...before, ...after].map(key))]
  return tiers
    .map(tier => {
      const of = (parts: readonly RatedPart[]) => parts.filter(part => key(part) === tier)
      const quantity = (parts: readonly RatedPart[]) =>
        of(parts).reduce((sum, part) => plus(sum, part.quantity), zero)
      return {
        tier,
        quantity: minus(quantity(after), quantity(before)),
        amount: minus(sumOfParts(of(after)), sumOfParts(of(before))),
      }
    })
    .filter(part => part.quantity.digits !== 0n || part.amount.digits !== 0n)
}
