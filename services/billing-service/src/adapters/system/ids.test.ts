import { describe, expect, it } from 'vitest'
import { isId } from '../../core/ids.ts'
import { makeIds } from './ids.ts'

describe('ids', () => {
  it('10,000 ids of one millisecond are distinct and already in order', () => {
    const ids = makeIds(() => 1_790_000_000_000)
    const made = Array.from({ length: 10_000 }, () => ids.next('invoice'))
    expect(new Set(made).size).toBe(10_000)
    expect([...made].sort()).toEqual(made)
  })

  it('a clock that steps back does not turn the order round', () => {
    let now = 1_790_000_000_000
    const ids = makeIds(() => now)
    const first = ids.next('transaction')
    now -= 60_000
    expect(ids.next('transaction') > first).toBe(true)
  })

  it('an id is of its kind and of no other', () => {
    const id = makeIds().next('subscription')
    expect(isId('subscription', id)).toBe(true)
    expect(isId('invoice', id)).toBe(false)
    expect(isId('subscription', 'sub_1')).toBe(false)
  })

  it('a number prefix is 6 letters and digits without I, L, O and U', () => {
    const ids = makeIds()
    for (let i = 0; i < 200; i += 1) {
      expect(ids.numberPrefix()).toMatch(/^[0-9A-HJKMNP-TV-Z]{6}$/)
    }
  })
})
