import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sumMinor } from './money.ts'
import {
  type ChargedLine,
  type Counting,
  chargeRest,
  creditUnused,
  dueSlices,
  prorateChange,
  prorateDifference,
  shareOf,
} from './proration.ts'
import { fromIso, localDate, type Period, startOfLocalDate } from './time.ts'

const newYork = 'America/New_York'
const second: Counting = { by: 'second' }
const byDay: Counting = { by: 'day', zone: 'UTC' }
const day = (date: string, zone = 'UTC') => startOfLocalDate(date, zone)
const span = (start: string, end: string, zone = 'UTC'): Period => ({
  start: day(start, zone),
  end: day(end, zone),
})
const june = span('2025-06-01', '2025-07-01')
const charged = (amountMinor: number, period: Period, creditedMinor = 0): ChargedLine => ({
  amountMinor,
  creditedMinor,
  period,
})

describe('a change in the middle of a period', () => {
  it('from 100.00 to 300.00 half-way through June credits 50.00 and charges 150.00', () => {
    const change = prorateChange({
      at: day('2025-06-16'),
      counting: second,
      charged: [charged(10_000, june)],
      nextMinor: [30_000],
      period: june,
    })
    expect(change.credits.map(line => line.amountMinor)).toEqual([-5000])
    expect(change.charges.map(line => line.amountMinor)).toEqual([15_000])
    expect(change.netMinor).toBe(10_000)
  })

  it('31.00 in March of New York, changed on the 15th at noon, gives back 16.52, by days 17.00', () => {
    const march = span('2024-03-01', '2024-04-01', newYork)
    const at = fromIso('2024-03-15T12:00:00-04:00')
    expect(creditUnused(charged(3100, march), at, second)?.amountMinor).toBe(-1652)
    const days: Counting = { by: 'day', zone: newYork }
    expect(creditUnused(charged(3100, march), at, days)?.amountMinor).toBe(-1700)
  })

  it('a month of fixed 30 days gives 22/30 from 23 February to 15 March', () => {
    const fixed: Counting = { by: 'fixed_month', zone: 'UTC', monthDays: 30 }
    const share = shareOf(span('2024-02-23', '2024-03-15'), span('2024-02-23', '2024-03-23'), fixed)
    expect(share).toEqual({ numerator: 22n, denominator: 30n })
  })

  it('a month of fixed 30 days from 31 January to 29 February is whole, half of it 15 of 30', () => {
    const fixed: Counting = { by: 'fixed_month', zone: 'UTC', monthDays: 30 }
    const whole = span('2024-01-31', '2024-02-29')
    expect(shareOf(whole, whole, fixed)).toEqual({ numerator: 1n, denominator: 1n })
    expect(shareOf(span('2024-02-14', '2024-02-29'), whole, fixed)).toEqual({
      numerator: 15n,
      denominator: 30n,
    })
  })

  it('a day of 23 hours counts as one of 31', () => {
    const march = span('2024-03-01', '2024-04-01', newYork)
    const share = shareOf(span('2024-03-10', '2024-03-11', newYork), march, {
      by: 'day',
      zone: newYork,
    })
    expect(share).toEqual({ numerator: 1n, denominator: 31n })
  })

  it('a new interval starts now and is charged in full', () => {
    const at = day('2025-06-16')
    const change = prorateChange({
      at,
      counting: second,
      charged: [charged(10_000, june)],
      nextMinor: [100_000],
      period: { start: at, end: day('2026-06-16') },
    })
    expect(change.netMinor).toBe(95_000)
  })

  it('a second change credits the plan that was live after the first', () => {
    const firstAt = day('2025-06-11')
    const first = prorateChange({
      at: firstAt,
      counting: second,
      charged: [charged(30_000, june)],
      nextMinor: [60_000],
      period: june,
    })
    expect(first.netMinor).toBe(20_000)
    const later = first.charges.map(line => charged(line.amountMinor, line.period))
    const at = day('2025-06-21')
    const next = prorateChange({
      at,
      counting: second,
      charged: [charged(30_000, june, 20_000), ...later],
      nextMinor: [90_000],
      period: june,
    })
    expect(next.credits.map(line => line.amountMinor)).toEqual([-10_000, -20_000])
    expect(next.netMinor).toBe(0)
  })

  it('a change at the very start gives everything back, at the very end nothing', () => {
    expect(creditUnused(charged(999, june), june.start, second)?.amountMinor).toBe(-999)
    expect(creditUnused(charged(999, june), june.end, second)).toBeNull()
    expect(chargeRest(999, june, june.end, second)).toBeNull()
  })

  it('the credit stops at what earlier credits left: 10.00 charged, 7.00 given back', () => {
    const line = creditUnused(charged(1000, june, 700), day('2025-06-16'), second)
    expect(line?.amountMinor).toBe(-300)
    expect(line?.why.inputs.creditedMinor).toBe(700)
  })

  it('5 seats more of 10.00 for half a month cost 25.00, 5 fewer give 25.00 back', () => {
    const at = day('2025-06-16')
    const more = { beforeMinor: 5000, afterMinor: 10_000 }
    const fewer = { beforeMinor: 10_000, afterMinor: 5000 }
    expect(prorateDifference(more, june, at, second)?.amountMinor).toBe(2500)
    expect(prorateDifference(fewer, june, at, second)?.amountMinor).toBe(-2500)
  })

  it('explains itself: 1,296,000,000 of 2,592,000,000 milliseconds of 10.00', () => {
    expect(chargeRest(1000, june, day('2025-06-16'), second)?.why).toEqual({
      rule: 'proration.second',
      inputs: {
        amountMinor: 1000,
        part: 1_296_000_000,
        whole: 2_592_000_000,
        formula: 'amountMinor * part / whole',
        rounding: 'half_away',
      },
    })
  })

  it('90,000,000.00 a month is prorated without leaving the integers', () => {
    const at = fromIso('2025-06-16T07:13:59.123Z')
    const [back, rest] = [
      creditUnused(charged(9_000_000_000, june), at, second),
      chargeRest(9_000_000_000, june, at, second),
    ]
    expect(back?.amountMinor).toBe(-4_409_586_378)
    expect(rest?.amountMinor).toBe(4_409_586_378)
  })
})

