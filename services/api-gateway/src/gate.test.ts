import { Writable } from 'node:stream'
import { loggerOptions } from '@quittance/http-kit/access-log'
import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { makeMemoryLimiter } from './limits.ts'
import { bearer, call, exchange, startBoth, tokenFor } from './test/loopback.ts'

const api = '/api/v1/billing'

describe('a token', () => {
  it('lets a request through with its query, and without one 401 names the reason', async () => {
    const { url, upstream } = await startBoth()
    const answer = await call(`${url}${api}/invoices?status=open&limit=5`, { headers: bearer() })
    expect(answer.json()).toEqual({ method: 'GET', url: `${api}/invoices?status=open&limit=5` })
    const refused = await call(`${url}${api}/invoices`)
    expect(refused.status).toBe(401)
    expect(refused.headers).toMatchObject({
      'content-type': 'application/problem+json',
      'www-authenticate': 'Bearer',
    })
    expect(refused.json()).toMatchObject({ code: 'unauthenticated', status: 401 })
    expect(upstream.received).toHaveLength(1)
  })

  const unsigned = (header: object) =>
    `${Buffer.from(JSON.stringify(header)).toString('base64url')}.${tokenFor().split('.')[1]}.`
  it.each([
    ['with alg none', unsigned({ alg: 'none' })],
    ['with a forged signature', `${tokenFor().slice(0, -4)}AAAA`],
    ['that expired a second ago', tokenFor({ exp: Math.floor(Date.now() / 1000) - 1 })],
    ['without exp', tokenFor({ exp: undefined })],
    ['of 9 KB', `${tokenFor()}${'a'.repeat(9_000)}`],
    ['with an empty tenantId', tokenFor({ tenantId: '' })],
    ['with a tenantId of 2,000 characters', tokenFor({ tenantId: 'x'.repeat(2_000) })],
    ['of an admin without tenant', tokenFor({ tenantId: undefined })],
  ])('%s is 401 and reaches nobody', async (_, token) => {
    const { url, upstream } = await startBoth()
    const headers = { authorization: `Bearer ${token}` }
    const answer = await call(`${url}${api}/plans`, { headers })
    expect(answer.status).toBe(401)
    expect(upstream.heads()).toBe(0)
  })

  it.each([
    ['POST', '/webhooks/stripe'],
    ['GET', '/openapi.json'],
    ['GET', '/docs'],
    ['GET', '/docs/app.js'],
    ['GET', '/public/pay/tok_1'],
    ['POST', '/public/pay/tok_1'],
  ])('is not needed for %s %s', async (method, path) => {
    const { url } = await startBoth()
    expect((await call(`${url}${api}${path}`, { method })).status).toBe(200)
  })

  it.each([
    '/public/../subscriptions',
    '/public/%2e%2e/subscriptions',
    '/docs/..%2fsubscriptions',
    '//subscriptions',
  ])('is not got around by %s: 404, and nothing is forwarded', async path => {
    const { url, upstream } = await startBoth()
    const head = `GET ${api}${path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`
    expect(await exchange(url, head)).toMatch(/^HTTP\/1.1 404 /)
    expect(upstream.heads()).toBe(0)
  })
})

describe('X-Tenant-Id', () => {
  it.each([
    ['an admin', { roles: ['admin'] }, 'tenant_2', 403, 'forbidden'],
    ['an admin, its own', { roles: ['admin'] }, 'tenant_1', 403, 'forbidden'],
    ['a back end with a tenant', { roles: ['service'] }, 'tenant_2', 403, 'forbidden'],
    ['no known role', { roles: ['owner'] }, 'tenant_2', 403, 'forbidden'],
    ['an operator, malformed', { roles: ['operator'] }, 'a b', 400, 'invalid_request'],
  ])('from %s is refused', async (_, claims, tenant, status, code) => {
    const { url, upstream } = await startBoth()
    const headers = { ...bearer(claims), 'x-tenant-id': tenant }
    const answer = await call(`${url}${api}/invoices`, { headers })
    expect(answer.json()).toMatchObject({ status, code })
    expect(upstream.heads()).toBe(0)
  })

  it.each([
    ['an operator', { roles: ['operator'], tenantId: undefined }],
    ['a platform-wide back end', { roles: ['service'], tenantId: undefined }],
  ])('from %s is passed on', async (_, claims) => {
    const { url, upstream } = await startBoth()
    const headers = { ...bearer(claims), 'x-tenant-id': 'tenant_2' }
    expect((await call(`${url}${api}/invoices`, { headers })).status).toBe(200)
    expect(upstream.received[0]?.headers['x-tenant-id']).toBe('tenant_2')
  })
})

