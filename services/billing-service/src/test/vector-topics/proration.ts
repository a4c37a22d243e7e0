// Topics about proration: changes of plan and quantity, shares of periods, repairs and pauses.

import { decimalText, dividedBy, plus, rounded, zero } from '../../core/decimal.ts'
import { addFractions, type Fraction, lowestTerms, nothing } from '../../core/fraction.ts'
import { mulDiv, sumMinor } from '../../core/money.ts'
import {
  type ChargedLine,
  type Counting,
  chargeRest,
  creditUnused,
  dueSlices,
  prorateChange,
  prorateDifference,
  shareOf,
} from '../../core/proration.ts'
import { anchorAt, type Instant, type Interval, type Period, periodAt } from '../../core/time.ts'
import { discountOf, discountsOf } from './discounts.ts'
import { serviceOf } from './periods.ts'
import {
  type Got,
  has,
  type Input,
  instant,
  integer,
  intervalFrom,
  list,
  minor,
  record,
  shown,
  type Topic,
  text,
  unsupported,
  zoneOf,
} from './reading.ts'

const ratioDecimals = 9

function countingOf(input: Input, rule: string | null): Counting {
  const zone = zoneOf(input)
  const monthDays = input.fixed_days_in_month
  if (monthDays !== undefined && monthDays !== null && integer(monthDays) > 0) {
    return { by: 'fixed_month', zone, monthDays: integer(monthDays) }
  }
  if (rule === 'day') return { by: 'day', zone }
  if (rule === 'second' || rule === null) return { by: 'second' }
  return unsupported(`counting by ${rule}`)
}

interface Running {
  readonly period: Period
  readonly at: Instant
}

/** The running period and the instant of the change: given as dates or as the share that is left. */
function runningOf(input: Input, interval: Interval): Running {
  const left = input.fraction_left ?? input.period_fraction_left
  if (left !== undefined) {
    const [part, whole] = text(left).split('/').map(Number)
    if (part === undefined || whole === undefined) return unsupported(`share ${text(left)}`)
    const day = 86_400_000
    return { period: { start: 0, end: whole * day }, at: (whole - part) * day }
  }
  const zone = zoneOf(input)
  const start = instant(input.period_start, zone)
  const end = has(input, 'period_end')
    ? instant(input.period_end, zone)
    : periodAt(anchorAt(start, zone), interval, 0).end
  return { period: { start, end }, at: instant(input.change_at, zone) }
}

/** Price of a plan after the discount that the row puts on it. */
function netPrice(input: Input, plan: Input): number {
  const amountMinor = minor(input, plan.amount)
  if (!has(plan, 'discount')) return amountMinor
  const [kind, value] = list(plan.discount)
  const coupon = discountOf(input, { [text(kind)]: value })
  return amountMinor - sumMinor(discountsOf(input, [amountMinor], [coupon]))
}

function charged(amountMinor: number, period: Period): ChargedLine {
  return { amountMinor, creditedMinor: 0, period }
}

function sumOf(lines: readonly { readonly amountMinor: number }[]): number {
  return sumMinor(lines.map(line => line.amountMinor))
}

const planChange: Topic = (input, rule) => {
  const [old, next] = [record(input.old), record(input.new)]
  const interval = intervalFrom(old.interval, old.interval_count)
  const nextInterval = intervalFrom(next.interval, next.interval_count)
  const resets = interval.unit !== nextInterval.unit || interval.count !== nextInterval.count
  const { period, at } = runningOf(input, interval)
  const fresh = () => periodAt(anchorAt(at, zoneOf(input)), nextInterval, 0)
  const change = prorateChange({
    at,
    counting: countingOf(input, rule),
    charged: [charged(netPrice(input, old), period)],
    nextMinor: [netPrice(input, next)],
    period: resets ? fresh() : period,
  })
  return {
    credit: shown(input, 0 - sumOf(change.credits)),
    debit: shown(input, sumOf(change.charges)),
    net: shown(input, change.netMinor),
    period_resets: resets,
    next_invoice_total: shown(input, netPrice(input, next) + change.netMinor),
  }
}

/** A change between two full-period amounts. A line that would be zero does not exist: null. */
const amountChange: Topic = (input, rule) => {
  const { period, at } = runningOf(input, intervalFrom(input.interval))
  const change = prorateChange({
    at,
    counting: countingOf(input, rule),
    charged: [charged(minor(input, input.old_amount), period)],
    nextMinor: [minor(input, input.new_amount)],
    period,
  })
  const line = (lines: readonly { readonly amountMinor: number }[]) =>
    lines.length === 0 ? null : shown(input, Math.abs(sumOf(lines)))
  return {
    credit: line(change.credits),
    debit: line(change.charges),
    net: shown(input, change.netMinor),
  }
}

