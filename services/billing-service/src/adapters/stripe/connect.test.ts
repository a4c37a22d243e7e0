import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { ProcessorUnavailable } from '../../ports/processor.ts'
import { type ConnectOptions, connectStripe, modeOf } from './connect.ts'
import { StripeFault } from './failures.ts'
import { makeStripeProcessor } from './processor.ts'

const secretKey = 'sk_test_1234567890abcdef'
let server: Server | undefined
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

/**
 * A stand-in for what may stand between us and Stripe; the real behaviour is proved on the sandbox.
 */
async function serve(listener: RequestListener): Promise<string> {
  const started = createServer(listener)
  server = started
  await new Promise<void>(resolve => started.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}`
}

const answering = (...answers: [status: number, body: unknown][]) => {
  const seen: { method: string; key: string | undefined; version: string | undefined }[] = []
  const listener: RequestListener = (request, response) => {
    const header = (name: string) => request.headers[name]?.toString()
    seen.push({
      method: request.method ?? '',
      key: header('idempotency-key'),
      version: header('stripe-version'),
    })
    const [status, body] = answers[Math.min(seen.length, answers.length) - 1] ?? [500, {}]
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  }
  return { seen, listener }
}

const processorAt = (apiBase: string, more: Partial<ConnectOptions> = {}) =>
  makeStripeProcessor({ secretKey, apiBase, webhookSecrets: [], backoffMs: 1, ...more })

const intent = {
  id: 'pi_1',
  object: 'payment_intent',
  amount: 4_900,
  currency: 'usd',
  status: 'succeeded',
  metadata: {},
}
const request = {
  transactionId: 'txn_1',
  tenantId: 'tenant_1',
  invoiceId: null,
  amount: { amountMinor: 4_900, currency: 'USD' },
  processorCustomerId: 'cus_1',
  processorMethodId: 'pm_1',
  methodType: 'card' as const,
  offSession: true,
  representment: false,
  description: 'ACME-0001',
  createdAt: 0,
}

describe('an answer that must not be believed', () => {
  it.each([
    ['a 502 of a proxy in JSON without error', 502, { message: 'bad gateway' }],
    ['a 503 in HTML', 503, '<html>down</html>'],
    ['another object', 200, { id: 'ch_1', object: 'charge' }],
    ['an object without id', 200, { object: 'payment_intent' }],
    ['null', 200, 'null'],
    ['half a body', 200, '{"id":"pi_1","obj'],
  ])('%s is an unknown outcome after 3 tries with one key', async (_, status, body) => {
    const { seen, listener } = answering([status, body])
    const processor = processorAt(await serve(listener))
    await expect(processor.charge(request)).rejects.toThrow(ProcessorUnavailable)
    expect(seen.map(call => call.key)).toEqual(['pay_txn_1', 'pay_txn_1', 'pay_txn_1'])
  })

  it('another payment than the one asked for', async () => {
    const { listener } = answering([200, { ...intent, id: 'pi_2' }])
    const processor = processorAt(await serve(listener))
    await expect(processor.readObject('payment_intent', 'pi_1')).rejects.toThrow(
      ProcessorUnavailable,
    )
  })
})

describe('trouble on the way', () => {
  const busy = { error: { type: 'idempotency_error', code: 'idempotency_key_in_use', message: '' } }

  it('409 in use and 429 are waited out, and the third answer counts', async () => {
    const { seen, listener } = answering([409, busy], [429, busy], [200, intent])
    const processor = processorAt(await serve(listener))
    expect((await processor.charge(request)).status).toBe('succeeded')
    expect(seen).toHaveLength(3)
    expect(new Set(seen.map(call => call.version))).toEqual(new Set(['2026-10-28.endive']))
  })

  it('a call that timed out is not repeated', async () => {
    let calls = 0
    const address = await serve(() => {
      calls += 1
    })
    const processor = processorAt(address, { timeoutMs: 50 })
    await expect(processor.charge(request)).rejects.toThrow(ProcessorUnavailable)
    expect(calls).toBe(1)
  })

  it('a request that Stripe calls malformed is a fault, without its parameters', async () => {
    const error = {
      type: 'invalid_request_error',
      code: 'parameter_unknown',
      message: 'Received unknown parameter: colour',
      param: 'colour',
    }
    const { seen, listener } = answering([400, { error }])
    const processor = processorAt(await serve(listener))
    const failure = await processor.charge(request).catch((reason: unknown) => reason)
    expect(failure).toBeInstanceOf(StripeFault)
    expect(String(failure)).toContain('code=parameter_unknown')
    expect(String(failure)).not.toContain('cus_1')
    expect(seen).toHaveLength(1)
  })

  it('a key reused with other parameters is a fault, for methods and charges', async () => {
    const error = { type: 'idempotency_error', message: 'Keys for idempotent requests ...' }
    const { listener } = answering([400, { error }])
    const processor = processorAt(await serve(listener))
    const method = {
      key: 'key_1',
      processorCustomerId: 'cus_1',
      processorMethodId: 'pm_1',
      billingDetails: null,
      acceptance: null,
    }
    await expect(processor.attachMethod(method)).rejects.toThrow(StripeFault)
    await expect(processor.charge(request)).rejects.toThrow(StripeFault)
  })

  it.each([
    ['No such PaymentMethod', 'resource_missing', 'payment_method', 'payment_method_unusable'],
    ['It may not be used again.', undefined, undefined, 'payment_method_unusable'],
    ['No such customer', 'resource_missing', 'customer', 'customer_missing'],
    ['Amount must be 0.50', 'amount_too_small', 'amount', 'amount_too_small'],
    ['It requires an action', 'payment_intent_action_required', undefined, undefined],
  ])('400 "%s" is a failed payment that Stripe never saw', async (message, code, param, ours) => {
    const error = { type: 'invalid_request_error', message, code, param }
    const { listener } = answering([400, { error }])
    const seen = await processorAt(await serve(listener)).charge(request)
    expect(seen).toMatchObject({ status: 'failed', processorId: null, amountMinor: 4_900 })
    expect(seen.failureCode).toBe(ours ?? code)
  })

  it('a 402 whose body carries no intent has failed without an object', async () => {
    const error = { type: 'card_error', code: 'card_declined', message: 'Your card was declined.' }
    const { listener } = answering([402, { error }])
    const seen = await processorAt(await serve(listener)).charge(request)
    expect(seen).toMatchObject({
      status: 'failed',
      processorId: null,
      failureCode: 'card_declined',
    })
  })

  it('what is logged of a repeated call names it, but neither key nor parameters', async () => {
    const lines: string[] = []
    const log = {
      warn: (facts: object, message: string) => lines.push(JSON.stringify([facts, message])),
    }
    const { listener } = answering([429, busy], [200, intent])
    await processorAt(await serve(listener), { log }).charge(request)
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain('"operation":"charge"')
    expect(lines[0]).not.toMatch(/1234567890abcdef|cus_1|4900/)
  })
})

describe('keys and addresses', () => {
  it('the key says sandbox, test or live', () => {
    expect(modeOf('sk_test_sandbox')).toBe('sandbox')
    expect(modeOf(secretKey)).toBe('test')
    expect(modeOf('rk_test_1')).toBe('test')
    expect(modeOf('sk_live_1')).toBe('live')
    expect(modeOf('rk_live_1')).toBe('live')
  })

  it.each([
    ['a live key over http', 'sk_live_1', 'http://127.0.0.1:1'],
    ['a test key over http to another machine', secretKey, 'http://example.com'],
    ['a sandbox key without an address', 'sk_test_sandbox', undefined],
    ['a publishable key', 'pk_test_1', undefined],
    ['an address with a path', secretKey, 'https://example.com/stripe'],
  ])('%s is refused at start', (_, key, apiBase) => {
    const options = { secretKey: key, ...(apiBase !== undefined && { apiBase }) }
    expect(() => connectStripe(options)).toThrow(/assertion failed/)
  })
})
