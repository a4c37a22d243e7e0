import { describe, expect, it } from 'vitest'
import { bearer, call, exchange, startBoth, tokenFor } from './test/loopback.ts'

const api = '/api/v1/billing'

describe('headers', () => {
  it('pass to the billing service, except those of one connection and those the gateway sets', async () => {
    const { url, upstream } = await startBoth()
    await call(`${url}${api}/plans`, {
      headers: {
        ...bearer(),
        'idempotency-key': 'k-1',
        'accept-language': 'zh-CN',
        'x-custom': 'kept',
        'x-hop': 'dropped',
        connection: 'close, X-Hop',
        te: 'trailers',
        'proxy-authorization': 'Basic x',
        'x-forwarded-for': '1.2.3.4',
        'x-forwarded-host': 'evil.example',
        'x-forwarded-proto': 'https',
        forwarded: 'for=1.2.3.4',
        'x-real-ip': '1.2.3.4',
      },
    })
    const headers = upstream.received[0]!.headers
    expect(headers).toMatchObject({
      authorization: expect.stringMatching(/^Bearer /),
      'idempotency-key': 'k-1',
      'accept-language': 'zh-CN',
      'x-custom': 'kept',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-host': new URL(url).host,
      'x-forwarded-proto': 'http',
      host: new URL(upstream.url).host,
      connection: 'keep-alive',
    })
    const dropped = ['x-hop', 'te', 'proxy-authorization', 'forwarded', 'x-real-ip']
    for (const name of dropped) expect(headers).not.toHaveProperty(name)
  })

  it('of a trusted proxy extend the chain of addresses', async () => {
    const { url, upstream } = await startBoth({ trustProxy: '127.0.0.1' })
    await call(`${url}${api}/plans`, {
      headers: {
        ...bearer(),
        'x-forwarded-for': '6.6.6.6, 203.0.113.9',
        'x-forwarded-proto': 'https',
        'x-forwarded-host': 'billing.example',
      },
    })
    expect(upstream.received[0]!.headers).toMatchObject({
      'x-forwarded-for': '203.0.113.9, 127.0.0.1',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'billing.example',
    })
  })

  it('of an answer pass, repeated ones too, except those of one connection', async () => {
    const { url } = await startBoth({}, (_, response) => {
      response.writeHead(201, [
        ['Set-Cookie', 'a=1'],
        ['Set-Cookie', 'b=2'],
        ['X-Kept', 'yes'],
        ['X-Hop', 'no'],
        ['Connection', 'close, x-hop'],
        ['X-Request-Id', 'another'],
        ['Idempotent-Replayed', 'true'],
        ['Content-Type', 'text/csv; charset=utf-8'],
      ])
      response.end('a,b\n')
    })
    const headers = { ...bearer(), 'x-request-id': 'mine' }
    const answer = await call(`${url}${api}/x`, { headers })
    expect(answer).toMatchObject({ status: 201, body: Buffer.from('a,b\n') })
    expect(answer.headers).toMatchObject({
      'set-cookie': ['a=1', 'b=2'],
      'x-kept': 'yes',
      'x-request-id': 'mine',
      'idempotent-replayed': 'true',
      'content-type': 'text/csv; charset=utf-8',
    })
    expect(answer.headers).not.toHaveProperty('x-hop')
  })

  it('with 204 and on HEAD come without a body', async () => {
    const { url } = await startBoth({}, (received, response) => {
      const isHead = received.method === 'HEAD'
      response.writeHead(isHead ? 200 : 204, isHead ? { 'content-length': '1234' } : {})
      response.end()
    })
    const deleted = await call(`${url}${api}/x`, { method: 'DELETE', headers: bearer() })
    expect(deleted).toMatchObject({ status: 204, body: Buffer.alloc(0) })
    const head = await call(`${url}${api}/x`, { method: 'HEAD', headers: bearer() })
    expect(head.headers['content-length']).toBe('1234')
  })
})

describe('a request that could hide another one', () => {
  const smuggled = `GET ${api}/smuggled HTTP/1.1\r\nhost: a\r\n\r\n`
  const start = (path = 'x') =>
    `POST ${api}/${path} HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${tokenFor()}\r\n`

  it.each([
    ['both lengths', 'content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['two lengths', 'content-length: 5\r\ncontent-length: 6\r\n\r\nhello'],
    ['a length that is no number', 'content-length: +5\r\n\r\nhello'],
    ['an encoding after chunked', 'transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n'],
    ['a bare line feed in a header', 'x: a\nx-tenant-id: t\r\n\r\n'],
    ['a space before the colon', 'content-length : 5\r\n\r\nhello'],
    ['a folded header', 'x: a\r\n content-length: 5\r\n\r\nhello'],
    ['a chunk size that is no number', 'transfer-encoding: chunked\r\n\r\nzz\r\nhello\r\n'],
  ])('by %s gets 400 and reaches nobody', async (_, rest) => {
    const { url, upstream } = await startBoth()
    const answer = await exchange(url, `${start()}${rest}${smuggled}`)
    expect(answer).toMatch(/^HTTP\/1\.1 400 /)
    expect(answer).toContain('application/problem+json')
    expect(upstream.received).toHaveLength(0)
  })

  it('by a body that looks like a request stays one body', async () => {
    const { url, upstream } = await startBoth()
    const head = `${start()}content-length: ${smuggled.length}\r\nconnection: close\r\n\r\n`
    await exchange(url, `${head}${smuggled}`)
    expect(upstream.received.map(each => each.body.toString())).toEqual([smuggled])
  })

  it('without a Host header gets 400', async () => {
    const { url } = await startBoth()
    const answer = await exchange(url, `GET ${api}/plans HTTP/1.1\r\n\r\n`, /\r\n\r\n/)
    expect(answer).toMatch(/^HTTP\/1\.1 400 /)
  })

  it('by two Authorization headers counts and forwards the first alone', async () => {
    const { url, upstream } = await startBoth()
    const second = `authorization: Bearer ${tokenFor({ roles: ['operator'] })}\r\n`
    await exchange(url, `${start()}${second}content-length: 0\r\nconnection: close\r\n\r\n`)
    const token = upstream.received[0]!.headers.authorization!.slice('Bearer '.length)
    const payload = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString())
    expect(payload.roles).toEqual(['admin'])
  })
})
