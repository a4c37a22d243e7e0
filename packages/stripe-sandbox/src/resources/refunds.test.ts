// Money going back: refunds, disputes and payouts, reconciled to the balance.

import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { failureOf, startTestSandbox, type TestSandbox } from '../test-client.ts'
import { type Steering, steeringOf } from '../test-steering.ts'

let sandbox: TestSandbox
let stripe: Stripe
let steer: Steering

beforeAll(async () => {
  const timings = { refundSettlesMs: 86_400_000, disputeOpensMs: 86_400_000 }
  sandbox = await startTestSandbox({ timings })
  stripe = sandbox.stripe
  steer = steeringOf(sandbox)
})
afterAll(() => sandbox.close())

async function paid(card: string, amount = 5000) {
  const intent = await stripe.paymentIntents.create({
    amount,
    currency: 'usd',
    payment_method: card,
    confirm: true,
    off_session: true,
  })
  return { intent: intent.id, charge: String(intent.latest_charge) }
}

describe('refunds', () => {
  it('gives back 10.00 of 50.00, then refuses 60.00, then the rest, then anything', async () => {
    const { intent, charge } = await paid('pm_card_visa')
    const over = await failureOf(stripe.refunds.create({ payment_intent: intent, amount: 6000 }))
    expect(over.message).toBe('Refund amount ($60.00) is greater than charge amount ($50.00)')
    await stripe.refunds.create({ payment_intent: intent, amount: 1000 })
    const rest = await failureOf(stripe.refunds.create({ charge, amount: 4001 }))
    expect(rest.message).toContain('unrefunded amount on charge ($40.00)')
    const last = await stripe.refunds.create({ charge, expand: ['balance_transaction'] })
    expect(last).toMatchObject({ amount: 4000, balance_transaction: { amount: -4000, fee: 0 } })
    const none = await failureOf(stripe.refunds.create({ charge }))
    expect(none.code).toBe('charge_already_refunded')
    const after = await stripe.charges.retrieve(charge, { expand: ['refunds'] })
    expect(after).toMatchObject({ refunded: true, amount_refunded: 5000 })
    expect(after.refunds?.data).toHaveLength(2)
  })

  it('fails a refund to 5126 a day later and opens the charge again', async () => {
    const { intent, charge } = await paid('pm_card_refundFail')
    const refund = await stripe.refunds.create({ payment_intent: intent })
    expect(refund.status).toBe('succeeded')
    sandbox.state.advance(86_400_000)
    const failed = await stripe.refunds.retrieve(refund.id, {
      expand: ['failure_balance_transaction'],
    })
    expect(failed).toMatchObject({
      status: 'failed',
      failure_balance_transaction: { amount: 5000 },
    })
    expect(await stripe.charges.retrieve(charge)).toMatchObject({
      refunded: false,
      amount_refunded: 0,
    })
  })

  it('keeps a refund to 7726 pending until it settles', async () => {
    const { intent } = await paid('pm_card_pendingRefund')
    const refund = await stripe.refunds.create({ payment_intent: intent })
    expect(refund.status).toBe('pending')
    await steer(`refunds/${refund.id}`, { outcome: 'succeeded' })
    expect((await stripe.refunds.retrieve(refund.id)).status).toBe('succeeded')
  })
})

