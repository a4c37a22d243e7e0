// Links to pay without signing in: what they show, what they do, and that they are worth nothing otherwise.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWorld, type World } from '../../src/test/world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld({ jobs: 'off' })
})
afterAll(() => world?.close())

async function invoiceOf(tenantId: string) {
  const { body } = await world.call('POST', '/invoices', {
    as: world.operator(),
    headers: { 'x-tenant-id': tenantId },
    body: { lineItems: [{ description: 'Onboarding', quantity: 1, unitAmount: 49 }] },
  })
  return body
}

async function linkOf(tenantId: string, invoiceId: string, body: unknown = {}) {
  const as = world.admin(tenantId)
  const answer = await world.call('POST', `/invoices/${invoiceId}/pay-link`, { as, body })
  expect(answer.status, JSON.stringify(answer.body)).toBe(201)
  const { pathname } = new URL(answer.body.url)
  return { ...answer.body, kind: pathname.split('/')[1], token: pathname.split('/')[2]! }
}

/** Each payer has an address of its own: uses are counted by address. */
let payers = 0
const by = (token: string, method: string, path = '', body?: unknown, address?: string) => {
  payers += 1
  return world.call(method, `/public/pay/${token}${path}`, {
    headers: { 'x-forwarded-for': address ?? `203.0.113.${payers}` },
    ...(body === undefined ? {} : { body }),
  })
}

test('a link shows what is owed and no more, in the language asked for', async () => {
  const { id, invoiceNumber } = await invoiceOf('shown')
  const link = await linkOf('shown', id)
  expect(link.kind).toBe('p')
  const { status, body, headers } = await by(link.token, 'GET')
  expect(status).toBe(200)
  expect(body).toEqual({
    purpose: 'pay',
    status: 'open',
    issuerName: 'Quittance Demo',
    buyerName: null,
    invoiceNumber,
    lineItems: [
      {
        description: expect.any(String),
        quantity: 1,
        amount: 49,
        periodStart: null,
        periodEnd: null,
      },
    ],
    subtotal: 49,
    discount: 0,
    tax: 0,
    total: 49,
    amountDue: 49,
    amountPaid: 0,
    currency: 'USD',
    dueDate: expect.any(String),
    zone: 'UTC',
    processor: 'sandbox',
    expiresAt: link.expiresAt,
    lastTry: null,
  })
  expect(headers.get('cache-control')).toBe('no-store')
  expect(headers.get('referrer-policy')).toBe('no-referrer')
})

test('a decline is 402 with its sentence and shown at the next look; another card pays', async () => {
  const { id } = await invoiceOf('mended')
  const { token, kind } = await linkOf('mended', id, { purpose: 'fix' })
  expect(kind).toBe('f')
  const failing = { paymentMethodId: 'pm_card_chargeCustomerFail' }
  const declined = await by(token, 'POST', '/pay', failing)
  expect(declined).toMatchObject({ status: 402, body: { code: 'payment_declined' } })
  const seen = await by(token, 'GET')
  expect(seen.body.lastTry).toMatchObject({ status: 'failed', method: { last4: '0341' } })
  expect(seen.body.lastTry.message).toContain('declined')
  const setup = await by(token, 'POST', '/setup-intent', { type: 'card' })
  expect(setup).toMatchObject({ status: 200, body: { clientSecret: expect.any(String) } })
  const paid = await by(token, 'POST', '/pay', { paymentMethodId: 'pm_card_visa' })
  expect(paid).toMatchObject({
    status: 200,
    body: { status: 'paid', payment: { status: 'succeeded' } },
  })
  const methods = await world.call('GET', '/payment-methods', { as: world.admin('mended') })
  expect(methods.body.data.find((row: { isDefault: boolean }) => row.isDefault).card.last4).toBe(
    '4242',
  )
})

