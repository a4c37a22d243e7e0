import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { InvoiceWire } from '@quittance/billing-contract/schemas/invoice'
import type { SubscriptionWire } from '@quittance/billing-contract/schemas/subscription'
import { build } from 'esbuild'
import { afterEach, describe, expect, expectTypeOf, it } from 'vitest'
import { type BillingClientOptions, createBillingClient, paginate } from './client.ts'
import { BillingError } from './error.ts'

interface Seen {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

interface Answer {
  readonly status: number
  readonly headers?: Record<string, string>
  readonly body?: string | Uint8Array
  /** Cut the connection instead of answering. */
  readonly cut?: boolean
}

const json = (status: number, body: object, headers: Record<string, string> = {}): Answer => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
})
const problem = (status: number, code: string, more: object = {}): Answer =>
  json(status, {
    type: `/problems/${code}`,
    title: code,
    status,
    detail: `Because ${code}.`,
    code,
    requestId: 'req_1',
    errors: [],
    ...more,
  })

let server: Server | undefined
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

/** A server that gives these answers in order, the last one again and again. */
async function serve(answers: readonly Answer[], options: Partial<BillingClientOptions> = {}) {
  const seen: Seen[] = []
  server = createServer(async (request, reply) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const answer = answers[Math.min(seen.length, answers.length - 1)]!
    seen.push({ method: request.method!, url: request.url!, headers: request.headers, body })
    if (answer.cut) request.socket.destroy()
    else if (answer.status !== 0) reply.writeHead(answer.status, answer.headers).end(answer.body)
  })
  await new Promise<void>(resolve => server?.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const client = createBillingClient({
    baseUrl: `http://127.0.0.1:${port}/`,
    token: 'abc',
    ...options,
  })
  return { client, seen }
}

const failure = async (call: Promise<unknown>) => {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(BillingError)
  return error as BillingError
}

describe('requests', () => {
  it('puts path parameters first, then the body, and reads the object', async () => {
    const { client, seen } = await serve([json(201, { id: 'txn_2', amount: 50 })])
    const refund = await client.createRefund('txn_1', { amount: 50, reason: 'Goodwill' })
    expect(refund.amount).toBe(50)
    expect(seen[0]).toMatchObject({
      method: 'POST',
      url: '/api/v1/billing/transactions/txn_1/refund',
      body: '{"amount":50,"reason":"Goodwill"}',
    })
    expect(seen[0]?.headers).toMatchObject({
      authorization: 'Bearer abc',
      'content-type': 'application/json',
    })
  })

  it('says why in a header that holds 客户来电 as ASCII', async () => {
    const { client, seen } = await serve([json(200, {})])
    await client.voidInvoice('inv_1', { reason: '客户来电' })
    expect(seen[0]?.headers['x-reason']).toBe('%E5%AE%A2%E6%88%B7%E6%9D%A5%E7%94%B5')
  })

  it('writes a query without what is undefined', async () => {
    const { client, seen } = await serve([
      json(200, { data: [], hasMore: false, nextCursor: null }),
    ])
    await client.listInvoices({ status: 'open', limit: 5, cursor: undefined })
    await client.listInvoices()
    expect(seen.map(each => each.url)).toEqual([
      '/api/v1/billing/invoices?status=open&limit=5',
      '/api/v1/billing/invoices',
    ])
  })

  it('keeps an id within its segment and refuses an empty one', async () => {
    const { client, seen } = await serve([json(200, {})])
    await client.getInvoice('../plans?x')
    expect(seen[0]?.url).toBe('/api/v1/billing/invoices/..%2Fplans%3Fx')
    await expect(client.getInvoice('')).rejects.toThrow(TypeError)
    expect(seen).toHaveLength(1)
  })

  it('names tenant and language, a call before the client, ids beyond ASCII as UTF-8', async () => {
    const { client, seen } = await serve([json(200, {})], { tenantId: 'acme', language: 'zh-CN' })
    await client.getSettings()
    await client.getSettings({ tenantId: '晴川' })
    const tenants = seen.map(each => each.headers['x-tenant-id'] as string)
    expect(tenants[0]).toBe('acme')
    expect(Buffer.from(tenants[1]!, 'latin1').toString('utf8')).toBe('晴川')
    expect(seen[0]?.headers['accept-language']).toBe('zh-CN')
  })

  it('asks for a token before each try', async () => {
    let count = 0
    const token = async () => {
      count += 1
      return `token-${count}`
    }
    const { client, seen } = await serve([problem(503, 'unavailable'), json(200, {})], { token })
    await client.getSettings()
    expect(seen.map(each => each.headers.authorization)).toEqual([
      'Bearer token-1',
      'Bearer token-2',
    ])
  })

  it('returns a PDF as bytes, an export as a stream, nothing for 204', async () => {
    const pdf = await serve([{ status: 200, body: new Uint8Array([37, 80, 68, 70]) }])
    expect(await pdf.client.getInvoicePdf('inv_1', { lang: 'zh-CN' })).toEqual(
      new Uint8Array([37, 80, 68, 70]),
    )
    expect(pdf.seen[0]?.url).toBe('/api/v1/billing/invoices/inv_1/pdf?lang=zh-CN')
    server?.close()
    const csv = await serve([{ status: 200, body: 'id,amount\r\n' }])
    const exported = await csv.client.exportTransactions('csv', { type: 'payment' })
    expect(await exported.text()).toBe('id,amount\r\n')
    expect(csv.seen[0]?.url).toBe('/api/v1/billing/transactions/export/csv?type=payment')
    server?.close()
    const none = await serve([{ status: 204 }])
    expect(await none.client.removePaymentMethod('pm_1')).toBeUndefined()
  })
})

