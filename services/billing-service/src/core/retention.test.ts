import { describe, expect, it } from 'vitest'
import { cutoffOf, nextStretch } from './retention.ts'

const dayMs = 86_400_000

describe('what is kept for 30 days', () => {
  it('may go when it is 30 days old; kept for good, it never may', () => {
    expect(cutoffOf(30, 100 * dayMs)).toBe(70 * dayMs)
    expect(cutoffOf(null, 100 * dayMs)).toBeNull()
  })
})

describe('a walk through what came of age', () => {
  it('begins at the beginning, goes on where it was stopped, and takes up what came of age since', () => {
    expect(nextStretch(null, 70)).toEqual({ from: 0, to: 70, cursor: null })
    const stopped = { from: 0, to: 70, cursor: 'c' }
    expect(nextStretch(stopped, 90)).toBe(stopped)
    expect(nextStretch({ from: 0, to: 70, cursor: null }, 90)).toEqual({
      from: 70,
      to: 90,
      cursor: null,
    })
  })

  it('has nothing to do when nothing came of age, or what is kept is kept for longer now', () => {
    const done = { from: 0, to: 70, cursor: null }
    expect(nextStretch(done, 70)).toBeNull()
    expect(nextStretch(done, 20)).toBeNull()
    expect(nextStretch(done, null)).toBeNull()
  })

  it('finishes the stretch in hand even when nothing may go any more after it', () => {
    const stopped = { from: 0, to: 70, cursor: 'c' }
    expect(nextStretch(stopped, null)).toBe(stopped)
  })
})