describe('any chain of changes in one period', () => {
  const step = fc.record({
    offset: fc.integer({ min: 0, max: june.end - june.start }),
    priceMinor: fc.integer({ min: 0, max: 5_000_000 }),
  })
  const countings = fc.constantFrom<Counting>(second, byDay, { by: 'day', zone: newYork })

  it('never gives back more than was charged, nor costs more than the dearest plan', () => {
    const chain = fc.array(step, { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5_000_000 }), chain, countings, (first, steps, by) => {
        let lines: ChargedLine[] = [charged(first, june)]
        for (const { offset, priceMinor } of [...steps].sort((a, b) => a.offset - b.offset)) {
          const at = june.start + offset
          const credited = lines.map(line => creditUnused(line, at, by)?.amountMinor ?? 0)
          const change = prorateChange({
            at,
            counting: by,
            charged: lines,
            nextMinor: [priceMinor],
            period: june,
          })
          expect(sumMinor(credited)).toBe(sumMinor(change.credits.map(line => line.amountMinor)))
          lines = [
            ...lines.map((line, index) => ({
              ...line,
              creditedMinor: line.creditedMinor - (credited[index] ?? 0),
            })),
            ...change.charges.map(line => charged(line.amountMinor, line.period)),
          ]
          for (const line of lines) expect(line.creditedMinor <= line.amountMinor).toBe(true)
        }
        const paid = sumMinor(lines.map(line => line.amountMinor - line.creditedMinor))
        const dearest = Math.max(first, ...steps.map(({ priceMinor }) => priceMinor))
        expect(paid).toBeGreaterThanOrEqual(0)
        expect(paid).toBeLessThanOrEqual(dearest + lines.length)
      }),
      { numRuns: 40 },
    )
  })
})

describe('stretches that are due', () => {
  const service = {
    start: day('2011-01-01'),
    end: day('2011-02-27'),
    zone: 'UTC',
    day: 15,
    interval: 'monthly',
    mode: 'in_advance',
  } as const

  it('1 January to 27 February billed on the 15th: 14/31, 1 and 12/28', () => {
    const slices = dueSlices(service, day('2011-03-01'))
    const shares = slices.map(slice => shareOf(slice, slice.whole, byDay))
    expect(shares.map(share => `${share.numerator}/${share.denominator}`)).toEqual([
      '14/31',
      '31/31',
      '12/28',
    ])
  })

  it('in arrears a stretch is due when it is over', () => {
    const late = { ...service, mode: 'in_arrears' } as const
    expect(dueSlices(late, day('2011-01-14'))).toEqual([])
    expect(dueSlices(late, day('2011-01-15')).length).toBe(1)
  })

  it('the month before 28 February of a 31st began on 31 January', () => {
    const short = { ...service, start: day('2011-02-14'), end: null, day: 31 }
    const [lead] = dueSlices(short, day('2011-02-14'))
    expect(lead && localDate(lead.whole.start, 'UTC')).toBe('2011-01-31')
    expect(lead && shareOf(lead, lead.whole, byDay)).toEqual({ numerator: 14n, denominator: 28n })
  })

  it('nothing is due before the start', () => {
    expect(dueSlices(service, day('2010-12-31'))).toEqual([])
  })
})