describe('idempotency', () => {
  it('gives every write a key of 32 hex digits, each call another, and reads none', async () => {
    const { client, seen } = await serve([json(200, {})])
    await client.reactivateSubscription('sub_1')
    await client.reactivateSubscription('sub_1')
    await client.getSubscription('sub_1')
    const keys = seen.map(each => each.headers['idempotency-key'])
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/)
    expect(keys[1]).not.toBe(keys[0])
    expect(keys[2]).toBeUndefined()
  })

  it('repeats the same key and body over a cut connection, a 502 and a run in progress', async () => {
    const { client, seen } = await serve(
      [
        { status: 0, cut: true },
        problem(502, 'bad_gateway'),
        problem(409, 'idempotency_in_progress'),
        json(201, { id: 'sub_1' }),
      ],
      { retries: 3 },
    )
    expect((await client.createSubscription({ plan: 'starter' })).id).toBe('sub_1')
    expect(seen).toHaveLength(4)
    expect(new Set(seen.map(each => each.headers['idempotency-key'])).size).toBe(1)
    expect(new Set(seen.map(each => each.body)).size).toBe(1)
  })

  it('takes the key of the caller', async () => {
    const { client, seen } = await serve([json(200, {})])
    await client.payInvoice('inv_1', {}, { idempotencyKey: 'order-7' })
    expect(seen[0]?.headers['idempotency-key']).toBe('order-7')
  })
})

