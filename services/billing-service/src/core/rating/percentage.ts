// Rating by a share of the value of events, such as payments handled: rate, fixed amount per event, free
// events, and bounds per event.

import { assert } from '../assert.ts'
import { type Decimal, decimal, larger, minus, plus, smaller, times, zero } from '../decimal.ts'
import type { RatedPart, Usage, UsagePrice } from './price.ts'

export type PercentagePrice = Extract<UsagePrice, { readonly model: 'percentage' }>

function needsEvents(price: PercentagePrice): boolean {
  const { eventAmount, freeEvents, eventMinimum, eventMaximum } = price
  return [eventAmount, freeEvents, eventMinimum, eventMaximum].some(term => term !== undefined)
}

/**
 * The free value is used up by the earliest events, and an event that is free in full also saves its
 * fixed amount. A price with terms per event is rated event by event, another one on the total.
 */
export function ratePercentage(price: PercentagePrice, usage: Usage): RatedPart[] {
  const rate: Decimal = { digits: BigInt(price.ratePpm), scale: 6 }
  const freeAmount = decimal(price.freeAmount ?? '0')
  const quantity = decimal(usage.quantity)
  if (!needsEvents(price)) {
    const billable = larger(zero, minus(quantity, freeAmount))
    return [{ tier: null, quantity, amount: times(billable, rate) }]
  }
  assert(usage.events, 'a price with terms per event needs the events')
  let free = freeAmount
  let amount = zero
  for (const [at, text] of usage.events.entries()) {
    const value = decimal(text)
    const spared = smaller(value, free)
    free = minus(free, spared)
    const billable = minus(value, spared)
    const isFree = at < (price.freeEvents ?? 0) || (billable.digits === 0n && spared.digits > 0n)
    if (!isFree) amount = plus(amount, eventPrice(price, times(billable, rate)))
  }
  return [{ tier: null, quantity, amount }]
}

function eventPrice(price: PercentagePrice, share: Decimal): Decimal {
  const sum = plus(share, decimal(price.eventAmount ?? '0'))
  const raised = price.eventMinimum ? larger(sum, decimal(price.eventMinimum)) : sum
  return price.eventMaximum ? smaller(raised, decimal(price.eventMaximum)) : raised
}
