// How documents and exports write money, dates and numbers. Not for CSV or the wire: those keep plain
// ASCII. Intl objects are made once and kept, because making one costs far more than using it.

import type { Currency } from '../core/money.ts'
import { exponentOf, toDecimalString } from '../core/money.ts'
import { fixedOffset, type Instant } from '../core/time.ts'
import type { Language } from './words.ts'

const minusSign = '−'

const kept = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>()

function keep<T extends Intl.NumberFormat | Intl.DateTimeFormat>(key: string, make: () => T): T {
  const found = kept.get(key)
  if (found) return found as T
  const made = make()
  kept.set(key, made)
  return made
}

/** Both languages group by thousands and point with a dot, so one number format serves them. */
function grouped(decimal: string, decimalsMin: number, decimalsMax: number): string {
  const format = keep(
    `number ${decimalsMin} ${decimalsMax}`,
    () =>
      new Intl.NumberFormat('en-US', {
        minimumFractionDigits: decimalsMin,
        maximumFractionDigits: decimalsMax,
      }),
  )
  return format.format(decimal as `${number}`).replace('-', minusSign)
}

const decimalsOf = (decimal: string): number => decimal.split('.')[1]?.length ?? 0

const trimmed = (decimal: string): string =>
  decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal

/** An amount without its currency, all decimals of the currency: `1,284.50`, `−49.50`, `1,235` (JPY). */
export function money(amountMinor: number, currency: Currency): string {
  const decimals = exponentOf(currency)
  const text = grouped(toDecimalString(amountMinor, currency), decimals, decimals)
  return text === `${minusSign}0` ? '0' : text
}

/** An amount that stands alone: `USD 1,284.50`. The code, since ¥ and $ name several currencies. */
export const moneyWithCode = (amountMinor: number, currency: Currency): string =>
  `${currency} ${money(amountMinor, currency)}`

/** The price of one unit: at least the decimals of its currency, at most the twelve it may have. */
export function unitPrice(decimal: string, currency: Currency): string {
  const least = exponentOf(currency)
  return grouped(decimal, least, Math.max(least, decimalsOf(trimmed(decimal))))
}

/** A count or measured quantity from a decimal string, without trailing zeros: `12,345.5`. */
export const quantity = (decimal: string): string =>
  grouped(decimal, 0, decimalsOf(trimmed(decimal)))

/** A rate in parts per million as percent: 88,750 is `8.875%`. */
export const percent = (ratePpm: number): string =>
  `${keep('percent', () => new Intl.NumberFormat('en-US', { maximumFractionDigits: 4 }))
    .format(ratePpm / 10_000)
    .replace('-', minusSign)}%`

/** What a clock in the zone shows at an instant, by the slow and certain way of Intl. */
function shownAt(at: Instant, zone: string): number {
  const fixed = fixedOffset(zone)
  if (fixed !== null) return Math.floor((at + fixed) / 1000) * 1000
  const format = keep(
    `parts ${zone}`,
    () =>
      new Intl.DateTimeFormat('en-US', {
        timeZone: zone,
        year: 'numeric',
        month: 'numeric',
        day: 'numeric',
        hour: '2-digit',
        minute: '2-digit',
        second: '2-digit',
        hourCycle: 'h23',
      }),
  )
  const parts = new Map(format.formatToParts(at).map(part => [part.type, Number(part.value)]))
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0
  const [year, month, day] = [part('year'), part('month'), part('day')]
  return Date.UTC(year, month - 1, day, part('hour'), part('minute'), part('second'))
}

const dayMs = 86_400_000
const offsetsMax = 10_000
const offsets = new Map<string, number | null>()

/** The offset of a zone through a whole UTC day; null on a day on which its clocks are changed. */
function dayOffset(day: number, zone: string): number | null {
  const key = `${zone} ${day}`
  const known = offsets.get(key)
  if (known !== undefined) return known
  const start = day * dayMs
  const offset = shownAt(start, zone) - start
  const constant = shownAt(start + dayMs, zone) - (start + dayMs) === offset ? offset : null
  if (offsets.size >= offsetsMax) offsets.clear()
  offsets.set(key, constant)
  return constant
}

/**
 * The clock on the wall of a zone, as the epoch milliseconds at which a clock in UTC shows the same. For
 * formats that know no zones, such as workbook dates; it is not an instant.
 */
