// Rating by tiers: graduated (every unit at the price of its own tier), volume (all units at the price of
// the tier that the total reaches), and graduated percentages.

import { assert } from '../assert.ts'
import {
  compare,
  type Decimal,
  decimal,
  dividedBy,
  minus,
  plus,
  smaller,
  times,
  zero,
} from '../decimal.ts'
import type { PercentTier, RatedPart, Tier } from './price.ts'

/** Decimals kept where a price is for more than one unit and the division does not end. */
const quotientDecimals = 30

/** Quantity x unit price, where the price is for `per` units. */
export function priced(quantity: Decimal, unitAmount: Decimal, per: Decimal): Decimal {
  const product = times(quantity, unitAmount)
  if (per.digits === 1n && per.scale === 0) return product
  return dividedBy(product, per, quotientDecimals, 'half_away')
}

interface Span {
  readonly tier: number
  readonly quantity: Decimal
}

/**
 * The part of the quantity in each tier that it opens. A bound is inclusive: anything above it, however
 * little, opens the next tier. The first tier is open from zero. What lies above a bounded last tier
 * has no price; `checkTiers` keeps such a price off the catalogue.
 */
function spans(tiers: readonly { readonly upTo: string | null }[], quantity: Decimal): Span[] {
  const parts: Span[] = []
  let lower = zero
  for (const [at, { upTo }] of tiers.entries()) {
    if (at > 0 && compare(quantity, lower) <= 0) break
    const upper = upTo === null ? quantity : smaller(quantity, decimal(upTo))
    parts.push({ tier: at + 1, quantity: minus(upper, lower) })
    if (upTo === null) break
    lower = decimal(upTo)
  }
  return parts
}

/** Every unit at the price of its own tier, and the flat amount of every tier that is opened. */
export function rateGraduated(
  tiers: readonly Tier[],
  quantity: Decimal,
  per: Decimal,
): RatedPart[] {
  return spans(tiers, quantity).map(span => {
    const tier = tiers[span.tier - 1]!
    const amount = priced(span.quantity, decimal(tier.unitAmount), per)
    return { ...span, amount: plus(amount, decimal(tier.flatAmount)) }
  })
}

/** All units at the price of one tier, so a larger quantity may cost less than a smaller one. */
export function rateVolume(tiers: readonly Tier[], quantity: Decimal, per: Decimal): RatedPart[] {
  const at = tiers.findIndex(({ upTo }) => upTo === null || compare(quantity, decimal(upTo)) <= 0)
  const tier = tiers[at]
  assert(tier, 'a volume price has a tier for every quantity')
  const amount = priced(quantity, decimal(tier.unitAmount), per)
  return [{ tier: at + 1, quantity, amount: plus(amount, decimal(tier.flatAmount)) }]
}

/** A share of the value in each tier, at the rate of that tier. */
export function rateGraduatedPercentage(
  tiers: readonly PercentTier[],
  quantity: Decimal,
): RatedPart[] {
  return spans(tiers, quantity).map(span => {
    const tier = tiers[span.tier - 1]!
    const rate: Decimal = { digits: BigInt(tier.ratePpm), scale: 6 }
    return { ...span, amount: plus(times(span.quantity, rate), decimal(tier.flatAmount)) }
  })
}
