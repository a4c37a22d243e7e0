import { describe, expect, it } from 'vitest'
import { isDay } from './day.ts'

describe('a typed day', () => {
  it('is one of the calendar, written 2026-11-01', () => {
    expect(['2026-11-01', '2028-02-29'].filter(isDay)).toEqual(['2026-11-01', '2028-02-29'])
  })

  it('is none while it is incomplete, in another order or not in the calendar', () => {
    expect(
      ['', '2026', '2026-11-1', '11/01/2026', '2026-02-29', '2026-13-01'].filter(isDay),
    ).toEqual([])
  })
})