describe('failures', () => {
  it('never repeats a decision: 400, 402, 404, 409 and 500 reach the caller after one request', async () => {
    const decisions: [number, string][] = [
      [400, 'invalid_request'],
      [402, 'payment_declined'],
      [404, 'not_found'],
      [409, 'subscription_exists'],
      [500, 'internal_error'],
    ]
    for (const [status, code] of decisions) {
      const { client, seen } = await serve([problem(status, code)])
      const error = await failure(client.createSubscription({ plan: 'starter' }))
      expect(error).toMatchObject({ status, code, requestId: 'req_1' })
      expect(seen).toHaveLength(1)
      server?.close()
    }
  })

  it('carries the decline, the advice, the field errors and the sentence', async () => {
    const { client } = await serve([
      problem(402, 'payment_declined', {
        declineCode: 'insufficient_funds',
        advice: 'Use another card.',
        errors: [{ path: '/paymentMethodId', message: 'was declined' }],
      }),
    ])
    const error = await failure(client.payInvoice('inv_1'))
    expect(error).toMatchObject({
      message: 'Because payment_declined.',
      declineCode: 'insufficient_funds',
      advice: 'Use another card.',
      errors: [{ path: '/paymentMethodId', message: 'was declined' }],
    })
  })

  it('stops after 2 further tries and passes the last refusal on', async () => {
    const { client, seen } = await serve([problem(503, 'unavailable')])
    expect(await failure(client.listPlans())).toMatchObject({ status: 503, code: 'unavailable' })
    expect(seen).toHaveLength(3)
  })

  it('waits as long as Retry-After says, and gives up at once over 30 s', async () => {
    const start = performance.now()
    const busy = await serve(
      [problem(429, 'rate_limited'), json(200, {})].map((answer, index) =>
        index === 0 ? { ...answer, headers: { 'retry-after': '1' } } : answer,
      ),
    )
    await busy.client.getSettings()
    expect(performance.now() - start).toBeGreaterThanOrEqual(990)
    server?.close()
    const closed = await serve([
      { ...problem(503, 'unavailable'), headers: { 'retry-after': '3600' } },
    ])
    await failure(closed.client.getSettings())
    expect(closed.seen).toHaveLength(1)
  })

  it('names a timeout and an unreachable server apart', async () => {
    const { client } = await serve([{ status: 0 }], { timeoutMs: 50, retries: 0 })
    expect(await failure(client.listPlans())).toMatchObject({ status: 0, code: 'timeout' })
    const nobody = createBillingClient({ baseUrl: 'http://127.0.0.1:1', token: 'x', retries: 0 })
    expect(await failure(nobody.listPlans())).toMatchObject({ status: 0, code: 'network_error' })
  })

  it('survives the page of a proxy: an HTML 404, and an HTML 200', async () => {
    const html = { headers: { 'content-type': 'text/html' }, body: '<h1>Hello</h1>' }
    const missing = await serve([{ status: 404, ...html }])
    expect(await failure(missing.client.listPlans())).toMatchObject({
      status: 404,
      code: 'unexpected_answer',
    })
    server?.close()
    const wrong = await serve([{ status: 200, ...html }])
    expect(await failure(wrong.client.listPlans())).toMatchObject({
      status: 200,
      code: 'unexpected_answer',
    })
    expect(wrong.seen).toHaveLength(1)
  })

  it("ends with the caller's own reason when the caller gives up", async () => {
    const { client, seen } = await serve([{ status: 0 }])
    const controller = new AbortController()
    const call = client.listPlans({ signal: controller.signal })
    while (seen.length === 0) await new Promise(resolve => setImmediate(resolve))
    controller.abort(new Error('closed the page'))
    await expect(call).rejects.toThrow('closed the page')
    expect(seen).toHaveLength(1)
  })
})

describe('paginate', () => {
  it('walks 3 pages by their cursors and keeps the filter', async () => {
    const page = (id: string, nextCursor: string | null) =>
      json(200, { data: [{ id }], hasMore: nextCursor !== null, nextCursor })
    const { client, seen } = await serve([page('a', 'c1'), page('b', 'c2'), page('c', null)])
    const ids: string[] = []
    for await (const invoice of paginate(client.listInvoices, { status: 'open' })) {
      expectTypeOf(invoice).toEqualTypeOf<InvoiceWire>()
      ids.push(invoice.id)
    }
    expect(ids).toEqual(['a', 'b', 'c'])
    expect(seen.map(each => each.url.split('?')[1])).toEqual([
      'status=open',
      'status=open&cursor=c1',
      'status=open&cursor=c2',
    ])
  })
})

describe('types and weight', () => {
  it('types arguments and answers from the contract', async () => {
    const { client } = await serve([json(200, {})])
    expectTypeOf(client.createSubscription).returns.resolves.toEqualTypeOf<SubscriptionWire>()
    expectTypeOf(client.getInvoicePdf).returns.resolves.toEqualTypeOf<Uint8Array>()
    expectTypeOf(client.exportTransactions).returns.resolves.toEqualTypeOf<Response>()
    expectTypeOf(client.getSummary).parameter(0).toEqualTypeOf<string>()
    expectTypeOf(client.removePaymentMethod).returns.resolves.toBeUndefined()
    expectTypeOf(client).not.toHaveProperty('receiveStripeWebhook')
  })

  it('bundles for a browser without any schema, below 12 KB', async () => {
    const result = await build({
      entryPoints: [fileURLToPath(new URL('client.ts', import.meta.url))],
      bundle: true,
      minify: true,
      write: false,
      format: 'esm',
      platform: 'browser',
      metafile: true,
    })
    const inputs = Object.keys(result.metafile.inputs)
    expect(inputs.filter(each => each.includes('typebox'))).toEqual([])
    expect(inputs.filter(each => each.endsWith('/routes.ts'))).toEqual([])
    expect(result.outputFiles[0]!.contents.byteLength).toBeLessThan(12 * 1024)
  })
})
