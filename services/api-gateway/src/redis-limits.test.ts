// Two gateways before one Redis: a real one when `redis-server` is on the PATH, and in any case a server of
// our own that speaks RESP and keeps buckets by the same rule.
import { freePort } from '@quittance/http-kit/free-port'
import { afterEach, describe, expect, it } from 'vitest'
import type { LimitDecision } from './limits.ts'
import { makeRedisLimiter, type RedisLimiter, type WithoutRedis } from './redis-limits.ts'
import { redisProgram, startRedis } from './test/redis-server.ts'
import { startRespServer } from './test/resp-server.ts'

const policy = { perSecond: 10, burst: 50 }
const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function limiter(url: string, withoutRedis: WithoutRedis = 'closed'): Promise<RedisLimiter> {
  const made = makeRedisLimiter({ url, withoutRedis, timeoutMs: 2_000 })
  closing.push(() => made.close())
  // Ready once it takes a token of somebody else.
  await eventually(async () => (await made.take('warm-up', policy)).allowed)
  return made
}

async function eventually(holds: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 10_000
  for (;;) {
    if (await holds().catch(() => false)) return
    if (performance.now() > end) throw new Error('it never came to be so')
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

const allowedOf = async (limiters: readonly RedisLimiter[], count: number, key: string) => {
  const decisions = await Promise.all(
    Array.from({ length: count }, (_, at) => limiters[at % limiters.length]!.take(key, policy)),
  )
  return decisions.filter((each: LimitDecision) => each.allowed).length
}

async function sharesOneBucket(url: string): Promise<void> {
  const [first, second] = [await limiter(url), await limiter(url)]
  const allowed = await allowedOf([first, second], 200, `shared-${Math.random()}`)
  // 50 at once, and what the seconds of the test itself refill.
  expect(allowed).toBeGreaterThanOrEqual(50)
  expect(allowed).toBeLessThan(100)
}

describe('two gateways and one server that speaks RESP', () => {
  it('let one burst of 50 through together, not 50 each', async () => {
    const server = await startRespServer()
    closing.push(server.close)
    await sharesOneBucket(server.url)
    expect(server.commands()).toContain('EVALSHA')
  })

  it('after the server dies: closed refuses, open lets through, memory counts by itself; all come back', async () => {
    const port = await freePort()
    const server = await startRespServer(port)
    const [closed, open, memory] = [
      await limiter(server.url, 'closed'),
      await limiter(server.url, 'open'),
      await limiter(server.url, 'memory'),
    ]
    await server.close()
    await expect(closed.take('a', policy)).rejects.toMatchObject({ code: 'unavailable' })
    expect(await allowedOf([open], 200, 'a')).toBe(200)
    const alone = await allowedOf([memory], 200, 'a')
    expect(alone).toBeGreaterThanOrEqual(50)
    expect(alone).toBeLessThan(100)
    const again = await startRespServer(port)
    closing.push(again.close)
    await eventually(async () => (await closed.take('b', policy)).allowed)
  })
})

// Visible as skipped where no Redis is installed: the script itself then runs nowhere but in production.
describe.skipIf(redisProgram === null)('two limiters and a real Redis', () => {
  it('let one burst of 50 through together, not 50 each', async () => {
    const redis = await startRedis(await freePort())
    closing.push(redis.kill)
    await sharesOneBucket(redis.url)
  })
})
