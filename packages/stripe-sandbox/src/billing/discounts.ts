// Discounts on subscriptions: which still apply, and what they take off an invoice's lines.

import type Stripe from 'stripe'
import { invalidParameter, refusal } from '../failures.ts'
import type { FormRecord } from '../form.ts'
import { recordList, requiredText } from '../params.ts'
import { erase, find, idOf, need, newId, patch, save, type Work } from '../state.ts'
import { periodStart } from './periods.ts'
import type { InvoiceLine } from './rows.ts'

function redeem(work: Work, couponId: string): Stripe.Coupon {
  const coupon = need(work, 'coupon', couponId, 'discounts[0][coupon]')
  const exhausted =
    coupon.max_redemptions !== null && coupon.times_redeemed >= coupon.max_redemptions
  const expired = coupon.redeem_by !== null && coupon.redeem_by < work.at
  if (exhausted || expired) {
    throw refusal(`Coupon ${couponId} is expired and cannot be applied.`, {
      code: 'coupon_expired',
      param: 'discounts[0][coupon]',
    })
  }
  return patch(work, 'coupon', couponId, { times_redeemed: coupon.times_redeemed + 1 })
}

/** The discounts a request names by coupon, redeemed now for a subscription. */
export function discountsFrom(
  work: Work,
  params: FormRecord,
  owner: { customer: string; subscription: string },
): string[] | undefined {
  const given = recordList(params, 'discounts')
  return given?.map((entry, index) => {
    if (entry.discount !== undefined) return requiredText(entry, 'discount')
    const couponId = requiredText(entry, 'coupon', `discounts[${index}][coupon]`)
    const coupon = redeem(work, couponId)
    const months = coupon.duration === 'repeating' ? (coupon.duration_in_months ?? 1) : null
    const monthly = { interval: 'month', interval_count: 1 } as const
    return save(work, 'discount', {
      id: newId('di'),
      object: 'discount',
      checkout_session: null,
      customer: owner.customer,
      customer_account: null,
      end: months === null ? null : periodStart(work.at, monthly, months),
      invoice: null,
      invoice_item: null,
      promotion_code: null,
      source: { coupon: couponId, type: 'coupon' },
      start: work.at,
      subscription: owner.subscription,
      subscription_item: null,
    }).id
  })
}

function couponOf(work: Work, discountId: string): Stripe.Coupon | undefined {
  const discount = find(work, 'discount', discountId)
  const coupon = idOf(discount?.source.coupon)
  return coupon ? find(work, 'coupon', coupon) : undefined
}

/** `amount * percent / 100` rounded half up, exact to hundredths of a percent. */
function percentOf(amount: number, percent: number): number {
  const hundredths = BigInt(Math.round(percent * 100))
  return Number((BigInt(amount) * hundredths + 5000n) / 10_000n)
}

/** Splits an amount over weights so that the parts sum to the whole; the rest goes to the last
 * line that has a weight. */
function shares(amount: number, weights: number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  if (total <= 0) return weights.map(() => 0)
  const parts = weights.map(weight => Number((BigInt(amount) * BigInt(weight)) / BigInt(total)))
  const rest = amount - parts.reduce((sum, part) => sum + part, 0)
  const last = weights.findLastIndex(weight => weight > 0)
  return parts.map((part, index) => (index === last ? part + rest : part))
}

type Discounted = {
  lines: InvoiceLine[]
  totals: { amount: number; discount: string }[]
}

/** Takes the discounts that are in force off the lines, one after the other. */
export function applyDiscounts(work: Work, lines: InvoiceLine[], discounts: string[]): Discounted {
  const rest = lines.map(line => Math.max(line.amount, 0))
  const totals: Discounted['totals'] = []
  const amounts = lines.map((): { amount: number; discount: string }[] => [])
  for (const id of discounts) {
    const coupon = couponOf(work, id)
    const end = find(work, 'discount', id)?.end ?? null
    if (!coupon || (end !== null && end <= work.at)) continue
    const base = rest.reduce((sum, amount) => sum + amount, 0)
    const wanted =
      coupon.percent_off === null ? (coupon.amount_off ?? 0) : percentOf(base, coupon.percent_off)
    const amount = Math.min(wanted, base)
    for (const [index, part] of shares(amount, rest).entries()) {
      rest[index] = (rest[index] ?? 0) - part
      amounts[index]?.push({ amount: part, discount: id })
    }
    totals.push({ amount, discount: id })
  }
  const discounted = lines.map((line, index) => ({
    ...line,
    discount_amounts: amounts[index] ?? [],
  }))
  return { lines: discounted, totals }
}

/** After an invoice the discounts that apply once, or have ended, leave the subscription. */
export function remainingDiscounts(work: Work, discounts: string[]): string[] {
  return discounts.filter(id => {
    const end = find(work, 'discount', id)?.end ?? null
    const stays = couponOf(work, id)?.duration !== 'once' && (end === null || end > work.at)
    if (!stays) patch(work, 'discount', id, { end: work.at })
    return stays
  })
}

/** Refuses an amount coupon of another currency than the subscription's. */
export function checkDiscountCurrency(work: Work, discounts: string[], currency: string): void {
  for (const id of discounts) {
    const coupon = couponOf(work, id)
    if (coupon?.currency && coupon.currency !== currency) {
      erase(work, 'discount', id)
      throw invalidParameter(`The coupon ${coupon.id} is for ${coupon.currency}.`, 'discounts')
    }
  }
}