describe('disputes', () => {
  it('takes 50.00 and a fee of 15.00, and returns 50.00 when the evidence wins', async () => {
    const { charge } = await paid('pm_card_createDispute')
    sandbox.state.advance(86_400_000)
    const { data } = await stripe.disputes.list({ charge })
    const id = data[0]?.id ?? ''
    expect(data[0]).toMatchObject({ status: 'needs_response', reason: 'fraudulent' })
    const refused = await failureOf(stripe.refunds.create({ charge }))
    expect(refused.code).toBe('charge_disputed')
    const won = await stripe.disputes.update(id, {
      evidence: { uncategorized_text: 'winning_evidence' },
    })
    expect(won.status).toBe('won')
    const nets = won.balance_transactions.map(transaction => transaction.net)
    expect(nets).toEqual([-6500, 5000])
  })

  it('closes as lost, and an inquiry takes no money', async () => {
    const lost = await paid('pm_card_createDisputeProductNotReceived')
    const asked = await paid('pm_card_createDisputeInquiry')
    sandbox.state.advance(86_400_000)
    const [dispute] = (await stripe.disputes.list({ charge: lost.charge })).data
    expect((await stripe.disputes.close(dispute?.id ?? '')).status).toBe('lost')
    const [inquiry] = (await stripe.disputes.list({ charge: asked.charge })).data
    expect(inquiry).toMatchObject({ status: 'warning_needs_response', balance_transactions: [] })
  })
})

describe('payouts', () => {
  it('carries every available transaction once, and its sum is the sum of their nets', async () => {
    await paid('pm_card_bypassPending', 10_000)
    sandbox.state.advance(3 * 86_400_000)
    const { payout } = await steer<{ payout: Stripe.Payout }>('payouts', { currency: 'usd' })
    const carried = await stripe.balanceTransactions.list({ payout: payout.id, limit: 100 })
    const nets = carried.data.filter(row => row.type !== 'payout').map(row => row.net)
    expect(nets.reduce((sum, net) => sum + net, 0)).toBe(payout.amount)
    expect(await steer('payouts', { currency: 'usd' })).toEqual({ payout: null })
    const left = await stripe.balance.retrieve()
    expect(left.available.find(row => row.currency === 'usd')?.amount).toBe(0)
  })
})

describe('snapshots', () => {
  it('brings the state back to what it was', async () => {
    const snapshot = await steer('snapshot', undefined, 'GET')
    const { id } = await stripe.customers.create()
    await steer('snapshot', snapshot)
    expect((await failureOf(stripe.customers.retrieve(id))).statusCode).toBe(404)
  })
})

describe('warnings and reviews', () => {
  it('a charge given back in full leaves nothing to do about its fraud warning', async () => {
    const { charge } = await paid('pm_card_createIssuerFraudRecord')
    sandbox.state.advance(86_400_000)
    const actionable = async () => {
      const { data } = await stripe.radar.earlyFraudWarnings.list({ charge })
      return data.map(warning => warning.actionable)
    }
    expect(await actionable()).toEqual([true])
    await stripe.refunds.create({ charge, amount: 1000 })
    expect(await actionable()).toEqual([true])
    await stripe.refunds.create({ charge })
    expect(await actionable()).toEqual([false])
    const { data } = await stripe.events.list({ type: 'radar.early_fraud_warning.updated' })
    expect(data).toHaveLength(1)
  })

  it('a review is named by its charge until it is approved, and is approved once', async () => {
    const { charge, intent } = await paid('pm_card_visa')
    const { id } = await steer<Stripe.Review>('reviews', { charge })
    expect((await stripe.charges.retrieve(charge)).review).toBe(id)
    expect((await stripe.paymentIntents.retrieve(intent)).review).toBe(id)
    const approved = await stripe.reviews.approve(id)
    expect(approved).toMatchObject({ open: false, closed_reason: 'approved' })
    expect((await stripe.charges.retrieve(charge)).review).toBeNull()
    expect((await failureOf(stripe.reviews.approve(id))).message).toContain('already closed')
    const { data } = await stripe.events.list({ type: 'review.*' })
    expect(data.map(event => event.type)).toEqual(['review.closed', 'review.opened'])
  })

  it('an event about the balance carries the balance, which has no id', async () => {
    await steer('emit', { type: 'balance.available', object: 'balance' })
    const { data } = await stripe.events.list({ type: 'balance.available' })
    expect(data[0]?.data.object).toMatchObject({ object: 'balance', livemode: false })
    expect(data[0]?.data.object).not.toHaveProperty('id')
  })
})
