// A percentage off the eligible lines. Works in any currency.

import { allocate, applyRate, sumMinor } from '../money.ts'
import type { DiscountBase, Take } from './kind.ts'

export interface PercentDiscount extends DiscountBase {
  readonly kind: 'percent'
  /** Up to 1,000,000: all of it. */
  readonly ratePpm: number
}

/** Takes the rate of the eligible total, split by largest remainder, or of every line by itself. */
export const takePercent: Take<PercentDiscount> = (discount, leftMinor, context) => {
  const eligibleMinor = sumMinor(leftMinor)
  const takenMinor =
    context.percentLevel === 'line'
      ? leftMinor.map(left => applyRate(left, discount.ratePpm, 'half_away'))
      : allocate(applyRate(eligibleMinor, discount.ratePpm, 'half_away'), leftMinor)
  return {
    takenMinor,
    leftOverMinor: 0,
    why: {
      rule: 'discount.percent',
      inputs: {
        eligibleMinor,
        ratePpm: discount.ratePpm,
        level: context.percentLevel,
        formula: 'eligibleMinor * ratePpm / 1000000',
        rounding: 'half_away',
      },
    },
  }
}
