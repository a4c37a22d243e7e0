import { expect, test } from 'vitest'
import { bookingTime, closablePeriod, isBackdated } from './closing.ts'
import { Refusal } from './refusal.ts'

const at = (text: string): number => Date.parse(text)
const codeOf = (act: () => unknown): string | null => {
  try {
    act()
    return null
  } catch (error) {
    return error instanceof Refusal ? error.code : 'fault'
  }
}

test('November 2026 in Shanghai ends at 16:00 UTC on the 30th, and can be closed at 17:00', () => {
  const zone = 'Asia/Shanghai'
  const early = () => closablePeriod('2026-11', zone, at('2026-11-30T16:59:59.999Z'))
  expect(codeOf(early)).toBe('period_not_over')
  expect(closablePeriod('2026-11', zone, at('2026-11-30T17:00:00Z'))).toEqual({
    start: at('2026-10-31T16:00:00Z'),
    end: at('2026-11-30T16:00:00Z'),
  })
})

test.each(['2026', '2026-13', '2026-Q4', '2026-W47', '2026-11-23', 'month', ''])(
  'only months are closed: "%s" is none',
  period => {
    expect(codeOf(() => closablePeriod(period, 'UTC', at('2027-12-31T00:00:00Z')))).toBe(
      'invalid_period',
    )
  },
)

test('what is dated before the end of a closed period is booked at that end, the rest at its time', () => {
  const closedUntil = at('2026-12-01T00:00:00Z')
  expect(bookingTime(closedUntil - 1, closedUntil)).toBe(closedUntil)
  expect(bookingTime(at('2020-01-01T00:00:00Z'), closedUntil)).toBe(closedUntil)
  expect(bookingTime(closedUntil, closedUntil)).toBe(closedUntil)
  expect(bookingTime(closedUntil + 1, closedUntil)).toBe(closedUntil + 1)
  expect(bookingTime(closedUntil - 1, null)).toBe(closedUntil - 1)
})

test('nothing younger than an hour can fall into a closed period', () => {
  const now = at('2026-12-01T01:00:00Z')
  const { end } = closablePeriod('2026-11', 'UTC', now)
  for (const before of [0, 1, 3_599_999, 3_600_000]) {
    expect(isBackdated(now - before, now)).toBe(false)
    expect(now - before).toBeGreaterThanOrEqual(end)
  }
  expect(isBackdated(now - 3_600_001, now)).toBe(true)
})
