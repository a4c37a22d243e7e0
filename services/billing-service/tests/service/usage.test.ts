// Usage through the API: corrections, late events, thresholds, caps under a crowd, the list of events.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lateCharges, settleLate } from '../../src/actions/usage/late-usage.ts'
import { nextPeriod, restartPeriod } from '../../src/core/subscription.ts'
import { openWorld, type World } from '../../src/test/world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

const subscribe = async (tenant: string, plan: string): Promise<string> => {
  const body = { plan, trialDays: 0, paymentMethodId: 'pm_card_visa' }
  const answer = await world.call('POST', '/subscriptions', { as: world.admin(tenant), body })
  expect(answer.status).toBe(201)
  return answer.body.id
}

const use = (tenant: string, id: string, body: Record<string, unknown>) =>
  world.call('POST', `/subscriptions/${id}/usage`, {
    as: world.operator(),
    headers: { 'x-tenant-id': tenant },
    body: { metric: 'messages', ...body },
  })

const eventsOf = async (tenant: string, type: string) => {
  const found: Record<string, unknown>[] = []
  const all = world.service.deps.store.of(tenant).stream('events', {
    order: { field: 'recordedAt', direction: 'asc' },
  })
  for await (const event of all) if (event.type === type) found.push(event.data)
  return found
}

describe('corrections', () => {
  it('replace an event by its key: 100 becomes 40, then 70, and the total follows', async () => {
    const id = await subscribe('correct', 'starter')
    await use('correct', id, { quantity: 10, idempotencyKey: 'a' })
    await use('correct', id, { quantity: 100, idempotencyKey: 'b' })
    const first = await use('correct', id, { quantity: 40, corrects: 'b', idempotencyKey: 'c1' })
    expect(first.body).toMatchObject({ accepted: true, total: 50 })
    const again = await use('correct', id, { quantity: 40, corrects: 'b', idempotencyKey: 'c1' })
    expect(again.body).toMatchObject({ duplicate: true, total: 50 })
    const second = await use('correct', id, { quantity: 70, corrects: 'b' })
    expect(second.body.total).toBe(80)
  })

  it('never take a total below 0: 10 less 25 is 0, and 5 more are 5', async () => {
    const id = await subscribe('below', 'starter')
    await use('below', id, { quantity: 10 })
    expect((await use('below', id, { quantity: -25 })).body.total).toBe(0)
    expect((await use('below', id, { quantity: 5 })).body.total).toBe(5)
  })

  it('that lower a total are the issuer’s alone, others are not', async () => {
    const id = await subscribe('lower', 'starter')
    const as = world.admin('lower')
    const path = `/subscriptions/${id}/usage`
    const send = (body: object) =>
      world.call('POST', path, { as, body: { metric: 'messages', ...body } })
    await send({ quantity: 10, idempotencyKey: 'a' })
    expect((await send({ quantity: 4, corrects: 'a' })).body.code).toBe('operator_only')
    expect((await send({ quantity: 14, corrects: 'a' })).body.total).toBe(14)
  })

  it('of an unknown event are 404, of another metric 400', async () => {
    const id = await subscribe('unknown', 'starter')
    await use('unknown', id, { quantity: 1, idempotencyKey: 'a' })
    expect((await use('unknown', id, { quantity: 1, corrects: 'zzz' })).status).toBe(404)
    const other = await use('unknown', id, { metric: 'seats', quantity: 1, corrects: 'a' })
    expect([other.status, other.body.errors[0].path]).toEqual([400, '/metric'])
  })

  it('10 at once of one event leave the last of them, not their sum', async () => {
    const id = await subscribe('crowd', 'starter')
    await use('crowd', id, { quantity: 100, idempotencyKey: 'a' })
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => use('crowd', id, { quantity: 60, corrects: 'a' })),
    )
    expect(new Set(answers.map(answer => answer.status))).toEqual(new Set([202]))
    expect((await use('crowd', id, { quantity: 0 })).body.total).toBe(60)
  })
})

