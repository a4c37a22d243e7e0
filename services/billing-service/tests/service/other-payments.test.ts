// Money that comes another way: recorded by the operator, reversed when it came to nothing, refunded outside;
// and hosted pages on which one debt is paid once.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { lookAt } from '../../src/actions/payments/checkout.ts'
import { settleCheckoutObject } from '../../src/actions/webhooks/settle-object.ts'
import { systemCaller } from '../../src/core/caller.ts'
import { openWorld, type World } from '../../src/test/world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld({ jobs: 'off' })
})
afterAll(() => world?.close())

const operate = (tenantId: string, method: string, path: string, body?: unknown) =>
  world.call(method, path, {
    as: world.operator(),
    headers: { 'x-tenant-id': tenantId },
    ...(body === undefined ? {} : { body }),
  })

async function invoiceOf(tenantId: string, amount = 100) {
  const { status, body } = await operate(tenantId, 'POST', '/invoices', {
    lineItems: [{ description: 'Onboarding', quantity: 1, unitAmount: amount }],
  })
  expect(status, JSON.stringify(body)).toBe(201)
  return body
}

const invoice = async (tenantId: string, id: string) =>
  (await operate(tenantId, 'GET', `/invoices/${id}`)).body

async function accounts(tenantId: string): Promise<Record<string, number>> {
  const groups = await world.service.deps.store
    .of(tenantId)
    .sum('ledgerEntries', { sum: ['amountMinor'], groupBy: ['account'] })
  return Object.fromEntries(
    groups.map(({ group, sums }) => [String(group.account), Number(sums.amountMinor)]),
  )
}

test('a bank transfer of 40 leaves 60 due, and 70 more leave 10 as credit, all at the bank', async () => {
  const { id } = await invoiceOf('transfer')
  const first = await operate('transfer', 'POST', `/invoices/${id}/payments`, {
    amount: 40,
    method: 'bank_transfer',
    reference: 'ACME 1',
    receivedAt: '2026-01-05T00:00:00Z',
  })
  expect(first).toMatchObject({
    status: 201,
    body: {
      type: 'payment',
      status: 'succeeded',
      amount: 40,
      fee: 0,
      net: 40,
      methodType: 'bank_transfer',
      reference: 'ACME 1',
      processor: 'manual',
      processedAt: '2026-01-05T00:00:00.000Z',
    },
  })
  expect(await invoice('transfer', id)).toMatchObject({ status: 'open', amountDue: 60 })
  const rest = { amount: 70, method: 'cheque' }
  await operate('transfer', 'POST', `/invoices/${id}/payments`, rest)
  expect(await invoice('transfer', id)).toMatchObject({ status: 'paid', amountPaid: 100 })
  expect(await accounts('transfer')).toMatchObject({
    bank: 11_000,
    receivable: 0,
    customer_credit: -1_000,
  })
  const again = await operate('transfer', 'POST', `/invoices/${id}/payments`, rest)
  expect(again).toMatchObject({ status: 409, body: { code: 'invoice_already_paid' } })
})

test('a cheque that bounces is owed again, once', async () => {
  const { id } = await invoiceOf('bounced')
  const { body: cheque } = await operate('bounced', 'POST', `/invoices/${id}/payments`, {
    amount: 120,
    method: 'cheque',
    reference: '000123',
  })
  const reversed = await operate('bounced', 'POST', `/transactions/${cheque.id}/reverse`, {
    reason: 'bounced',
  })
  expect(reversed).toMatchObject({
    status: 200,
    body: { status: 'failed', failureCode: 'reversed', reason: 'bounced' },
  })
  expect(await invoice('bounced', id)).toMatchObject({
    status: 'open',
    amountDue: 100,
    amountPaid: 0,
    paidAt: null,
  })
  const kept = await accounts('bounced')
  expect(kept).toMatchObject({ bank: 0, receivable: 10_000, customer_credit: 0 })
  const again = await operate('bounced', 'POST', `/transactions/${cheque.id}/reverse`, {})
  expect(again).toMatchObject({ status: 409, body: { code: 'transaction_not_reversible' } })
})

test('a refund of a recorded payment is recorded as done outside', async () => {
  const { id } = await invoiceOf('outside')
  const { body: paid } = await operate('outside', 'POST', `/invoices/${id}/payments`, {
    amount: 100,
    method: 'cash',
  })
  const refund = await operate('outside', 'POST', `/transactions/${paid.id}/refund`, { amount: 30 })
  expect(refund).toMatchObject({ status: 201, body: { status: 'succeeded', amount: 30 } })
  expect((await accounts('outside')).bank).toBe(7_000)
  const reverse = await operate('outside', 'POST', `/transactions/${paid.id}/reverse`, {})
  expect(reverse.status).toBe(409)
})

