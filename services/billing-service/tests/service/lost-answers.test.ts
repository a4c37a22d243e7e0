// A request did its work and died before its answer was kept: what its repetition is told.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openWorld, type World } from '../../src/test/world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld({
    jobs: 'off',
    environment: { WEBHOOK_TARGETS: 'any', RETENTION_ANSWER_HOURS: '48' },
  })
})
afterAll(() => world?.close())

const answersOf = async (tenantId: string) => {
  const reads = world.service.deps.store.of(tenantId)
  return (await reads.list('idempotentAnswers', { limit: 100 })).rows
}

/** The key as a process leaves it that died two minutes ago: claimed, and never answered. */
async function forgetAnswers(tenantId: string) {
  const forgotten = (await answersOf(tenantId)).filter(({ id }) => !id.startsWith('made:'))
  await world.service.deps.store.transaction(tenantId, async tx => {
    for (const row of forgotten) {
      const createdAt = row.createdAt - 121_000
      await tx.replace('idempotentAnswers', {
        ...row,
        state: 'running',
        status: null,
        body: null,
        createdAt,
      })
    }
  })
}

const subscribe = (tenantId: string, key: string, body: object) =>
  world.call('POST', '/subscriptions', {
    as: world.admin(tenantId),
    body,
    headers: { 'idempotency-key': key },
  })

const paid = { plan: 'starter', trialDays: 0, paymentMethodId: 'pm_card_visa' }

it.each([
  ['charged', paid],
  ['on trial', { plan: 'starter' }],
  ['free', { plan: 'free' }],
])('a subscription (%s) whose answer was lost is answered again as it was', async (kind, body) => {
  const tenantId = `lost-${kind.replace(' ', '-')}`
  const first = await subscribe(tenantId, 'k1', body)
  expect(first.status).toBe(201)
  await forgetAnswers(tenantId)
  const again = await subscribe(tenantId, 'k1', body)
  expect([again.status, again.body]).toEqual([201, first.body])
  const { body: list } = await world.call('GET', '/subscriptions', { as: world.admin(tenantId) })
  expect(list.data).toHaveLength(1)
  const charges = await world.call('GET', '/transactions', { as: world.admin(tenantId) })
  expect(charges.body.data).toHaveLength(kind === 'charged' ? 1 : 0)
})

it('a declined first charge is told again and not tried again', async () => {
  const body = { ...paid, paymentMethodId: 'pm_card_chargeCustomerFail' }
  const first = await subscribe('lost-declined', 'k1', body)
  expect(first.body.payment.status).toBe('failed')
  await forgetAnswers('lost-declined')
  const again = await subscribe('lost-declined', 'k1', body)
  expect([again.status, again.body]).toEqual([first.status, first.body])
  const charges = await world.call('GET', '/transactions', { as: world.admin('lost-declined') })
  expect(charges.body.data).toHaveLength(1)
})

it('under another key it is still 409 subscription_exists, and a key is of its tenant alone', async () => {
  await subscribe('lost-other', 'k1', { plan: 'free' })
  const other = await subscribe('lost-other', 'k2', { plan: 'free' })
  expect([other.status, other.body.code]).toEqual([409, 'subscription_exists'])
  const stranger = await subscribe('lost-stranger', 'k1', { plan: 'free' })
  expect([stranger.status, stranger.body.tenantId ?? 'lost-stranger']).toEqual([
    201,
    'lost-stranger',
  ])
})

it('what a request made is known as long as its answer is kept: 48 hours', async () => {
  await subscribe('lost-long', 'k1', { plan: 'free' })
  const rows = (await answersOf('lost-long')).map(({ id, createdAt, expiresAt }) => ({
    made: id.startsWith('made:'),
    hours: (expiresAt - createdAt) / 3_600_000,
  }))
  expect(rows.sort((a, b) => Number(a.made) - Number(b.made))).toEqual([
    { made: false, hours: 48 },
    { made: true, hours: 48 },
  ])
})

it('secrets of webhook endpoints are in no answer that is kept', async () => {
  const as = world.admin('hooked')
  const headers = { 'idempotency-key': 'h1' }
  const body = { url: 'https://203.0.113.7/hook', events: ['invoice.paid'] }
  const made = await world.call('POST', '/webhook-endpoints', { as, body, headers })
  expect([made.status, JSON.stringify(made.body)]).toEqual([201, expect.stringContaining('whsec_')])
  const at = `/webhook-endpoints/${made.body.id}/rotate-secret`
  const turned = await world.call('POST', at, { as, body: {}, headers })
  expect([turned.status, JSON.stringify(turned.body)]).toEqual([
    200,
    expect.stringContaining('whsec_'),
  ])
  expect(await answersOf('hooked')).toEqual([])
})
