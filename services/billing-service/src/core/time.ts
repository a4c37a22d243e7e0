// Billing time: instants, anchored periods, local days and named periods. The only file of core that
// knows a calendar library, and it reads no clock: every instant comes from the caller.

import { Temporal } from 'temporal-polyfill'
import { assert } from './assert.ts'
import { refuse } from './refusal.ts'

/** UTC epoch milliseconds. */
export type Instant = number

/** How often a plan bills. */
export type Cycle = 'monthly' | 'yearly'

/** A length of calendar time. */
export interface Interval {
  readonly unit: 'day' | 'week' | 'month' | 'quarter' | 'year'
  readonly count: number
}

/**
 * What all periods of a subscription are computed from. `at` gives the first month and the local time
 * of day; `day` (1-31) is the day of the month, taken as the last day in shorter months.
 */
export interface Anchor {
  readonly at: Instant
  readonly zone: string
  readonly day: number
}

/** Half-open: `start` belongs to it, `end` to the next one. */
export interface Period {
  readonly start: Instant
  readonly end: Instant
}

export interface IndexedPeriod extends Period {
  readonly index: number
}

/** A calendar period by its name: `[from, to)` and the canonical name, such as `2026-Q4`. */
export interface NamedPeriod {
  readonly from: Instant
  readonly to: Instant
  readonly label: string
}

const isoPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/
const intervals: Readonly<Record<Cycle, Interval>> = {
  monthly: { unit: 'month', count: 1 },
  yearly: { unit: 'year', count: 1 },
}

/** The years 1 to 9999, in UTC: what ISO-8601 writes with four digits and every store holds. */
const earliest: Instant = Date.parse('0001-01-01T00:00:00.000Z')
const latest: Instant = Date.parse('9999-12-31T23:59:59.999Z')

const isStorable = (at: Instant): boolean => at >= earliest && at <= latest

/** The instant on the wire: ISO-8601, UTC, milliseconds. */
export function toIso(at: Instant): string {
  return new Date(at).toISOString()
}

/**
 * Reads an ISO-8601 date and time with `Z` or an offset. Refuses `invalid_timestamp`; a date that does
 * not exist (30 February) is refused, not moved, and so is one outside the years 1 to 9999.
 */
export function fromIso(text: string, path?: string): Instant {
  const canonical = Date.parse(text)
  // What is written as we write it names one instant; Temporal judges everything else.
  if (canonical >= earliest && canonical <= latest && toIso(canonical) === text) return canonical
  try {
    const at = isoPattern.test(text) ? Temporal.Instant.from(text).epochMilliseconds : Number.NaN
    if (isStorable(at)) return at
  } catch {
    // A well-formed text that names no instant; refused below like a malformed one.
  }
  const message = 'must be an ISO-8601 date and time with an offset'
  return refuse('invalid_timestamp', {}, path === undefined ? [] : [{ path, message }])
}

/** The milliseconds of a fixed offset such as `+03:00`; null for every other zone. */
export function fixedOffset(zone: string): number | null {
  const [, sign, hours, minutes] = /^([+-])(\d{2}):(\d{2})$/.exec(zone) ?? []
  if (sign === undefined) return null
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000
}

/**
 * Whether the text names a time zone: an IANA name or a fixed offset such as `+03:00`. Only zones in which
 * dates can be printed too: a name that Temporal counts in and Intl does not know is no zone here.
 */
export function isZone(text: string): boolean {
  try {
    if (/^[+-]/.test(text) && fixedOffset(text) === null) return false
    if (fixedOffset(text) === null) new Intl.DateTimeFormat('en', { timeZone: text })
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(text)
    return true
  } catch {
    return false
  }
}

function local(at: Instant, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone)
}

// Temporal's `compatible` is our rule: an hour that does not exist moves forward, and of an hour that
// comes twice the first is meant.
function instantOf(date: Temporal.PlainDate, time: Temporal.PlainTime, zone: string): Instant {
  return date.toZonedDateTime({ timeZone: zone, plainTime: time }).epochMilliseconds
}

