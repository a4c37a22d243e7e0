// One trace runs through gateway, service, database and Stripe, told to a collector of ours by the real exporter.
import { startGateway } from '@quittance/api-gateway/server'
import { openWorld, secret, type World } from '@quittance/billing-service/test/world'
import { openTracing } from '@quittance/http-kit/open-telemetry'
import type { Tracing } from '@quittance/http-kit/tracing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type CollectedSpan, startCollector } from './collector.ts'

let collector: Awaited<ReturnType<typeof startCollector>>
let tracing: Tracing
let world: World
let gateway: Awaited<ReturnType<typeof startGateway>>

const traceId = '0af7651916cd43dd8448eb211c80319c'
const callerSpan = 'b7ad6b7169203331'
const given = {
  email: 'payables@orchard.example',
  name: 'Orchard Ltd',
  key: 'key-of-the-caller',
  query: 'secret-of-a-query',
}
let token = ''

async function ask(method: string, path: string, status: number, body?: object): Promise<void> {
  const response = await fetch(`${gateway.url}/api/v1/billing${path}?hint=${given.query}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      traceparent: `00-${traceId}-${callerSpan}-01`,
      tracestate: 'vendor=of-the-caller',
      ...(body === undefined
        ? {}
        : { 'content-type': 'application/json', 'idempotency-key': given.key }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  expect(response.status, text).toBe(status)
}

/** What was written is sealed within seconds, and told a few seconds later. */
async function untilSealed(): Promise<void> {
  const end = performance.now() + 45_000
  while (!collector.spans.some(({ name }) => name === 'job seal')) {
    if (performance.now() > end) throw new Error('no run of the job was told')
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}

beforeAll(async () => {
  collector = await startCollector()
  tracing = await openTracing({ endpoint: collector.url, serviceName: 'quittance', version: '1' })
  world = await openWorld({ jobs: 'on', tracing })
  gateway = await startGateway({ port: 0, billingUrl: world.url, token: { secret }, tracing })
  token = world.admin('traced')
  const customer = { email: given.email, name: given.name }
  const method = { paymentMethodId: 'pm_card_visa', billingDetails: customer }
  await ask('POST', '/payment-methods', 201, method)
  const wanted = { plan: 'starter', trialDays: 0 }
  await ask('POST', '/subscriptions', 201, wanted)
  await ask('GET', '/invoices/inv_none', 404)
  const probe = await fetch(`${gateway.url}/healthz`)
  expect(probe.status).toBe(200)
  await untilSealed()
  await gateway.close()
  await world.close()
  await tracing.close()
})
afterAll(() => collector?.close())

const traced = () => collector.spans.filter(span => span.traceId === traceId)
const named = (name: string): CollectedSpan => {
  const found = traced().filter(span => span.name === name)
  expect(
    found,
    traced()
      .map(span => span.name)
      .join(', '),
  ).toHaveLength(1)
  return found[0]!
}
const parentOf = (span: CollectedSpan) =>
  traced().find(({ spanId }) => spanId === span.parentSpanId)

/** The names from a span up to the one that the caller began. */
function pathOf(span: CollectedSpan): string[] {
  const parent = parentOf(span)
  return [span.name, ...(parent === undefined ? [] : pathOf(parent))]
}

it('3 requests of a caller’s trace enter the gateway below its span, and the service below the gateway', () => {
  const at = (server: string) => traced().filter(({ name }) => name.startsWith(`${server} `))
  expect(at('gateway').map(({ parentSpanId }) => parentSpanId)).toEqual([
    callerSpan,
    callerSpan,
    callerSpan,
  ])
  const entered = at('gateway').map(({ spanId }) => spanId)
  expect(at('service').map(({ parentSpanId }) => parentSpanId)).toEqual(entered)
  const known = new Set([callerSpan, ...traced().map(({ spanId }) => spanId)])
  expect(traced().filter(({ parentSpanId }) => !known.has(parentSpanId))).toEqual([])
})

it('probes are not traced', () => {
  expect(collector.spans.filter(({ name }) => name.includes('healthz'))).toEqual([])
})

it('log lines written in a span carry its trace, others none', async () => {
  const within = await tracing.span('a span', 'internal', {}, async span => [
    span.traceId,
    tracing.logFacts(),
  ])
  expect(within[1]).toEqual({ trace_id: within[0] })
  expect(tracing.logFacts()).toEqual({})
})

it('a subscription’s charge and its statements stand below the service’s operation', () => {
  const operation = named('service POST /api/v1/billing/subscriptions')
  expect(operation.attributes).toMatchObject({
    'http.request.method': 'POST',
    'http.response.status_code': 201,
    'quittance.tenant_id': 'traced',
  })
  const charge = named('stripe charge')
  expect(charge.attributes['peer.service']).toBe('stripe')
  expect(pathOf(charge)).toEqual([
    'stripe charge',
    'service POST /api/v1/billing/subscriptions',
    'gateway POST /api/v1/billing/*',
  ])
  const written = traced().filter(span => span.name === 'insert subscriptions')
  expect(written.map(pathOf)).toEqual([
    [
      'insert subscriptions',
      'transaction',
      'service POST /api/v1/billing/subscriptions',
      'gateway POST /api/v1/billing/*',
    ],
  ])
  expect(written[0]!.attributes).toEqual({
    'db.system.name': 'postgresql',
    'db.operation.name': 'insert',
    'db.collection.name': 'subscriptions',
    'quittance.tenant_id': 'traced',
  })
})

it('says of a failure its code and nothing else, and that a refused request is no failure of the server', () => {
  const read = named('get invoices')
  expect([read.failed, read.attributes['error.type']]).toEqual([true, 'not_found'])
  expect(named('service GET /api/v1/billing/invoices/:id').failed).toBe(false)
})

it('a run of a job is a trace of its own; runs that found nothing are not sent', () => {
  const runs = collector.spans.filter(({ name }) => name.startsWith('job '))
  expect(runs.map(({ name }) => name)).toContain('job seal')
  expect(runs.filter(run => run.attributes['quittance.taken'] === 0)).toEqual([])
  expect(runs.map(({ parentSpanId }) => parentSpanId)).toEqual(runs.map(() => ''))
})

it('no token, key, name, address, query or word of the caller stands in what was sent', () => {
  const text = collector.text()
  expect(text).toMatch(/^POST \/v1\/traces /)
  const secrets = [token, token.split('.')[2]!, world.sandbox.secretKey, secret, 'pm_card_visa']
  for (const hidden of [...secrets, ...Object.values(given), 'of-the-caller']) {
    expect(text.includes(hidden), hidden).toBe(false)
  }
  const values = collector.spans.flatMap(({ attributes }) => Object.values(attributes))
  expect(values.filter(value => String(value).includes('4242'))).toEqual([])
})
