// The registry of discount kinds, and how several discounts share one set of lines. Not who may redeem
// a coupon or how long it lasts (life.ts).

import { assert } from '../assert.ts'
import { sumMinor } from '../money.ts'
import type { Why } from '../why.ts'
import { type AmountDiscount, takeAmount } from './amount.ts'
import type { DiscountableLine, DiscountContext, DiscountScope, Taken } from './kind.ts'
import { type PercentDiscount, takePercent } from './percent.ts'

/** Every kind of discount. A new kind adds its file, its member here and its case below. */
export type Discount = AmountDiscount | PercentDiscount

function take(discount: Discount, leftMinor: readonly number[], context: DiscountContext): Taken {
  switch (discount.kind) {
    case 'amount':
      return takeAmount(discount, leftMinor, context)
    case 'percent':
      return takePercent(discount, leftMinor, context)
  }
}

/**
 * `attached`: by the time they were attached (default). `best`: percentages before amounts, which takes
 * the most off. `single`: only the one discount that takes the most.
 */
export type Stacking = 'attached' | 'best' | 'single'

export interface DiscountRules extends DiscountContext {
  readonly stacking: Stacking
}

/** One discount that took something. */
export interface AppliedDiscount {
  readonly discountId: string
  readonly discountMinor: number
  /** Its part of each line, in the order of the lines. */
  readonly takenMinor: readonly number[]
  /** What an amount could not take; dropped, unless the tenant's setting carries it over. */
  readonly leftOverMinor: number
  readonly why: Why
}

export interface DiscountResult {
  /** Discount of each line, positive, never more than the line. */
  readonly lineDiscountsMinor: readonly number[]
  readonly discountMinor: number
  readonly applied: readonly AppliedDiscount[]
  /** Discounts that found nothing to take: they are not used up. */
  readonly untouched: readonly string[]
}

function fits(scope: DiscountScope | null, line: DiscountableLine): boolean {
  if (line.amountMinor <= 0 || line.discountable === false) return false
  if (scope === null) return true
  const { planCodes, metrics, lineKinds } = scope
  return (
    (!planCodes || (line.planCode !== null && planCodes.includes(line.planCode))) &&
    (!metrics || (line.metric !== null && metrics.includes(line.metric))) &&
    (!lineKinds || lineKinds.includes(line.kind))
  )
}

function inOrder(discounts: readonly Discount[], stacking: Stacking): Discount[] {
  const rank = (discount: Discount): number[] => [
    discount.scope === null ? 1 : 0,
    stacking === 'best' && discount.kind === 'amount' ? 1 : 0,
    discount.attachedAt,
  ]
  return discounts
    .map((discount, position) => ({ discount, key: [...rank(discount), position] }))
    .sort((a, b) => compareKeys(a.key, b.key))
    .map(entry => entry.discount)
}

function compareKeys(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, index) => value !== b[index])
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0)
}

/**
 * Takes discounts off lines: those with a scope first, then the general ones; each takes from what the
 * ones before it left (15 % and 20 % take 32 %), and no line goes below zero. A discount that finds
 * nothing is reported untouched and is not used up.
 */
export function applyDiscounts(
  lines: readonly DiscountableLine[],
  discounts: readonly Discount[],
  rules: DiscountRules,
): DiscountResult {
  if (rules.stacking !== 'single') return stack(lines, inOrder(discounts, rules.stacking), rules)
  const results = inOrder(discounts, 'attached').map(discount => stack(lines, [discount], rules))
  const best = results.reduce<DiscountResult | undefined>(
    (left, right) => (left && left.discountMinor >= right.discountMinor ? left : right),
    undefined,
  )
  if (!best) return stack(lines, [], rules)
  const used = best.applied.map(applied => applied.discountId)
  const others = discounts.map(discount => discount.id).filter(id => !used.includes(id))
  return { ...best, untouched: others }
}

function stack(
  lines: readonly DiscountableLine[],
  discounts: readonly Discount[],
  rules: DiscountRules,
): DiscountResult {
  let leftMinor = lines.map(line => Math.max(0, line.amountMinor))
  const applied: AppliedDiscount[] = []
  const untouched: string[] = []
  for (const discount of discounts) {
    const eligible = leftMinor.map((left, at) => (fits(discount.scope, lines[at]!) ? left : 0))
    const taken = take(discount, eligible, rules)
    const discountMinor = sumMinor(taken.takenMinor)
    if (discountMinor === 0) untouched.push(discount.id)
    else applied.push({ discountId: discount.id, discountMinor, ...taken })
    leftMinor = leftMinor.map((left, at) => left - (taken.takenMinor[at] ?? 0))
    assert(
      leftMinor.every(left => left >= 0),
      'no line is discounted below zero',
    )
  }
  const lineDiscountsMinor = lines.map((line, at) =>
    line.amountMinor > 0 ? line.amountMinor - (leftMinor[at] ?? 0) : 0,
  )
  return { lineDiscountsMinor, discountMinor: sumMinor(lineDiscountsMinor), applied, untouched }
}
