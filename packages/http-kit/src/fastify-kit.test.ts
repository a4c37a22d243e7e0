import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { Writable } from 'node:stream'
import Fastify, { type FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loggablePath, loggerOptions } from './access-log.ts'
import { addLogFacts, installKit, serverOptions } from './fastify-kit.ts'
import { refuseRequest } from './refusal.ts'

let app: FastifyInstance
let lines: Record<string, unknown>[]

const bodySchema = {
  type: 'object',
  required: ['plan', 'quantity'],
  additionalProperties: false,
  properties: {
    plan: { type: 'string', minLength: 1 },
    quantity: { type: 'integer', minimum: 1 },
    cycle: { anyOf: [{ const: 'monthly' }, { const: 'yearly' }] },
    lines: {
      type: 'array',
      items: { type: 'object', required: ['a/b'], properties: { 'a/b': { type: 'string' } } },
    },
  },
}

beforeEach(() => {
  lines = []
  const stream = new Writable({
    write(chunk, _, done) {
      lines.push(JSON.parse(String(chunk)))
      done()
    },
  })
  app = Fastify({
    ...serverOptions({}),
    logger: { ...loggerOptions('info'), stream },
    ajv: { customOptions: { allErrors: true, coerceTypes: false, removeAdditional: false } },
  })
  installKit(app)
  app.post('/things', { schema: { body: bodySchema } }, async () => ({ ok: true }))
  app.get('/refused', async () =>
    refuseRequest('subscription_not_active', { status: 'paused', needed: 'active' }),
  )
  app.get('/faulty', async () => {
    throw new Error('password=hunter2')
  })
  app.get('/thrown', async () => Promise.reject('a text'))
  const params = { type: 'object', properties: { id: { type: 'string', pattern: '^inv_' } } }
  app.get('/invoices/:id', { schema: { params } }, async () => ({}))
  const querystring = { type: 'object', properties: { limit: { type: 'string', maxLength: 3 } } }
  app.get('/invoices', { schema: { querystring } }, async request => {
    addLogFacts(request, { tenantId: 't1' })
    return {}
  })
})

afterEach(() => app.close())

const post = (payload: string, headers: Record<string, string> = {}) =>
  app.inject({
    method: 'POST',
    url: '/things',
    headers: { 'content-type': 'application/json', ...headers },
    payload,
  })

