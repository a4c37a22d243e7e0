import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { recognise } from './revenue.ts'
import { startOfLocalDate } from './time.ts'

const span = (start: string, end: string, zone = 'UTC') => ({
  start: startOfLocalDate(start, zone),
  end: startOfLocalDate(end, zone),
})

describe('straight line', () => {
  it('31.00 from 15 January earns 17.00 in January and 14.00 in February', () => {
    expect(recognise(3100, span('2019-01-15', '2019-02-15'), 'UTC')).toEqual([
      { month: '2019-01', revenueMinor: 1700, deferredAfterMinor: 1400 },
      { month: '2019-02', revenueMinor: 1400, deferredAfterMinor: 0 },
    ])
  })

  it('365.00 for 2019 earns 31.00, 28.00 and 31.00 in the first three months', () => {
    const months = recognise(36_500, span('2019-01-01', '2020-01-01'), 'UTC')
    expect(months.slice(0, 3).map(month => month.revenueMinor)).toEqual([3100, 2800, 3100])
    expect(months.length).toBe(12)
  })

  it('March of New York earns the same per day as any month, though it lacks an hour', () => {
    const zone = 'America/New_York'
    const period = span('2024-03-01', '2024-05-01', zone)
    expect(recognise(6100, period, zone).map(month => month.revenueMinor)).toEqual([3100, 3000])
    const exact = recognise(6100, period, zone, 'millisecond').map(month => month.revenueMinor)
    expect(exact).toEqual([3098, 3002])
  })

  it('even months: 100.00 over three months from 15 January is 33.34, 33.33, 33.33', () => {
    const months = recognise(10_000, span('2024-01-15', '2024-04-15'), 'UTC', 'month')
    expect(months.map(month => [month.month, month.revenueMinor])).toEqual([
      ['2024-01', 3334],
      ['2024-02', 3333],
      ['2024-03', 3333],
      ['2024-04', 0],
    ])
  })

  it('120.00 from noon of 15 June to 13 October by millisecond, by day and by even months', () => {
    const noon = 12 * 3_600_000
    const { start, end } = span('2026-06-15', '2026-10-13')
    const by = (how: 'millisecond' | 'day' | 'month') =>
      recognise(12_000, { start: start + noon, end: end + noon }, 'UTC', how).map(
        month => month.revenueMinor,
      )
    expect(by('millisecond')).toEqual([1550, 3100, 3100, 3000, 1250])
    expect(by('day')).toEqual([1600, 3100, 3100, 3000, 1200])
    expect(by('month')).toEqual([3000, 3000, 3000, 3000, 0])
  })

  it('always earns the whole amount, never more on the way, also for credits', () => {
    const start = fc.integer({
      min: span('2015-01-01', '2030-01-01').start,
      max: 1_900_000_000_000,
    })
    const length = fc.integer({ min: 1, max: 800 * 86_400_000 })
    const amount = fc.integer({ min: -10_000_000, max: 10_000_000 })
    const zones = fc.constantFrom('UTC', 'Asia/Tokyo', 'America/Los_Angeles')
    const by = fc.constantFrom('day', 'millisecond', 'month' as const)
    fc.assert(
      fc.property(start, length, amount, zones, by, (from, ms, amountMinor, zone, how) => {
        const months = recognise(amountMinor, { start: from, end: from + ms }, zone, how)
        const sum = months.reduce((total, month) => total + month.revenueMinor, 0)
        expect(sum).toBe(amountMinor)
        expect(months.at(-1)?.deferredAfterMinor).toBe(0)
        expect(months.every(month => month.revenueMinor * Math.sign(amountMinor) >= 0)).toBe(true)
      }),
      { numRuns: 40 },
    )
  })
})
