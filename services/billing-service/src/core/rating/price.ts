// The usage price models as data, and the parts that rating makes of them. Prices are decimal texts in
// major units of the currency; nothing is rounded before the line (charge.ts).

import { compareDecimal, type Decimal, decimalText, isNegativeDecimal } from '../decimal.ts'
import { refuse } from '../refusal.ts'

/** `upTo` is inclusive; null is open. The flat amount falls due once, when the tier is opened. */
export interface Tier {
  readonly upTo: string | null
  readonly unitAmount: string
  readonly flatAmount: string
}

/** A tier of `graduated_percentage`: a share of the amount that falls into it. */
export interface PercentTier {
  readonly upTo: string | null
  readonly ratePpm: number
  readonly flatAmount: string
}

/** Blocks of one size; null `blocks` is open. */
export interface BlockTier {
  readonly blockSize: string
  readonly blocks: number | null
  readonly blockAmount: string
}

/** `per`: the unit amounts are for this many units; the quantity is rounded up to a whole number of them. */
export type UsagePrice =
  | { readonly model: 'standard'; readonly unitAmount: string; readonly per?: string }
  | { readonly model: 'graduated'; readonly tiers: readonly Tier[]; readonly per?: string }
  | { readonly model: 'volume'; readonly tiers: readonly Tier[]; readonly per?: string }
  | {
      readonly model: 'package'
      readonly packageSize: string
      readonly packageAmount: string
      /** Units without a price; they come off before packages are counted. */
      readonly freeUnits?: string
    }
  | { readonly model: 'blocks'; readonly tiers: readonly BlockTier[] }
  | {
      readonly model: 'percentage'
      readonly ratePpm: number
      /** Beside the share, for every event. */
      readonly eventAmount?: string
      /** The first events of the period, or this much of their value, cost nothing. */
      readonly freeEvents?: number
      readonly freeAmount?: string
      readonly eventMinimum?: string
      readonly eventMaximum?: string
    }
  | { readonly model: 'graduated_percentage'; readonly tiers: readonly PercentTier[] }

/** What a period used: its total, and for percentages also the value of each event, in time order. */
export interface Usage {
  readonly quantity: string
  readonly events?: readonly string[]
}

/** One part of a rated total. `tier` counts from 1; null for models without tiers. */
export interface RatedPart {
  readonly tier: number | null
  readonly quantity: Decimal
  readonly amount: Decimal
}

/** A part on a record: exact, in major units. */
export interface ChargedPart {
  readonly tier: number | null
  readonly quantity: string
  readonly amount: string
}

/** A part as it is kept on a record. */
export function partText({ tier, quantity, amount }: RatedPart): ChargedPart {
  return { tier, quantity: decimalText(quantity), amount: decimalText(amount) }
}

/**
 * Checks tiers before a price is put on offer: bounds rise, and the last one is open, so that no usage
 * is left without a price. Refuses `invalid_request` with the field's path.
 */
export function checkTiers(tiers: readonly { readonly upTo: string | null }[], path: string): void {
  const fault = (at: number, message: string): never =>
    refuse('invalid_request', {}, [{ path: `${path}/${at}/upTo`, message }])
  if (tiers.length === 0) refuse('invalid_request', {}, [{ path, message: 'needs a tier' }])
  tiers.forEach(({ upTo }, at) => {
    const last = at === tiers.length - 1
    if (last !== (upTo === null)) fault(at, 'the last tier, and no other, is open')
    if (upTo === null) return
    const previous = tiers[at - 1]?.upTo ?? '0'
    if (isNegativeDecimal(upTo) || compareDecimal(upTo, previous) <= 0) {
      fault(at, 'must be above the bound before it')
    }
  })
}
