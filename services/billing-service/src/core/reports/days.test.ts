import { expect, it } from 'vitest'
import { splitSpan } from './days.ts'

const at = (text: string) => Date.parse(`${text}Z`)

it('a month in Shanghai is 30 whole UTC days and the parts of the days at its two ends', () => {
  expect(splitSpan(at('2026-02-28T16:00'), at('2026-03-31T16:00'))).toEqual({
    days: { from: '2026-03-01', to: '2026-03-31' },
    edges: [
      { from: at('2026-02-28T16:00'), to: at('2026-03-01T00:00') },
      { from: at('2026-03-31T00:00'), to: at('2026-03-31T16:00') },
    ],
  })
})

it('a month in UTC has no edges, and ten hours over midnight no whole day', () => {
  expect(splitSpan(at('2026-03-01T00:00'), at('2026-04-01T00:00'))).toEqual({
    days: { from: '2026-03-01', to: '2026-04-01' },
    edges: [],
  })
  const night = { from: at('2026-03-01T20:00'), to: at('2026-03-02T06:00') }
  expect(splitSpan(night.from, night.to)).toEqual({ days: null, edges: [night] })
})
