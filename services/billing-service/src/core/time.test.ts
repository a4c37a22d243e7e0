import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import { Refusal } from './refusal.ts'
import {
  type Anchor,
  addLocalDays,
  anchorAt,
  anchorOnDay,
  boundaryAt,
  type Cycle,
  daysBetweenLocal,
  firstBoundary,
  fromIso,
  type Interval,
  isZone,
  localDate,
  namedPeriod,
  nextCalendarBoundary,
  periodAt,
  periodContaining,
  previousBoundary,
  startOfLocalDate,
  startOfLocalDay,
  toIso,
} from './time.ts'

const at = (text: string) => fromIso(text.length === 10 ? `${text}T00:00:00Z` : text)

function codeOf(action: () => unknown): string {
  try {
    action()
  } catch (error) {
    if (error instanceof Refusal) return error.code
    throw error
  }
  return 'accepted'
}

const zones = [
  'UTC',
  'America/New_York',
  'America/Los_Angeles',
  'America/Sao_Paulo',
  'America/St_Johns',
  'America/Havana',
  'America/Asuncion',
  'Europe/London',
  'Europe/Berlin',
  'Africa/Casablanca',
  'Africa/Cairo',
  'Asia/Beirut',
  'Asia/Tehran',
  'Asia/Kathmandu',
  'Asia/Shanghai',
  'Asia/Tokyo',
  'Australia/Lord_Howe',
  'Pacific/Chatham',
  'Pacific/Apia',
  'Pacific/Kiritimati',
]

describe('timestamps', () => {
  it('reads Z and offsets, and writes UTC with milliseconds', () => {
    expect(toIso(fromIso('2024-03-15T12:00:00+02:00'))).toBe('2024-03-15T10:00:00.000Z')
    expect(toIso(fromIso('2026-01-31T10:00Z'))).toBe('2026-01-31T10:00:00.000Z')
  })

  it('refuses 30 February, a bare date, a local time and words', () => {
    for (const text of ['2024-02-30T00:00:00Z', '2024-02-20', '2024-02-20T10:00:00', 'now', '']) {
      expect([text, codeOf(() => fromIso(text))]).toEqual([text, 'invalid_timestamp'])
    }
  })

  it('reads its own writing and any other that names the same instant alike', () => {
    const texts = [
      '2024-02-29T12:00:00.250Z',
      '2024-02-29T12:00:00.25Z',
      '2024-02-29T13:00:00.250+01:00',
    ]
    expect(texts.map(text => toIso(fromIso(text)))).toEqual(Array(3).fill(texts[0]))
  })

  it('refuses the year 0000 and every instant after 9999', () => {
    for (const text of ['0000-12-31T23:59:59Z', '9999-12-31T23:59:59-01:00']) {
      expect([text, codeOf(() => fromIso(text))]).toEqual([text, 'invalid_timestamp'])
    }
    expect(toIso(fromIso('0001-01-01T00:00:00Z'))).toBe('0001-01-01T00:00:00.000Z')
  })

  it('knows IANA names and fixed offsets as zones', () => {
    const texts = ['Asia/Shanghai', 'UTC', '+03:00', 'Mars/Base', '', '+03', '+24:00', '+01:00:30']
    expect(texts.filter(isZone)).toEqual(['Asia/Shanghai', 'UTC', '+03:00'])
  })
})

