// What happens to money after it was received: disputes won and lost, bank debits returned late, refunds that
// fail days later or were made elsewhere, fees that come late, and payouts to the bank. Events reach us by
// the back-fill, as if every delivery had been lost.
import Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rebuildTenant } from '../../src/actions/reconciliation/rebuild.ts'
import { verifyBooks } from '../../src/actions/verify/verify-books.ts'
import { applyInbox } from '../../src/actions/webhooks/apply-inbox.ts'
import { backfillEvents } from '../../src/actions/webhooks/backfill-events.ts'
import { openMemoryStore } from '../../src/adapters/memory/store.ts'
import { openWorld, type World } from '../../src/test/world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld({ jobs: 'off' })
})
afterAll(() => world.close())

const deps = () => world.service.deps

const stripe = () =>
  new Stripe(world.sandbox.secretKey, {
    host: '127.0.0.1',
    port: world.sandbox.port,
    protocol: 'http',
    telemetry: false,
  })

// biome-ignore lint/suspicious/noExplicitAny: tests read answers as callers in JavaScript do
async function steer(path: string, body: object = {}): Promise<any> {
  const response = await fetch(`${world.sandbox.url}/sandbox/${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${world.sandbox.secretKey}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify(body),
  })
  expect(response.ok, await response.clone().text()).toBe(true)
  return response.json()
}

/** Finds what happened at the processor and applies it until nothing is left. */
async function catchUp() {
  await backfillEvents(deps())
  let failed = 0
  for (;;) {
    const counts = await applyInbox(deps())
    failed += counts.failed
    if (counts.taken === 0) break
  }
  expect(failed).toBe(0)
}

const operate = (tenantId: string, method: string, path: string, body?: unknown) =>
  world.call(method, path, {
    as: world.operator(),
    headers: { 'x-tenant-id': tenantId },
    ...(body === undefined ? {} : { body }),
  })

async function subscribed(tenantId: string, method = 'pm_card_visa') {
  const created = await world.call('POST', '/subscriptions', {
    as: world.admin(tenantId),
    body: { plan: 'professional', trialDays: 0, paymentMethodId: method },
  })
  expect(created.status, JSON.stringify(created.body)).toBe(201)
  const { rows } = await deps()
    .store.of(tenantId)
    .list('transactions', { where: { type: 'payment' }, limit: 1, order })
  return { subscriptionId: created.body.id as string, payment: rows[0]! }
}

const order = { field: 'createdAt', direction: 'desc' } as const

async function accounts(tenantId: string): Promise<Record<string, number>> {
  const groups = await deps()
    .store.of(tenantId)
    .sum('ledgerEntries', { sum: ['amountMinor'], groupBy: ['account'] })
  const sums = groups.map(({ group, sums: s }) => [group.account, Number(s.amountMinor)] as const)
  expect(sums.reduce((total, [, sum]) => total + sum, 0)).toBe(0)
  return Object.fromEntries(sums.filter(([, sum]) => sum !== 0))
}

const typesOf = async (tenantId: string, prefix: string) => {
  const { rows } = await deps()
    .store.of(tenantId)
    .list('events', { order: { field: 'recordedAt', direction: 'asc' }, limit: 500 })
  return rows.map(({ type }) => type).filter(type => type.startsWith(prefix))
}

describe('a dispute', () => {
  it('takes 99.00 and a fee of 15.00, freezes refunds, and keeps the subscription until it is lost', async () => {
    const { payment, subscriptionId } = await subscribed('lost')
    const before = await accounts('lost')
    const { id } = await steer('disputes', { charge: payment.processorChargeId! })
    await catchUp()
    const held = await accounts('lost')
    expect(held.disputes_held).toBe(9_900)
    expect(held.dispute_fees).toBe(1_500)
    expect(held.processor_clearing).toBe(before.processor_clearing! - 11_400)
    const { body: list } = await operate('lost', 'GET', '/disputes')
    expect(list.data).toHaveLength(1)
    expect(list.data[0]).toMatchObject({
      status: 'needs_response',
      reason: 'fraudulent',
      amount: 99,
      fee: 15,
      held: { amount: 99, currency: 'USD' },
      transactionId: payment.id,
    })
    const refund = await operate('lost', 'POST', `/transactions/${payment.id}/refund`, {})
    expect(refund).toMatchObject({ status: 409, body: { code: 'payment_disputed' } })
    const path = `/subscriptions/${subscriptionId}`
    expect((await operate('lost', 'GET', path)).body.status).toBe('active')
    const fees = await operate('lost', 'GET', '/transactions?type=fee')
    expect(fees.body.data).toHaveLength(1)
    expect(fees.body.data[0]).toMatchObject({
      amount: 15,
      net: -15,
      status: 'succeeded',
      relatedTransactionId: payment.id,
      reason: 'dispute_fee',
    })
    const summary = await operate('lost', 'GET', '/transactions/summary/day')
    expect(summary.body.currencies[0]).toMatchObject({ payments: 99, fees: 18.17 })

    await steer(`disputes/${id}`, { outcome: 'lost' })
    await catchUp()
    const after = await accounts('lost')
    expect(after.disputes_held).toBeUndefined()
    expect(after.bad_debt).toBe(9_900)
    expect((await operate('lost', 'GET', path)).body.status).toBe('canceled')
    expect(await typesOf('lost', 'dispute.')).toEqual([
      'dispute.created',
      'dispute.funds_withdrawn',
      'dispute.lost',
    ])
    expect(
      (await operate('lost', 'POST', `/transactions/${payment.id}/refund`, {})).body.code,
    ).toBe('payment_disputed')
  })

  it('that is answered with winning evidence gives the 99.00 back, keeps the fee, and frees the refund', async () => {
    const { payment, subscriptionId } = await subscribed('won')
    await steer('disputes', { charge: payment.processorChargeId! })
    await catchUp()
    const { body } = await operate('won', 'GET', '/disputes')
    const path = `/disputes/${body.data[0].id}`
    const answered = await operate('won', 'POST', `${path}/evidence`, { text: 'winning_evidence' })
    expect(answered).toMatchObject({ status: 200, body: { status: 'won', held: { amount: 0 } } })
    await catchUp()
    const after = await accounts('won')
    expect(after.disputes_held).toBeUndefined()
    expect(after.dispute_fees).toBe(1_500)
    expect(after.bad_debt).toBeUndefined()
    const subscription = await operate('won', 'GET', `/subscriptions/${subscriptionId}`)
    expect(subscription.body.status).toBe('active')
    const again = await operate('won', 'POST', `${path}/evidence`, { text: 'more' })
    expect(again).toMatchObject({ status: 409, body: { code: 'dispute_closed' } })
    const refund = await operate('won', 'POST', `/transactions/${payment.id}/refund`, {})
    expect(refund).toMatchObject({ status: 201, body: { amount: 99, status: 'succeeded' } })
    expect((await world.call('GET', '/issuer/disputes', { as: world.operator() })).status).toBe(200)
  })

  it('that the bank decided a moment ago is 409 dispute_closed, and booked as lost', async () => {
    const { payment } = await subscribed('decided')
    const { id } = await steer('disputes', { charge: payment.processorChargeId! })
    await catchUp()
    await steer(`disputes/${id}`, { outcome: 'lost' })
    const { body } = await operate('decided', 'GET', '/disputes')
    const path = `/disputes/${body.data[0].id}/evidence`
    const answered = await operate('decided', 'POST', path, { text: 'too late' })
    expect(answered).toMatchObject({ status: 409, body: { code: 'dispute_closed' } })
    expect((await accounts('decided')).bad_debt).toBe(9_900)
  })

  it('that is an inquiry takes no money and leaves the payment refundable', async () => {
    const { payment } = await subscribed('inquiry', 'pm_card_createDisputeInquiry')
    const before = await accounts('inquiry')
    world.sandbox.state.advance(10_000)
    await catchUp()
    const { body } = await operate('inquiry', 'GET', '/disputes')
    expect(body.data[0]).toMatchObject({ status: 'warning_needs_response', held: { amount: 0 } })
    expect(await accounts('inquiry')).toEqual(before)
    const refund = await operate('inquiry', 'POST', `/transactions/${payment.id}/refund`, {
      amount: 1,
    })
    expect(refund.status).toBe(201)
  })

  it('with cancel_at_once ends the subscription as soon as money is taken', async () => {
    const { payment, subscriptionId } = await subscribed('strict')
    await operate('strict', 'PATCH', '/settings', { disputeAction: 'cancel_at_once' })
    await steer('disputes', { charge: payment.processorChargeId! })
    await catchUp()
    const subscription = await operate('strict', 'GET', `/subscriptions/${subscriptionId}`)
    expect(subscription.body.status).toBe('canceled')
  })

  it('that ends a subscription withdraws the invoice of a change that waits for its payer', async () => {
    const { payment, subscriptionId } = await subscribed('waiting')
    await operate('waiting', 'PATCH', '/settings', { disputeAction: 'cancel_at_once' })
    const path = `/subscriptions/${subscriptionId}`
    const body = { plan: 'enterprise', paymentMethodId: 'pm_card_authenticationRequired' }
    const asked = await world.call('PATCH', path, { as: world.admin('waiting'), body })
    expect(asked.body.payment?.status, JSON.stringify(asked.body)).toBe('requires_action')
    const { invoiceId } = asked.body.pendingChange
    await steer('disputes', { charge: payment.processorChargeId! })
    await catchUp()
    expect((await operate('waiting', 'GET', path)).body.status).toBe('canceled')
    expect((await operate('waiting', 'GET', `/invoices/${invoiceId}`)).body.status).toBe('void')
    const tries = await operate('waiting', 'GET', `/transactions?invoiceId=${invoiceId}`)
    expect(tries.body.data.map((each: { status: string }) => each.status)).toEqual(['canceled'])
  })

  it('of a bank debit that came back after it had succeeded is lost at once', async () => {
    const as = world.admin('bank')
    const invoice = await operate('bank', 'POST', '/invoices', {
      lineItems: [{ description: 'Setup', quantity: 1, unitAmount: 120 }],
    })
    const method = await world.call('POST', '/payment-methods', {
      as,
      body: { paymentMethodId: 'pm_usBankAccount_dispute' },
    })
    expect(method.status, JSON.stringify(method.body)).toBe(201)
    const paid = await world.call('POST', `/invoices/${invoice.body.id}/pay`, { as })
    expect(paid.body.payment?.status, JSON.stringify(paid.body)).toBe('processing')
    world.sandbox.state.advance(7_000)
    await catchUp()
    expect((await operate('bank', 'GET', `/invoices/${invoice.body.id}`)).body.status).toBe('paid')
    world.sandbox.state.advance(86_400_000)
    await catchUp()
    const { body } = await operate('bank', 'GET', '/disputes')
    expect(body.data[0]).toMatchObject({
      status: 'lost',
      reason: 'insufficient_funds',
      amount: 120,
    })
    const after = await accounts('bank')
    expect(after.bad_debt).toBe(12_000)
    expect(after.disputes_held).toBeUndefined()
  })

  it.each([
    { outcome: 'lost', bad_debt: 5_900, customer_credit: undefined },
    { outcome: 'won', bad_debt: undefined, customer_credit: -4_000 },
  ])('that stops a refund of 40.00 and is $outcome gives them once', async row => {
    const tenantId = `stopped-${row.outcome}`
    const { payment } = await subscribed(tenantId)
    const { id } = await steer('disputes', { charge: payment.processorChargeId! })
    const path = `/transactions/${payment.id}/refund`
    const refused = await operate(tenantId, 'POST', path, { amount: 40 })
    expect(refused.body).toMatchObject({ status: 'failed', failureCode: 'charge_disputed' })
    const again = await operate(tenantId, 'POST', path, { amount: 10 })
    expect(again).toMatchObject({ status: 409, body: { code: 'payment_disputed' } })
    const waiting = { refunds_payable: -4_000 }
    expect(await accounts(tenantId)).toMatchObject(waiting)
    await catchUp()
    expect(await accounts(tenantId)).toMatchObject({ ...waiting, disputes_held: 9_900 })
    await steer(`disputes/${id}`, { outcome: row.outcome })
    await catchUp()
    const after = await accounts(tenantId)
    expect(after.refunds_payable).toBeUndefined()
    expect(after.disputes_held).toBeUndefined()
    expect(after.bad_debt).toBe(row.bad_debt)
    expect(after.customer_credit).toBe(row.customer_credit)
  })

  it('each event of it in any order, again and again, books nothing twice', async () => {
    const before = await accounts('won')
    const { body } = await world.call('POST', '/webhook-events/replay', {
      as: world.operator(),
      body: { from: '2020-01-01T00:00:00Z' },
    })
    expect(body.replayed).toBeGreaterThan(20)
    await catchUp()
    expect(await accounts('won')).toEqual(before)
    expect(await deps().store.of('won').count('disputes', {})).toBe(1)
  })
})

describe('a refund', () => {
  it('that fails days later becomes credit of the customer', async () => {
    const { payment } = await subscribed('returned', 'pm_card_refundFail')
    const refund = await operate('returned', 'POST', `/transactions/${payment.id}/refund`, {
      amount: 40,
    })
    expect(refund.body.status).toBe('succeeded')
    world.sandbox.state.advance(3 * 86_400_000)
    await catchUp()
    const after = await operate('returned', 'GET', `/transactions/${refund.body.id}`)
    expect(after.body).toMatchObject({
      status: 'failed',
      failureCode: 'expired_or_canceled_card',
    })
    expect((await accounts('returned')).customer_credit).toBe(-4_000)
    const paid = await operate('returned', 'GET', `/transactions/${payment.id}`)
    expect(paid.body.amountRefunded).toBe(0)
  })

  it('that somebody made at Stripe is recorded with its credit note, once', async () => {
    const { payment } = await subscribed('elsewhere')
    const made = await stripe().refunds.create({
      payment_intent: payment.processorId!,
      amount: 2_500,
    })
    await catchUp()
    const { body } = await operate('elsewhere', 'GET', '/transactions?type=refund')
    expect(body.data).toHaveLength(1)
    expect(body.data[0]).toMatchObject({
      amount: 25,
      status: 'succeeded',
      reason: 'Made at Stripe',
    })
    const notes = await operate('elsewhere', 'GET', '/credit-notes')
    expect(notes.body.data).toHaveLength(1)
    const left = await operate('elsewhere', 'POST', `/transactions/${payment.id}/refund`, {})
    expect(left.body).toMatchObject({ amount: 74 })
    expect(made.id).toMatch(/^re_/)
  })
})

describe('a fee that comes late', () => {
  it('is booked when charge.updated tells of it', async () => {
    world.sandbox.state.faults.add({
      kind: 'late_balance',
      remaining: 1,
      probability: 1,
      method: null,
      match: null,
      delayMs: 0,
      status: 429,
      performs: false,
    })
    const { payment } = await subscribed('late')
    expect(payment).toMatchObject({ status: 'succeeded', feeMinor: null, netMinor: null })
    world.sandbox.state.advance(5_000)
    await catchUp()
    const { body } = await operate('late', 'GET', `/transactions/${payment.id}`)
    expect(body).toMatchObject({ fee: 3.17, net: 95.83 })
    expect((await accounts('late')).processing_fees).toBe(317)
  })
})

describe('the stored events of a tenant, replayed into an empty store', () => {
  it('lead to the same transactions: disputes, failed and foreign refunds, late fees, bank debits', async () => {
    const compared: Record<string, number> = {}
    for (const tenantId of ['lost', 'won', 'bank', 'returned', 'elsewhere', 'late']) {
      const rebuilt = await rebuildTenant(deps(), openMemoryStore(), tenantId)
      expect(rebuilt, tenantId).toMatchObject({ differences: [], untold: 0 })
      compared[tenantId] = rebuilt.compared
    }
    expect(compared).toEqual({ lost: 2, won: 3, bank: 2, returned: 2, elsewhere: 3, late: 1 })
  })
})

describe('a payout', () => {
  it('moves each tenant’s share from clearing to bank, and back when the bank refuses it', async () => {
    world.sandbox.state.advance(5 * 86_400_000)
    await catchUp()
    const clearing = (await accounts('late')).processor_clearing!
    const { payout } = await steer('payouts', { currency: 'usd' })
    await catchUp()
    const { body } = await world.call('GET', `/payouts/${payout.id}`, { as: world.operator() })
    expect(body).toMatchObject({ status: 'paid', reconciliation: 'matched', unmatched: [] })
    expect(body.matched).toBe(body.amount)
    const share = body.shares.find((each: { tenantId: string }) => each.tenantId === 'late')
    expect(share).toMatchObject({ net: clearing / 100, count: 1 })
    const paid = await accounts('late')
    expect(paid.bank).toBe(clearing)
    expect(paid.processor_clearing).toBeUndefined()
    // All that any tenant had at the processor has gone to the bank.
    const groups = await deps().store.system.sum('ledgerEntries', {
      sum: ['amountMinor'],
      groupBy: ['account'],
    })
    const sum = (account: string) =>
      Number(groups.find(({ group }) => group.account === account)?.sums.amountMinor ?? 0)
    expect(sum('processor_clearing')).toBe(0)
    expect(sum('bank')).toBe(payout.amount)

    await steer(`payouts/${payout.id}/fail`)
    await catchUp()
    expect((await accounts('late')).bank).toBeUndefined()
    expect((await accounts('late')).processor_clearing).toBe(clearing)
    const next = (await steer('payouts', { currency: 'usd' })).payout
    await catchUp()
    const again = await world.call('GET', `/payouts/${next.id}`, { as: world.operator() })
    expect(again.body).toMatchObject({ reconciliation: 'matched', amount: body.amount })
    expect((await accounts('late')).bank).toBe(clearing)
  })
})

describe('the books', () => {
  it('hold after all of it: every proof of verify', async () => {
    const proofs = await verifyBooks(deps(), { days: 3_660 })
    expect(proofs.flatMap(({ broken }) => broken)).toEqual([])
  })
})
