// Credit-note arithmetic: how much net and tax a correction takes back, so that all notes of an invoice
// together equal it to the last minor unit. Not the document, its number or its ledger entries.

import { assert } from './assert.ts'
import { allocate, mulDiv, type Rounding, sumMinor } from './money.ts'
import { refuse } from './refusal.ts'
import type { Why } from './why.ts'

/** A line of an invoice as printed: net after discounts, its tax, and what earlier notes took back. */
export interface CreditableLine {
  readonly netMinor: number
  readonly taxMinor: number
  readonly creditedNetMinor: number
  readonly creditedTaxMinor: number
}

/** What one note takes back of one line. */
export interface CreditedLine {
  readonly netMinor: number
  readonly taxMinor: number
  readonly why: Why
}

/**
 * Takes `netMinor` of a line back with its tax. The tax is the line's own printed tax in proportion to
 * all net credited so far, less the tax of earlier notes; so the last note takes what remains.
 * Refuses `invalid_amount` beyond what is left of the line.
 */
export function creditLine(
  line: CreditableLine,
  netMinor: number,
  rounding: Rounding = 'half_away',
): CreditedLine {
  const leftMinor = line.netMinor - line.creditedNetMinor
  if (netMinor < 0 || netMinor > leftMinor) refuse('invalid_amount', { leftMinor })
  const creditedMinor = line.creditedNetMinor + netMinor
  const dueMinor =
    creditedMinor === line.netMinor
      ? line.taxMinor
      : mulDiv(line.taxMinor, creditedMinor, line.netMinor, rounding)
  const taxMinor = dueMinor - line.creditedTaxMinor
  return {
    netMinor,
    taxMinor,
    why: {
      rule: 'credit_note.remaining_tax',
      inputs: {
        ...line,
        creditMinor: netMinor,
        formula: 'taxMinor * (creditedNetMinor + creditMinor) / netMinor - creditedTaxMinor',
        rounding,
      },
    },
  }
}

/**
 * Spreads a gross amount, such as a refund, over what is left of the lines and their taxes by largest
 * remainder. Refuses `invalid_amount` beyond what is left of the invoice.
 */
export function spreadCredit(
  lines: readonly CreditableLine[],
  grossMinor: number,
): readonly CreditedLine[] {
  const parts = lines.flatMap(line => [
    line.netMinor - line.creditedNetMinor,
    line.taxMinor - line.creditedTaxMinor,
  ])
  const leftMinor = sumMinor(parts)
  if (grossMinor < 0 || grossMinor > leftMinor) refuse('invalid_amount', { leftMinor })
  const shares = allocate(grossMinor, parts)
  const why: Why = {
    rule: 'credit_note.pro_rata',
    inputs: { grossMinor, leftMinor, rounding: 'largest_remainder' },
  }
  return lines.map((_, at) => ({
    netMinor: shares[2 * at] ?? 0,
    taxMinor: shares[2 * at + 1] ?? 0,
    why,
  }))
}

/** A note first lowers what is still owed; only the rest is returned to the payer. */
export function settleCreditNote(
  totalMinor: number,
  dueMinor: number,
): { readonly forgivenMinor: number; readonly returnedMinor: number } {
  assert(totalMinor >= 0 && dueMinor >= 0, 'a note and a debt are not negative')
  const forgivenMinor = Math.min(totalMinor, dueMinor)
  return { forgivenMinor, returnedMinor: totalMinor - forgivenMinor }
}

/** An invoice is never negative: its total is 0 and the rest becomes credit balance. */
export function settleNegative(sumOfLinesMinor: number): {
  readonly totalMinor: number
  readonly creditMinor: number
} {
  const totalMinor = Math.max(0, sumOfLinesMinor)
  return { totalMinor, creditMinor: totalMinor - sumOfLinesMinor }
}

/**
 * Unused time at an immediate end: the refund is limited to what was paid less the value already used;
 * the rest of the credit goes to the credit balance.
 */
export function splitUnused(unused: {
  readonly creditMinor: number
  readonly paidMinor: number
  readonly usedMinor: number
}): { readonly refundMinor: number; readonly balanceMinor: number } {
  const limitMinor = Math.max(0, unused.paidMinor - unused.usedMinor)
  const refundMinor = Math.min(unused.creditMinor, limitMinor)
  return { refundMinor, balanceMinor: unused.creditMinor - refundMinor }
}