describe('anchored periods', () => {
  it('31 January is followed by 28 February, 31 March and 30 April', () => {
    const anchor = anchorAt(at('2025-01-31'), 'UTC')
    const dates = [1, 2, 3].map(index => localDate(boundaryAt(anchor, 'monthly', index), 'UTC'))
    expect(dates).toEqual(['2025-02-28', '2025-03-31', '2025-04-30'])
  })

  it('the period before 28 February of a 31st starts on 31 January', () => {
    const anchor = anchorAt(at('2025-03-31'), 'UTC')
    expect(periodAt(anchor, 'monthly', -2)).toEqual({
      start: at('2025-01-31'),
      end: at('2025-02-28'),
    })
  })

  it('a year from 29 February ends on 28 February and returns to the 29th after four years', () => {
    const anchor = anchorAt(at('2024-02-29'), 'UTC')
    const dates = [1, 4].map(index => localDate(boundaryAt(anchor, 'yearly', index), 'UTC'))
    expect(dates).toEqual(['2025-02-28', '2028-02-29'])
  })

  it('a boundary instant belongs to the period that starts there', () => {
    const anchor = anchorAt(at('2025-01-31T15:00:00Z'), 'UTC')
    expect(periodContaining(anchor, 'monthly', at('2025-02-28T15:00:00Z')).index).toBe(1)
    expect(periodContaining(anchor, 'monthly', at('2025-02-28T14:59:59.999Z')).index).toBe(0)
  })

  it('02:30 in New York moves to 03:30 on the day when that hour is missing', () => {
    const anchor = anchorAt(at('2024-02-10T02:30:00-05:00'), 'America/New_York')
    expect(toIso(boundaryAt(anchor, 'monthly', 1))).toBe('2024-03-10T07:30:00.000Z')
  })

  it('01:30 in New York is the first of the two on the day when that hour comes twice', () => {
    const anchor = anchorAt(at('2024-10-03T01:30:00-04:00'), 'America/New_York')
    expect(toIso(boundaryAt(anchor, 'monthly', 1))).toBe('2024-11-03T05:30:00.000Z')
  })

  it('a start in the second 01:30 of New York keeps its instant as the start of period 0', () => {
    const start = at('2024-11-03T01:30:00-05:00')
    expect(periodAt(anchorAt(start, 'America/New_York'), 'monthly', 0).start).toBe(start)
  })

  it('an explicit day 31 from 30 April starts there, and day 14 from 16 February on 14 March', () => {
    const first = anchorOnDay(at('2012-04-30'), 'UTC', 31)
    expect(localDate(first.at, 'UTC')).toBe('2012-04-30')
    expect(localDate(boundaryAt(first, 'monthly', 1), 'UTC')).toBe('2012-05-31')
    expect(localDate(anchorOnDay(at('2012-02-16'), 'UTC', 14).at, 'UTC')).toBe('2012-03-14')
    expect(localDate(firstBoundary(at('2012-01-31'), 'UTC', 30, 'yearly'), 'UTC')).toBe(
      '2013-01-30',
    )
  })

  it('the boundary before an instant on a boundary is the one before it', () => {
    const anchor = anchorAt(at('2025-01-29T12:00:00Z'), 'UTC')
    const before = previousBoundary(anchor, 'monthly', at('2025-01-29T12:00:00Z'))
    expect(toIso(before)).toBe('2024-12-29T12:00:00.000Z')
  })

  it('calendar billing ends on the next Monday, first, quarter and year', () => {
    const start = at('2024-05-15T10:00:00Z')
    const units = ['day', 'week', 'month', 'quarter', 'year'] as const
    expect(units.map(unit => localDate(nextCalendarBoundary(start, 'UTC', unit), 'UTC'))).toEqual([
      '2024-05-16',
      '2024-05-20',
      '2024-06-01',
      '2024-07-01',
      '2025-01-01',
    ])
  })
})

