// Personal data handed out and erased: what is kept afterwards is what the law demands, and nothing else.
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runExports } from '../../src/actions/exports/run-exports.ts'
import { sendDueMails } from '../../src/actions/mail/send-mail.ts'
import { sealWaiting } from '../../src/actions/seals/seal-rows.ts'
import { verifyBooks } from '../../src/actions/verify/verify-books.ts'
import type { InboxEvent } from '../../src/core/inbox.ts'
import { collectionNames, shapeOf } from '../../src/ports/shape.ts'
import { openWorld, type World } from '../../src/test/world.ts'

/** What only this person's data say, in any field. */
const mark = 'Quillfeather'
const email = `ada@${mark}.example`

let world: World
beforeAll(async () => {
  world = await openWorld({ jobs: 'off', environment: { PUBLIC_URL: 'https://pay.example' } })
})
afterAll(() => world.close())

const deps = () => world.service.deps
const operator = (tenantId: string, body?: unknown) => ({
  as: world.operator(),
  headers: { 'x-tenant-id': tenantId },
  ...(body !== undefined && { body }),
})
const erase = (tenantId: string, confirm = tenantId) =>
  world.call('POST', '/privacy/erase', operator(tenantId, { confirm }))

const noTerms = {
  type: 'general',
  taxNumber: null,
  address: null,
  phone: null,
  bankName: null,
  bankAccount: null,
  remarks: null,
  email: null,
  createdAt: 1,
  updatedAt: 1,
  version: 1,
} as const

/** A tenant with a paid invoice and the mark wherever a person can leave it; answers its subscription. */
async function lived(tenantId: string): Promise<string> {
  const as = world.admin(tenantId)
  const address = { line1: `${mark} Lane 1`, city: mark, country: 'DE' }
  const ask = async (method: string, path: string, body?: unknown) => {
    const answer = await world.call(method, path, body === undefined ? { as } : { as, body })
    expect(answer.status, `${path} ${JSON.stringify(answer.body)}`).toBeLessThan(300)
    return answer.body
  }
  const [customer] = (await ask('GET', '/customers')).data
  await ask('PATCH', `/customers/${customer.id}`, {
    name: `Ada ${mark}`,
    email,
    invoiceEmails: [`books@${mark}.example`],
    phone: '+49 30 1234567',
    address,
    purchaseOrder: `PO ${mark}`,
    metadata: { contact: mark },
  })
  await ask('PATCH', '/settings', { notifications: { invoice_issued: { recipients: [email] } } })
  const billingDetails = { name: `Ada ${mark}`, email, address }
  const method = { paymentMethodId: 'pm_card_visa', billingDetails }
  await ask('POST', '/payment-methods', method)
  const subscription = await ask('POST', '/subscriptions', {
    plan: 'starter',
    trialDays: 0,
    metadata: { owner: mark },
  })
  await ask('POST', '/subscriptions/preview', {
    subscriptionId: subscription.id,
    plan: 'professional',
  })
  await world.call('PATCH', `/customers/${customer.id}`, {
    as,
    body: { name: `Ada ${mark}` },
    headers: { 'idempotency-key': `k-${tenantId}` },
  })
  const title = `${mark} Ltd`
  await deps().store.transaction(tenantId, tx =>
    tx.insert('fapiaoBuyers', { ...noTerms, tenantId, id: customer.id, title }),
  )
  await ask('POST', '/api-keys', { name: `key of ${mark}`, role: 'service' })
  await ask('POST', '/exports', { noun: 'customers', format: 'csv' })
  await makeFiles()
  while ((await sendDueMails(deps())).length > 0);
  return subscription.id
}

async function makeFiles() {
  while ((await runExports(deps())).length > 0);
}

async function ended(tenantId: string): Promise<void> {
  const id = await lived(tenantId)
  const body = { when: 'now', reason: `${mark} moves on` }
  const answer = await world.call('POST', `/subscriptions/${id}/cancel`, operator(tenantId, body))
  expect(answer.status).toBe(200)
  await deps().store.system.transaction(tx => tx.insert('inbox', told(tenantId)))
}

/** What the processor told about a tenant. */
const told = (tenantId: string): InboxEvent => ({
  id: `stripe:evt_${tenantId}`,
  processor: 'stripe',
  type: 'payment_method.updated',
  objectId: 'pm_1',
  subject: '',
  apiVersion: null,
  payload: { billing_details: { email } },
  source: 'webhook',
  state: 'applied',
  attempts: 1,
  reason: null,
  tenantId,
  occurredAt: 1,
  receivedAt: 1,
  dueAt: null,
  processedAt: 1,
  replays: 0,
  replayedBy: null,
  version: 1,
})

/** The tables in which the mark stands in a row of the tenant, as the database's owner sees them. */
async function tablesWithMark(tenantId: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: world.ownerUrl })
  await client.connect()
  try {
    const found: string[] = []
    for (const name of collectionNames) {
      const { table, fields } = shapeOf(name)
      if (!('tenantId' in fields)) continue
      const { rows } = await client.query(
        `select count(*)::int as rows from quittance.${table} r
         where tenant_id = $1 and r::text like $2`,
        [tenantId, `%${mark}%`],
      )
      if (rows[0].rows > 0) found.push(name)
    }
    return found.sort()
  } finally {
    await client.end()
  }
}

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
    await ended('gone')
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
    await makeFiles()
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
    expect(customer.row).toMatchObject({ name: `Ada ${mark}`, email, metadata: { contact: mark } })
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
    const { fields, personal = {}, retained } = shapeOf(name)
    const named = [...Object.keys(personal), ...(retained?.fields ?? [])]
    expect(new Set(named).size, name).toBe(named.length)
    for (const field of named) expect(Object.keys(fields), name).toContain(field)
  }
})

/** Amounts, states, counts, locks and names of plans: nothing that a person wrote or is known by. */
const impersonal = [
  'creditBalances',
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