describe('rate limits', () => {
  const small = { perSecond: 2, burst: 4 }
  const setUp = async (limits: { tenant?: typeof small; address?: typeof small }) => {
    const clock = { at: 0 }
    const limiter = makeMemoryLimiter({ now: () => clock.at })
    const both = await startBoth({ limits: { tenant: null, address: null, ...limits }, limiter })
    const statusesOf = async (count: number, headers = {}, path = '/plans', method = 'GET') => {
      const statuses: number[] = []
      for (let index = 0; index < count; index += 1) {
        statuses.push((await call(`${both.url}${api}${path}`, { headers, method })).status)
      }
      return statuses
    }
    return { ...both, clock, statusesOf }
  }

  it('of a tenant allow 4, then 429 with Retry-After, then 2 more a second later', async () => {
    const { url, clock, statusesOf } = await setUp({ tenant: small })
    expect(await statusesOf(4, bearer())).toEqual([200, 200, 200, 200])
    const refused = await call(`${url}${api}/plans`, { headers: bearer({ sub: 'another' }) })
    expect(refused.json()).toMatchObject({ status: 429, code: 'rate_limited' })
    expect(refused.headers).toMatchObject({
      'retry-after': '1',
      'ratelimit-limit': '4',
      'ratelimit-remaining': '0',
      'ratelimit-reset': '2',
    })
    clock.at = 1000
    expect(await statusesOf(3, bearer())).toEqual([200, 200, 429])
  })

  it('are counted per tenant, and staff acting for a tenant do not use up its own', async () => {
    const { statusesOf } = await setUp({ tenant: small })
    const staff = { ...bearer({ roles: ['operator'] }), 'x-tenant-id': 'tenant_1' }
    expect(await statusesOf(5, staff)).toEqual([200, 200, 200, 200, 429])
    expect(await statusesOf(5, bearer())).toEqual([200, 200, 200, 200, 429])
    expect(await statusesOf(1, bearer({ tenantId: 'tenant_2' }))).toEqual([200])
  })

  it('of an address count refused tokens too, but never webhooks', async () => {
    const { statusesOf } = await setUp({ address: small })
    expect(await statusesOf(5)).toEqual([401, 401, 401, 401, 429])
    const webhooks = await statusesOf(5, {}, '/webhooks/stripe', 'POST')
    expect(webhooks).toEqual([200, 200, 200, 200, 200])
  })

  it('stand in the headers of every answer', async () => {
    const { url } = await setUp({ tenant: small, address: { perSecond: 50, burst: 100 } })
    const answer = await call(`${url}${api}/plans`, { headers: bearer() })
    expect(answer.headers).toMatchObject({
      'ratelimit-limit': '4',
      'ratelimit-remaining': '3',
      'ratelimit-reset': '1',
      'ratelimit-policy': '2;w=1;burst=4',
    })
    expect((await call(`${url}${api}/plans`)).headers['ratelimit-limit']).toBe('100')
  })

  it('of 100/s with bursts of 200 per tenant and 300/s with 600 per address are the default', async () => {
    const { url } = await startBoth({ limits: undefined })
    const answer = await call(`${url}${api}/plans`, { headers: bearer() })
    expect(answer.headers['ratelimit-policy']).toBe('100;w=1;burst=200')
    const refused = await call(`${url}${api}/plans`)
    expect(refused.headers['ratelimit-policy']).toBe('300;w=1;burst=600')
  })
})

describe('languages and ids', () => {
  it('a refusal is Chinese for a Chinese reader and carries the request id sent', async () => {
    const { url } = await startBoth()
    const headers = { 'accept-language': 'zh-CN,zh;q=0.9', 'x-request-id': 'order-7' }
    const answer = await call(`${url}${api}/plans`, { headers })
    expect(answer.json().detail).toMatch(/^请先登录/)
    expect(answer.headers).toMatchObject({ 'content-language': 'zh-CN', 'x-request-id': 'order-7' })
  })

  it('the id on the answer is the one the billing service got', async () => {
    const { url, upstream } = await startBoth()
    const headers = { ...bearer(), 'x-request-id': 'bad id' }
    const answer = await call(`${url}${api}/plans`, { headers })
    expect(answer.headers['x-request-id']).toMatch(/^req_[0-9a-f-]{36}$/)
    expect(upstream.received[0]?.headers['x-request-id']).toBe(answer.headers['x-request-id'])
  })
})

describe('the access log', () => {
  it('names tenant and subject, and neither token, query nor signed path', async () => {
    const lines: string[] = []
    const sink = new Writable({
      write(chunk, _, done) {
        lines.push(String(chunk))
        done()
      },
    })
    const { url, gateway } = await startBoth({ logger: pino(loggerOptions('info'), sink) })
    await call(`${url}${api}/plans?token=HIDDEN`, { headers: bearer() })
    await call(`${url}${api}/public/pay/HIDDEN`)
    await call(`${url}${api}/plans`, { headers: { authorization: 'Bearer HIDDEN' } })
    await gateway.close()
    const written = lines.map(line => JSON.parse(line)).filter(line => line.msg === 'request')
    expect(written).toMatchObject([
      { path: `${api}/plans`, status: 200, tenantId: 'tenant_1', sub: 'user_1' },
      { path: `${api}/public/*`, status: 200 },
      { path: `${api}/plans`, status: 401, code: 'unauthenticated' },
    ])
    expect(lines.join('')).not.toMatch(/HIDDEN|eyJ/)
    expect(written[0]).not.toHaveProperty('aborted')
  })
})
