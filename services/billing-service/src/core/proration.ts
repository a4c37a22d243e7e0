// Proration: what unused time gives back and what the rest of a period costs. It decides no policy
// (which change is an upgrade, when money is collected) and applies neither discounts nor taxes.

import { assert } from './assert.ts'
import { type Fraction, fraction, nothing } from './fraction.ts'
import { mulDiv, type Rounding, sumMinor } from './money.ts'
import {
  type Anchor,
  type Cycle,
  daysBetweenLocal,
  firstBoundary,
  type Instant,
  type Interval,
  localDate,
  type Period,
  periodAt,
} from './time.ts'
import type { Why } from './why.ts'

/**
 * How time is counted. `second`: real elapsed time (a day of 23 hours is shorter). `day`: half-open
 * local dates, the day of the change belongs to the new plan. `fixed_month`: every month has
 * `monthDays` days, and so has the whole.
 */
export type Counting =
  | { readonly by: 'second' }
  | { readonly by: 'day'; readonly zone: string }
  | { readonly by: 'fixed_month'; readonly zone: string; readonly monthDays: number }

/** A line that was really charged, after its discounts, and what earlier changes gave back of it. */
export interface ChargedLine {
  readonly amountMinor: number
  readonly creditedMinor: number
  readonly period: Period
}

/** One proration line. Credits are negative. */
export interface ProrationLine {
  readonly kind: 'proration_credit' | 'proration_charge'
  readonly amountMinor: number
  readonly period: Period
  readonly why: Why
}

/** A change of plan, price or quantity at `at`. Amounts are for full periods, after discounts. */
export interface Change {
  readonly at: Instant
  readonly counting: Counting
  /** What was charged for the time after `at`: the credits come from here, line by line. */
  readonly charged: readonly ChargedLine[]
  /** Prices of the new lines for the whole of `period`. */
  readonly nextMinor: readonly number[]
  /** The running period, kept by the change; or the new one that starts at `at` (interval change). */
  readonly period: Period
  readonly rounding?: Rounding
}

export interface ProratedChange {
  readonly credits: readonly ProrationLine[]
  readonly charges: readonly ProrationLine[]
  /** Charges less credits; negative is owed to the tenant. */
  readonly netMinor: number
}

const defaultRounding: Rounding = 'half_away'
const formula = 'amountMinor * part / whole'

/** How much of `whole` lies in `part`, as an exact share. Both are half-open. */
export function shareOf(part: Period, whole: Period, counting: Counting): Fraction {
  const start = Math.max(part.start, whole.start)
  const end = Math.min(part.end, whole.end)
  if (end <= start) return nothing
  switch (counting.by) {
    case 'second':
      return fraction(end - start, whole.end - whole.start)
    case 'day': {
      const days = daysBetweenLocal(whole.start, whole.end, counting.zone)
      // A period inside one local day has no days to count; its seconds are what is left.
      if (days === 0) return fraction(end - start, whole.end - whole.start)
      return fraction(daysBetweenLocal(start, end, counting.zone), days)
    }
    case 'fixed_month': {
      const { zone, monthDays } = counting
      if (start === whole.start && end === whole.end) return fraction(1, 1)
      // A period that ends on a clamped day still counts as whole months.
      const months = Math.max(
        1,
        Math.round(fixedDays(whole.start, whole.end, zone, monthDays) / monthDays),
      )
      const days = Math.min(fixedDays(start, end, zone, monthDays), months * monthDays)
      return fraction(days, months * monthDays)
    }
  }
}

/** Days between two local dates when every month has `monthDays` days. Never negative. */
function fixedDays(from: Instant, to: Instant, zone: string, monthDays: number): number {
  const [fromYear, fromMonth, fromDay] = dateParts(from, zone)
  const [toYear, toMonth, toDay] = dateParts(to, zone)
  const months = (toYear - fromYear) * 12 + toMonth - fromMonth
  return Math.max(0, months * monthDays + toDay - fromDay)
}

function dateParts(at: Instant, zone: string): [number, number, number] {
  const [year, month, day] = localDate(at, zone).split('-').map(Number)
  assert(year !== undefined && month !== undefined && day !== undefined, 'a date has three parts')
  return [year, month, day]
}

function explain(
  amountMinor: number,
  share: Fraction,
  counting: Counting,
  rounding: Rounding,
): Why {
  return {
    rule: `proration.${counting.by}`,
    inputs: {
      amountMinor,
      part: Number(share.numerator),
      whole: Number(share.denominator),
      formula,
      rounding,
    },
  }
}

function prorated(amountMinor: number, share: Fraction, rounding: Rounding): number {
  return mulDiv(amountMinor, share.numerator, share.denominator, rounding)
}

/**
 * What the time from `at` gives back of a charged line: its share of what was really charged, at most
 * what earlier credits left of it. Null when nothing is left to give back.
 */