test('whoever mends with a card for this once keeps the default that was', async () => {
  const { id } = await invoiceOf('once')
  const visa = { as: world.admin('once'), body: { paymentMethodId: 'pm_card_visa' } }
  expect((await world.call('POST', '/payment-methods', visa)).status).toBe(201)
  const { token } = await linkOf('once', id, { purpose: 'fix' })
  const body = { paymentMethodId: 'pm_card_mastercard', setDefault: false }
  expect(await by(token, 'POST', '/pay', body)).toMatchObject({ body: { status: 'paid' } })
  const { data } = (await world.call('GET', '/payment-methods', { as: world.admin('once') })).body
  expect(data).toHaveLength(2)
  expect(data.find((row: { isDefault: boolean }) => row.isDefault).card.last4).toBe('4242')
})

test('a card that asks for a confirmation is shown with where to give it', async () => {
  const { id } = await invoiceOf('confirmed')
  const { token } = await linkOf('confirmed', id)
  const paid = await by(token, 'POST', '/pay', {
    paymentMethodId: 'pm_card_authenticationRequired',
  })
  expect(paid.body.payment).toMatchObject({ status: 'requires_action' })
  const { lastTry } = (await by(token, 'GET')).body
  expect(lastTry).toMatchObject({
    status: 'requires_action',
    nextActionUrl: paid.body.payment.nextActionUrl,
  })
})

test('once the invoice is paid or void a link says so and does nothing', async () => {
  const { id } = await invoiceOf('over')
  const { token } = await linkOf('over', id)
  await by(token, 'POST', '/pay', { paymentMethodId: 'pm_card_visa' })
  expect((await by(token, 'GET')).body).toMatchObject({ status: 'paid', amountDue: 0 })
  for (const path of ['/pay', '/setup-intent', '/checkout']) {
    const answer = await by(token, 'POST', path, {})
    expect(answer, path).toMatchObject({ status: 409, body: { code: 'invoice_already_paid' } })
  }
  const again = await world.call('POST', `/invoices/${id}/pay-link`, {
    as: world.admin('over'),
    body: {},
  })
  expect(again.status).toBe(409)
})

test('forged, changed, foreign and expired links are one and the same 404', async () => {
  const { id } = await invoiceOf('forged')
  const { token } = await linkOf('forged', id)
  const { links } = world.service.deps
  const expired = links.sign({
    tenantId: 'forged',
    invoiceId: id,
    purpose: 'pay',
    expiresAt: Date.now() - 1_000,
  })
  const foreign = links.sign({
    tenantId: 'shown',
    invoiceId: id,
    purpose: 'pay',
    expiresAt: Date.now() + 60_000,
  })
  const tokens = [`${token.slice(0, -1)}!`, `x${token}`, 'nothing', expired, foreign]
  const answers = await Promise.all(tokens.map(each => by(each, 'GET')))
  const told = answers.map(({ status, body }) => ({ status, code: body.code, detail: body.detail }))
  expect(new Set(told.map(each => JSON.stringify(each))).size).toBe(1)
  expect(told[0]).toMatchObject({ status: 404, code: 'not_found' })
})

test('an address may try 10 times a minute', async () => {
  const { id } = await invoiceOf('hasty')
  const { token } = await linkOf('hasty', id)
  const statuses: number[] = []
  for (let time = 0; time < 11; time += 1) {
    statuses.push(
      (await by(token, 'POST', '/pay', { paymentMethodId: 'x' }, '198.51.100.7')).status,
    )
  }
  expect(statuses).toEqual([...Array.from({ length: 10 }, () => 400), 429])
})

test('a wallet pays on the page that a link opens', async () => {
  const { id } = await invoiceOf('wallet')
  const { token } = await linkOf('wallet', id)
  const page = await by(token, 'POST', '/checkout', {})
  expect(page).toMatchObject({ status: 200, body: { url: expect.stringContaining('/checkout/') } })
})

test('members may not make links', async () => {
  const { id } = await invoiceOf('member')
  const answer = await world.call('POST', `/invoices/${id}/pay-link`, {
    as: world.member('member'),
    body: {},
  })
  expect(answer.status).toBe(403)
})
