// The charge for usage of one period: included quota, rating of the period total, minimum and maximum
// spend, less what was billed already; rounded once, at the line.

import { decimal, decimalText, larger, minus, plus, zero } from '../decimal.ts'
import { type Currency, type Rounding, roundToMinor } from '../money.ts'
import type { Why } from '../why.ts'
import { type ChargedPart, partText, type Usage, type UsagePrice } from './price.ts'
import { type RateOptions, rateUsage, sumOfParts } from './rate.ts'

/** The charge of a period so far. Amounts are in minor units. */
export interface UsageInput extends RateOptions {
  readonly price: UsagePrice
  readonly currency: Currency
  /** Everything the period used so far, corrections included. */
  readonly usage: Usage
  /** Units that the plan includes; they come off before tiers and packages. */
  readonly included?: string
  /** What earlier invoices charged for this period. */
  readonly billedMinor?: number
  /** Spend of the period at least; topped up once, with `isFinal`. */
  readonly minimumMinor?: number
  readonly maximumMinor?: number
  /** Whether this is the last slice of the period. */
  readonly isFinal?: boolean
  readonly rounding?: Rounding
}

export interface UsageCharge {
  /** What to bill now. Negative when a correction or a cheaper tier lowered the period's price. */
  readonly amountMinor: number
  /** What the period costs before minimum and maximum: exact, in major units. */
  readonly exactAmount: string
  readonly billableQuantity: string
  /** What the maximum spend took off this charge. */
  readonly cappedOffMinor: number
  /** What the minimum spend added to this charge. */
  readonly topUpMinor: number
  /** The parts of the whole period. */
  readonly parts: readonly ChargedPart[]
  readonly why: Why
}

/**
 * How much of `quantity` is billable when `before` was used earlier in the period: included units are
 * used up by the earliest usage.
 */
export function billableQuantity(included: string, before: string, quantity: string): string {
  const above = (total: string) => larger(zero, minus(decimal(total), decimal(included)))
  const total = decimalText(plus(decimal(before), decimal(quantity)))
  return decimalText(minus(above(total), above(before)))
}

function billableUsage(usage: Usage, included: string | undefined): Usage {
  if (included === undefined) return usage
  return { ...usage, quantity: billableQuantity(included, '0', usage.quantity) }
}

/**
 * Charges the usage of a period. The total is always rated again as a whole and what was billed comes
 * off, so late usage, a second slice and a correction bill exactly the difference.
 */
export function chargeUsage(input: UsageInput): UsageCharge {
  const { price, currency, included, billedMinor = 0, rounding = 'half_away' } = input
  const usage = billableUsage(input.usage, included)
  const parts = rateUsage(price, usage, input)
  const exact = sumOfParts(parts)
  const ratedMinor = roundToMinor(exact, currency, rounding)
  const uncappedMinor = ratedMinor - billedMinor
  const cappedMinor = Math.min(ratedMinor, input.maximumMinor ?? ratedMinor)
  const floorMinor = input.isFinal ? (input.minimumMinor ?? 0) : 0
  const topUpMinor = Math.max(0, floorMinor - cappedMinor)
  const amountMinor = cappedMinor + topUpMinor - billedMinor
  return {
    amountMinor,
    exactAmount: decimalText(exact),
    billableQuantity: usage.quantity,
    cappedOffMinor: uncappedMinor - (cappedMinor - billedMinor),
    topUpMinor,
    parts: parts.map(partText),
    why: {
      rule: `usage.${price.model}`,
      inputs: {
        quantity: input.usage.quantity,
        included: included ?? null,
        billableQuantity: usage.quantity,
        exactAmount: decimalText(exact),
        billedMinor,
        minimumMinor: input.minimumMinor ?? null,
        maximumMinor: input.maximumMinor ?? null,
        formula: 'max(minimum, min(maximum, round(exactAmount))) - billedMinor',
        rounding,
      },
    },
  }
}

/** The unrounded price of a whole period in major units, for previews and price tables. */
export function exactPrice(price: UsagePrice, usage: Usage, options: RateOptions = {}): string {
  return decimalText(sumOfParts(rateUsage(price, usage, options)))
}