export function creditUnused(
  line: ChargedLine,
  at: Instant,
  counting: Counting,
  rounding: Rounding = defaultRounding,
): ProrationLine | null {
  const unused: Period = { start: Math.max(at, line.period.start), end: line.period.end }
  const share = shareOf(unused, line.period, counting)
  const leftMinor = line.amountMinor - line.creditedMinor
  assert(leftMinor >= 0, 'no line was credited beyond what was charged')
  const amountMinor = Math.min(prorated(line.amountMinor, share, rounding), leftMinor)
  if (amountMinor === 0) return null
  const why = explain(line.amountMinor, share, counting, rounding)
  const inputs = { ...why.inputs, creditedMinor: line.creditedMinor }
  return {
    kind: 'proration_credit',
    amountMinor: -amountMinor,
    period: unused,
    why: { ...why, inputs },
  }
}

/** What the time from `at` to the end of `period` costs at a full-period price. Null when nothing. */
export function chargeRest(
  amountMinor: number,
  period: Period,
  at: Instant,
  counting: Counting,
  rounding: Rounding = defaultRounding,
): ProrationLine | null {
  const rest: Period = { start: Math.max(at, period.start), end: period.end }
  const share = shareOf(rest, period, counting)
  const restMinor = prorated(amountMinor, share, rounding)
  if (restMinor === 0) return null
  const why = explain(amountMinor, share, counting, rounding)
  return { kind: 'proration_charge', amountMinor: restMinor, period: rest, why }
}

/** What the time from the start of `period` to `at` costs at a full-period price. Null when nothing. */
export function chargeUsed(
  amountMinor: number,
  period: Period,
  at: Instant,
  counting: Counting,
  rounding: Rounding = defaultRounding,
): ProrationLine | null {
  const used: Period = { start: period.start, end: Math.min(at, period.end) }
  const share = shareOf(used, period, counting)
  const usedMinor = prorated(amountMinor, share, rounding)
  if (usedMinor === 0) return null
  const why = explain(amountMinor, share, counting, rounding)
  return { kind: 'proration_charge', amountMinor: usedMinor, period: used, why }
}

/**
 * A change in the middle of a period: the unused time of what was charged comes back, the rest of the
 * period costs the new prices, each line rounded once. When `period` starts at `at` (the interval
 * changes), the new prices are charged in full. A second change in the same period is given the lines
 * that the first one charged, so it credits the plan that was live just before it.
 */
export function prorateChange(change: Change): ProratedChange {
  const { at, counting, charged, nextMinor, period } = change
  const rounding = change.rounding ?? defaultRounding
  const credits = charged
    .map(line => creditUnused(line, at, counting, rounding))
    .filter(line => line !== null)
  const charges = nextMinor
    .map(amountMinor => chargeRest(amountMinor, period, at, counting, rounding))
    .filter(line => line !== null)
  const netMinor = sumMinor([...credits, ...charges].map(line => line.amountMinor))
  return { credits, charges, netMinor }
}

/**
 * A change of quantity inside one plan: the difference of the two full-period amounts (after
 * discounts) for the time that is left, charged when it grows and credited when it shrinks.
 */
export function prorateDifference(
  amounts: { readonly beforeMinor: number; readonly afterMinor: number },
  period: Period,
  at: Instant,
  counting: Counting,
  rounding: Rounding = defaultRounding,
): ProrationLine | null {
  const difference = amounts.afterMinor - amounts.beforeMinor
  if (difference >= 0) return chargeRest(difference, period, at, counting, rounding)
  const line: ChargedLine = { amountMinor: -difference, creditedMinor: 0, period }
  return creditUnused(line, at, counting, rounding)
}

/** A stretch of service inside one full period of its anchor. */
export interface ServiceSlice extends Period {
  readonly whole: Period
}

export interface Service {
  readonly start: Instant
  /** Null while it runs on. */
  readonly end: Instant | null
  readonly zone: string
  /** Day of the month on which it bills. */
  readonly day: number
  readonly interval: Cycle | Interval
  readonly mode: 'in_advance' | 'in_arrears'
}

/**
 * The stretches of a service that have fallen due by `target`: a leading part up to the first billing
 * day, whole periods, and a trailing part before its end. In advance a stretch is due when it starts,
 * in arrears when it is over. Every boundary, also the one before a short month, comes from the
 * anchor day.
 */
export function dueSlices(service: Service, target: Instant): ServiceSlice[] {
  const { start, end, zone, day, interval, mode } = service
  const anchor: Anchor = { at: firstBoundary(start, zone, day, interval), zone, day }
  const slices: ServiceSlice[] = []
  for (let index = anchor.at > start ? -1 : 0; ; index += 1) {
    const whole = periodAt(anchor, interval, index)
    const from = Math.max(whole.start, start)
    const until = end === null ? whole.end : Math.min(whole.end, end)
    if (end !== null && from >= end) return slices
    if ((mode === 'in_advance' ? from : until) > target) return slices
    // A zone that skipped a local day has a daily period without length.
    if (until > from) slices.push({ start: from, end: until, whole })
  }
}
