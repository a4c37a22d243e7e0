// Topics about periods: anchors, month ends, whole periods, boundaries.

import { dueSlices, type Service, type ServiceSlice } from '../../core/proration.ts'
import {
  type Anchor,
  anchorAt,
  boundaryAt,
  firstBoundary,
  type Instant,
  type Interval,
  localDate,
  nextCalendarBoundary,
  periodContaining,
  previousBoundary,
  toIso,
} from '../../core/time.ts'
import {
  has,
  type Input,
  instant,
  integer,
  intervalFrom,
  type Topic,
  text,
  unsupported,
  zoneOf,
} from './reading.ts'

function intervalOfRow(input: Input): Interval {
  return intervalFrom(input.interval ?? input.period, input.interval_count)
}

/** Dates come back as local dates, times as UTC timestamps, as the row gave them. */
function written(like: unknown, at: Instant, zone: string): string {
  return text(like).includes('T') ? toIso(at) : localDate(at, zone)
}

/** The service that a row describes by start, anchor day and interval. */
export function serviceOf(input: Input): Service {
  const zone = zoneOf(input)
  const start = instant(input.start, zone)
  const day = input.anchor_day ?? input.bcd
  return {
    start,
    end: has(input, 'end') ? instant(input.end, zone) : null,
    zone,
    day: day === undefined ? anchorAt(start, zone).day : integer(day),
    interval: intervalOfRow(input),
    mode: input.mode === 'in_arrears' ? 'in_arrears' : 'in_advance',
  }
}

function isWhole(slice: ServiceSlice): boolean {
  return slice.start === slice.whole.start && slice.end === slice.whole.end
}

const firstBillingDate: Topic = input => {
  const { start, zone, day, interval } = serviceOf(input)
  return { date: localDate(firstBoundary(start, zone, day, interval), zone) }
}

const periodEnd: Topic = input => {
  const { start, zone, day, interval } = serviceOf(input)
  const anchor: Anchor = { at: firstBoundary(start, zone, day, interval), zone, day }
  return { end: written(input.start, periodContaining(anchor, interval, start).end, zone) }
}

const wholePeriods: Topic = input => {
  const slices = dueSlices(serviceOf(input), instant(input.target, zoneOf(input)))
  return { periods_billed: slices.filter(isWhole).length }
}

const periodList: Topic = input => {
  const zone = zoneOf(input)
  if (has(input, 'count')) {
    const from = input.anchor ?? input.start
    const anchor = anchorAt(instant(from, zone), zone)
    const day = has(input, 'anchor_day') ? integer(input.anchor_day) : anchor.day
    const dates = Array.from({ length: integer(input.count) }, (_, index) =>
      written(from, boundaryAt({ ...anchor, day }, intervalOfRow(input), index + 1), zone),
    )
    return { dates }
  }
  const slices = dueSlices(serviceOf(input), instant(input.target, zone))
  return {
    periods: slices.map(({ start, end }) => [localDate(start, zone), localDate(end, zone)]),
  }
}

const anchorDay: Topic = input => ({
  anchor_day: anchorAt(instant(input.instant), zoneOf(input)).day,
})

const alignDay: Topic = input => {
  const zone = zoneOf(input)
  const anchor: Anchor = { at: instant(input.date, zone), zone, day: integer(input.anchor_day) }
  return { date: localDate(boundaryAt(anchor, 'monthly', 0), zone) }
}

const wholePeriodsBetween: Topic = input => {
  const zone = zoneOf(input)
  const anchor = anchorAt(instant(input.start, zone), zone)
  const found = periodContaining(anchor, intervalOfRow(input), instant(input.end, zone))
  return { count: found.index }
}

const addPeriods: Topic = input => {
  const zone = zoneOf(input)
  const anchor = anchorAt(instant(input.start, zone), zone)
  const at = boundaryAt(anchor, intervalOfRow(input), integer(input.n))
  return { date: written(input.start, at, zone) }
}

function anchorOf(input: Input): Anchor {
  const zone = zoneOf(input)
  const anchor = anchorAt(instant(input.anchor, zone), zone)
  return has(input, 'anchor_day') ? { ...anchor, day: integer(input.anchor_day) } : anchor
}

const periodAround: Topic = input => {
  const anchor = anchorOf(input)
  const at = instant(input.at ?? input.now, anchor.zone)
  const { start, end } = periodContaining(anchor, intervalOfRow(input), at)
  return {
    start: written(input.anchor, start, anchor.zone),
    end: written(input.anchor, end, anchor.zone),
  }
}

const boundaryBefore: Topic = input => {
  const anchor = anchorOf(input)
  const before = instant(input.before, anchor.zone)
  const at = previousBoundary(anchor, intervalOfRow(input), before)
  return { at: written(input.anchor, at, anchor.zone) }
}

const boundaryAfter: Topic = input => {
  const anchor = anchorOf(input)
  const { end } = periodContaining(anchor, intervalOfRow(input), instant(input.after, anchor.zone))
  return { at: written(input.anchor, end, anchor.zone) }
}

const calendarBoundary: Topic = input => {
  const zone = zoneOf(input)
  const { unit, count } = intervalOfRow(input)
  if (count !== 1) return unsupported(`calendar billing every ${count}`)
  const from = input.start ?? input.at ?? input.now
  return { end: written(from, nextCalendarBoundary(instant(from, zone), zone, unit), zone) }
}

export const periodTopics: Readonly<Record<string, Topic>> = {
  first_billing_date: firstBillingDate,
  period_end: periodEnd,
  whole_periods: wholePeriods,
  period_list: periodList,
  anchor_day_timezone: anchorDay,
  align_day: alignDay,
  whole_periods_between: wholePeriodsBetween,
  add_periods: addPeriods,
  period_at: periodAround,
  cycle_end: periodAround,
  previous_boundary: boundaryBefore,
  next_boundary: boundaryAfter,
  calendar_boundary: calendarBoundary,
}
