// What stands before the gate: other origins, TLS, limits of what costs much, a service that is gone.
import { describe, expect, it } from 'vitest'
import { makeRedisLimiter } from './redis-limits.ts'
import { bearer, call, startBefore, startBoth, startUpstream } from './test/loopback.ts'
import { startRespServer } from './test/resp-server.ts'

const plans = '/api/v1/billing/plans'

describe('other origins', () => {
  const corsOrigins = ['https://app.example']

  it('a listed one may ask beforehand and reads the answer; another one gets no permission', async () => {
    const { url, upstream } = await startBoth({ corsOrigins })
    const preflight = (origin: string) =>
      call(url + plans, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST' },
      })
    const allowed = await preflight('https://app.example')
    expect([allowed.status, allowed.headers['access-control-allow-origin']]).toEqual([
      204,
      'https://app.example',
    ])
    expect(allowed.headers['access-control-allow-headers']).toContain('idempotency-key')
    const stranger = await preflight('https://evil.example')
    expect(stranger.headers['access-control-allow-origin']).toBeUndefined()
    expect(upstream.received).toHaveLength(0)
    const headers = { ...bearer(), origin: 'https://app.example' }
    const answer = await call(url + plans, { headers })
    expect(answer.headers['access-control-allow-origin']).toBe('https://app.example')
    expect(answer.headers.vary).toContain('Origin')
  })

  it('are not spoken of unless there is a list', async () => {
    const { url } = await startBoth()
    const answer = await call(url + plans, {
      headers: { ...bearer(), origin: 'https://app.example' },
    })
    expect(answer.headers['access-control-allow-origin']).toBeUndefined()
  })
})

describe('TLS', () => {
  it('is asked of browsers for 2 years where it ends before a proxy that is believed, else not', async () => {
    const forwarded = { 'x-forwarded-proto': 'https', ...bearer() }
    const believed = await startBoth({ trustProxy: 'loopback' })
    const answer = await call(believed.url + plans, { headers: forwarded })
    expect(answer.headers['strict-transport-security']).toContain('max-age=63072000')
    const plain = await startBoth()
    const other = await call(plain.url + plans, { headers: forwarded })
    expect(other.headers['strict-transport-security']).toBeUndefined()
  })
})

describe('limits', () => {
  it('2 files, then 429, while other reads of the tenant go on', async () => {
    const limits = {
      tenant: { perSecond: 100, burst: 200 },
      address: null,
      heavy: { perSecond: 1, burst: 2 },
    }
    const { url } = await startBoth({ limits })
    const pdf = `${url}/api/v1/billing/invoices/inv_1/pdf`
    const statuses = []
    for (let count = 0; count < 3; count += 1) {
      statuses.push((await call(pdf, { headers: bearer() })).status)
    }
    expect(statuses).toEqual([200, 200, 429])
    expect((await call(url + plans, { headers: bearer() })).status).toBe(200)
  })

  it('of 1 token: 3 requests, then 429; another token of the tenant has its own 3', async () => {
    const { url } = await startBoth({
      limits: { tenant: null, address: null, token: { perSecond: 1, burst: 3 } },
    })
    const four = async (headers: Record<string, string>) => {
      const answers = []
      for (let count = 0; count < 4; count += 1) {
        answers.push((await call(url + plans, { headers })).status)
      }
      return answers
    }
    const [first, second] = [bearer(), bearer({ sub: 'user_2' })]
    expect(await four(first)).toEqual([200, 200, 200, 429])
    expect(await four(second)).toEqual([200, 200, 200, 429])
  })

  it('2 gateways and 1 Redis: 30 requests at once, 10 pass; when it dies, closed answers 503', async () => {
    const redis = await startRespServer()
    const upstream = await startUpstream()
    const limits = { tenant: { perSecond: 2, burst: 10 }, address: null }
    const start = async () => {
      const options = { url: redis.url, withoutRedis: 'closed', timeoutMs: 5_000 } as const
      const limiter = makeRedisLimiter(options)
      const gateway = await startBefore(upstream.url, { limits, limiter })
      return { limiter, url: gateway.url }
    }
    const gateways = [await start(), await start()]
    try {
      for (const { url } of gateways) await ready(url)
      const answers = await Promise.all(
        Array.from({ length: 30 }, (_, at) =>
          call(gateways[at % 2]!.url + plans, { headers: bearer({ tenantId: 'crowd' }) }),
        ),
      )
      const passed = answers.filter(({ status }) => status === 200).length
      expect(answers.every(({ status }) => status === 200 || status === 429)).toBe(true)
      // 10 at once, and 2 for each second that the 30 took.
      expect(passed).toBeGreaterThanOrEqual(10)
      expect(passed).toBeLessThan(20)
      await redis.close()
      const late = await call(gateways[0]!.url + plans, { headers: bearer() })
      expect([late.status, late.json().code]).toEqual([503, 'unavailable'])
    } finally {
      for (const { limiter } of gateways) limiter.close()
    }
  })
})

/** Connected, which no answer of the gateway waits for. */
async function ready(url: string): Promise<void> {
  const end = performance.now() + 10_000
  while (performance.now() < end) {
    const { status } = await call(url + plans, { headers: bearer({ tenantId: 'first' }) })
    if (status !== 503) return
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

describe('a billing service that is gone', () => {
  it('after 3 refused connections in a row the 4th request is 503 at once, and it comes back', async () => {
    const gone = await startUpstream()
    await gone.close()
    const gateway = await startBefore(gone.url, { breaker: { failuresMax: 3, pauseMs: 60 } })
    const get = () => call(gateway.url + plans, { headers: bearer() })
    const statuses = []
    for (let count = 0; count < 4; count += 1) statuses.push((await get()).status)
    expect(statuses).toEqual([502, 502, 502, 503])
    await startUpstream(undefined, Number(new URL(gone.url).port))
    const end = performance.now() + 10_000
    let status = 503
    while (status !== 200 && performance.now() < end) status = (await get()).status
    expect(status).toBe(200)
  })
})