test('only the issuer records payments, and none of the future', async () => {
  const { id } = await invoiceOf('issuer')
  const body = { amount: 10, method: 'cash' }
  const admin = await world.call('POST', `/invoices/${id}/payments`, {
    as: world.admin('issuer'),
    body,
  })
  expect(admin).toMatchObject({ status: 403, body: { code: 'operator_only' } })
  const future = { ...body, receivedAt: '2999-01-01T00:00:00Z' }
  expect((await operate('issuer', 'POST', `/invoices/${id}/payments`, future)).status).toBe(400)
  const nothing = { ...body, amount: 0 }
  expect((await operate('issuer', 'POST', `/invoices/${id}/payments`, nothing)).status).toBe(400)
})

const open = (tenantId: string, id: string) =>
  world.call('POST', `/invoices/${id}/checkout`, { as: world.admin(tenantId), body: {} })

const onPage = (url: string, form: Record<string, string>) =>
  fetch(url, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' })

/** What the page's event would do. */
async function told(tenantId: string, invoiceId: string) {
  const { deps } = world.service
  const { body } = await operate(tenantId, 'GET', `/transactions?invoiceId=${invoiceId}`)
  const row = await deps.store.of(tenantId).get('transactions', body.data[0].id)
  const object = await deps.processor.readObject('checkout.session', row.checkoutId ?? '')
  if (object?.kind !== 'checkout') throw new Error('no page')
  return settleCheckoutObject(deps, object)
}

test('a page opened twice is one page, and a decline on it leaves it open', async () => {
  const { id } = await invoiceOf('page')
  const first = await open('page', id)
  expect(first.status, JSON.stringify(first.body)).toBe(200)
  expect(Date.parse(first.body.expiresAt)).toBeGreaterThan(Date.now())
  expect((await open('page', id)).body).toEqual(first.body)
  await onPage(first.body.url, { method: 'card', number: '4000000000000002' })
  await told('page', id)
  expect((await open('page', id)).body.url).toBe(first.body.url)
  await onPage(first.body.url, { method: 'alipay' })
  expect((await told('page', id)).state).toBe('applied')
  expect(await invoice('page', id)).toMatchObject({ status: 'paid', amountPaid: 100 })
  const after = await open('page', id)
  expect(after).toMatchObject({ status: 409, body: { code: 'invoice_already_paid' } })
})

test('paying by card closes the open page, so one debt is paid once', async () => {
  const { id } = await invoiceOf('tabs')
  const page = await open('tabs', id)
  const paid = await world.call('POST', `/invoices/${id}/pay`, {
    as: world.admin('tabs'),
    body: { paymentMethodId: 'pm_card_visa' },
  })
  expect(paid).toMatchObject({ status: 200, body: { status: 'paid' } })
  await onPage(page.body.url, { method: 'card', number: '4242424242424242' })
  const intents = world.sandbox.state
    .list('payment_intent')
    .filter(row => row.metadata.invoice_id === id && row.status === 'succeeded')
  expect(intents).toHaveLength(1)
})

test('a page that was paid on before anybody heard of it refuses the card', async () => {
  const { id } = await invoiceOf('unheard')
  const page = await open('unheard', id)
  await onPage(page.body.url, { method: 'paypal' })
  const paid = await world.call('POST', `/invoices/${id}/pay`, {
    as: world.admin('unheard'),
    body: { paymentMethodId: 'pm_card_visa' },
  })
  expect(paid).toMatchObject({ status: 409, body: { code: 'invoice_already_paid' } })
  expect(await invoice('unheard', id)).toMatchObject({ status: 'paid' })
})

test('a page that nobody paid on is called off, and the invoice can be voided', async () => {
  const { id } = await invoiceOf('expired')
  await open('expired', id)
  expect((await operate('expired', 'POST', `/invoices/${id}/void`)).body.status).toBe('void')
  const { body } = await operate('expired', 'GET', `/transactions?invoiceId=${id}`)
  expect(body.data[0]).toMatchObject({ status: 'canceled' })
})

test('a page whose opening was never answered is found by our id', async () => {
  const { id } = await invoiceOf('lost')
  world.sandbox.state.faults.add({
    kind: 'server_error',
    remaining: 1,
    probability: 1,
    method: 'POST',
    match: '/v1/checkout/sessions',
    delayMs: 0,
    status: 429,
    performs: true,
  })
  expect((await open('lost', id)).status).toBe(503)
  const { deps } = world.service
  const { rows } = await deps.store.of('lost').list('transactions', {
    where: { invoiceId: id },
    order: { field: 'createdAt', direction: 'asc' },
    limit: 1,
  })
  await lookAt(deps, systemCaller('lost', 'reconcile', id), rows[0]!)
  expect((await open('lost', id)).status).toBe(200)
  expect(
    world.sandbox.state.list('checkout_session').filter(row => row.metadata?.invoice_id === id),
  ).toHaveLength(1)
})
