import { expect, it } from 'vitest'
import { daysOfUsage, quotaShare } from './usage-state.ts'

it.each([
  [{ quantity: 79_999, included: 100_000 }, 79],
  [{ quantity: 150, included: 100 }, 150],
  [{ quantity: 5, included: null }, null],
  [{ quantity: 5, included: 0 }, null],
])('%o is %s percent of the quota', (metric, percent) => {
  expect(quotaShare(metric)).toBe(percent)
})

it('tells that 30 of the second day and all of the third lie above a quota of 100', () => {
  const days = [
    { day: '2026-11-03', quantity: 10 },
    { day: '2026-11-01', quantity: 80 },
    { day: '2026-11-02', quantity: 50 },
  ]
  expect(daysOfUsage({ days, included: 100 })).toEqual([
    { day: '2026-11-01', quantity: 80, cumulative: 80, beyond: 0 },
    { day: '2026-11-02', quantity: 50, cumulative: 130, beyond: 30 },
    { day: '2026-11-03', quantity: 10, cumulative: 140, beyond: 10 },
  ])
})

it('puts nothing above a quota that is unlimited', () => {
  const days = [{ day: '2026-11-01', quantity: 5 }]
  expect(daysOfUsage({ days, included: null })[0]?.beyond).toBe(0)
})