const quantityChange: Topic = (input, rule) => {
  const { period, at } = runningOf(input, intervalFrom(input.interval))
  const priceMinor = minor(input, input.unit_price)
  const before = integer(input.old_quantity)
  const after = integer(input.new_quantity)
  const line = prorateDifference(
    { beforeMinor: priceMinor * before, afterMinor: priceMinor * after },
    period,
    at,
    countingOf(input, rule),
  )
  const nextPriceMinor = minor(input, input.scheduled_unit_price_next_period ?? input.unit_price)
  return {
    amount: shown(input, Math.abs(line?.amountMinor ?? 0)),
    direction: line?.kind === 'proration_credit' ? 'credit' : 'debit',
    next_period_amount: shown(input, nextPriceMinor * after),
  }
}

/** A discount is split over the full-price lines before each of them is prorated. */
const composedDiscount: Topic = (input, rule) => {
  const counting = countingOf(input, rule)
  const { period, at } = runningOf(input, intervalFrom(input.interval))
  const discount = discountOf(input, record(input.discount))
  const split = (amounts: readonly number[]) => discountsOf(input, amounts, [discount])
  const net = (amounts: readonly number[], parts: readonly number[]) =>
    amounts.map((amount, index) => amount - (parts[index] ?? 0))
  if (has(input, 'old_prices', 'new_prices')) {
    const old = list(input.old_prices).map(price => minor(input, price))
    const next = list(input.new_prices).map(price => minor(input, price))
    const change = prorateChange({
      at,
      counting,
      charged: net(old, split(old)).map(amount => charged(amount, period)),
      nextMinor: net(next, split(next)),
      period,
    })
    return {
      old_discount_split: split(old).map(part => shown(input, part)),
      new_discount_split: split(next).map(part => shown(input, part)),
      credits: change.credits.map(line => shown(input, -line.amountMinor)),
      debits: change.charges.map(line => shown(input, line.amountMinor)),
    }
  }
  const linesFor = (quantity: unknown) => [
    minor(input, input.fixed_line),
    minor(input, input.unit_price) * integer(quantity),
  ]
  const [old, next] = [linesFor(input.old_quantity), linesFor(input.new_quantity)]
  const beforeMinor = net(old, split(old))[1] ?? 0
  const afterMinor = net(next, split(next))[1] ?? 0
  const line = prorateDifference({ beforeMinor, afterMinor }, period, at, counting)
  return {
    old_seat_discount: shown(input, split(old)[1] ?? 0),
    new_seat_discount: shown(input, split(next)[1] ?? 0),
    seat_net_old: shown(input, beforeMinor),
    seat_net_new: shown(input, afterMinor),
    proration: shown(input, line?.amountMinor ?? 0),
  }
}

const newItem: Topic = input => {
  const share = { fraction_left: `${text(input.days_left)}/${text(input.days_in_period)}` }
  const { period, at } = runningOf(share, intervalFrom('month'))
  const counting: Counting = { by: 'day', zone: 'UTC' }
  const line = chargeRest(minor(input, input.amount), period, at, counting)
  return { debit: shown(input, line?.amountMinor ?? 0) }
}

function periodFrom(value: unknown, zone: string): Period {
  const [start, end] = Array.isArray(value) ? value : text(value).split('..')
  return { start: instant(start, zone), end: instant(end, zone) }
}

/** What the time from `at` gives back of an amount that was charged for a period. Not positive. */
function givenBack(amountMinor: number, period: Period, at: Instant, counting: Counting): number {
  return creditUnused(charged(amountMinor, period), at, counting)?.amountMinor ?? 0
}

/** The stretches of a service that are due, priced one by one. */
function billed(input: Input, service: Input, amountMinor: number, rule: string | null): number {
  const target = instant(input.target ?? service.start, zoneOf(input))
  const slices = dueSlices(serviceOf({ interval: 'month', ...service }), target)
  const counting = countingOf(input, rule)
  return sumMinor(
    slices.map(slice => {
      const share = shareOf(slice, slice.whole, counting)
      return mulDiv(amountMinor, share.numerator, share.denominator, 'half_away')
    }),
  )
}

/** `5.00 from 2011-09-01 bcd 1`, ended by the phase after it. */
function phasesOf(input: Input): Input[] {
  const phases = Object.keys(input)
    .filter(key => /^phase\d+$/.test(key))
    .sort()
    .map(key => /^([\d.]+) from (\S+) bcd (\d+)$/.exec(text(input[key])))
  return phases.map((match, at) => ({
    amount: match?.[1],
    start: match?.[2],
    bcd: Number(match?.[3]),
    end: phases[at + 1]?.[2] ?? null,
  }))
}

