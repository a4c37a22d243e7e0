// Entitlements through the API: by plan, by use, by status.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withStatus } from '../../src/core/subscription.ts'
import { openWorld, type World } from '../../src/test/world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

const check = async (tenant: string, body: object) =>
  (await world.call('POST', '/entitlements/check', { as: world.member(tenant), body })).body

const subscribe = async (tenant: string, plan: string): Promise<string> => {
  const body = { plan, trialDays: 0, paymentMethodId: 'pm_card_visa' }
  return (await world.call('POST', '/subscriptions', { as: world.admin(tenant), body })).body.id
}

describe('entitlements', () => {
  it('of a tenant that nobody knows are none, and asking makes no tenant', async () => {
    const { status, body } = await world.call('GET', '/entitlements', {
      as: world.member('nobody'),
    })
    expect(status).toBe(200)
    expect(body).toMatchObject({ subscriptions: [], features: [], metrics: {} })
    expect(await check('nobody', { feature: 'audit_log' })).toMatchObject({
      allowed: false,
      reason: 'no_subscription',
    })
    expect(await world.service.deps.store.of('nobody').find('tenants', 'nobody')).toBeNull()
  })

  it('follow what is used: 1,000 free messages, then no more', async () => {
    const id = await subscribe('free', 'free')
    expect(await check('free', { metric: 'messages', quantity: 1000 })).toMatchObject({
      allowed: true,
      remaining: 1000,
    })
    await world.call('POST', `/subscriptions/${id}/usage`, {
      as: world.admin('free'),
      body: { metric: 'messages', quantity: 1000 },
    })
    expect(await check('free', { metric: 'messages' })).toMatchObject({
      allowed: false,
      reason: 'quota_exhausted',
      used: 1000,
      remaining: 0,
    })
    const { body } = await world.call('GET', '/entitlements', { as: world.member('free') })
    expect(body.metrics.messages).toMatchObject({ allowed: true, used: 1000, remaining: 0 })
    expect(body.features).toEqual(['community_support'])
  })

  it('end with the subscription’s right to be used', async () => {
    const id = await subscribe('paused', 'professional')
    expect(await check('paused', { feature: 'audit_log' })).toMatchObject({ allowed: true })
    await world.service.deps.store.transaction('paused', async tx => {
      const subscription = await tx.lock('subscriptions', id)
      await tx.replace('subscriptions', withStatus(subscription, 'paused', subscription.createdAt))
    })
    expect(await check('paused', { feature: 'audit_log' })).toMatchObject({
      allowed: false,
      reason: 'paused',
    })
    await world.call('POST', `/subscriptions/${id}/cancel`, {
      as: world.admin('paused'),
      body: { when: 'now' },
    })
    expect((await check('paused', { feature: 'audit_log' })).reason).toBe('no_subscription')
  })

  it('answer exactly one question, and keep no answer for a repeated key', async () => {
    expect((await check('free', { feature: 'a', metric: 'b' })).code).toBe('invalid_request')
    expect((await check('free', {})).code).toBe('invalid_request')
    const headers = { 'idempotency-key': 'same' }
    const as = world.member('free')
    const body = { metric: 'seats' }
    const first = await world.call('POST', '/entitlements/check', { as, body, headers })
    const second = await world.call('POST', '/entitlements/check', { as, body, headers })
    expect([first.status, second.status]).toEqual([200, 200])
    expect(second.headers.get('idempotent-replayed')).toBeNull()
  })
})
