// No card or bank account number is accepted in any field of any operation, and none is in the database afterwards.
import type { Route } from '@quittance/billing-contract/route'
import { routes } from '@quittance/billing-contract/routes'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openWorld, type World } from '../../src/test/world.ts'

const card = '4000056655665556'
const iban = 'DE89370400440532013000'
let world: World
beforeAll(async () => {
  world = await openWorld({ jobs: 'off' })
})
afterAll(() => world.close())

const operator = () => ({ as: world.operator(), headers: { 'x-tenant-id': 'acme' } })

it('a card number or an IBAN in any field of any operation is 400 and named, not repeated', async () => {
  let tried = 0
  for (const route of Object.values(routes) as Route[]) {
    const fields = Object.keys((route.body as { properties?: object })?.properties ?? {})
    if (route.permission === null) continue
    for (const field of fields) {
      for (const number of route.printsAccount === true ? [card] : [card, iban]) {
        const body = { [field]: { note: [number] } }
        const path = route.path.replace(/:\w+/g, 'any')
        const answer = await world.call(route.method, path, { ...operator(), body })
        const said = JSON.stringify(answer.body)
        expect([path, field, answer.body.code]).toEqual([path, field, 'account_number_refused'])
        expect(answer.body.errors[0].path).toBe(`/${field}/note/0`)
        expect(said).not.toContain(number)
        tried += 1
      }
    }
  }
  expect(tried).toBeGreaterThan(200)
})

it('in a path, a filter and the name of a member as well; in Chinese when asked for', async () => {
  const code = 'account_number_refused'
  for (const path of [`/coupons/${card}`, `/invoices?status=${card}`, `/audit-log?actor=${card}`]) {
    const answer = await world.call('GET', path, operator())
    expect([path, answer.status, answer.body.code]).toEqual([path, 400, code])
  }
  const headers = { 'x-tenant-id': 'acme', 'accept-language': 'zh-CN' }
  const body = { plan: 'free', metadata: { cvv: '123' } }
  const call = { as: world.operator(), headers, body }
  expect((await world.call('POST', '/subscriptions', call)).body.detail).toContain('安全码')
})

it('nothing of it is in any table, also not under an idempotency key', async () => {
  const headers = { 'x-tenant-id': 'acme', 'idempotency-key': 'with-a-card' }
  const body = { plan: 'free', metadata: { note: card } }
  await world.call('POST', '/subscriptions', { as: world.operator(), headers, body })
  for (const number of [card, iban]) {
    const { tables, found } = await world.held(number)
    expect(found).toEqual([])
    expect(tables).toBeGreaterThan(20)
  }
})

it('the issuer may print its own IBAN on documents, but no card number', async () => {
  const put = (terms: string) =>
    world.call('PUT', '/branding', { as: world.operator(), body: { terms } })
  expect((await put(`Pay to ${iban}`)).status).toBe(200)
  expect((await put(`Pay to ${card}`)).body.code).toBe('account_number_refused')
})
