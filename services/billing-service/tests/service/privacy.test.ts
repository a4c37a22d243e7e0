// Personal data handed out and erased: what is kept afterwards is what the law demands, and nothing else.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sealWaiting } from '../../src/actions/seals/seal-rows.ts'
import { verifyBooks } from '../../src/actions/verify/verify-books.ts'
import { collectionNames, shapeOf } from '../../src/ports/shape.ts'
import {
  collectionsWithMark,
  endedTenant,
  livedTenant,
  makeFiles,
  mark,
  markedEmail,
  operatorOf,
} from '../../src/test/marked-tenant.ts'
import { openWorld, type World } from '../../src/test/world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld({ jobs: 'off', environment: { PUBLIC_URL: 'https://pay.example' } })
})
afterAll(() => world.close())

const deps = () => world.service.deps
const operator = (tenantId: string, body?: unknown) => operatorOf(world, tenantId, body)
const erase = (tenantId: string, confirm = tenantId) =>
  world.call('POST', '/privacy/erase', operator(tenantId, { confirm }))

const lived = (tenantId: string) => livedTenant(world, tenantId)
const tablesWithMark = (tenantId: string) => collectionsWithMark(world, tenantId)

describe('an erasure', () => {
  it('waits for the end of subscriptions and open money, says which, and asks for the name', async () => {
    const id = await lived('held')
    const live = await erase('held')
    expect([live.status, live.body.code]).toEqual([409, 'erasure_blocked'])
    expect(live.body.detail).toContain(`${id} is active`)
    const unsaid = await erase('held', 'another')
    expect([unsaid.status, unsaid.body.code]).toEqual([400, 'invalid_request'])
    const admin = { as: world.admin('held'), body: { confirm: 'held' } }
    const alone = await world.call('POST', '/privacy/erase', admin)
    expect([alone.status, alone.body.code]).toEqual([403, 'operator_only'])
    expect((await erase('nobody-ever')).status).toBe(404)
    await world.call(
      'POST',
      `/subscriptions/${id}/cancel`,
      operator('held', { when: 'now', refund: 'none' }),
    )
    const lineItems = [{ description: 'Work', quantity: 1, unitAmount: 50 }]
    const open = await world.call('POST', '/invoices', operator('held', { lineItems }))
    expect((await erase('held')).body.detail).toContain(`invoice ${open.body.id} is open`)
    await world.call('POST', `/invoices/${open.body.id}/void`, operator('held'))
    expect((await erase('held')).status).toBe(200)
  })

  it('leaves the mark in issued documents alone, and is the same a second time', async () => {
    await endedTenant(world, 'gone')
    const before = await tablesWithMark('gone')
    for (const name of [
      'customers',
      'inbox',
      'mails',
      'paymentMethods',
      'idempotentAnswers',
      'apiKeys',
    ]) {
      expect(before).toContain(name)
    }
    const answer = await erase('gone')
    expect(answer.status).toBe(200)
    expect(answer.body.erased).toMatchObject({
      customers: 1,
      tenants: 1,
      paymentMethods: 1,
      quotes: 1,
      idempotentAnswers: 1,
      inbox: 1,
      fapiaoBuyers: 1,
    })
    expect(await tablesWithMark('gone')).toEqual(['auditLines', 'events', 'invoices'])
    const again = await erase('gone')
    expect(again.body.erased).toEqual({})
    const log = await world.call('GET', '/audit-log?action=tenant.erased', operator('gone'))
    expect(log.body.data).toHaveLength(1)
  })

  it('keeps invoice, its PDF and books: 29.00 paid, and every proof holds', async () => {
    const list = await world.call('GET', '/invoices', operator('gone'))
    expect(list.body.data).toMatchObject([{ total: 29, status: 'paid' }])
    const pdf = await world.call('GET', `/invoices/${list.body.data[0].id}/pdf`, operator('gone'))
    expect(pdf.status).toBe(200)
    await sealWaiting(deps())
    const proofs = await verifyBooks(deps(), { days: 3_660 })
    expect(proofs.flatMap(({ broken }) => broken)).toEqual([])
    const methods = await world.call('GET', '/payment-methods?status=detached', operator('gone'))
    expect(methods.body.data).toMatchObject([{ card: null, billingDetails: { name: null } }])
    const customers = await world.call('GET', '/customers', operator('gone'))
    expect(customers.body.data).toMatchObject([{ name: null, email: null, invoiceEmails: [] }])
  })
})

