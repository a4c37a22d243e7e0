import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { bearer, call, exchange, startBoth, tokenFor } from './test/loopback.ts'

const api = '/api/v1/billing'
const megabyte = 1024 * 1024
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
const jsonHeaders = () => ({ ...bearer(), 'content-type': 'application/json' })

describe('bodies', () => {
  it.each([
    ['valid JSON with odd spacing', Buffer.from('{ "id" :"evt_1",\r\n\t"x": 1.0}\n')],
    ['malformed JSON', Buffer.from('{"id": "evt_1", ')],
    ['bytes that are no UTF-8', Buffer.from([0, 255, 254, 13, 10, 128, 0])],
    ['nothing', Buffer.alloc(0)],
    ['exactly 1 MB', Buffer.alloc(megabyte, 'a')],
  ])('of webhooks pass byte for byte: %s', async (_, body) => {
    for (const chunked of [false, true]) {
      const { url, upstream } = await startBoth()
      const headers = { 'stripe-signature': 't=1,v1=abc', 'content-type': 'application/json' }
      const options = { method: 'POST', headers, body, chunked }
      expect((await call(`${url}${api}/webhooks/stripe`, options)).status).toBe(200)
      const [received] = upstream.received
      expect(sha256(received!.body)).toBe(sha256(body))
      expect(received!.headers['stripe-signature']).toBe('t=1,v1=abc')
      expect(received!.headers['content-length']).toBe(String(body.length))
    }
  })

  it('pass with any content type, or none, and any method', async () => {
    const { url, upstream } = await startBoth()
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      for (const type of ['application/xml', 'not a type', undefined]) {
        const headers = { ...bearer(), ...(type === undefined ? {} : { 'content-type': type }) }
        const answer = await call(`${url}${api}/things`, { method, headers, body: '<a/>' })
        expect(answer.status).toBe(200)
        expect(upstream.received.at(-1)).toMatchObject({ method, body: Buffer.from('<a/>') })
      }
    }
  })

  it('of a POST without one have length 0 and are not chunked', async () => {
    const { url, upstream } = await startBoth()
    await exchange(
      url,
      `POST ${api}/subscriptions/sub_1/cancel HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${tokenFor()}\r\nconnection: close\r\n\r\n`,
    )
    expect(upstream.received[0]?.headers['content-length']).toBe('0')
    expect(upstream.received[0]?.headers).not.toHaveProperty('transfer-encoding')
  })
})

describe('a body over 1 MB', () => {
  it.each([
    ['1 MB and 1 byte', megabyte + 1, false],
    ['1 MB and 1 byte, chunked', megabyte + 1, true],
    ['2 MB', 2 * megabyte, false],
    ['2 MB, chunked', 2 * megabyte, true],
    ['20 MB', 20 * megabyte, false],
    ['20 MB, chunked', 20 * megabyte, true],
  ])('of %s is a clean 413, three times of three, and reaches nobody', async (_, size, chunked) => {
    const { url, upstream } = await startBoth()
    const body = Buffer.alloc(size, 'x')
    for (let round = 0; round < 3; round += 1) {
      const options = { method: 'POST', headers: jsonHeaders(), body, chunked }
      const answer = await call(`${url}${api}/usage/batch`, options)
      expect(answer.status).toBe(413)
      expect(answer.headers['content-type']).toBe('application/problem+json')
      expect(answer.json()).toMatchObject({
        code: 'body_too_large',
        detail: 'The body is over 1 MB.',
      })
    }
    expect(upstream.heads()).toBe(0)
  })

  it.each([
    ['with a length', false],
    ['chunked', true],
  ])('is refused before the token: 413 without one, %s', async (_, chunked) => {
    const { url } = await startBoth()
    const body = Buffer.alloc(2 * megabyte)
    const answer = await call(`${url}${api}/usage/batch`, { method: 'POST', body, chunked })
    expect(answer.status).toBe(413)
  })

  it('is 413 on the webhook route and for fetch, which stops sending once answered', async () => {
    const { url } = await startBoth()
    const body = Buffer.alloc(20 * megabyte)
    const answer = await fetch(`${url}${api}/webhooks/stripe`, { method: 'POST', body })
    expect(answer.status).toBe(413)
    expect(((await answer.json()) as { code: string }).code).toBe('body_too_large')
  })

  it('leaves the connection usable for the next request', async () => {
    const { url } = await startBoth()
    const head = `POST ${api}/x HTTP/1.1\r\nhost: a\r\ncontent-length: ${2 * megabyte}\r\n\r\n`
    const next = 'GET /healthz HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n'
    const bytes = Buffer.concat([Buffer.from(head), Buffer.alloc(2 * megabyte), Buffer.from(next)])
    const answer = await exchange(url, bytes)
    expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 413', 'HTTP/1.1 200'])
  })

  it('ends at 64 MB of an endless upload', async () => {
    const { url } = await startBoth()
    const head = `POST ${api}/x HTTP/1.1\r\nhost: a\r\ncontent-length: ${100 * megabyte}\r\n\r\n`
    const bytes = Buffer.concat([Buffer.from(head), Buffer.alloc(80 * megabyte)])
    const answer = await exchange(url, bytes).catch((error: { code: string }) => error.code)
    expect(answer).toMatch(/^(HTTP\/1\.1 413|ECONNRESET|EPIPE)/)
  })
})
