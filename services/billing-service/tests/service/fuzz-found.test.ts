// What the fuzzer found, each as the smallest request that showed it.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openWorld, type World } from '../../src/test/world.ts'

let world: World
let methodId = ''
const as = () => world.admin('acme')
beforeAll(async () => {
  world = await openWorld({ jobs: 'off' })
  const body = { paymentMethodId: 'pm_card_visa' }
  methodId = (await world.call('POST', '/payment-methods', { as: as(), body })).body.id
})
afterAll(() => world.close())

it('an export named as a method of every object is 404', async () => {
  for (const format of ['valueOf', 'constructor', '__proto__', 'toString']) {
    const answer = await world.call('GET', `/transactions/export/${format}`, { as: as() })
    expect([format, answer.status]).toEqual([format, 404])
  }
})

it('the years 0 and 9999 as a period are 400, and so is a time in the year 0', async () => {
  for (const path of ['/transactions/summary/9999', '/transactions/summary/0000']) {
    expect((await world.call('GET', path, { as: as() })).body.code).toBe('invalid_period')
  }
  const far = await world.call('GET', '/transactions?to=0000-01-01T00:00:00Z', { as: as() })
  expect(far.body.code).toBe('invalid_timestamp')
})

it('an expiry year that is past is 400 and names the field', async () => {
  const body = { expMonth: 1, expYear: 2020 }
  const answer = await world.call('PATCH', `/payment-methods/${methodId}`, { as: as(), body })
  expect(answer.status).toBe(400)
  expect(answer.body.errors[0].path).toBe('/expiry')
})

it('a body nested 100,000 levels deep is 400 and says so', async () => {
  const raw = `{"metadata":${'['.repeat(100_000)}`
  const answer = await world.call('POST', '/subscriptions', { as: as(), raw })
  expect(answer.status).toBe(400)
  expect(answer.body.errors[0].message).toContain('32')
})

it('a filter with a NUL is 400 before a file begins', async () => {
  for (const format of ['csv', 'xlsx', 'pdf']) {
    const path = `/transactions/export/${format}?status=a%00b`
    expect((await world.call('GET', path, { as: as() })).status).toBe(400)
  }
})

it('a metric of a plan may be called toString', async () => {
  const prices = [{ currency: 'USD', billingCycle: 'monthly', amount: 5 }]
  const plan = { code: 'odd', name: 'Odd', prices, included: { toString: null }, overage: {} }
  const call = { as: world.operator(), body: { plans: [plan], dryRun: true } }
  const answer = await world.call('POST', '/plans', call)
  expect(answer.status).toBe(200)
})

it('a hosted page for less than can be charged is 400 amount_too_small', async () => {
  const lineItems = [{ description: 'x', quantity: 1, unitAmount: 10 }]
  const operator = { as: world.operator(), headers: { 'x-tenant-id': 'small' } }
  const body = { currency: 'JPY', lineItems }
  const { id } = (await world.call('POST', '/invoices', { ...operator, body })).body
  const page = await world.call('POST', `/invoices/${id}/checkout`, operator)
  expect([page.status, page.body.code]).toEqual([400, 'amount_too_small'])
})

it('a zone is taken that documents can print, and no other', async () => {
  const set = (zone: string) => world.call('PATCH', '/settings', { as: as(), body: { zone } })
  for (const zone of ['+25:00', '+03', 'Mars/Olympus']) {
    expect([zone, (await set(zone)).status]).toEqual([zone, 400])
  }
  expect((await set('+03:30')).body.zone).toBe('+03:30')
  const csv = await world.call('GET', '/transactions/export/csv', { as: as() })
  expect(csv.status).toBe(200)
})

it('a test clock beyond the year 2500 is 400: periods and trials that begin there would leave the calendar', async () => {
  const call = { as: world.operator(), headers: { 'x-tenant-id': 'far-off' } }
  const set = (to: string) => world.call('POST', '/test-clock', { ...call, body: { to } })
  const beyond = await set('9999-12-31T23:59:59.999Z')
  expect([beyond.status, beyond.body.code]).toEqual([400, 'invalid_timestamp'])
  expect((await set('2499-12-30T00:00:00Z')).status).toBe(200)
  for (const body of [{ by: '1w' }, { by: '9999y' }, { to: '9999-12-31T23:59:59.999Z' }]) {
    const moved = await world.call('POST', '/test-clock/advance', { ...call, body })
    expect([moved.status, moved.body.code]).toEqual([400, 'invalid_timestamp'])
  }
  const clock = await world.call('GET', '/test-clock', call)
  expect(clock.body.now).toBe('2499-12-30T00:00:00.000Z')
})

it('a trial until the last day that can be written is 400, not a fault', async () => {
  const call = { as: world.operator(), headers: { 'x-tenant-id': 'patient' } }
  const asked = { ...call, body: { plan: 'professional', trialDays: 14 } }
  const { id } = (await world.call('POST', '/subscriptions', asked)).body
  const body = { trialEnd: '9999-12-31T23:59:59.999Z' }
  const answer = await world.call('PATCH', `/subscriptions/${id}`, { ...call, body })
  expect([answer.status, answer.body.code]).toEqual([400, 'invalid_timestamp'])
})