describe('a hard cap', () => {
  it('of 1,000 messages lets 20 at once of 100 use 1,000 and refuses the other 10', async () => {
    const id = await subscribe('cap', 'free')
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => use('cap', id, { quantity: 100 })),
    )
    const statuses = answers.map(answer => answer.status)
    expect(statuses.filter(status => status === 202)).toHaveLength(10)
    expect(statuses.filter(status => status === 409)).toHaveLength(10)
    const { body } = await world.call('GET', `/subscriptions/${id}/usage`, {
      as: world.member('cap'),
    })
    expect(body.metrics.messages).toMatchObject({ quantity: 1000, included: 1000, overage: 0 })
  })

  it('holds within one batch, and a repeated key counts once', async () => {
    const id = await subscribe('batch', 'free')
    const event = (idempotencyKey: string, quantity: number) => ({
      subscriptionId: id,
      metric: 'messages',
      quantity,
      idempotencyKey,
    })
    const { body } = await world.call('POST', '/usage/batch', {
      as: world.admin('batch'),
      body: { events: [event('a', 600), event('a', 600), event('b', 600), event('c', 400)] },
    })
    expect(body).toEqual({
      accepted: 2,
      duplicates: 1,
      rejected: [{ index: 2, code: 'quota_exceeded' }],
    })
  })
})

describe('thresholds', () => {
  it('of 50, 80 and 100 % are told once each, whatever comes after', async () => {
    const id = await subscribe('alerts', 'starter')
    for (const quantity of [4000, 2000, 2500, 1000, 2000, 3000]) {
      await use('alerts', id, { quantity })
    }
    const told = await eventsOf('alerts', 'usage.threshold_reached')
    expect(told.map(({ threshold, quantity }) => [threshold, quantity])).toEqual([
      [50, '6000'],
      [80, '8500'],
      [100, '11500'],
    ])
  })

  it('crossed by 20 at once are told once', async () => {
    const id = await subscribe('crossing', 'starter')
    await Promise.all(Array.from({ length: 20 }, () => use('crossing', id, { quantity: 300 })))
    const told = await eventsOf('crossing', 'usage.threshold_reached')
    expect(told.map(({ threshold }) => threshold)).toEqual([50])
  })
})

describe('late usage', () => {
  it('is marked, waits for the renewal, and costs the difference: 500 above the quota are 1.00', async () => {
    const id = await subscribe('late', 'starter')
    await use('late', id, { quantity: 10_000 })
    const { store } = world.service.deps
    const dayMs = 86_400_000
    // The subscription began 40 days ago, and its second month is running.
    await store.transaction('late', async tx => {
      const now = await tx.get('subscriptions', id)
      const began = now.currentPeriodStart - 40 * dayMs
      await tx.replace('subscriptions', {
        ...nextPeriod(restartPeriod(now, began)),
        createdAt: began,
      })
    })
    const before = await store.of('late').get('subscriptions', id)
    const timestamp = new Date(before.currentPeriodStart - dayMs).toISOString()
    await use('late', id, { quantity: 10_000, timestamp, idempotencyKey: 'first' })
    const late = await use('late', id, { quantity: 500, timestamp, idempotencyKey: 'second' })
    expect(late.body).toMatchObject({ accepted: true, total: 10_500 })
    const charge = () =>
      store.transaction('late', async tx => {
        const subscription = await tx.lock('subscriptions', id)
        const charges = await lateCharges(tx, subscription, [])
        await settleLate(tx, charges)
        return charges.map(({ waiting, difference }) => [waiting.quantity, difference?.amountMinor])
      })
    expect(await charge()).toEqual([['10500', 100]])
    expect(await charge()).toEqual([])
    await use('late', id, { quantity: 250, timestamp })
    expect(await charge()).toEqual([['250', 50]])
    const { body } = await world.call('GET', `/subscriptions/${id}/usage/events?limit=2`, {
      as: world.admin('late'),
    })
    expect(body.data.map((event: { late: boolean }) => event.late)).toEqual([true, true])
    expect(body.hasMore).toBe(true)
  })
})

describe('the list of events', () => {
  it('comes newest first, page by page, by metric, and not to members', async () => {
    const id = await subscribe('list', 'starter')
    for (const quantity of [1, 2, 3, 4, 5]) await use('list', id, { quantity })
    await use('list', id, { metric: 'seats', quantity: 9 })
    const path = `/subscriptions/${id}/usage/events?metric=messages&limit=2`
    const as = world.admin('list')
    const seen: number[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const more: string = cursor === '' ? '' : `&cursor=${cursor}`
      const { body } = await world.call('GET', `${path}${more}`, { as })
      seen.push(...body.data.map((event: { quantity: number }) => event.quantity))
      cursor = body.nextCursor
    }
    expect(seen).toEqual([5, 4, 3, 2, 1])
    expect((await world.call('GET', path, { as: world.member('list') })).status).toBe(403)
    expect((await world.call('GET', path, { as: world.admin('others') })).status).toBe(404)
  })
})
