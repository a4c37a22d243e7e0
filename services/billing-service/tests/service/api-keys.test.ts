// Keys by which machines call: made, used, replaced, revoked, and never to be had again.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openWorld, type World } from '../../src/test/world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld({ jobs: 'off' })
})
afterAll(() => world.close())

const admin = () => world.admin('acme')
const make = async (body: object, as = admin()) => {
  const answer = await world.call('POST', '/api-keys', { as, body })
  expect(answer.status, JSON.stringify(answer.body)).toBe(201)
  return answer.body
}
const plans = async (key: string) => (await world.call('GET', '/plans', { as: key })).status
const newestLine = async () =>
  (await world.call('GET', '/audit-log?limit=1', { as: admin() })).body.data[0]

it('a key of role service does what that role may, for its tenant alone', async () => {
  const made = await make({ name: 'metering' })
  expect(made).toMatchObject({ tenantId: 'acme', role: 'service', status: 'active' })
  expect(made.key).toMatch(/^qk_[A-Za-z0-9_-]{43}$/)
  expect(await plans(made.key)).toBe(200)
  const { body } = await world.call('GET', '/entitlements', { as: made.key })
  expect(JSON.stringify(body)).not.toContain('other')
  for (const path of ['/invoices', '/api-keys', '/issuer/tenants']) {
    expect([path, (await world.call('GET', path, { as: made.key })).status]).toEqual([path, 403])
  }
  const named = { as: made.key, headers: { 'x-tenant-id': 'other' } }
  expect((await world.call('GET', '/subscriptions', named)).status).toBe(403)
})

it('a key of role member reads and records nothing', async () => {
  const { key } = await make({ name: 'reader', role: 'member' })
  expect((await world.call('GET', '/subscriptions', { as: key })).status).toBe(200)
  const usage = { as: key, body: { metric: 'messages', quantity: 1 } }
  expect((await world.call('POST', '/subscriptions/sub_x/usage', usage)).status).toBe(403)
})

it('a key of the issuer acts for the tenant that the call names', async () => {
  const { key, tenantId } = await make({ name: 'platform' }, world.operator())
  expect(tenantId).toBeNull()
  const headers = { 'x-tenant-id': 'acme' }
  expect((await world.call('GET', '/subscriptions', { as: key, headers })).status).toBe(200)
  expect((await world.call('GET', '/subscriptions', { as: key })).body.code).toBe('tenant_required')
  const member = { as: world.operator(), body: { name: 'x', role: 'member' } }
  expect((await world.call('POST', '/api-keys', member)).status).toBe(400)
})

it('after a rotation both count until the overlap ends, after a revocation none', async () => {
  const first = await make({ name: 'turning' })
  const path = `/api-keys/${first.id}/rotate`
  const second = await world.call('POST', path, { as: admin(), body: { overlapHours: 1 } })
  expect(second.status).toBe(201)
  expect([await plans(first.key), await plans(second.body.key)]).toEqual([200, 200])
  const at = `/api-keys/${second.body.id}/rotate`
  const third = await world.call('POST', at, { as: admin(), body: { overlapHours: 0 } })
  expect([await plans(second.body.key), await plans(third.body.key)]).toEqual([401, 200])
  const gone = await world.call('DELETE', `/api-keys/${third.body.id}`, { as: admin() })
  expect([gone.status, await plans(third.body.key)]).toEqual([204, 401])
  expect((await world.call('DELETE', `/api-keys/${third.body.id}`, { as: admin() })).status).toBe(
    404,
  )
  expect(await newestLine()).toMatchObject({ action: 'api_key.revoked', objectId: third.body.id })
})

it("another tenant's key is 404, a made-up and a malformed one 401, an end in the past 400", async () => {
  const { id } = await make({ name: 'mine' })
  const thief = { as: world.admin('thief') }
  expect((await world.call('DELETE', `/api-keys/${id}`, thief)).status).toBe(404)
  expect((await world.call('POST', `/api-keys/${id}/rotate`, { ...thief, body: {} })).status).toBe(
    404,
  )
  for (const key of [`qk_${'A'.repeat(43)}`, 'qk_', 'qk_short', `qk_${'A'.repeat(9_000)}`]) {
    expect(await plans(key)).toBe(401)
  }
  const past = { as: admin(), body: { name: 'x', expiresAt: '2020-01-01T00:00:00Z' } }
  expect((await world.call('POST', '/api-keys', past)).body.code).toBe('invalid_timestamp')
})

it('the key stands in no table, no list and under no idempotency key; its use is noted', async () => {
  const headers = { 'idempotency-key': 'make-a-key' }
  const call = { as: admin(), headers, body: { name: 'once' } }
  const { key, id } = (await world.call('POST', '/api-keys', call)).body
  await plans(key)
  const listed = (await world.call('GET', '/api-keys', { as: admin() })).body.data
  const row = listed.find((each: { id: string }) => each.id === id)
  expect(row.lastUsedAt).not.toBeNull()
  expect(JSON.stringify(listed)).not.toContain(key)
  const { tables, found } = await world.held(key)
  expect(found).toEqual([])
  expect(tables).toBeGreaterThan(20)
})
