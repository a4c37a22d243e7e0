// Reads the fields of a vector row: texts, amounts in the row's own unit, dates, intervals. A row whose
// shape is not understood is reported as unsupported, never guessed.

import { decimal, type Rounding } from '../../core/decimal.ts'
import { fromWire, toDecimalString } from '../../core/money.ts'
import { fromIso, type Instant, type Interval, startOfLocalDate } from '../../core/time.ts'

export type Input = Readonly<Record<string, unknown>>
export type Got = Readonly<Record<string, unknown>>

/** What computes one topic: from the row's input and named rule alone. */
export type Topic = (input: Input, rule: string | null) => Got

/** The row asks for something that has no mapping on to core. */
export class UnsupportedRow extends Error {}

export function unsupported(what: string): never {
  throw new UnsupportedRow(what)
}

export function has(input: Input, ...keys: readonly string[]): boolean {
  return keys.every(key => input[key] !== undefined && input[key] !== null)
}

export function text(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  return unsupported(`a text was expected: ${JSON.stringify(value)}`)
}

export function integer(value: unknown): number {
  const number = typeof value === 'string' ? Number(value) : value
  if (typeof number === 'number' && Number.isInteger(number)) return number
  return unsupported(`an integer was expected: ${JSON.stringify(value)}`)
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : unsupported('a list was expected')
}

export function record(value: unknown): Input {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Input
  }
  return unsupported(`a record was expected: ${JSON.stringify(value)}`)
}

export function currencyOf(input: Input): string {
  return has(input, 'currency') ? text(input.currency).toUpperCase() : 'USD'
}

/** An amount of the row in minor units: integers where the row says `minor`, else major decimals. */
export function minor(input: Input, value: unknown): number {
  if (input.unit === 'minor') return integer(value)
  return fromWire(text(value), currencyOf(input))
}

/** An amount in the row's own unit again. */
export function shown(input: Input, amountMinor: number): number | string {
  return input.unit === 'minor' ? amountMinor : toDecimalString(amountMinor, currencyOf(input))
}

export function zoneOf(input: Input): string {
  for (const key of ['account_timezone', 'timezone', 'zone', 'tz']) {
    if (has(input, key)) return text(input[key])
  }
  return 'UTC'
}

/** An instant: ISO-8601 with a time (UTC where it names no offset), or the start of a local date. */
export function instant(value: unknown, zone = 'UTC'): Instant {
  const written = text(value)
  if (!written.includes('T')) return startOfLocalDate(written, zone)
  return fromIso(/(Z|[+-]\d{2}:\d{2})$/.test(written) ? written : `${written}Z`)
}

const roundings: Readonly<Record<string, Rounding>> = {
  half_up: 'half_away',
  half_away: 'half_away',
  half_even: 'half_even',
  up: 'up',
  down: 'down',
  floor: 'floor',
  ceil: 'ceil',
}

export function roundingOf(name: unknown): Rounding {
  if (name === null || name === undefined) return 'half_away'
  return roundings[text(name)] ?? unsupported(`rounding ${text(name)}`)
}

const intervalNames: Readonly<Record<string, Interval>> = {
  day: { unit: 'day', count: 1 },
  daily: { unit: 'day', count: 1 },
  week: { unit: 'week', count: 1 },
  weekly: { unit: 'week', count: 1 },
  biweekly: { unit: 'week', count: 2 },
  month: { unit: 'month', count: 1 },
  monthly: { unit: 'month', count: 1 },
  bimestrial: { unit: 'month', count: 2 },
  quarter: { unit: 'quarter', count: 1 },
  quarterly: { unit: 'quarter', count: 1 },
  triannual: { unit: 'month', count: 4 },
  semi_annual: { unit: 'month', count: 6 },
  half_year: { unit: 'month', count: 6 },
  biannual: { unit: 'month', count: 6 },
  year: { unit: 'year', count: 1 },
  yearly: { unit: 'year', count: 1 },
  annual: { unit: 'year', count: 1 },
  biennial: { unit: 'year', count: 2 },
  thirty_day: { unit: 'day', count: 30 },
  thirty_one_day: { unit: 'day', count: 31 },
  sixty_day: { unit: 'day', count: 60 },
  ninety_day: { unit: 'day', count: 90 },
}

/** `month`, `QUARTERLY`, `30 days`, `2 weeks`; multiplied by a count where the row has one. */
export function intervalFrom(value: unknown, count: unknown = 1): Interval {
  const match = /^(?:(\d+)[ _])?([a-z_]+?)s?$/.exec(text(value ?? 'month').toLowerCase())
  const named = match && intervalNames[match[2] ?? '']
  if (!named) return unsupported(`interval ${JSON.stringify(value)}`)
  return { unit: named.unit, count: named.count * Number(match[1] ?? 1) * integer(count ?? 1) }
}

/** Decimal weights as integers in one scale. */
export function scaledWeights(values: readonly unknown[]): bigint[] {
  const read = values.map(value => decimal(text(value)))
  const scale = Math.max(0, ...read.map(value => value.scale))
  return read.map(value => value.digits * 10n ** BigInt(scale - value.scale))
}
