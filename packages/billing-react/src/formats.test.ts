import { describe, expect, it } from 'vitest'
import {
  dateTime,
  day,
  daysBetween,
  decimalsOf,
  type Language,
  money,
  percent,
  period,
  type Reader,
  tableDate,
  tableTime,
  unitPrice,
  zoneName,
} from './formats.ts'

const at = Date.parse('2026-11-23T04:00:00Z')
const reader = (language: Language, zone = 'UTC'): Reader => ({ language, zone, at })
const en = reader('en')
const zh = reader('zh-CN')

describe('money', () => {
  it.each([
    [1284.5, 'USD', 'en', '$1,284.50'],
    [1284.5, 'USD', 'zh-CN', 'US$1,284.50'],
    [1284.5, 'CNY', 'en', 'CN¥1,284.50'],
    [1284.5, 'CNY', 'zh-CN', '¥1,284.50'],
    [1235, 'JPY', 'en', '¥1,235'],
    [1235, 'JPY', 'zh-CN', 'JP¥1,235'],
    ['-49.5', 'USD', 'en', '−$49.50'],
  ] as const)('%s %s in %s is %s', (value, currency, language, text) => {
    expect(money(value, currency, language)).toBe(text)
  })

  it('stands under a header without its currency and alone beside its code', () => {
    expect(money(1284.5, 'USD', 'en', 'figures')).toBe('1,284.50')
    expect(money(-49.5, 'USD', 'zh-CN', 'figures')).toBe('−49.50')
    expect(money(1.5, 'KWD', 'en', 'code')).toBe('KWD 1.500')
  })

  it('keeps every digit of 999,999,999,999.99', () => {
    expect(money(999_999_999_999.99, 'USD', 'en', 'figures')).toBe('999,999,999,999.99')
    expect(money('123456789012345678.91', 'USD', 'en', 'figures')).toBe(
      '123,456,789,012,345,678.91',
    )
  })

  it('writes an unknown amount as a dash and never as 0', () => {
    for (const value of [null, undefined, '']) expect(money(value, 'USD', 'en')).toBe('—')
    expect(money(0, 'USD', 'en')).toBe('$0.00')
  })

  it('knows 0, 2 and 3 decimals', () => {
    expect(['JPY', 'USD', 'KWD'].map(decimalsOf)).toEqual([0, 2, 3])
  })

  it('writes a unit price with up to 12 decimals and at least those of its currency', () => {
    expect(unitPrice('0.000000000125', 'USD', 'en')).toBe('0.000000000125')
    expect(unitPrice(0.0015, 'USD', 'en')).toBe('0.0015')
    expect(unitPrice('4', 'USD', 'en')).toBe('4.00')
    expect(unitPrice('4', 'JPY', 'en')).toBe('4')
  })
})

describe('dates', () => {
  const iso = '2026-11-01T04:05:00Z'

  it('reads 12:05 in Shanghai with its offset, in both languages', () => {
    expect(dateTime(iso, reader('en', 'Asia/Shanghai'))).toBe('Nov 1, 2026, 12:05 PM GMT+8')
    expect(dateTime(iso, reader('zh-CN', 'Asia/Shanghai'))).toBe('2026年11月1日 12:05 (GMT+8)')
  })

  it('writes 00:05 as 12:05 AM', () => {
    expect(tableTime('2026-11-01T00:05:00Z', en)).toBe('Nov 1, 2026, 12:05 AM')
    expect(tableTime('2026-11-01T00:05:00Z', zh)).toBe('2026-11-01 00:05')
  })

  it('is scanned as 2026-11-01 in Chinese tables', () => {
    expect(tableDate(iso, zh)).toBe('2026-11-01')
    expect(tableDate(iso, en)).toBe('Nov 1, 2026')
  })

  it('leaves out the current year inside sentences and no other', () => {
    expect(day(iso, en)).toBe('Nov 1')
    expect(day('2027-01-05T00:00:00Z', en)).toBe('Jan 5, 2027')
    expect(day('2027-01-05T00:00:00Z', zh)).toBe('2027年1月5日')
  })

  it('belongs to the day of the zone: 23:30 UTC on Oct 31 is Nov 1 in Shanghai', () => {
    expect(tableDate('2026-10-31T23:30:00Z', reader('zh-CN', 'Asia/Shanghai'))).toBe('2026-11-01')
  })

  it.each([
    ['2026-10-01T00:00:00Z', '2026-11-01T00:00:00Z', 'Oct 1 – 31, 2026', '2026年10月1日至31日'],
    [
      '2026-10-15T00:00:00Z',
      '2026-11-15T00:00:00Z',
      'Oct 15 – Nov 14, 2026',
      '2026年10月15日至11月14日',
    ],
    [
      '2026-12-15T00:00:00Z',
      '2027-01-15T00:00:00Z',
      'Dec 15, 2026 – Jan 14, 2027',
      '2026年12月15日至2027年1月14日',
    ],
    ['2026-10-01T08:00:00Z', '2026-10-01T09:00:00Z', 'Oct 1, 2026', '2026年10月1日'],
  ])('writes the period from %s to %s with its last day', (start, end, english, chinese) => {
    expect(period(start, end, en)).toBe(english)
    expect(period(start, end, zh)).toBe(chinese)
  })

  it('counts calendar days of the zone, also over the hour that summer time takes', () => {
    expect(daysBetween('2026-11-20T23:00:00Z', '2026-11-21T01:00:00Z', 'UTC')).toBe(1)
    expect(daysBetween('2026-03-28T12:00:00Z', '2026-03-30T12:00:00Z', 'Europe/Berlin')).toBe(2)
    expect(daysBetween('2026-11-21T00:00:00Z', '2026-11-20T00:00:00Z', 'UTC')).toBe(-1)
  })

  it('names a zone with its offset', () => {
    expect(zoneName({ zone: 'Asia/Shanghai', at })).toBe('Asia/Shanghai (GMT+8)')
  })
})

it('writes 8.875 percent without a space', () => {
  expect(percent(8.875, 'zh-CN')).toBe('8.875%')
})
