import { expect, test } from 'vitest'
import {
  date,
  money,
  moneyWithCode,
  percent,
  quantity,
  range,
  tableDate,
  tableTime,
  unitPrice,
  zoneName,
} from './format.ts'

const utc = (text: string) => Date.parse(`${text}Z`)

test.each([
  [128_450, 'USD', '1,284.50'],
  [-4_950, 'USD', '−49.50'],
  [1_235, 'JPY', '1,235'],
  [1_234_567, 'KWD', '1,234.567'],
  [0, 'EUR', '0.00'],
  [Number.MAX_SAFE_INTEGER, 'USD', '90,071,992,547,409.91'],
])('%i minor units of %s print %s', (amountMinor, currency, text) => {
  expect(money(amountMinor, currency)).toBe(text)
  expect(moneyWithCode(amountMinor, currency)).toBe(`${currency} ${text}`)
})

test.each([
  ['99', 'USD', '99.00'],
  ['0.002000', 'USD', '0.002'],
  ['0.000000000001', 'USD', '0.000000000001'],
  ['1500', 'JPY', '1,500'],
  ['-49.5', 'EUR', '−49.50'],
])('a unit price of %s %s prints %s', (decimal, currency, text) => {
  expect(unitPrice(decimal, currency)).toBe(text)
})

test('quantities lose trailing zeros and keep thousands apart', () => {
  expect([quantity('12345.500'), quantity('3'), quantity('100')]).toEqual(['12,345.5', '3', '100'])
})

test('a rate of 88,750 ppm is 8.875%', () => {
  expect([percent(88_750), percent(190_000), percent(0)]).toEqual(['8.875%', '19%', '0%'])
})

test('the last evening of October in UTC is November 1 in Shanghai', () => {
  const at = utc('2026-10-31T16:05:00')
  expect(date(at, 'Asia/Shanghai', 'en')).toBe('Nov 1, 2026')
  expect(date(at, 'Asia/Shanghai', 'zh-CN')).toBe('2026年11月1日')
  expect(tableDate(at, 'Asia/Shanghai', 'zh-CN')).toBe('2026-11-01')
  expect(tableTime(at, 'Asia/Shanghai')).toBe('2026-11-01 00:05')
  expect(date(at, 'UTC', 'en')).toBe('Oct 31, 2026')
})

test.each([
  ['2026-10-01T00:00', '2026-11-01T00:00', 'Oct 1 – 31, 2026', '2026年10月1日至31日'],
  ['2026-10-15T00:00', '2026-11-15T00:00', 'Oct 15 – Nov 14, 2026', '2026年10月15日至11月14日'],
  [
    '2026-12-15T09:30',
    '2027-01-15T09:30',
    'Dec 15, 2026 – Jan 14, 2027',
    '2026年12月15日至2027年1月14日',
  ],
  ['2026-11-03T08:00', '2026-11-03T20:00', 'Nov 3, 2026', '2026年11月3日'],
  ['2026-11-03T08:00', '2026-11-04T08:00', 'Nov 3, 2026', '2026年11月3日'],
])('the period from %s to %s is written with its last day', (start, end, en, zh) => {
  expect(range(utc(start), utc(end), 'UTC', 'en')).toBe(en)
  expect(range(utc(start), utc(end), 'UTC', 'zh-CN')).toBe(zh)
})

test('on the night when Berlin sets its clocks back, 02:30 is shown twice', () => {
  const shown = ['2026-10-25T00:30', '2026-10-25T01:30', '2026-10-25T02:30'].map(text =>
    tableTime(utc(text), 'Europe/Berlin'),
  )
  expect(shown).toEqual(['2026-10-25 02:30', '2026-10-25 02:30', '2026-10-25 03:30'])
  expect(tableTime(utc('2026-10-24T22:00'), 'Europe/Berlin')).toBe('2026-10-25 00:00')
  expect(tableTime(utc('2026-10-26T00:00'), 'Europe/Berlin')).toBe('2026-10-26 01:00')
})

test('a zone is named with its offset of that day', () => {
  expect(zoneName('Asia/Shanghai', utc('2026-11-01T00:00'))).toBe('Asia/Shanghai (GMT+8)')
  expect(zoneName('Europe/Berlin', utc('2026-07-01T00:00'))).toBe('Europe/Berlin (GMT+2)')
  expect(zoneName('+03:30', utc('2026-07-01T00:00'))).toBe('+03:30')
})
