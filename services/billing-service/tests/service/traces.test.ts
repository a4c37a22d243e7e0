// Every operation that writes for a tenant leaves a domain event and an audit line: all of them are walked, and
// one that is missing here makes this file fail.
import type { Route } from '@quittance/billing-contract/route'
import { type RouteName, routes } from '@quittance/billing-contract/routes'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifyBooks } from '../../src/actions/verify/verify-books.ts'
import { openWorld, type World } from '../../src/test/world.ts'

let world: World
let customerId: string
const tenantId = 'traced'
const walked = new Set<RouteName>()

/** Why an operation leaves neither; everything else that writes for a tenant must leave both. */
const leavesNone: Partial<Record<RouteName, string>> = {
  recordUsage: 'the events of usage are their own record, thousands in a second',
  previewSubscription: 'a quote changes nothing before it is confirmed',
  createSetupIntent: 'nothing of ours changes before a method is added',
  syncTenant: 'reads the processor; what it finds is settled, and settling leaves the traces',
}

const writes = (Object.entries(routes) as [RouteName, Route][]).filter(
  ([name, route]) =>
    route.method !== 'GET' &&
    route.safe !== true &&
    route.built !== false &&
    route.tenant &&
    !(name in leavesNone),
)

// biome-ignore lint/suspicious/noExplicitAny: tests read answers as callers in JavaScript do
type Body = any

const ask = (method: string, path: string, body?: unknown, tenant = tenantId) =>
  world.call(method, path, {
    as: world.operator(),
    headers: { 'x-tenant-id': tenant },
    ...(body === undefined ? {} : { body }),
  })

async function traces(tenant: string): Promise<readonly number[]> {
  const reads = world.service.deps.store.of(tenant)
  return [await reads.count('events', {}), await reads.count('auditLines', {})]
}

/** Calls the operation with parts of its path filled in, and proves that both grew. */
async function act(
  name: RouteName,
  parts: Readonly<Record<string, string>>,
  body?: unknown,
  tenant = tenantId,
): Promise<Body> {
  const { method, path } = routes[name]
  const filled = path.replace(/:(\w+)/g, (_, part: string) => parts[part] ?? '')
  const before = await traces(tenant)
  const answer = await ask(method, filled, body, tenant)
  expect(answer.status, `${name} ${JSON.stringify(answer.body)}`).toBeLessThan(300)
  const after = await traces(tenant)
  expect(after[0], `${name} leaves an event`).toBeGreaterThan(before[0]!)
  expect(after[1], `${name} leaves an audit line`).toBeGreaterThan(before[1]!)
  walked.add(name)
  return answer.body
}

const invoice = async (more: Record<string, unknown> = {}, tenant = tenantId): Promise<string> => {
  const body = { lineItems: [{ description: 'Work', quantity: 1, unitAmount: 50 }], ...more }
  return (await act('createInvoice', {}, body, tenant)).id
}

beforeAll(async () => {
  world = await openWorld({ jobs: 'off', environment: { APPROVAL_ABOVE: 'USD:1000,CNY:1000' } })
  customerId = (await ask('GET', '/customers')).body.data[0].id
  await world.call('POST', '/coupons', {
    as: world.operator(),
    body: { code: 'TEN', name: 'Ten', percentOff: 10, duration: 'forever' },
  })
})
afterAll(() => world.close())