/** The interval of a billing cycle. */
export function intervalOf(cycle: Cycle | Interval): Interval {
  return typeof cycle === 'string' ? intervals[cycle] : cycle
}

function monthsIn(interval: Interval): number | undefined {
  const months = { month: 1, quarter: 3, year: 12 } as const
  const { unit, count } = interval
  return unit === 'day' || unit === 'week' ? undefined : months[unit] * count
}

function daysIn(interval: Interval): number {
  return interval.unit === 'week' ? 7 * interval.count : interval.count
}

function boundaryDate(
  start: Temporal.PlainDate,
  day: number,
  interval: Interval,
  index: number,
): Temporal.PlainDate {
  const months = monthsIn(interval)
  if (months === undefined) return start.add({ days: daysIn(interval) * index })
  return start
    .with({ day: 1 })
    .add({ months: months * index })
    .with({ day }, { overflow: 'constrain' })
}

/** `boundaryAt` for the zone that has no shifts: plain arithmetic. The day before the next month is its last. */
function boundaryInUtc({ at, day }: Anchor, interval: Interval, index: number): Instant {
  const months = monthsIn(interval)
  if (months === undefined) return at + daysIn(interval) * index * 24 * hourMs
  const year = new Date(at).getUTCFullYear()
  const month = new Date(at).getUTCMonth() + months * index
  const sameTime = (of: number, date: number) => new Date(at).setUTCFullYear(year, of, date)
  return Math.min(sameTime(month, day), sameTime(month + 1, 0))
}

/** The start of period `index`, which is the end of period `index - 1`. Negative indexes are earlier. */
export function boundaryAt(anchor: Anchor, cycle: Cycle | Interval, index: number): Instant {
  const interval = intervalOf(cycle)
  assert(interval.count >= 1 && Number.isInteger(interval.count), 'an interval has whole units')
  if (anchor.zone === 'UTC') return boundaryInUtc(anchor, interval, index)
  const start = local(anchor.at, anchor.zone)
  const date = boundaryDate(start.toPlainDate(), anchor.day, interval, index)
  // A subscription may start in the second of two equal hours; its first period starts there too.
  if (date.equals(start.toPlainDate())) return anchor.at
  return instantOf(date, start.toPlainTime(), anchor.zone)
}

/**
 * Period number `index` (0 is the first), always computed from the anchor and never from the period
 * before it, so that the 31st comes back after a short month.
 */
export function periodAt(anchor: Anchor, cycle: Cycle | Interval, index: number): Period {
  return {
    start: boundaryAt(anchor, cycle, index),
    end: boundaryAt(anchor, cycle, index + 1),
  }
}

/** The period that contains `at`; an instant on a boundary belongs to the period that starts there. */
export function periodContaining(
  anchor: Anchor,
  cycle: Cycle | Interval,
  at: Instant,
): IndexedPeriod {
  let index = nearIndex(anchor, intervalOf(cycle), at)
  let start = boundaryAt(anchor, cycle, index)
  while (start > at) {
    index -= 1
    start = boundaryAt(anchor, cycle, index)
  }
  let end = boundaryAt(anchor, cycle, index + 1)
  while (end <= at) {
    index += 1
    start = end
    end = boundaryAt(anchor, cycle, index + 1)
  }
  return { index, start, end }
}

function nearIndex(anchor: Anchor, interval: Interval, at: Instant): number {
  const start = local(anchor.at, anchor.zone).toPlainDate()
  const date = local(at, anchor.zone).toPlainDate()
  const months = monthsIn(interval)
  if (months !== undefined) {
    return Math.floor(((date.year - start.year) * 12 + date.month - start.month) / months)
  }
  return Math.floor(start.until(date, { largestUnit: 'day' }).days / daysIn(interval))
}

/** The anchor of a subscription that starts at `at`: its local day of the month. */
export function anchorAt(at: Instant, zone: string): Anchor {
  return { at, zone, day: local(at, zone).day }
}

