// Events as a tenant's own server receives them: a real HTTP receiver that checks with the SDK.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { verifyWebhook, type WebhookMessage } from '@quittance/billing-client/webhook'
import { eventCatalogue } from '@quittance/billing-contract/schemas/event-catalogue'
import { Check } from 'typebox/value'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordDrift } from '../../src/actions/reconciliation/drift-inbox.ts'
import { deliverDue } from '../../src/actions/webhook-endpoints/deliver.ts'
import { passBackMs, routeEvents } from '../../src/actions/webhook-endpoints/route-events.ts'
import { openWorld, type World } from '../../src/test/world.ts'

interface Received {
  readonly path: string
  readonly headers: Record<string, string | string[] | undefined>
  readonly body: string
}

let world: World
let receiver: Server
let address: string
const received: Received[] = []
/** What the receiver answers, by path; default 204. */
const answers = new Map<string, number>()

beforeAll(async () => {
  receiver = createServer((request, reply) => {
    const parts: Buffer[] = []
    request.on('data', part => parts.push(part))
    request.on('end', () => {
      const path = request.url ?? ''
      received.push({ path, headers: request.headers, body: Buffer.concat(parts).toString() })
      reply.writeHead(answers.get(path) ?? 204).end()
    })
  })
  await new Promise<void>(done => receiver.listen(0, '127.0.0.1', done))
  address = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`
  world = await openWorld({ jobs: 'off', environment: { WEBHOOK_TARGETS: 'any' } })
})
afterAll(async () => {
  await world?.close()
  receiver?.closeAllConnections()
  receiver?.close()
})

const deps = () => world.service.deps
const pass = async () => {
  await routeEvents(deps(), passBackMs)
  return deliverDue(deps())
}
const at = (path: string) => received.filter(each => each.path === path)
const verified = (each: Received, secret: string | string[]): Promise<WebhookMessage> =>
  verifyWebhook({ body: each.body, headers: each.headers, secret })

async function endpoint(as: string, path: string, more: object = {}, headers = {}) {
  const body = { url: `${address}${path}`, ...more }
  const made = await world.call('POST', '/webhook-endpoints', { as, body, headers })
  expect(made.status).toBe(201)
  return made.body
}

const subscribe = (tenantId: string) =>
  world.call('POST', '/subscriptions', {
    as: world.admin(tenantId),
    body: { plan: 'starter', paymentMethodId: 'pm_card_visa', trialDays: 0 },
  })

describe('events delivered', () => {
  it('signed, each once, in order, as the catalogue says, and to nobody else', async () => {
    const { secret } = await endpoint(world.admin('hook-a'), '/a')
    const other = await endpoint(world.admin('hook-b'), '/b')
    await endpoint(world.operator(), '/issuer', { events: ['invoice.paid'] })
    expect((await subscribe('hook-a')).status).toBe(201)
    await pass()
    await pass()
    const messages = await Promise.all(at('/a').map(each => verified(each, secret)))
    const types = messages.map(({ type }) => type)
    expect(types).toContain('subscription.created')
    expect(types).toContain('invoice.paid')
    expect(new Set(messages.map(({ id }) => id)).size).toBe(messages.length)
    expect([...messages].sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual(messages)
    for (const { type, data, tenantId } of messages) {
      expect(tenantId).toBe('hook-a')
      expect([type, Check(eventCatalogue[type]!.data, data)]).toEqual([type, true])
    }
    await expect(verified(at('/a')[0]!, other.secret)).rejects.toMatchObject({
      code: 'signature_wrong',
    })
    const ofOther = await Promise.all(at('/b').map(each => verified(each, other.secret)))
    expect(ofOther.map(({ type }) => type)).toEqual(['webhook_endpoint.created'])
    expect(at('/issuer').map(({ body }) => JSON.parse(body).tenantId)).toEqual(['hook-a'])
  })

  it('alerts and drift reach the issuer’s endpoint, without a tenant', async () => {
    const { secret } = await endpoint(world.operator(), '/drift', { events: ['drift.found'] })
    const difference = {
      objectType: 'payment',
      processorId: 'pi_drift',
      tenantId: 'hook-a',
      objectId: null,
      field: 'amount',
      ours: '1',
      theirs: '2',
      currency: 'USD',
      moneyMinor: 1,
    } as const
    await recordDrift(deps(), { differences: [difference], compared: new Set() })
    await pass()
    expect(await verified(at('/drift')[0]!, secret)).toMatchObject({
      type: 'drift.found',
      tenantId: null,
      data: { ours: '1', theirs: '2' },
    })
  })
})

describe('an endpoint that fails', () => {
  it('is tried again with the same id, and its log says what it answered', async () => {
    const as = world.admin('hook-c')
    answers.set('/c', 500)
    const { id, secret } = await endpoint(as, '/c')
    expect(await pass()).toContain('waiting')
    const log = () => world.call('GET', `/webhook-endpoints/${id}/deliveries`, { as })
    expect((await log()).body.data[0]).toMatchObject({
      status: 'waiting',
      attempts: 1,
      responseStatus: 500,
      eventType: 'webhook_endpoint.created',
    })
    const { body } = await world.call('GET', `/webhook-endpoints/${id}`, { as })
    expect(body.failingSince).not.toBeNull()
    answers.delete('/c')
    const { rows } = await deps()
      .store.of('hook-c')
      .list('webhookDeliveries', {
        where: { endpointId: id },
        order: { field: 'createdAt', direction: 'asc' },
        limit: 10,
      })
    await deps().store.transaction('hook-c', tx =>
      tx.replace('webhookDeliveries', { ...rows[0]!, dueAt: Date.now() }),
    )
    await deliverDue(deps())
    const [first, second] = await Promise.all(at('/c').map(each => verified(each, secret)))
    expect(second).toEqual(first)
    expect((await log()).body.data[0]).toMatchObject({ status: 'delivered', attempts: 2 })
    const healthy = await world.call('GET', `/webhook-endpoints/${id}`, { as })
    expect(healthy.body.failingSince).toBeNull()
  })

  it('410 switches it off, which its other endpoint is told; on again, it hears what is new', async () => {
    const as = world.admin('hook-d')
    answers.set('/d', 410)
    const gone = await endpoint(as, '/d')
    const witness = await endpoint(as, '/d2', { events: ['webhook_endpoint.disabled'] })
    await pass()
    await pass()
    const disabled = await world.call('GET', `/webhook-endpoints/${gone.id}`, { as })
    expect(disabled.body).toMatchObject({ status: 'disabled', disabledReason: 'gone' })
    const told = await verified(at('/d2')[0]!, witness.secret)
    expect(told).toMatchObject({ objectId: gone.id, data: { reason: 'gone' } })
    const { body } = await world.call('GET', `/webhook-endpoints/${gone.id}/deliveries`, { as })
    const resend = `/webhook-endpoints/${gone.id}/deliveries/${body.data[0].id}/resend`
    expect((await world.call('POST', resend, { as })).status).toBe(409)
    answers.delete('/d')
    const on = { as, body: { status: 'enabled' } }
    expect((await world.call('PATCH', `/webhook-endpoints/${gone.id}`, on)).status).toBe(200)
    expect((await world.call('POST', resend, { as })).body.status).toBe('waiting')
    const before = at('/d').length
    await pass()
    expect(at('/d').length).toBe(before + 2)
  })
})

describe('secrets and addresses', () => {
  it('a new secret and the old one sign during the overlap, and neither is told again', async () => {
    const as = world.admin('hook-e')
    const made = await endpoint(as, '/e', { events: ['webhook_endpoint.*'] })
    const path = `/webhook-endpoints/${made.id}`
    const rotated = await world.call('POST', `${path}/rotate-secret`, { as, body: {} })
    expect(rotated.body.secret).not.toBe(made.secret)
    await pass()
    const last = at('/e').at(-1)!
    await verified(last, made.secret)
    await verified(last, rotated.body.secret)
    const read = await world.call('GET', path, { as })
    const audit = await world.call('GET', '/audit-log?limit=100', { as })
    expect(JSON.stringify([read.body, audit.body, last.body])).not.toContain('whsec_')
    expect((await world.call('DELETE', path, { as })).status).toBe(204)
    expect((await world.call('GET', path, { as })).status).toBe(404)
    expect((await world.call('GET', '/webhook-endpoints', { as })).body.data).toEqual([])
  })

  it('unknown events 400, another tenant’s endpoint 404, a 21st endpoint 409', async () => {
    const as = world.admin('hook-f')
    const bad = { as, body: { url: address, events: ['invoice.eaten'] } }
    expect((await world.call('POST', '/webhook-endpoints', bad)).body.code).toBe(
      'unknown_event_type',
    )
    const { id } = await endpoint(as, '/f')
    const stranger = world.admin('hook-g')
    for (const [method, path] of [
      ['GET', ''],
      ['DELETE', ''],
      ['GET', '/deliveries'],
    ]) {
      const answer = await world.call(method!, `/webhook-endpoints/${id}${path}`, { as: stranger })
      expect(answer.status).toBe(404)
    }
    for (let made = 1; made < 20; made += 1)
      await endpoint(as, `/f${made}`, { events: ['drift.*'] })
    const more = await world.call('POST', '/webhook-endpoints', { as, body: { url: address } })
    expect(more.body.code).toBe('too_many_endpoints')
  })

  it('members may not, and a platform’s service names its tenant', async () => {
    const body = { url: address }
    const member = await world.call('POST', '/webhook-endpoints', {
      as: world.member('hook-h'),
      body,
    })
    expect(member.status).toBe(403)
    const { body: list } = await world.call('GET', '/webhook-endpoints/events', {
      as: world.admin('hook-h'),
    })
    expect(list.data.length).toBe(Object.keys(eventCatalogue).length)
  })
})