describe('each writing operation leaves an event and an audit line', () => {
  it('customers, settings, tax', async () => {
    await act('updateCustomer', { id: customerId }, { name: 'Ada', email: 'ada@example.org' })
    await act('updateSettings', {}, { taxRate: 8 })
    await act('decideTax', { id: customerId }, { exempt: true })
  })

  it('payment methods', async () => {
    const first = await act('addPaymentMethod', {}, { paymentMethodId: 'pm_card_visa' })
    const second = await act('addPaymentMethod', {}, { paymentMethodId: 'pm_card_mastercard' })
    await act('updatePaymentMethod', { id: second.id }, { billingDetails: { name: 'Ada L.' } })
    await act('setDefaultPaymentMethod', { id: second.id })
    await act('removePaymentMethod', { id: first.id })
    const form = new URLSearchParams({
      type: 'us_bank_account',
      'us_bank_account[account_number]': '000123456789',
      'us_bank_account[routing_number]': '110000000',
      'us_bank_account[account_holder_type]': 'company',
      'billing_details[name]': 'Ada',
    })
    const typed = await fetch(`${world.sandbox.url}/v1/payment_methods`, {
      method: 'POST',
      headers: { authorization: `Bearer ${world.sandbox.publishableKey}` },
      body: form,
    })
    const { id } = (await typed.json()) as { id: string }
    const account = await act('addPaymentMethod', {}, { paymentMethodId: id })
    await act('verifyPaymentMethod', { id: account.id }, { amounts: [32, 45] })
  })

  it('subscriptions', async () => {
    const { id } = await act('createSubscription', {}, { plan: 'starter', coupon: 'TEN' })
    const { discounts } = (await ask('GET', `/subscriptions/${id}`)).body
    await act('removeDiscount', { id, discountId: discounts[0].id })
    await act('updateSubscription', { id }, { plan: 'professional' })
    await act('endTrial', { id })
    await act('pauseSubscription', { id })
    await act('resumeSubscription', { id })
    await act('cancelSubscription', { id })
    await act('reactivateSubscription', { id })
  })

  it('invoices, credits, refunds', async () => {
    const draft = await invoice({ autoFinalize: false })
    await act('finalizeInvoice', { id: draft })
    await act('sendInvoice', { id: draft })
    await act('payInvoice', { id: draft })
    await act('deleteInvoice', { id: await invoice({ autoFinalize: false }) })
    await act('voidInvoice', { id: await invoice() })
    const given = await invoice()
    await act('writeOffInvoice', { id: given })
    await act('voidInvoice', { id: given })
    await act('createCreditNote', { id: await invoice() }, { amount: 10 })
    await act('adjustCreditBalance', {}, { amount: 5, currency: 'USD', reason: 'Thanks' })
    const { body } = await ask('GET', '/transactions?type=payment&status=succeeded')
    await act('createRefund', { id: body.data[0].id }, { amount: 1 })
  })

  it('what waits for a second person', async () => {
    const asked = async () => {
      const { status, body } = await world.call('POST', '/credit-balance', {
        as: world.token({ sub: 'another', roles: ['operator'] }),
        headers: { 'x-tenant-id': 'agreed' },
        body: { amount: 2_000, currency: 'USD', reason: 'Goodwill' },
      })
      expect(status).toBe(202)
      return body.id
    }
    await act('approve', { id: await asked() }, {}, 'agreed')
    await act('decline', { id: await asked() }, { reason: 'Once is enough' }, 'agreed')
  })

  it('ways to pay an invoice', async () => {
    const cheque = await invoice()
    await act('createPayLink', { id: cheque })
    await act('recordPayment', { id: cheque }, { amount: 20, method: 'cheque' })
    const recorded = await ask('GET', '/transactions?type=payment&limit=1')
    await act('reversePayment', { id: recorded.body.data[0].id }, { reason: 'It bounced' })
    await act('checkoutInvoice', { id: cheque })
  })

  it('disputes', async () => {
    const { rows } = await world.service.deps.store
      .of(tenantId)
      .list('transactions', { where: { type: 'payment', status: 'succeeded' }, limit: 1 })
    await fetch(`${world.sandbox.url}/sandbox/disputes`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${world.sandbox.secretKey}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ charge: rows[0]?.processorChargeId }),
    })
    await ask('POST', '/sync')
    const { body } = await ask('GET', '/disputes')
    await act('submitDisputeEvidence', { id: body.data[0].id }, { text: 'winning_evidence' })
  })

  it('test clocks', async () => {
    await act('setTestClock', {}, { to: '2026-01-01T00:00:00Z' }, 'clocked')
    await ask('POST', '/subscriptions', { plan: 'starter' }, 'clocked')
    await act('advanceTestClock', {}, { by: '15d' }, 'clocked')
  })

  it('fapiao of both colours', async () => {
    await act('putFapiaoBuyer', { id: customerId }, { type: 'general', title: '示例科技' })
    const id = await invoice({ currency: 'CNY' }, 'invoiced-in-china')
    const [blue, red] = ['26352000000000000017', '26352000000000000025']
    await act('recordFapiao', { id }, { number: blue, issuedOn: '2026-11-02' }, 'invoiced-in-china')
    const note = await act('createCreditNote', { id }, { amount: 10 }, 'invoiced-in-china')
    await act(
      'recordRedFapiao',
      { id: note.id },
      { number: red, issuedOn: '2026-11-03' },
      'invoiced-in-china',
    )
  })

  it('personal data, handed out and erased', async () => {
    await act('exportPersonalData', {}, {}, 'forgotten')
    await act('erasePersonalData', {}, { confirm: 'forgotten' }, 'forgotten')
  })

  it('and the books hold after all of it', async () => {
    const proofs = await verifyBooks(world.service.deps, { days: 30 })
    expect(proofs.flatMap(proof => proof.broken)).toEqual([])
  })

  it('and none is forgotten', () => {
    expect(writes.map(([name]) => name).filter(name => !walked.has(name))).toEqual([])
    for (const name of Object.keys(leavesNone)) expect(routes).toHaveProperty(name)
  })
})
