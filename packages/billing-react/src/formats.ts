// How the pages write money, dates, counts and percents in both languages. Not for arithmetic:
// every amount comes from the API and is only written out. Intl objects are kept, since making one
// is slow.

export const languages = ['en', 'zh-CN'] as const
export type Language = (typeof languages)[number]

/**
 * What the writing of a value depends on. `at` is now in epoch milliseconds: it hides the current
 * year.
 */
export interface Reader {
  readonly language: Language
  readonly zone: string
  readonly at: number
}

/** An amount as the API sends it: major units. */
export type AmountValue = number | string | null | undefined

const minusSign = '−'
/** Stands where a value is not known, so that nothing unknown ever reads as zero. */
export const unknownValue = '—'

const numberFormats = new Map<string, Intl.NumberFormat>()
const dateFormats = new Map<string, Intl.DateTimeFormat>()

function numberFormat(language: Language, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${language} ${JSON.stringify(options)}`
  const found = numberFormats.get(key)
  if (found) return found
  const made = new Intl.NumberFormat(language, options)
  numberFormats.set(key, made)
  return made
}

const withMinusSign = (text: string): string => text.replace('-', minusSign)

/**
 * A decimal string or JSON number, written digit by digit. A JSON number of at most 15 digits
 * prints as the decimal it was sent as, so no digit is lost on the way.
 */
function write(format: Intl.NumberFormat, value: number | string): string {
  return withMinusSign(format.format(String(value) as `${number}`))
}

/**
 * How an amount is shown: alone with its symbol, with its ISO code, or as figures under a header.
 */
export type MoneyStyle = 'symbol' | 'code' | 'figures'

/**
 * An amount with the decimals of its currency. `symbol`: `$1,284.50` / `US$1,284.50`; `code`:
 * `USD 1,284.50`; `figures`: `1,284.50`. Unknown amounts are a dash.
 */
export function money(
  value: AmountValue,
  currency: string,
  language: Language,
  style: MoneyStyle = 'symbol',
): string {
  if (value === null || value === undefined || value === '') return unknownValue
  if (style === 'symbol') {
    return write(numberFormat(language, { style: 'currency', currency }), value)
  }
  const decimals = decimalsOf(currency)
  const figures = write(
    numberFormat(language, { minimumFractionDigits: decimals, maximumFractionDigits: decimals }),
    value,
  )
  return style === 'code' ? `${currency} ${figures}` : figures
}

/** Decimals of a currency: 2 for USD, 0 for JPY, 3 for KWD. */
export function decimalsOf(currency: string): number {
  const resolved = numberFormat('en', { style: 'currency', currency }).resolvedOptions()
  return resolved.maximumFractionDigits ?? 2
}

/** The price of one unit: at least the decimals of its currency, at most the twelve it may have. */
export function unitPrice(value: number | string, currency: string, language: Language): string {
  const minimumFractionDigits = decimalsOf(currency)
  return write(numberFormat(language, { minimumFractionDigits, maximumFractionDigits: 12 }), value)
}

/** A count or measured quantity: `12,345.5`. */
export const quantity = (value: number | string, language: Language): string =>
  write(numberFormat(language, { maximumFractionDigits: 6 }), value)

/** A rate that the API gives in percent: 8.875 is `8.875%`. */
export const percent = (value: number, language: Language): string =>
  `${write(numberFormat(language, { maximumFractionDigits: 4 }), value)}%`

/** A share of a whole, in percent, to be read at a glance: `83.33%`. */
export const share = (value: number, language: Language): string =>
  `${write(numberFormat(language, { maximumFractionDigits: 2 }), value)}%`

interface LocalTime {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
}

/** An instant as the clock and calendar of a zone show it. */
export function localTime(iso: string | number, zone: string): LocalTime {
  let format = dateFormats.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      hourCycle: 'h23',
    })
    dateFormats.set(zone, format)
  }
  const parts = new Map(format.formatToParts(new Date(iso)).map(part => [part.type, part.value]))
  const part = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type))
  return {
    year: part('year'),
    month: part('month'),
    day: part('day'),
    hour: part('hour'),
    minute: part('minute'),
  }
}

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

type Day = Pick<LocalTime, 'year' | 'month' | 'day'>

const monthDay = ({ month, day }: Day, language: Language): string =>
  language === 'en' ? `${months[month - 1]} ${day}` : `${month}月${day}日`

const fullDay = (day: Day, language: Language): string =>
  language === 'en'
    ? `${monthDay(day, language)}, ${day.year}`
    : `${day.year}年${monthDay(day, language)}`

/** A date: `Nov 1, 2026`, `2026年11月1日`. */
export const date = (iso: string, { language, zone }: Reader): string =>
  fullDay(localTime(iso, zone), language)

/** A date inside a sentence, without the year while it is the current one: `Nov 1`, `11月1日`. */
export function day(iso: string, { language, zone, at }: Reader): string {
  const local = localTime(iso, zone)
  const thisYear = local.year === localTime(at, zone).year
  return thisYear ? monthDay(local, language) : fullDay(local, language)
}

const two = (value: number): string => String(value).padStart(2, '0')
const isoDay = ({ year, month, day: d }: Day): string => `${year}-${two(month)}-${two(d)}`

/** A date for columns that are scanned: `Nov 1, 2026`, `2026-11-01`. */
export function tableDate(iso: string, reader: Reader): string {
  return reader.language === 'en' ? date(iso, reader) : isoDay(localTime(iso, reader.zone))
}

function clock({ hour, minute }: LocalTime, language: Language): string {
  if (language === 'zh-CN') return `${two(hour)}:${two(minute)}`
  const twelve = hour % 12 === 0 ? 12 : hour % 12
  return `${twelve}:${two(minute)} ${hour < 12 ? 'AM' : 'PM'}`
}

/**
 * Date and time for tables: `Nov 1, 2026, 12:05 PM`, `2026-11-01 12:05`; the zone stands in the
 * footer.
 */
export function tableTime(iso: string, reader: Reader): string {
  const local = localTime(iso, reader.zone)
  const glue = reader.language === 'en' ? ', ' : ' '
  return `${tableDate(iso, reader)}${glue}${clock(local, reader.language)}`
}

/** Date and time with the offset: `Nov 1, 2026, 12:05 PM GMT+8`, `2026年11月1日 12:05 (GMT+8)`. */
export function dateTime(iso: string, reader: Reader): string {
  const local = localTime(iso, reader.zone)
  const time = clock(local, reader.language)
  const offset = offsetOf(iso, reader.zone)
  return reader.language === 'en'
    ? `${fullDay(local, 'en')}, ${time} ${offset}`
    : `${fullDay(local, 'zh-CN')} ${time} (${offset})`
}

function offsetOf(iso: string | number, zone: string): string {
  const key = `offset ${zone}`
  let format = dateFormats.get(key)
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'shortOffset' })
    dateFormats.set(key, format)
  }
  const parts = format.formatToParts(new Date(iso))
  return parts.find(part => part.type === 'timeZoneName')?.value ?? zone
}

/** A zone with its offset now: `Asia/Shanghai (GMT+8)`. */
export function zoneName({ zone, at }: Pick<Reader, 'zone' | 'at'>): string {
  const offset = offsetOf(at, zone)
  return offset === zone ? zone : `${zone} (${offset})`
}

/**
 * A half-open period by its first and last day: `Oct 1 – 31, 2026`, `2026年10月1日至31日`. The day in
 * which it ends belongs to the next period, so that neighbours never name the same day.
 */
export function period(start: string, end: string, { language, zone }: Reader): string {
  const first = localTime(start, zone)
  const last = lastDayOf(first, localTime(end, zone))
  if (isoDay(first) === isoDay(last)) return fullDay(first, language)
  const sameYear = first.year === last.year
  const sameMonth = sameYear && first.month === last.month
  if (language === 'en') {
    if (sameMonth) return `${monthDay(first, 'en')} – ${last.day}, ${last.year}`
    const from = sameYear ? monthDay(first, 'en') : fullDay(first, 'en')
    return `${from} – ${fullDay(last, 'en')}`
  }
  const withinYear = sameMonth ? `${last.day}日` : monthDay(last, language)
  return `${fullDay(first, language)}至${sameYear ? withinYear : fullDay(last, language)}`
}

function lastDayOf(first: Day, end: Day): Day {
  if (isoDay(end) <= isoDay(first)) return first
  const before = new Date(Date.UTC(end.year, end.month - 1, end.day - 1))
  return {
    year: before.getUTCFullYear(),
    month: before.getUTCMonth() + 1,
    day: before.getUTCDate(),
  }
}

/** Whole calendar days from one instant to another in a zone; negative when `to` lies before. */
export function daysBetween(from: string | number, to: string | number, zone: string): number {
  const a = localTime(from, zone)
  const b = localTime(to, zone)
  const dayMs = 86_400_000
  const days = Date.UTC(b.year, b.month - 1, b.day) - Date.UTC(a.year, a.month - 1, a.day)
  return Math.round(days / dayMs)
}
