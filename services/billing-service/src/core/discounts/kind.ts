// What every kind of discount shares: its scope, its life, and the shape of a kind's arithmetic.
// The kinds themselves stand in files of their own; the list of them is index.ts.

import type { Currency } from '../money.ts'
import type { Instant } from '../time.ts'
import type { Why } from '../why.ts'

/** Which lines a discount may touch. Every field that is set must fit; null touches all lines. */
export interface DiscountScope {
  readonly planCodes?: readonly string[]
  readonly metrics?: readonly string[]
  readonly lineKinds?: readonly string[]
}

export interface DiscountBase {
  readonly id: string
  /** When it was attached: the order of stacking. */
  readonly attachedAt: Instant
  readonly scope: DiscountScope | null
}

/** A line as a discount sees it. Credits (negative lines) are never discounted. */
export interface DiscountableLine {
  readonly amountMinor: number
  readonly kind: string
  readonly planCode: string | null
  readonly metric: string | null
  /** False for lines whose amount already contains the discount. */
  readonly discountable?: boolean
}

export interface DiscountContext {
  readonly currency: Currency
  /** Whether a percentage is taken from the eligible total (and split) or from each line. */
  readonly percentLevel: 'total' | 'line'
}

/** What one discount takes. `takenMinor` runs beside the lines; `leftOverMinor` found no line. */
export interface Taken {
  readonly takenMinor: readonly number[]
  readonly leftOverMinor: number
  readonly why: Why
}

/**
 * The arithmetic of a kind: from what is left of the eligible lines (0 for the others, never negative)
 * to what it takes of each, never more than is left.
 */
export type Take<D> = (discount: D, leftMinor: readonly number[], context: DiscountContext) => Taken
