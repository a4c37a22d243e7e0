// Two gateways over HTTP before one real Redis: one limit for both, and what each setting does when Redis is
// killed. Skipped, and shown as skipped, where no redis-server is installed.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { freePort } from '@quittance/http-kit/free-port'
import { afterEach, describe, expect, it } from 'vitest'
import { makeRedisLimiter, type WithoutRedis } from './redis-limits.ts'
import { startGateway } from './server.ts'
import { bearer, secret } from './test/loopback.ts'
import { redisProgram, startRedis } from './test/redis-server.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** What stands for the billing service: it answers everything. */
async function upstream(): Promise<string> {
  const server = createServer((_, answer) => answer.end('{}'))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A burst of 50 that does not refill while a test runs. */
const tenant = { perSecond: 0.001, burst: 50 }

async function gateway(billingUrl: string, redisUrl: string, withoutRedis: WithoutRedis) {
  const limiter = makeRedisLimiter({ url: redisUrl, withoutRedis, timeoutMs: 2_000 })
  const running = await startGateway({
    port: 0,
    billingUrl,
    token: { secret },
    limits: { tenant, address: null, token: null, heavy: null },
    limiter,
  })
  closing.push(async () => {
    await running.close()
    limiter.close()
  })
  return running.url
}

/** The status of one request of a tenant. */
async function ask(url: string, tenantId: string): Promise<number> {
  const response = await fetch(`${url}/api/v1/billing/plans`, { headers: bearer({ tenantId }) })
  await response.arrayBuffer()
  return response.status
}

/** 100 requests of one tenant over the gateways in turn: how often each status was answered. */
async function asked(urls: readonly string[], tenantId: string): Promise<Record<number, number>> {
  const counts: Record<number, number> = {}
  for (let at = 0; at < 100; at += 1) {
    const status = await ask(urls[at % urls.length]!, tenantId)
    counts[status] = (counts[status] ?? 0) + 1
  }
  return counts
}

/** Redis is reached, or reached again. */
async function untilShared(urls: readonly string[]): Promise<void> {
  const end = performance.now() + 20_000
  for (let at = 0; ; at += 1) {
    const probes = [`probe-${at}-a`, `probe-${at}-b`]
    const seen = await Promise.all(urls.flatMap(url => probes.map(each => ask(url, each))))
    if (seen.every(status => status === 200)) return
    if (performance.now() > end) throw new Error(`never reached: ${seen}`)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}

const title =
  redisProgram === null
    ? 'two gateways before one Redis (skipped: no redis-server on the PATH)'
    : 'two gateways before one Redis'

describe.skipIf(redisProgram === null)(title, () => {
  it('let 50 of 100 through together; Redis killed, closed answers 503, open 200; back, 50 again', async () => {
    const port = await freePort()
    const redis = await startRedis(port)
    closing.push(redis.kill)
    const billing = await upstream()
    const closed = [
      await gateway(billing, redis.url, 'closed'),
      await gateway(billing, redis.url, 'closed'),
    ]
    const open = await gateway(billing, redis.url, 'open')
    await untilShared(closed)
    expect(await asked(closed, 'shared')).toEqual({ 200: 50, 429: 50 })

    await redis.kill()
    expect(await asked(closed, 'killed')).toEqual({ 503: 100 })
    expect(await asked([open], 'killed')).toEqual({ 200: 100 })

    const again = await startRedis(port)
    closing.push(again.kill)
    await untilShared(closed)
    expect(await asked(closed, 'shared')).toEqual({ 200: 50, 429: 50 })
  }, 60_000)
})