describe('answers to what goes wrong', () => {
  it('a body that misses fields is 400 with a pointer and a sentence for each', async () => {
    const answer = await post('{"plan":"","cycle":"weekly","x~y":1,"lines":[{},{"a/b":3}]}')
    expect(answer.statusCode).toBe(400)
    expect(answer.headers['content-type']).toBe('application/problem+json')
    expect(answer.json()).toMatchObject({ code: 'invalid_request', title: 'Invalid request' })
    expect(answer.json().errors).toEqual([
      { path: '/quantity', message: 'This field is required.' },
      { path: '/x~0y', message: 'This field is not known here.' },
      { path: '/plan', message: 'Must not be empty.' },
      { path: '/cycle', message: 'Must be one of: monthly, yearly.' },
      { path: '/lines/0/a~1b', message: 'This field is required.' },
      { path: '/lines/1/a~1b', message: 'Must be a text.' },
    ])
  })

  it('the same in Chinese when the caller reads it', async () => {
    const answer = await post('{"plan":1,"quantity":0}', { 'accept-language': 'zh-CN' })
    expect(answer.headers['content-language']).toBe('zh-CN')
    expect(answer.json().detail).toContain('请求格式不正确')
    expect(answer.json().errors).toEqual([
      { path: '/plan', message: '须为文本。' },
      { path: '/quantity', message: '须不小于 1。' },
    ])
  })

  it.each([
    ['malformed JSON', '{"plan":', 400, 'invalid_request'],
    ['an empty JSON body', '', 400, 'invalid_request'],
    ['__proto__ in JSON', '{"__proto__":{"x":1}}', 400, 'invalid_request'],
    ['1 MB and 1 byte', `"${'x'.repeat(1024 * 1024 - 1)}"`, 413, 'body_too_large'],
  ])('%s', async (_, payload, status, code) => {
    const answer = await post(payload)
    expect(answer.statusCode).toBe(status)
    expect(answer.json()).toMatchObject({ status, code })
  })

  it('another media type is 415', async () => {
    const answer = await post('<a/>', { 'content-type': 'application/xml' })
    expect(answer.json()).toMatchObject({ status: 415, code: 'unsupported_media_type' })
  })

  it.each([
    ['an address that is not there', '/nowhere'],
    ['a malformed percent escape', '/invoices/%E0%A4%A'],
    ['an id over 100 characters', `/invoices/inv_${'x'.repeat(100)}`],
    ['a malformed id', '/invoices/abc'],
  ])('%s is 404', async (_, url) => {
    const answer = await app.inject({ url })
    expect(answer.statusCode).toBe(404)
    expect(answer.json().code).toBe('not_found')
    expect(answer.headers['x-request-id']).toBe(answer.json().requestId)
  })

  it('a refusal has its status, details and message', async () => {
    const answer = await app.inject({ url: '/refused', headers: { 'x-request-id': 'mine-1' } })
    expect(answer.statusCode).toBe(409)
    expect(answer.json()).toMatchObject({
      detail: 'The subscription is paused; this needs it to be active.',
      needed: 'active',
      requestId: 'mine-1',
    })
    expect(answer.headers['x-request-id']).toBe('mine-1')
  })

  it.each(['/faulty', '/thrown'])('a fault (%s) is 500 without details, and logged', async url => {
    const answer = await app.inject({ url })
    expect(answer.statusCode).toBe(500)
    expect(answer.body).not.toContain('hunter2')
    expect(answer.json().code).toBe('internal_error')
    const fault = lines.find(line => line.msg === 'fault')
    expect(fault).toMatchObject({ requestId: answer.json().requestId })
  })
})

describe('bytes that are no request', () => {
  const exchange = (bytes: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const { port } = app.server.address() as AddressInfo
      let answer = ''
      const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
      socket.on('data', chunk => {
        answer += chunk
      })
      socket.on('close', () => resolve(answer)).on('error', reject)
    })

  it.each([
    ['no HTTP at all', 'hello\r\n\r\n', 400, 'invalid_request'],
    [
      'both Content-Length and Transfer-Encoding',
      'POST /things HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
      'invalid_request',
    ],
    [
      '20 KB of headers',
      `GET / HTTP/1.1\r\nhost: a\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`,
      431,
      'headers_too_large',
    ],
  ])('%s', async (_, bytes, status, code) => {
    await app.listen({ port: 0, host: '127.0.0.1' })
    const answer = await exchange(bytes)
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(answer).toContain('content-type: application/problem+json')
    expect(JSON.parse(answer.slice(answer.indexOf('{')))).toMatchObject({ code, status })
  })
})

describe('the access log', () => {
  it('has one line per request with facts, without query string and headers', async () => {
    await app.inject({
      url: '/invoices?limit=5&s=SECRET',
      headers: { authorization: 'Bearer SECRET', cookie: 'SECRET', 'x-request-id': 'r-1' },
    })
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatchObject({
      msg: 'request',
      method: 'GET',
      path: '/invoices',
      status: 200,
      requestId: 'r-1',
      tenantId: 't1',
      ip: '127.0.0.1',
    })
    expect(JSON.stringify(lines)).not.toContain('SECRET')
  })

  it('names the code of a refusal', async () => {
    await app.inject({ url: '/refused' })
    expect(lines[0]).toMatchObject({ status: 409, code: 'subscription_not_active' })
  })

  it('hides the tail of signed pages and cuts paths at 500 characters', () => {
    expect(loggablePath('/api/v1/billing/public/pay/tok_SECRET?x=1')).toBe(
      '/api/v1/billing/public/*',
    )
    expect(loggablePath(`/${'x'.repeat(900)}#y`)).toHaveLength(500)
  })
})