/**
 * The anchor for an explicit day of the month: its first boundary is the first one on or after `from`
 * at the same local time. A month too short for the day counts with its last day.
 */
export function anchorOnDay(from: Instant, zone: string, day: number): Anchor {
  assert(Number.isInteger(day) && day >= 1 && day <= 31, 'a day of the month is 1 to 31')
  const anchor: Anchor = { at: from, zone, day }
  const first = boundaryAt(anchor, 'monthly', 0)
  return { at: first >= from ? first : boundaryAt(anchor, 'monthly', 1), zone, day }
}

/**
 * The first boundary on or after `from` whose day is the anchor day, when boundaries may be aligned
 * with any start: in the same month if the day is still ahead, else one interval later.
 */
export function firstBoundary(
  from: Instant,
  zone: string,
  day: number,
  cycle: Cycle | Interval,
): Instant {
  const anchor: Anchor = { at: from, zone, day }
  const first = boundaryAt(anchor, cycle, 0)
  return first >= from ? first : boundaryAt(anchor, cycle, 1)
}

/** The last boundary before `at`. */
export function previousBoundary(anchor: Anchor, cycle: Cycle | Interval, at: Instant): Instant {
  return periodContaining(anchor, cycle, at - 1).start
}

/** Start of the next calendar week, month, quarter or year after `at`: calendar billing. */
export function nextCalendarBoundary(at: Instant, zone: string, unit: Interval['unit']): Instant {
  const { date, interval } = calendarStart(local(at, zone).toPlainDate(), unit)
  return startOf(date.add(interval), zone)
}

/** The same local time `days` calendar days later (earlier when negative). */
export function addLocalDays(at: Instant, days: number, zone: string): Instant {
  return local(at, zone).add({ days }).epochMilliseconds
}

/** The same local time some calendar units later: the end of a short month where the day is missing. */
export function addLocal(
  at: Instant,
  count: number,
  unit: 'hours' | 'days' | 'weeks' | 'months' | 'years',
  zone: string,
): Instant {
  return local(at, zone).add({ [unit]: count }).epochMilliseconds
}

const hourMs = 3_600_000
const offsetsMax = 10_000
const offsets = new Map<string, number | null>()

/** How far a zone is ahead of UTC during the hour of `at`; null in an hour in which that changes. */
function offsetAround(at: Instant, zone: string): number | null {
  const hour = Math.floor(at / hourMs)
  const name = `${zone} ${hour}`
  const known = offsets.get(name)
  if (known !== undefined) return known
  const [from, to] = [hour, hour + 1].map(
    start => local(start * hourMs, zone).offsetNanoseconds / 1_000_000,
  )
  const offset = from === to ? from! : null
  if (offsets.size >= offsetsMax) offsets.clear()
  offsets.set(name, offset)
  return offset
}

/** The local calendar date, `YYYY-MM-DD`. */
export function localDate(at: Instant, zone: string): string {
  const offset = offsetAround(at, zone)
  const moved = at + (offset ?? 0)
  return offset !== null && isStorable(moved)
    ? toIso(moved).slice(0, 10)
    : local(at, zone).toPlainDate().toString()
}

/** First instant of the local day that contains `at`. */
export function startOfLocalDay(at: Instant, zone: string): Instant {
  return local(at, zone).startOfDay().epochMilliseconds
}

/** First instant of a local date `YYYY-MM-DD`. Refuses `invalid_timestamp`. */
export function startOfLocalDate(date: string, zone: string): Instant {
  return startOf(readDate(date) ?? refuse('invalid_timestamp', { date }), zone)
}

/** Calendar days from the local date of `from` to that of `to`; days of 23 or 25 hours count as one. */
export function daysBetweenLocal(from: Instant, to: Instant, zone: string): number {
  const start = local(from, zone).toPlainDate()
  return start.until(local(to, zone).toPlainDate(), { largestUnit: 'day' }).days
}