/** `10.00 monthly paid 2011-07-20..2011-08-20`: an amount and the period it was paid for. */
function paidFor(input: Input, value: unknown): ChargedLine {
  const match = /^([\d.]+) (?:\w+ )?paid (\S+)$/.exec(text(value))
  if (!match) return unsupported(`payment ${text(value)}`)
  return charged(minor(input, match[1]), periodFrom(match[2], zoneOf(input)))
}

function leadingOrPhases(input: Input, rule: string | null): number {
  if (has(input, 'phase1')) {
    const phases = phasesOf(input)
    return sumMinor(phases.map(phase => billed(input, phase, minor(input, phase.amount), rule)))
  }
  const amounts = has(input, 'addons') ? list(input.addons) : [input.amount]
  return sumMinor(amounts.map(amount => billed(input, input, minor(input, amount), rule)))
}

const invoiceAmount: Topic = (input, rule): Got => {
  const zone = zoneOf(input)
  const counting = countingOf(input, rule)
  const back = (line: ChargedLine, at: unknown) =>
    givenBack(line.amountMinor, line.period, instant(at, zone), counting)
  const leading = (value: unknown) => minor(input, text(value).split(' ')[0])
  const balance = (): number => {
    if (has(input, 'old', 'new', 'change')) {
      return leading(input.new) + back(paidFor(input, input.old), input.change)
    }
    if (has(input, 'cancelled', 'cancel')) {
      const renewalMinor = has(input, 'renewal') ? minor(input, input.renewal) : 0
      return renewalMinor + back(paidFor(input, input.cancelled), input.cancel)
    }
    if (has(input, 'amount', 'period', 'cancel')) {
      const line = charged(minor(input, input.amount), periodFrom(input.period, zone))
      return back(line, input.cancel)
    }
    if (has(input, 'paid', 'replaced_by', 'on')) {
      const start = instant(input.on, zone)
      const month = periodAt(anchorAt(start, zone), 'monthly', 0)
      return (
        minor(input, input.replaced_by) +
        givenBack(minor(input, input.paid), month, start, counting)
      )
    }
    if (has(input, 'start') || has(input, 'phase1')) return leadingOrPhases(input, rule)
    return unsupported('invoice')
  }
  return { balance: shown(input, balance()) }
}

const pauseOrRepair: Topic = (input, rule): Got => {
  const zone = zoneOf(input)
  const counting = countingOf(input, rule)
  const period = periodFrom(input.period, zone)
  const priceMinor = minor(input, input.monthly ?? input.annual ?? input.amount)
  const back = (from: unknown) => givenBack(priceMinor, period, instant(from, zone), counting)
  const within = (part: Period) => {
    const share = shareOf(part, period, counting)
    return mulDiv(priceMinor, share.numerator, share.denominator, 'half_away')
  }
  const amount = (): number => {
    if (has(input, 'block')) return 0 - within(periodFrom(input.block, zone))
    if (has(input, 'block_from')) return back(input.block_from)
    if (has(input, 'repair_from')) return priceMinor + back(input.repair_from)
    if (has(input, 'start', 'end')) return within(periodFrom([input.start, input.end], zone))
    return unsupported('pause or repair')
  }
  return { amount: shown(input, amount()) }
}

function fractionText(value: Fraction): string {
  const { numerator, denominator } = lowestTerms(value)
  return denominator === 1n ? String(numerator) : `${numerator}/${denominator}`
}

function ratioOf({ numerator, denominator }: Fraction) {
  const over = { digits: denominator, scale: 0 }
  return dividedBy({ digits: numerator, scale: 0 }, over, ratioDecimals, 'half_away')
}

const ratio: Topic = (input, rule) => {
  const zone = zoneOf(input)
  const counting = countingOf(input, rule)
  if (has(input, 'period_start', 'service_end')) {
    const start = instant(input.period_start, zone)
    const whole = periodAt(anchorAt(start, zone), intervalFrom(input.interval), 0)
    const share = shareOf({ start, end: instant(input.service_end, zone) }, whole, counting)
    return { ratio: decimalText(ratioOf(share)), exact_fraction: fractionText(share) }
  }
  const slices = dueSlices(serviceOf(input), instant(input.target, zone))
  const shares = slices.map(slice => shareOf(slice, slice.whole, counting))
  return {
    cycles: decimalText(rounded(shares.map(ratioOf).reduce(plus, zero), ratioDecimals, 'down')),
    exact_fraction: fractionText(shares.reduce(addFractions, nothing)),
  }
}

export const prorationTopics: Readonly<Record<string, Topic>> = {
  plan_change_proration: planChange,
  plan_change_proration_discount: planChange,
  plan_change_next_invoice: planChange,
  quantity_change_proration: quantityChange,
  composed_discount_proration: composedDiscount,
  repeated_change_in_one_period: amountChange,
  free_paid_change: amountChange,
  new_item_proration: newItem,
  invoice_amount: invoiceAmount,
  pause_or_repair_amount: pauseOrRepair,
  proration_ratio: ratio,
}
