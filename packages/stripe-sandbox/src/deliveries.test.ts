// Webhooks: signed, repeated until taken, filtered by endpoint, and disturbed by faults.

import type Stripe from 'stripe'
import { afterEach, describe, expect, it } from 'vitest'
import { startReceiver, startTestSandbox } from './test-client.ts'

const secret = 'whsec_test'
const closing: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function connected(answer?: (count: number) => number, events?: string[]) {
  const receiver = await startReceiver(answer)
  closing.push(receiver.close)
  const webhooks = [{ url: receiver.url, secret, ...(events ? { events } : {}) }]
  const sandbox = await startTestSandbox({ webhooks })
  closing.push(sandbox.close)
  return { receiver, sandbox, stripe: sandbox.stripe }
}

describe('deliveries', () => {
  it('signs every event so that the SDK accepts it', async () => {
    const { receiver, sandbox, stripe } = await connected()
    const customer = await stripe.customers.create()
    await sandbox.state.delivered()
    const [first] = receiver.received
    const event = stripe.webhooks.constructEvent(first?.body ?? '', first?.signature ?? '', secret)
    expect(event).toMatchObject({
      type: 'customer.created',
      api_version: '2026-10-28.endive',
      data: { object: { id: customer.id } },
    })
    expect((await stripe.events.retrieve(event.id)).pending_webhooks).toBe(0)
  })

  it('tries again after 1 s with the same event and a fresh signature', async () => {
    const { receiver, stripe } = await connected(count => (count === 1 ? 500 : 200))
    await stripe.customers.create()
    await expect.poll(() => receiver.received.length, { timeout: 4000 }).toBe(2)
    const [first, second] = receiver.received
    expect(second?.event.id).toBe(first?.event.id)
    expect(second?.signature).not.toBe(first?.signature)
  })

  it('sends an endpoint only the events it asked for, and lists the rest', async () => {
    const { receiver, sandbox, stripe } = await connected(undefined, ['customer.deleted'])
    const { id } = await stripe.customers.create()
    await stripe.customers.del(id)
    await sandbox.state.delivered()
    expect(receiver.types()).toEqual(['customer.deleted'])
    const listed = await stripe.events.list({ types: ['customer.created', 'customer.deleted'] })
    expect(listed.data.map(event => event.type)).toEqual(['customer.deleted', 'customer.created'])
  })

  it('gives an endpoint made by the API its own secret, once', async () => {
    const receiver = await startReceiver()
    closing.push(receiver.close)
    const { sandbox, stripe } = await connected()
    const endpoint = await stripe.webhookEndpoints.create({
      url: receiver.url,
      enabled_events: ['*'],
      api_version: '2026-10-28.endive' as Stripe.WebhookEndpointCreateParams.ApiVersion,
    })
    expect(endpoint.secret).toMatch(/^whsec_/)
    expect((await stripe.webhookEndpoints.retrieve(endpoint.id)).secret).toBeUndefined()
    await stripe.customers.create()
    await sandbox.state.delivered()
    const [got] = receiver.received
    expect(
      stripe.webhooks.constructEvent(got?.body ?? '', got?.signature ?? '', endpoint.secret ?? ''),
    ).toBeDefined()
  })
})

describe('webhook faults', () => {
  const fault = {
    remaining: 1,
    probability: 1,
    method: null,
    match: 'customer.created',
    delayMs: 30,
    status: 429,
    performs: false,
  } as const

  it('repeats one event, and makes a twin with another id', async () => {
    const { receiver, sandbox, stripe } = await connected()
    sandbox.state.faults.add({ ...fault, kind: 'webhook_duplicate' })
    await stripe.customers.create()
    await expect.poll(() => receiver.received.length).toBe(2)
    expect(new Set(receiver.received.map(got => got.event.id)).size).toBe(1)
    sandbox.state.faults.add({ ...fault, kind: 'webhook_twin' })
    await stripe.customers.create()
    await expect.poll(() => receiver.received.length).toBe(4)
    expect(new Set(receiver.received.map(got => got.event.id)).size).toBe(3)
  })

  it('loses an event that can still be listed', async () => {
    const { receiver, sandbox, stripe } = await connected()
    sandbox.state.faults.add({ ...fault, kind: 'webhook_loss' })
    const { id } = await stripe.customers.create()
    await stripe.customers.update(id, { name: 'New' })
    await sandbox.state.delivered()
    expect(receiver.types()).toEqual(['customer.updated'])
    const missed = await stripe.events.list({ delivery_success: false })
    expect(missed.data.map(event => event.type)).toEqual(['customer.created'])
  })

  it('lets a later event overtake an earlier one', async () => {
    const { receiver, sandbox, stripe } = await connected()
    sandbox.state.faults.add({ ...fault, kind: 'webhook_reorder', delayMs: 100 })
    const { id } = await stripe.customers.create()
    await stripe.customers.update(id, { name: 'New' })
    await expect.poll(() => receiver.types()).toEqual(['customer.updated', 'customer.created'])
  })
})
