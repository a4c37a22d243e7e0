// Topics about coupons: amounts, percentages, their split over lines, and the credit of discounted time.

import { applyDiscounts, type Discount, type DiscountRules } from '../../core/discounts/index.ts'
import type { DiscountableLine } from '../../core/discounts/kind.ts'
import { isDiscountLive } from '../../core/discounts/life.ts'
import { percentToPpm, sumMinor } from '../../core/money.ts'
import {
  currencyOf,
  has,
  type Input,
  integer,
  list,
  minor,
  record,
  shown,
  type Topic,
  text,
  unsupported,
} from './reading.ts'

/** A discount from `{ amount }` or `{ percent }`, as a row writes coupons. */
export function discountOf(input: Input, coupon: Input, position = 0): Discount {
  const base = { id: `coupon${position}`, attachedAt: position, scope: null }
  if (has(coupon, 'percent')) {
    return { ...base, kind: 'percent', ratePpm: percentToPpm(text(coupon.percent)) }
  }
  const amount = coupon.amount ?? coupon.fixed
  if (amount === undefined) return unsupported('a coupon has an amount or a percentage')
  const amountMinor = minor(input, amount)
  return { ...base, kind: 'amount', amountMinor, currency: currencyOf(input) }
}

function lineOf(amountMinor: number): DiscountableLine {
  return { amountMinor, kind: 'recurring', planCode: null, metric: null }
}

/** Discount of each line under our default rules. */
export function discountsOf(
  input: Input,
  amounts: readonly number[],
  discounts: readonly Discount[],
): readonly number[] {
  const rules: DiscountRules = {
    currency: currencyOf(input),
    percentLevel: input.mode === 'per_line' ? 'line' : 'total',
    stacking: 'attached',
  }
  return applyDiscounts(amounts.map(lineOf), discounts, rules).lineDiscountsMinor
}

function couponsOf(input: Input): Discount[] {
  const coupons = has(input, 'coupons') ? list(input.coupons) : [input.coupon]
  return coupons.map((coupon, position) => discountOf(input, record(coupon), position))
}

const allocation: Topic = input => {
  const amounts = list(input.lines).map(amount => minor(input, amount))
  const split = discountsOf(input, amounts, couponsOf(input))
  return {
    split: split.map(part => shown(input, part)),
    discount: shown(input, sumMinor(split)),
  }
}

const onBase: Topic = input => {
  const baseMinor = minor(input, input.base)
  const discountMinor = sumMinor(discountsOf(input, [baseMinor], couponsOf(input)))
  return {
    discount: shown(input, discountMinor),
    total: shown(input, baseMinor - discountMinor),
  }
}

/** Places `before ...`, `during ...`, `after ...` the credited period on a line of time. */
function placed(value: unknown, otherwise: number): number {
  if (value === undefined || value === null) return otherwise
  const [word] = text(value).split(' ')
  const place = { before: 0, at: 10, during: 15, within: 15, after: 25 }[word ?? '']
  return place ?? unsupported(`time ${text(value)}`)
}

const onCredit: Topic = input => {
  const periodStart = 10
  const attachedAt = placed(input.discount_started, -1)
  const endsAt = placed(input.discount_ended, 30)
  const attached = { duration: { kind: 'forever' }, attachedAt, endsAt, uses: 0 } as const
  const wasLive = isDiscountLive(attached, periodStart)
  const grossMinor = integer(input.credit)
  const coupon = discountOf(input, {
    percent: input.discount_percent,
    amount: input.discount_amount,
  })
  const partMinor = wasLive ? sumMinor(discountsOf(input, [grossMinor], [coupon])) : 0
  return {
    credit: shown(input, grossMinor - partMinor),
    discount_part: shown(input, partMinor),
  }
}

export const discountTopics: Readonly<Record<string, Topic>> = {
  coupon_allocation: allocation,
  coupon_amount: onBase,
  coupon_percent: onBase,
  coupon_stacking: onBase,
  discount_on_proration_credit: onCredit,
}
