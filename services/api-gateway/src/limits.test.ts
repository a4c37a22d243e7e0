import { describe, expect, it } from 'vitest'
import type { LimitDecision } from './limits.ts'
import { addressKey, limitHeaders, makeMemoryLimiter, tighter } from './limits.ts'

const policy = { perSecond: 100, burst: 200 }

function setUp(keysMax?: number) {
  const clock = { at: 0 }
  const limiter = makeMemoryLimiter({ now: () => clock.at, keysMax })
  const take = (key = 'a') => limiter.take(key, policy) as LimitDecision
  const allowedOf = (count: number, key = 'a') =>
    Array.from({ length: count }, () => take(key)).filter(each => each.allowed).length
  return { clock, take, allowedOf }
}

describe('a limit of 100 requests/s with bursts of 200', () => {
  it('lets 200 of 250 through at once, then 100 after one second', () => {
    const { clock, allowedOf } = setUp()
    expect(allowedOf(250)).toBe(200)
    clock.at = 1000
    expect(allowedOf(250)).toBe(100)
  })

  it('never lets more than 300 through in any second', () => {
    const { clock, allowedOf } = setUp()
    let allowed = 0
    for (clock.at = 0; clock.at < 1000; clock.at += 10) allowed += allowedOf(50)
    expect(allowed).toBeLessThanOrEqual(300)
    expect(allowed).toBeGreaterThanOrEqual(298)
  })

  it('tells what is left, when it is full again and when to come back', () => {
    const { clock, take, allowedOf } = setUp()
    expect(take()).toMatchObject({ allowed: true, remaining: 199, fullAfterSeconds: 1 })
    allowedOf(199)
    expect(take()).toMatchObject({
      allowed: false,
      remaining: 0,
      fullAfterSeconds: 2,
      retryAfterSeconds: 1,
    })
    clock.at = 5
    expect(take().allowed).toBe(false)
    clock.at = 10
    expect(take().allowed).toBe(true)
  })

  it('counts each key for itself', () => {
    const { allowedOf } = setUp()
    expect([allowedOf(250, 'a'), allowedOf(250, 'b')]).toEqual([200, 200])
  })

  it('still knows a busy key after 100 quiet seconds of others, and never refills above 200', () => {
    const { clock, allowedOf, take } = setUp()
    allowedOf(200)
    for (clock.at = 1000; clock.at <= 100_000; clock.at += 1000) take('other')
    expect(allowedOf(250)).toBe(200)
  })

  it('holds a key down across the turn of a generation', () => {
    const { clock, allowedOf } = setUp()
    clock.at = 4_990
    expect(allowedOf(250)).toBe(200)
    clock.at = 5_010
    expect(allowedOf(10)).toBe(2)
  })

  it('keeps at most the given number of keys under a flood of 10,000', () => {
    const { take } = setUp(100)
    for (let index = 0; index < 10_000; index += 1) take(`key ${index}`)
    expect(take('key 9999').remaining).toBe(198)
    expect(take('key 1').remaining).toBe(199)
  })

  it('refuses a policy that would take 6 s to refill', () => {
    const limiter = makeMemoryLimiter()
    expect(() => limiter.take('a', { perSecond: 1, burst: 6 })).toThrow(/5 seconds/)
  })
})

describe('the key of an address', () => {
  it.each([
    ['203.0.113.9', '203.0.113.9'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:db8::9', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
  ])('%s is %s', (address, key) => {
    expect(addressKey(address)).toBe(key)
  })
})

describe('RateLimit headers', () => {
  const decision = (remaining: number, allowed = true): LimitDecision => ({
    allowed,
    policy,
    remaining,
    fullAfterSeconds: 2,
    retryAfterSeconds: 0,
  })

  it('report the burst, what is left and the seconds until it is full', () => {
    expect(limitHeaders(decision(17))).toEqual({
      'ratelimit-limit': '200',
      'ratelimit-remaining': '17',
      'ratelimit-reset': '2',
      'ratelimit-policy': '100;w=1;burst=200',
    })
    expect(limitHeaders(null)).toEqual({})
  })

  it('report the tighter of two limits', () => {
    expect(tighter(decision(5), decision(9)).remaining).toBe(5)
    expect(tighter(decision(9), decision(5)).remaining).toBe(5)
    expect(tighter(decision(0), decision(0, false)).allowed).toBe(false)
  })
})
