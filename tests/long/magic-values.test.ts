// Every magic card and bank account of Stripe's test mode, from being added to the end of its charge: what the
// payer is told, what stands on the books, and what can be done next.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWorld, type World } from '../../services/billing-service/src/test/world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld({ jobs: 'off' })
})
afterAll(() => world?.close())

let tenants = 0
const newTenant = () => {
  tenants += 1
  return `magic-${tenants}`
}

const operate = (tenantId: string, method: string, path: string, body?: unknown) =>
  world.call(method, path, {
    as: world.operator(),
    headers: { 'x-tenant-id': tenantId },
    ...(body === undefined ? {} : { body }),
  })

async function invoiceOf(tenantId: string): Promise<string> {
  const { body } = await operate(tenantId, 'POST', '/invoices', {
    lineItems: [{ description: 'Onboarding', quantity: 1, unitAmount: 49 }],
  })
  return body.id
}

const add = (tenantId: string, paymentMethodId: string) =>
  world.call('POST', '/payment-methods', { as: world.admin(tenantId), body: { paymentMethodId } })

const pay = (tenantId: string, id: string) =>
  world.call('POST', `/invoices/${id}/pay`, { as: world.admin(tenantId), body: {} })

const invoice = async (tenantId: string, id: string) =>
  (await operate(tenantId, 'GET', `/invoices/${id}`)).body

const tries = async (tenantId: string, id: string) =>
  (await operate(tenantId, 'GET', `/transactions?invoiceId=${id}`)).body.data

/** A raw number becomes a method as the browser's form makes it. */
async function typedIn(fields: Record<string, string>): Promise<string> {
  const response = await fetch(`${world.sandbox.url}/v1/payment_methods`, {
    method: 'POST',
    headers: { authorization: `Bearer ${world.sandbox.publishableKey}` },
    body: new URLSearchParams(fields),
  })
  return ((await response.json()) as { id: string }).id
}

const cardNumbered = (number: string) =>
  typedIn({
    type: 'card',
    'card[number]': number,
    'card[exp_month]': '12',
    'card[exp_year]': '2040',
    'card[cvc]': '123',
  })

const accountNumbered = (number: string) =>
  typedIn({
    type: 'us_bank_account',
    'us_bank_account[account_number]': number,
    'us_bank_account[routing_number]': '110000000',
    'us_bank_account[account_holder_type]': 'company',
    'billing_details[name]': 'Acme GmbH',
  })

/** Asks about everything unfinished, as reconciliation does. */
async function settled(tenantId: string, id: string): Promise<void> {
  const { reconcileAttempt } = await import(
    '../../services/billing-service/src/actions/payments/reconcile-attempt.ts'
  )
  const { deps } = world.service
  for (const { id: transactionId } of await tries(tenantId, id)) {
    const row = await deps.store.of(tenantId).get('transactions', transactionId)
    await reconcileAttempt(deps, row)
  }
}

async function inBalance(tenantId: string): Promise<void> {
  const [sum] = await world.service.deps.store
    .of(tenantId)
    .sum('ledgerEntries', { sum: ['amountMinor'] })
  expect(sum?.sums.amountMinor ?? '0').toBe('0')
}

describe('cards that pay', () => {
  it.each([
    '4242424242424242',
    '5555555555554444',
    '378282246310005',
    '6011111111111117',
    '4000003800000446',
    '4000000000000077',
    '4000000000009235',
    '4000000000007726',
    '4000000000005126',
  ])('%s pays 49.00', async number => {
    const tenantId = newTenant()
    const id = await invoiceOf(tenantId)
    expect((await add(tenantId, await cardNumbered(number))).status).toBe(201)
    const paid = await pay(tenantId, id)
    if (paid.body.payment?.status === 'requires_action') {
      await fetch(paid.body.payment.nextActionUrl, {
        method: 'POST',
        body: new URLSearchParams({ outcome: 'complete' }),
        redirect: 'manual',
      })
      await settled(tenantId, id)
    }
    expect(await invoice(tenantId, id)).toMatchObject({ status: 'paid', amountPaid: 49 })
    await inBalance(tenantId)
  })
})

