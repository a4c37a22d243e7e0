import { expect, it } from 'vitest'
import { backoffMs, retryAfterMs } from './send.ts'

it('waits 100-200 ms, then 200-400 ms, and never over 5 s', () => {
  expect([backoffMs(0, 0), backoffMs(0, 1)]).toEqual([100, 200])
  expect([backoffMs(1, 0), backoffMs(1, 1)]).toEqual([200, 400])
  expect(backoffMs(20, 1)).toBe(5_000)
})

it('reads Retry-After as seconds or as a date, a past date as 0', () => {
  const now = Date.parse('2026-11-23T12:00:00Z')
  expect(retryAfterMs('7', now)).toBe(7_000)
  expect(retryAfterMs('Mon, 23 Nov 2026 12:00:10 GMT', now)).toBe(10_000)
  expect(retryAfterMs('Mon, 23 Nov 2026 11:00:00 GMT', now)).toBe(0)
  expect(retryAfterMs('soon', now)).toBeNull()
  expect(retryAfterMs(null, now)).toBeNull()
})
