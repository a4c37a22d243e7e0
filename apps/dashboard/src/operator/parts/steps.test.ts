import { describe, expect, it } from 'vitest'
import { stepsFrom, stepsTo } from './steps.ts'

describe('steps through time', () => {
  it('14 months from January 31 end on the last day of shorter months', () => {
    const steps = stepsFrom('2026-01-31T09:00:00.000Z', 'fourteenMonths')
    expect(steps).toHaveLength(14)
    expect(steps.slice(0, 3)).toEqual([
      '2026-02-28T09:00:00.000Z',
      '2026-03-31T09:00:00.000Z',
      '2026-04-30T09:00:00.000Z',
    ])
    expect(steps.at(-1)).toBe('2027-03-31T09:00:00.000Z')
  })

  it('a day is one step of 24 hours', () => {
    expect(stepsFrom('2026-02-28T09:00:00.000Z', 'day')).toEqual(['2026-03-01T09:00:00.000Z'])
  })

  it('go by months up to a date, and straight to one in the past', () => {
    const now = '2026-01-15T00:00:00.000Z'
    expect(stepsTo(now, '2026-03-01T00:00:00.000Z')).toEqual([
      '2026-02-15T00:00:00.000Z',
      '2026-03-01T00:00:00.000Z',
    ])
    expect(stepsTo(now, '2025-01-01T00:00:00.000Z')).toEqual(['2025-01-01T00:00:00.000Z'])
  })
})