describe('over 50 years in 20 zones', () => {
  const start = fc.integer({ min: at('2000-01-01'), max: at('2030-12-31') })
  const cycles = fc.constantFrom<Cycle | Interval>(
    'monthly',
    'yearly',
    { unit: 'quarter', count: 1 },
    { unit: 'month', count: 5 },
    { unit: 'week', count: 2 },
  )

  const periodsIn50Years = { monthly: 600, yearly: 50 } as const

  function assertTouching(anchor: Anchor, cycle: Cycle | Interval, periods: number): void {
    let end = anchor.at
    for (let index = 0; index < periods; index += 1) {
      const period = periodAt(anchor, cycle, index)
      if (period.start !== end || period.end <= period.start) {
        throw new Error(`period ${index}: ${toIso(end)} to ${toIso(period.start)}`)
      }
      end = period.end
    }
  }

  function assertOnAnchorDay(anchor: Anchor, at: number): void {
    const day = Number(localDate(at, anchor.zone).slice(8))
    if (day === anchor.day) return
    const tomorrow = localDate(addLocalDays(at, 1, anchor.zone), anchor.zone).slice(8)
    if (tomorrow !== '01' || day > anchor.day) throw new Error(`${toIso(at)} drifted to ${day}`)
  }

  it.each(zones)('in %s periods touch, never overlap and never drift', zone => {
    fc.assert(
      fc.property(start, fc.constantFrom<Cycle>('monthly', 'yearly'), (from, cycle) => {
        const anchor = anchorAt(from, zone)
        const periods = periodsIn50Years[cycle]
        assertTouching(anchor, cycle, periods)
        for (let index = 0; index < periods; index += 7) {
          assertOnAnchorDay(anchor, boundaryAt(anchor, cycle, index))
        }
      }),
      { numRuns: 2 },
    )
  })

  it('in UTC boundaries are those of a zone without shifts, also before the anchor', () => {
    const days = fc.integer({ min: 1, max: 31 })
    const indexes = fc.integer({ min: -700, max: 700 })
    fc.assert(
      fc.property(start, days, cycles, indexes, (from, day, cycle, index) => {
        const [plain, byCalendar] = ['UTC', '+00:00'].map(zone =>
          toIso(boundaryAt({ at: from, zone, day }, cycle, index)),
        )
        expect(plain).toBe(byCalendar)
      }),
      { numRuns: 2_000 },
    )
  })

  it('quarters, five months and two weeks touch and never overlap', () => {
    fc.assert(
      fc.property(start, fc.constantFrom(...zones), cycles, (from, zone, cycle) => {
        assertTouching(anchorAt(from, zone), cycle, 100)
      }),
      { numRuns: 20 },
    )
  })

  it('every instant lies in exactly the period that is found for it', () => {
    const later = fc.integer({ min: -20 * 366, max: 50 * 366 })
    fc.assert(
      fc.property(start, fc.constantFrom(...zones), cycles, later, (from, zone, cycle, days) => {
        const anchor = anchorAt(from, zone)
        const instant = from + days * 86_400_000 + 12_345
        const found = periodContaining(anchor, cycle, instant)
        expect(found.start <= instant && instant < found.end).toBe(true)
        expect(periodAt(anchor, cycle, found.index)).toEqual({ start: found.start, end: found.end })
        expect(periodContaining(anchor, cycle, found.start).index).toBe(found.index)
      }),
      { numRuns: 60 },
    )
  })
})