describe('an export of personal data', () => {
  it('holds the personal fields of each row, of one tenant, and no secrets', async () => {
    await lived('told')
    const asked = await world.call('POST', '/privacy/export', { as: world.admin('told'), body: {} })
    expect([asked.status, asked.body.noun, asked.body.format]).toEqual([202, 'personal', 'jsonl'])
    await makeFiles(world)
    const path = `/exports/${asked.body.id}`
    const done = (await world.call('GET', path, { as: world.admin('told') })).body
    expect(done.filename).toMatch(/^personal-\d{4}-\d\d-\d\d\.jsonl$/)
    const file = await fetch(done.download.url.replace('https://pay.example', world.url))
    const text = await file.text()
    const [heading, ...lines] = text
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line))
    expect(heading).toMatchObject({ dump: 'personal', tenantId: 'told' })
    expect(done.progress).toMatchObject({ rows: lines.length, total: lines.length })
    expect(lines.every(({ row }) => row.tenantId === 'told')).toBe(true)
    const customer = lines.find(({ collection }) => collection === 'customers')
    expect(customer.row).toMatchObject({
      name: `Ada ${mark}`,
      email: markedEmail,
      metadata: { contact: mark },
    })
    expect(customer.row).not.toHaveProperty('processorId')
    const marked = new Set(lines.filter(line => JSON.stringify(line).includes(mark)))
    const collections = new Set([...marked].map(({ collection }) => collection))
    for (const name of await tablesWithMark('told')) {
      if (name === 'idempotentAnswers') continue
      expect(collections, name).toContain(name)
    }
    expect(text).not.toMatch(/fingerprint|secret/i)
  })

  it('of one person is not for its members, and asks an operator for the tenant', async () => {
    const member = await world.call('POST', '/privacy/export', { as: world.member('told') })
    expect(member.status).toBe(403)
    const unnamed = await world.call('POST', '/privacy/export', { as: world.operator(), body: {} })
    expect(unnamed.body.code).toBe('tenant_required')
  })
})

it('declares each personal field for a field that exists, once', () => {
  for (const name of collectionNames) {
    const { fields, personal = {}, retained, removable = [] } = shapeOf(name)
    const named = [...Object.keys(personal), ...(retained?.fields ?? []), ...removable]
    expect(new Set(named).size, name).toBe(named.length)
    for (const field of named) expect(Object.keys(fields), name).toContain(field)
  }
})

/** Amounts, states, counts, locks and names of plans: nothing that a person wrote or is known by. */
const impersonal = [
  'creditBalances',
  'dataKeys',
  'discounts',
  'disputes',
  'exportParts',
  'fapiaos',
  'lateTotals',
  'ledgerEntries',
  'mrrMovements',
  'notices',
  'numberSeries',
  'recurringRevenues',
  'reservations',
  'sealHeads',
  'seals',
  'transactionTotals',
  'ledgerTotals',
  'unsealedRows',
  'usageAlerts',
  'usageEvents',
  'usageTotals',
]

it('says of every collection of a tenant whether it holds personal data', () => {
  const silent = collectionNames.filter(name => {
    const { scope, personal, retained, removable } = shapeOf(name)
    return scope === 'tenant' && !personal && !retained && !removable
  })
  expect([...silent].sort()).toEqual([...impersonal].sort())
})
