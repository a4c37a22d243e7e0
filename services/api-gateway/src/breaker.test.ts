import { describe, expect, it } from 'vitest'
import { makeBreaker } from './breaker.ts'

function setUp() {
  const clock = { at: 0 }
  const breaker = makeBreaker({ failuresMax: 3, pauseMs: 1_000, now: () => clock.at })
  const fail = (times: number) => {
    for (let count = 0; count < times; count += 1) breaker.failed()
  }
  return { clock, breaker, fail }
}

describe('a breaker of 3 failures and 1 s', () => {
  it('opens at the 3rd failure in a row; an answer between starts anew', () => {
    const { breaker, fail } = setUp()
    fail(2)
    breaker.succeeded()
    fail(2)
    expect(breaker.mayTry()).toBe(true)
    fail(1)
    expect([breaker.mayTry(), breaker.isOpen()]).toEqual([false, true])
  })

  it('lets 1 request through per second until one is answered', () => {
    const { clock, breaker, fail } = setUp()
    fail(3)
    clock.at = 1_000
    expect([breaker.mayTry(), breaker.mayTry()]).toEqual([true, false])
    breaker.failed()
    clock.at = 1_999
    expect(breaker.mayTry()).toBe(false)
    clock.at = 2_000
    expect(breaker.mayTry()).toBe(true)
    breaker.succeeded()
    expect([breaker.mayTry(), breaker.mayTry()]).toEqual([true, true])
  })
})