describe('local days', () => {
  it('the local date is the calendar library’s, minute by minute around every change of an offset', () => {
    // A clock put back at 00:01 shows one date, the day before, and the first date again.
    const changes: readonly (readonly [string, string])[] = [
      ['America/St_Johns', '2006-10-29T02:31:00.000Z'],
      ['Pacific/Apia', '2011-12-30T10:00:00.000Z'],
      ['America/Sao_Paulo', '2018-02-18T02:00:00.000Z'],
      ['Asia/Kathmandu', '2026-01-01T18:15:00.000Z'],
      ['Europe/Berlin', '2026-03-29T01:00:00.000Z'],
    ]
    for (const [zone, change] of changes) {
      for (let minute = -1_500; minute <= 1_500; minute += 1) {
        const instant = Date.parse(change) + minute * 60_000
        const expected = Temporal.Instant.fromEpochMilliseconds(instant)
          .toZonedDateTimeISO(zone)
          .toPlainDate()
          .toString()
        const found = localDate(instant, zone)
        if (found !== expected) expect([zone, toIso(instant), found]).toEqual([zone, '', expected])
      }
    }
  })

  it('17 July has begun in Tokyo at 2012-07-16T21:17Z', () => {
    expect(localDate(at('2012-07-16T21:17:03Z'), 'Asia/Tokyo')).toBe('2012-07-17')
    expect(anchorAt(at('2012-07-16T21:17:03Z'), 'Asia/Tokyo').day).toBe(17)
  })

  it('the 23-hour day of New York counts as one day and starts at 05:00Z', () => {
    const start = at('2024-03-10T12:00:00Z')
    expect(toIso(startOfLocalDay(start, 'America/New_York'))).toBe('2024-03-10T05:00:00.000Z')
    expect(startOfLocalDate('2024-03-10', 'America/New_York')).toBe(at('2024-03-10T05:00:00Z'))
    const next = addLocalDays(at('2024-03-10T05:00:00Z'), 1, 'America/New_York')
    expect(next - at('2024-03-10T05:00:00Z')).toBe(23 * 3_600_000)
    expect(daysBetweenLocal(at('2024-03-01'), at('2024-04-01'), 'America/New_York')).toBe(31)
  })
})

describe('named periods', () => {
  const now = at('2026-11-23T03:00:00Z')
  const named = (text: string, zone = 'UTC') => {
    const { from, to, label } = namedPeriod(text, zone, now)
    return [toIso(from).slice(0, 13), toIso(to).slice(0, 13), label]
  }

  it('the current day, week, month, quarter and year of 23 November 2026', () => {
    expect(named('day')).toEqual(['2026-11-23T00', '2026-11-24T00', '2026-11-23'])
    expect(named('week')).toEqual(['2026-11-23T00', '2026-11-30T00', '2026-W48'])
    expect(named('month')).toEqual(['2026-11-01T00', '2026-12-01T00', '2026-11'])
    expect(named('quarter')).toEqual(['2026-10-01T00', '2027-01-01T00', '2026-Q4'])
    expect(named('year')).toEqual(['2026-01-01T00', '2027-01-01T00', '2026'])
  })

  it('the day of New York is still the 22nd', () => {
    expect(named('day', 'America/New_York')[2]).toBe('2026-11-22')
  })

  it('written periods: a year, a quarter, a month, a week, a day', () => {
    expect(named('2026')).toEqual(['2026-01-01T00', '2027-01-01T00', '2026'])
    expect(named('2026-Q4')).toEqual(['2026-10-01T00', '2027-01-01T00', '2026-Q4'])
    expect(named('2024-02')).toEqual(['2024-02-01T00', '2024-03-01T00', '2024-02'])
    expect(named('2026-W47')).toEqual(['2026-11-16T00', '2026-11-23T00', '2026-W47'])
    expect(named('2026-W53')).toEqual(['2026-12-28T00', '2027-01-04T00', '2026-W53'])
    expect(named('2026-11-23')).toEqual(['2026-11-23T00', '2026-11-24T00', '2026-11-23'])
  })

  it('refuses a 13th month, a 5th quarter, week 53 of 2025, 30 February and words', () => {
    for (const text of ['2026-13', '2026-Q5', '2025-W53', '2026-W00', '2026-02-30', 'decade', '']) {
      expect([text, codeOf(() => namedPeriod(text, 'UTC', now))]).toEqual([text, 'invalid_period'])
    }
  })

  it('refuses the years 0000 and 9999, which no store holds from first to last', () => {
    for (const text of ['0000', '0000-12', '9999', '9999-12', '9999-Q4', '9999-12-31']) {
      expect([text, codeOf(() => namedPeriod(text, 'UTC', now))]).toEqual([text, 'invalid_period'])
    }
    expect(namedPeriod('9998', 'UTC', now).label).toBe('9998')
    expect(codeOf(() => namedPeriod('0001', 'Asia/Shanghai', now))).toBe('invalid_period')
  })
})
