// Revenue recognition: in which month the price of a period is earned, and what stays deferred. Not the
// ledger entries, and not usage, which is earned when it is delivered.

import { assert } from './assert.ts'
import { allocate, mulDiv } from './money.ts'
import { daysBetweenLocal, type Instant, localDate, namedPeriod, type Period } from './time.ts'

/**
 * `day`: straight line over local days (default); `millisecond`: over real time; `month`: the same
 * amount in every calendar month from the first one, without the month in which the period ends.
 */
export type Recognition = 'day' | 'millisecond' | 'month'

export interface RecognisedMonth {
  /** `YYYY-MM` in the zone of the books. */
  readonly month: string
  readonly revenueMinor: number
  readonly deferredAfterMinor: number
}

/**
 * Spreads the amount of a period over its calendar months. The revenue up to any day is the exact share
 * rounded once, so no error adds up, and the last day takes the rest.
 */
export function recognise(
  amountMinor: number,
  period: Period,
  zone: string,
  by: Recognition = 'day',
): RecognisedMonth[] {
  assert(period.end > period.start, 'a period has a length')
  const earned = by === 'month' ? evenMonths(amountMinor, period, zone) : undefined
  const months: RecognisedMonth[] = []
  let before = 0
  for (let from = period.start; from < period.end; ) {
    const month = localDate(from, zone).slice(0, 7)
    const to = Math.min(namedPeriod(month, zone, from).to, period.end)
    const until = earned
      ? before + (earned.get(month) ?? 0)
      : earnedBy(amountMinor, period, to, zone, by)
    const deferredAfterMinor = amountMinor - until
    months.push({ month, revenueMinor: until - before, deferredAfterMinor })
    before = until
    from = to
  }
  return months
}

function earnedBy(
  amountMinor: number,
  period: Period,
  at: Instant,
  zone: string,
  by: Recognition,
): number {
  if (at >= period.end) return amountMinor
  const days = daysBetweenLocal(period.start, period.end, zone)
  if (by === 'millisecond' || days === 0) {
    return mulDiv(amountMinor, at - period.start, period.end - period.start, 'half_away')
  }
  return mulDiv(amountMinor, daysBetweenLocal(period.start, at, zone), days, 'half_away')
}

function evenMonths(amountMinor: number, period: Period, zone: string): Map<string, number> {
  const last = localDate(period.end, zone).slice(0, 7)
  const months: string[] = []
  for (let from = period.start; from < period.end; ) {
    const { label, to } = namedPeriod(localDate(from, zone).slice(0, 7), zone, from)
    // A period inside one month is earned there.
    if (label !== last || months.length === 0) months.push(label)
    from = to
  }
  const parts = allocate(
    amountMinor,
    months.map(() => 1),
  )
  return new Map(months.map((month, index) => [month, parts[index] ?? 0]))
}
