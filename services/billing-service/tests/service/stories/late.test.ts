// Usage at the edge of a period, with drafts that become demands at once: what races the boundary is billed
// with the next invoice, and what no invoice can bill any more is refused.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { finalizeDue } from '../../../src/actions/invoices/finalize-due.ts'
import { renewSubscription } from '../../../src/actions/subscriptions/renew-subscription.ts'
import { oneByOne } from '../../../src/ports/one-by-one.ts'
import type { Store } from '../../../src/ports/store.ts'
import { openStory, type Story } from '../../../src/test/story.ts'
import { openWorld, type World } from '../../../src/test/world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
  const charges = [{ currency: 'USD', price: { model: 'standard', unitAmount: 0.1 } }]
  const plan = (code: string, amount: number) => ({
    code,
    name: code,
    family: code,
    prices: [{ currency: 'USD', billingCycle: 'monthly', amount }],
    included: { calls: 100 },
    metrics: { calls: { charges } },
  })
  const body = { plans: [plan('edge', 20), plan('edge_free', 0)] }
  expect((await world.call('POST', '/plans', { as: world.operator(), body })).status).toBe(200)
})
afterAll(() => world.close())

const subscribe = (story: Story, plan = 'edge') =>
  story.ask('POST', '/subscriptions', { plan, trialDays: 0, paymentMethodId: 'pm_card_visa' })

const use = (story: Story, id: string, quantity: number, timestamp: string, status?: number) =>
  story.operate(
    'POST',
    `/subscriptions/${id}/usage`,
    { metric: 'calls', quantity, timestamp },
    status,
  )

/** The next time a transaction has read subscriptions, something else is done before it goes on. */
function afterNextRead(store: Store, work: () => Promise<unknown>): void {
  const { transaction } = store
  Object.assign(store, {
    together: ((items, each) => oneByOne(store, items, each)) as Store['together'],
    transaction: ((tenantId, body) =>
      transaction(tenantId, async tx => {
        const raced: typeof tx = {
          ...tx,
          async getMany(collection, keys) {
            const rows = await tx.getMany(collection, keys)
            if (collection !== 'subscriptions' || store.transaction === transaction) return rows
            Object.assign(store, { transaction })
            await work()
            return rows
          },
        }
        return body(raced)
      })) as Store['transaction'],
  })
}

const atOnce = { draftHours: 0, usageDraftHours: 0 }

/** Records 300 calls of January while the boundary is taken and its invoice becomes a demand. */
async function raceBoundary(story: Story, id: string): Promise<void> {
  const { deps } = world.service
  const { tenantId } = story
  await deps.store.transaction(tenantId, async tx => {
    const tenant = await tx.lock('tenants', tenantId)
    await tx.replace('tenants', { ...tenant, clockAt: Date.parse('2024-02-01T00:00:01Z') })
  })
  afterNextRead(deps.store, async () => {
    await renewSubscription(deps, tenantId, id)
    const { rows } = await deps.store.of(tenantId).list('invoices', { limit: 10 })
    for (const invoice of rows) await finalizeDue(deps, tenantId, invoice.id)
  })
  const body = await use(story, id, 300, '2024-01-31T23:59:59Z')
  expect(body).toMatchObject({ accepted: true, total: 300 })
}

describe('300 calls, 200 above the quota, that race the boundary', () => {
  it('are 20.00 on the next invoice when the renewal became a demand meanwhile', async () => {
    const story = await openStory(world, 'race', '2024-01-01T00:00:00Z', atOnce)
    const { id } = await subscribe(story)
    await raceBoundary(story, id)
    await story.until('2024-03-02T00:00:00Z')
    expect(await story.statement()).toMatchInlineSnapshot(`
      "#0001 2024-01-01 00:00 paid 20.00 USD
          recurring 20.00 [2024-01-01 00:00, 2024-02-01 00:00)
      #0002 2024-02-01 00:00 paid 20.00 USD
          recurring 20.00 [2024-02-01 00:00, 2024-03-01 00:00)
      #0003 2024-03-01 00:00 paid 40.00 USD
          usage 20.00 [2024-01-01 00:00, 2024-02-01 00:00)
          recurring 20.00 [2024-03-01 00:00, 2024-04-01 00:00)"
    `)
  })

  it('are 20.00 on the next invoice when the boundary made none', async () => {
    const story = await openStory(world, 'race-none', '2024-01-01T00:00:00Z', atOnce)
    const { id } = await subscribe(story, 'edge_free')
    await raceBoundary(story, id)
    await story.until('2024-03-02T00:00:00Z')
    expect(await story.statement()).toMatchInlineSnapshot(`
      "#0001 2024-03-01 00:00 paid 20.00 USD
          usage 20.00 [2024-01-01 00:00, 2024-02-01 00:00)"
    `)
  })
})

describe('usage of a subscription that has ended', () => {
  it('counts while its final invoice is a draft, and is 409 usage_closed once that is issued', async () => {
    const story = await openStory(world, 'ended', '2024-01-01T00:00:00Z', { usageDraftHours: 24 })
    const { id } = await subscribe(story)
    await use(story, id, 200, '2024-01-01T00:00:00Z')
    await story.until('2024-01-20T00:00:00Z')
    await story.ask('POST', `/subscriptions/${id}/cancel`, { when: 'now' })
    await story.until('2024-01-20T12:00:00Z')
    await use(story, id, 50, '2024-01-19T00:00:00Z')
    await story.until('2024-01-22T00:00:00Z')
    const refused = await use(story, id, 10, '2024-01-19T00:00:00Z', 409)
    expect(refused).toMatchObject({ code: 'usage_closed' })
    expect(refused.detail).toContain('2024-01-20')
    const after = await use(story, id, 10, '2024-01-21T00:00:00Z', 409)
    expect(after.code).toBe('subscription_ended')
    expect(await story.statement()).toMatchInlineSnapshot(`
      "#0001 2024-01-01 00:00 paid 20.00 USD
          recurring 20.00 [2024-01-01 00:00, 2024-02-01 00:00)
      #0002 2024-01-21 00:00 paid 15.00 USD
          usage 15.00 [2024-01-01 00:00, 2024-01-20 00:00)"
    `)
  })
})

describe('usage of a subscription that pauses', () => {
  it('is refused for the pause, and what came late for the last period is billed at the end', async () => {
    const story = await openStory(world, 'pausing', '2024-01-01T00:00:00Z', atOnce)
    const { id } = await subscribe(story)
    await story.ask('POST', `/subscriptions/${id}/pause`, {})
    await story.until('2024-02-10T00:00:00Z')
    const during = await use(story, id, 10, '2024-02-05T00:00:00Z', 409)
    expect(during.code).toBe('subscription_not_active')
    await use(story, id, 300, '2024-01-31T00:00:00Z')
    await story.ask('POST', `/subscriptions/${id}/cancel`, { when: 'now' })
    await story.until('2024-02-12T00:00:00Z')
    expect(await story.statement()).toMatchInlineSnapshot(`
      "#0001 2024-01-01 00:00 paid 20.00 USD
          recurring 20.00 [2024-01-01 00:00, 2024-02-01 00:00)
      #0002 2024-02-10 00:00 paid 20.00 USD
          usage 20.00 [2024-01-01 00:00, 2024-02-01 00:00)"
    `)
  })
})