describe('cards that their bank does not let us keep', () => {
  it.each([
    { number: '4000000000000002', code: 'generic_decline', advice: 'wait_or_change' },
    { number: '4000000000009995', code: 'insufficient_funds', advice: 'wait_or_change' },
    { number: '4000000000009987', code: 'lost_card', advice: 'change_method' },
    { number: '4000000000009979', code: 'stolen_card', advice: 'change_method' },
    { number: '4000000000000069', code: 'expired_card', advice: 'change_method' },
    { number: '4000000000000127', code: 'incorrect_cvc', advice: 'correct_details' },
    { number: '4000000000000119', code: 'processing_error', advice: 'wait_or_change' },
    { number: '4000000000006975', code: 'card_velocity_exceeded', advice: 'wait_or_change' },
  ])('$number is 402 $code with the step $advice, and leaves nothing', async row => {
    const tenantId = newTenant()
    const answer = await add(tenantId, await cardNumbered(row.number))
    expect(answer).toMatchObject({
      status: 402,
      body: { code: 'payment_declined', declineCode: row.code, advice: row.advice },
    })
    expect(answer.body.detail).not.toMatch(/lost|stolen|fraud/i)
    const list = await world.call('GET', '/payment-methods', { as: world.admin(tenantId) })
    expect(list.body.data).toEqual([])
  })
})

describe('cards that are kept and then declined', () => {
  it.each([
    { number: '4000000000000341', code: 'generic_decline' },
    { number: '4100000000000019', code: 'fraudulent' },
  ])('$number is 402 $code, the invoice stays open, and another card pays', async row => {
    const tenantId = newTenant()
    const id = await invoiceOf(tenantId)
    await add(tenantId, await cardNumbered(row.number))
    const declined = await pay(tenantId, id)
    expect(declined).toMatchObject({ status: 402, body: { declineCode: row.code } })
    expect(declined.body.detail).not.toMatch(/lost|stolen|fraud/i)
    expect(await invoice(tenantId, id)).toMatchObject({ status: 'open', amountDue: 49 })
    expect((await tries(tenantId, id))[0]).toMatchObject({
      status: 'failed',
      requestLogUrl: expect.stringContaining('http'),
    })
    const mended = await world.call('POST', `/invoices/${id}/pay`, {
      as: world.admin(tenantId),
      body: { paymentMethodId: 'pm_card_visa' },
    })
    expect(mended).toMatchObject({ status: 200, body: { status: 'paid' } })
    await inBalance(tenantId)
  })
})

describe('cards that want their holder', () => {
  it.each([
    { number: '4000002500003155', outcome: 'complete', status: 'paid' },
    { number: '4000002760003184', outcome: 'complete', status: 'paid' },
    { number: '4000002760003184', outcome: 'fail', status: 'open' },
    { number: '4000008260003178', outcome: 'complete', status: 'open' },
  ])('$number, then $outcome, leaves the invoice $status', async row => {
    const tenantId = newTenant()
    const id = await invoiceOf(tenantId)
    await add(tenantId, await cardNumbered(row.number))
    const waiting = await pay(tenantId, id)
    expect(waiting).toMatchObject({
      status: 200,
      body: { status: 'open', payment: { status: 'requires_action' } },
    })
    const returned = await fetch(waiting.body.payment.nextActionUrl, {
      method: 'POST',
      body: new URLSearchParams({ outcome: row.outcome }),
      redirect: 'manual',
    })
    expect(returned.headers.get('location')).toContain('/invoices')
    await settled(tenantId, id)
    expect(await invoice(tenantId, id)).toMatchObject({ status: row.status })
    await inBalance(tenantId)
  })
})

