// Why something was done: kept beside the audit line, and asked for where the deployment wants it.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openWorld, type World } from '../../src/test/world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld({ jobs: 'off', environment: { REQUIRE_REASON: '1' } })
})
afterAll(() => world.close())

const operate = (path: string, body: object, headers: Record<string, string> = {}) =>
  world.call('PATCH', path, {
    as: world.operator(),
    body,
    headers: { 'x-tenant-id': 'acme', ...headers },
  })

const newestLine = async () => {
  const { body } = await world.call('GET', '/audit-log?limit=1', { as: world.admin('acme') })
  return body.data[0]
}

it('with REQUIRE_REASON=1 an operator’s change of a tenant without one is 400 reason_required', async () => {
  const answer = await operate('/settings', { trialDays: 7 })
  expect([answer.status, answer.body.code]).toEqual([400, 'reason_required'])
  const read = { as: world.operator(), headers: { 'x-tenant-id': 'acme' } }
  expect((await world.call('GET', '/settings', read)).body.trialDays).toBe(14)
})

it('the reason of the header stands in the audit line, with the address it came from', async () => {
  const said = { 'x-reason': encodeURIComponent('客户来电 ticket 7') }
  expect((await operate('/settings', { trialDays: 7 }, said)).status).toBe(200)
  expect(await newestLine()).toMatchObject({
    role: 'operator',
    reason: '客户来电 ticket 7',
    ipAddress: '127.0.0.1',
  })
})

it('the reason of a body counts as well, and a tenant’s own admin needs none', async () => {
  const call = { as: world.operator(), headers: { 'x-tenant-id': 'acme' } }
  const body = { amount: 5, reason: 'goodwill' }
  expect((await world.call('POST', '/credit-balance', { ...call, body })).status).toBeLessThan(300)
  expect((await newestLine()).reason).toBe('goodwill')
  const own = { as: world.admin('acme'), body: { zone: 'Asia/Shanghai' } }
  expect((await world.call('PATCH', '/settings', own)).status).toBe(200)
  expect((await newestLine()).reason).toBeNull()
})

it('a card number as the reason is refused and stands nowhere', async () => {
  const answer = await operate('/settings', { trialDays: 8 }, { 'x-reason': '4242424242424242' })
  expect(answer.status).toBe(400)
  expect(JSON.stringify(await newestLine())).not.toContain('4242')
})
