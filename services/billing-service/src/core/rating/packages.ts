// Rating by started packages and by blocks in tiers. Packages are counted on the total of a period, never
// on a slice of it.

import {
  compare,
  type Decimal,
  decimal,
  divideRounded,
  larger,
  minus,
  powerOfTen,
  smaller,
  times,
  zero,
} from '../decimal.ts'
import type { BlockTier, RatedPart } from './price.ts'

/** Started packages: 9 units in packages of 10 are 1, 11 are 2, none are 0. */
export function packageCount(quantity: Decimal, size: Decimal): Decimal {
  const digits = divideRounded(
    quantity.digits * powerOfTen(size.scale),
    size.digits * powerOfTen(quantity.scale),
    'ceil',
  )
  return { digits, scale: 0 }
}

/** Started packages of the billable units, each at the package price. */
export function ratePackage(
  price: {
    readonly packageSize: string
    readonly packageAmount: string
    readonly freeUnits?: string
  },
  quantity: Decimal,
): RatedPart[] {
  const billable = larger(zero, minus(quantity, decimal(price.freeUnits ?? '0')))
  const count = packageCount(billable, decimal(price.packageSize))
  return [{ tier: null, quantity: count, amount: times(count, decimal(price.packageAmount)) }]
}

/** Each tier holds a number of blocks of its size; what exceeds it goes to the next tier. */
export function rateBlocks(tiers: readonly BlockTier[], quantity: Decimal): RatedPart[] {
  const parts: RatedPart[] = []
  let left = quantity
  for (const [at, { blockSize, blocks, blockAmount }] of tiers.entries()) {
    if (compare(left, zero) <= 0) break
    const size = decimal(blockSize)
    const room = blocks === null ? left : times(size, { digits: BigInt(blocks), scale: 0 })
    const count = packageCount(smaller(left, room), size)
    parts.push({ tier: at + 1, quantity: count, amount: times(count, decimal(blockAmount)) })
    left = minus(left, room)
  }
  return parts
}
