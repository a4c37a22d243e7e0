// A fixed amount off the eligible lines, in its own currency alone.

import { allocate, type Currency, sumMinor } from '../money.ts'
import { refuse } from '../refusal.ts'
import type { DiscountBase, Take } from './kind.ts'

export interface AmountDiscount extends DiscountBase {
  readonly kind: 'amount'
  readonly amountMinor: number
  readonly currency: Currency
}

/**
 * Takes the amount from the eligible lines in proportion to what is left of them, by largest remainder;
 * never below zero. Refuses `currency_mismatch`.
 */
export const takeAmount: Take<AmountDiscount> = (discount, leftMinor, context) => {
  const { amountMinor, currency } = discount
  if (currency !== context.currency) {
    refuse('currency_mismatch', { currency, expected: context.currency })
  }
  const eligibleMinor = sumMinor(leftMinor)
  const totalMinor = Math.min(amountMinor, eligibleMinor)
  return {
    takenMinor: allocate(totalMinor, leftMinor),
    leftOverMinor: amountMinor - totalMinor,
    why: {
      rule: 'discount.amount',
      inputs: {
        eligibleMinor,
        amountMinor,
        formula: 'min(amountMinor, eligibleMinor)',
        rounding: 'largest_remainder',
      },
    },
  }
}