describe('bank accounts', () => {
  it.each([
    { name: 'success', number: '000123456789', status: 'succeeded', code: null },
    {
      name: 'accountClosed',
      number: '000111111113',
      status: 'failed',
      code: 'bank_account_closed',
    },
    {
      name: 'noAccount',
      number: '000111111116',
      status: 'failed',
      code: 'bank_account_invalid_details',
    },
    {
      name: 'insufficientFunds',
      number: '000222222227',
      status: 'failed',
      code: 'insufficient_funds',
    },
    {
      name: 'debitNotAuthorized',
      number: '000333333335',
      status: 'failed',
      code: 'debit_not_authorized',
    },
    { name: 'dispute', number: '000555555559', status: 'succeeded', code: null },
    { name: 'processing', number: '000000000009', status: 'processing', code: null },
  ])('$number is verified, debited, and is $status $code', async row => {
    const tenantId = newTenant()
    const id = await invoiceOf(tenantId)
    const added = await add(tenantId, await accountNumbered(row.number))
    expect(added.body.status).toBe('pending_verification')
    const verified = await world.call('POST', `/payment-methods/${added.body.id}/verify`, {
      as: world.admin(tenantId),
      body: { amounts: [32, 45] },
    })
    expect(verified.body.status).toBe('active')
    const sent = await pay(tenantId, id)
    expect(sent.body.payment).toMatchObject({ status: 'processing' })
    world.sandbox.state.advance(86_400_000)
    await settled(tenantId, id)
    expect((await tries(tenantId, id))[0]).toMatchObject({
      status: row.status,
      ...(row.code === null ? {} : { declineCode: row.code }),
    })
    const paid = row.status === 'succeeded'
    expect(await invoice(tenantId, id)).toMatchObject({ status: paid ? 'paid' : 'open' })
    await inBalance(tenantId)
  })

  it.each(['000777777771', '000000004954'])('%s is not even taken', async number => {
    const tenantId = newTenant()
    const answer = await add(tenantId, await accountNumbered(number))
    expect(answer).toMatchObject({ status: 402, body: { code: 'payment_declined' } })
  })
})

describe('races', () => {
  it('pay and void end in one of both, never in both', async () => {
    for (let round = 0; round < 10; round += 1) {
      const tenantId = newTenant()
      const id = await invoiceOf(tenantId)
      await add(tenantId, 'pm_card_visa')
      const [paid, voided] = await Promise.all([
        pay(tenantId, id),
        operate(tenantId, 'POST', `/invoices/${id}/void`),
      ])
      const after = await invoice(tenantId, id)
      const won = paid.status === 200 ? 'paid' : 'void'
      expect([paid.status, voided.status].filter(status => status === 200)).toHaveLength(1)
      expect(after.status).toBe(won)
      await inBalance(tenantId)
    }
  })

  it('two tabs that pay at once pay once', async () => {
    for (let round = 0; round < 10; round += 1) {
      const tenantId = newTenant()
      const id = await invoiceOf(tenantId)
      await add(tenantId, 'pm_card_visa')
      const answers = await Promise.all([pay(tenantId, id), pay(tenantId, id)])
      expect(answers.map(answer => answer.status).sort()).toEqual([200, 409])
      expect(await tries(tenantId, id)).toHaveLength(1)
    }
  })

  it('a debit that is processing cannot be refunded', async () => {
    const tenantId = newTenant()
    const id = await invoiceOf(tenantId)
    await add(tenantId, 'pm_usBankAccount_processing')
    await pay(tenantId, id)
    const [debit] = await tries(tenantId, id)
    const refund = await operate(tenantId, 'POST', `/transactions/${debit.id}/refund`, {})
    expect(refund).toMatchObject({ status: 409, body: { code: 'transaction_not_refundable' } })
  })

  it("another account's card is 409, and stays theirs", async () => {
    const owner = newTenant()
    const theirs = (await add(owner, 'pm_card_visa')).body
    const answer = await add(newTenant(), theirs.stripePaymentMethodId)
    expect(answer).toMatchObject({
      status: 409,
      body: { code: 'payment_method_attached_elsewhere' },
    })
    const list = await world.call('GET', '/payment-methods', { as: world.admin(owner) })
    expect(list.body.data).toHaveLength(1)
  })
})