export function wallClock(at: Instant, zone: string): number {
  const offset = dayOffset(Math.floor(at / dayMs), zone)
  return offset === null ? shownAt(at, zone) : at + offset
}

interface Day {
  readonly year: number
  readonly month: number
  readonly day: number
}

/** The calendar day of an instant in a zone. */
function localDay(at: Instant, zone: string): Day {
  const shown = new Date(wallClock(at, zone))
  return {
    year: shown.getUTCFullYear(),
    month: shown.getUTCMonth() + 1,
    day: shown.getUTCDate(),
  }
}

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

const monthDay = ({ month, day }: Day, language: Language): string =>
  language === 'en' ? `${months[month - 1]} ${day}` : `${month}月${day}日`

const fullDay = (day: Day, language: Language): string =>
  language === 'en'
    ? `${monthDay(day, language)}, ${day.year}`
    : `${day.year}年${monthDay(day, language)}`

/** A date in a zone: `Nov 1, 2026`, `2026年11月1日`. */
export const date = (at: Instant, zone: string, language: Language): string =>
  fullDay(localDay(at, zone), language)

/** A date for columns that are scanned: `Nov 1, 2026`, `2026-11-01`. */
export function tableDate(at: Instant, zone: string, language: Language): string {
  const day = localDay(at, zone)
  return language === 'en' ? fullDay(day, language) : isoDay(day)
}

const two = (value: number): string => (value < 10 ? `0${value}` : String(value))
const isoDay = ({ year, month, day }: Day): string => `${year}-${two(month)}-${two(day)}`

/** A date without its year, where the year is plain: `Nov 1`, `11月1日`. */
export const shortDate = (at: Instant, zone: string, language: Language): string =>
  monthDay(localDay(at, zone), language)

/** Date and time to scan and sort: `2026-11-01 12:05`, in the zone. */
export const tableTime = (at: Instant, zone: string): string => secondTime(at, zone).slice(0, 16)

let lastDayShown = { day: Number.NaN, text: '' }

/** The same to the second, for CSV: `2026-11-01 12:05:09`. */
export function secondTime(at: Instant, zone: string): string {
  const shown = wallClock(at, zone)
  const day = Math.floor(shown / dayMs)
  // Rows of a list lie close together: the text of a day serves many of them.
  if (lastDayShown.day !== day) {
    lastDayShown = { day, text: new Date(day * dayMs).toISOString().slice(0, 10) }
  }
  const second = Math.floor((shown - day * dayMs) / 1_000)
  const minute = Math.floor(second / 60)
  const clock = [Math.floor(minute / 60), minute % 60, second % 60]
  return `${lastDayShown.text} ${clock.map(two).join(':')}`
}

/**
 * A half-open period by its first and last day. The day in which it ends belongs to the period that
 * follows, whatever the hour, so that neighbouring periods never name the same day twice.
 */
export function range(start: Instant, end: Instant, zone: string, language: Language): string {
  const first = localDay(start, zone)
  const last = lastDay(first, localDay(end, zone))
  if (isoDay(first) === isoDay(last)) return fullDay(first, language)
  const sameYear = first.year === last.year
  const sameMonth = sameYear && first.month === last.month
  if (language === 'en') {
    if (sameMonth) return `${monthDay(first, 'en')} – ${last.day}, ${last.year}`
    const from = sameYear ? monthDay(first, 'en') : fullDay(first, 'en')
    return `${from} – ${fullDay(last, 'en')}`
  }
  const to = sameMonth
    ? `${last.day}日`
    : sameYear
      ? monthDay(last, language)
      : fullDay(last, language)
  return `${fullDay(first, language)}至${to}`
}

function lastDay(first: Day, end: Day): Day {
  if (isoDay(end) <= isoDay(first)) return first
  const before = new Date(Date.UTC(end.year, end.month - 1, end.day - 1))
  return {
    year: before.getUTCFullYear(),
    month: before.getUTCMonth() + 1,
    day: before.getUTCDate(),
  }
}

/** A zone with its offset at an instant: `Asia/Shanghai (GMT+8)`. */
export function zoneName(zone: string, at: Instant): string {
  if (fixedOffset(zone) !== null) return zone
  const format = keep(
    `zone ${zone}`,
    () => new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'shortOffset' }),
  )
  const offset = format.formatToParts(at).find(part => part.type === 'timeZoneName')?.value
  return offset && offset !== zone ? `${zone} (${offset})` : zone
}