function startOf(date: Temporal.PlainDate, zone: string): Instant {
  return date.toZonedDateTime({ timeZone: zone }).epochMilliseconds
}

function readDate(text: string): Temporal.PlainDate | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined
  try {
    return Temporal.PlainDate.from(text)
  } catch {
    return undefined
  }
}

interface CalendarSpan {
  readonly date: Temporal.PlainDate
  readonly interval: { days?: number; months?: number }
  readonly label: string
}

function calendarStart(date: Temporal.PlainDate, unit: Interval['unit']): CalendarSpan {
  const year = String(date.year).padStart(4, '0')
  switch (unit) {
    case 'day':
      return { date, interval: { days: 1 }, label: date.toString() }
    case 'week':
      return weekSpan(date)
    case 'month':
      return {
        date: date.with({ day: 1 }),
        interval: { months: 1 },
        label: date.toString().slice(0, 7),
      }
    case 'quarter': {
      const quarter = Math.ceil(date.month / 3)
      const first = date.with({ month: quarter * 3 - 2, day: 1 })
      return { date: first, interval: { months: 3 }, label: `${year}-Q${quarter}` }
    }
    case 'year':
      return { date: date.with({ month: 1, day: 1 }), interval: { months: 12 }, label: year }
  }
}

// ISO 8601: weeks start on Monday, and week 1 is the one with the year's first Thursday.
function weekSpan(date: Temporal.PlainDate): CalendarSpan {
  const monday = date.subtract({ days: date.dayOfWeek - 1 })
  const thursday = monday.add({ days: 3 })
  const week = Math.ceil(thursday.dayOfYear / 7)
  const label = `${String(thursday.year).padStart(4, '0')}-W${String(week).padStart(2, '0')}`
  return { date: monday, interval: { days: 7 }, label }
}

function writtenSpan(text: string): CalendarSpan | undefined {
  const year = text.slice(0, 4)
  const quarter = /^\d{4}-Q([1-4])$/.exec(text)
  const week = /^\d{4}-W(\d{2})$/.exec(text)
  if (/^\d{4}$/.test(text)) return spanFrom(`${year}-01-01`, 'year')
  if (/^\d{4}-\d{2}$/.test(text)) return spanFrom(`${text}-01`, 'month')
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return spanFrom(text, 'day')
  if (quarter) {
    const month = String(Number(quarter[1]) * 3 - 2).padStart(2, '0')
    return spanFrom(`${year}-${month}-01`, 'quarter')
  }
  if (!week) return undefined
  // 4 January is always in week 1; a week 53 that the year does not have carries another label.
  const inFirst = readDate(`${year}-01-04`)
  const span = inFirst && weekSpan(inFirst.add({ days: 7 * (Number(week[1]) - 1) }))
  return span?.label === text ? span : undefined
}

function spanFrom(first: string, unit: Interval['unit']): CalendarSpan | undefined {
  const date = readDate(first)
  return date && calendarStart(date, unit)
}

function isUnit(text: string): text is Interval['unit'] {
  return ['day', 'week', 'month', 'quarter', 'year'].includes(text)
}

/**
 * A period by name, in the given zone: `day week month quarter year` is the one that contains `at`;
 * `2026`, `2026-Q4`, `2026-11`, `2026-W47`, `2026-11-23` are written out. Refuses `invalid_period`, also
 * for a period that does not end before the year 10000.
 */
export function namedPeriod(text: string, zone: string, at: Instant): NamedPeriod {
  const span = isUnit(text) ? calendarStart(local(at, zone).toPlainDate(), text) : writtenSpan(text)
  const from = span ? startOf(span.date, zone) : Number.NaN
  const to = span ? startOf(span.date.add(span.interval), zone) : Number.NaN
  if (!span || !isStorable(from) || !isStorable(to)) {
    return refuse('invalid_period', { period: text.slice(0, 40) })
  }
  return { from, to, label: span.label }
}
