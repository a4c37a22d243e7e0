// What must happen so that every event arises that a billing service handles. Money and methods; the
// processor's own subscriptions are in scenes-billing.ts.

import { failureOf } from '@quittance/stripe-sandbox/test-client'
import {
  answerChallenge,
  dayMs,
  debit,
  hourMs,
  newCustomer,
  paid,
  payerWith,
  payOffSession,
  payOnSession,
  waitingSetup,
} from './acts.ts'
import type { Ground } from './ground.ts'

export interface Scene {
  readonly title: string
  /** The events that it is there for. */
  readonly events: readonly string[]
  play(ground: Ground): Promise<unknown>
}

const scene = (
  title: string,
  events: readonly string[],
  play: (ground: Ground) => Promise<unknown>,
): Scene => ({ title, events, play })

const manual = { capture_method: 'manual' } as const

const payments: readonly Scene[] = [
  scene(
    'a card pays, another is declined',
    ['payment_intent.created', 'payment_intent.succeeded', 'charge.succeeded'],
    ground => paid(ground),
  ),
  scene('a card is declined', ['payment_intent.payment_failed', 'charge.failed'], async ground =>
    failureOf(payOffSession(ground, await payerWith(ground, 'pm_card_chargeCustomerFail'))),
  ),
  scene(
    'an amount is held, captured in part, and another one let go',
    [
      'payment_intent.amount_capturable_updated',
      'charge.captured',
      'payment_intent.canceled',
      'charge.expired',
    ],
    async ground => {
      const payer = await payerWith(ground, 'pm_card_visa')
      const held = await payOffSession(ground, { ...payer, ...manual })
      await ground.stripe.paymentIntents.capture(held.id, { amount_to_capture: 3_000 })
      const released = await payOffSession(ground, { ...payer, ...manual })
      await ground.stripe.paymentIntents.cancel(released.id)
      await payOffSession(ground, { ...payer, ...manual })
      ground.sandbox.state.advance(7 * dayMs)
    },
  ),
  scene(
    'a challenge is failed, another one passed',
    ['payment_intent.requires_action'],
    async ground => {
      const payer = await payerWith(ground, 'pm_card_authenticationRequired')
      await answerChallenge(ground, (await payOnSession(ground, payer)).id, 'fail')
      await answerChallenge(ground, (await payOnSession(ground, payer)).id, 'complete')
    },
  ),
  scene(
    'a bank account is debited, and the bank knows of no permission',
    ['payment_intent.processing', 'charge.pending', 'mandate.updated'],
    async ground => {
      await debit(ground, await payerWith(ground, 'pm_usBankAccount_success'))
      await debit(ground, await payerWith(ground, 'pm_usBankAccount_debitNotAuthorized'))
      ground.sandbox.state.advance(dayMs)
    },
  ),
  scene('the fee of a charge is known later', ['charge.updated'], async ground => {
    const payer = await payerWith(ground, 'pm_card_visa')
    await payOffSession(ground, { ...payer, metadata: { sandbox_balance: 'late' } })
    ground.sandbox.state.advance(hourMs)
  }),
  scene(
    'money is announced by bank transfer',
    ['payment_intent.partially_funded'],
    async ground => {
      const customer = await newCustomer(ground)
      const params = { amount: 4_900, currency: 'usd', customer }
      const { id: object } = await ground.stripe.paymentIntents.create(params)
      await ground.steer('emit', { type: 'payment_intent.partially_funded', object })
    },
  ),
]

const reversals: readonly Scene[] = [
  scene(
    'payments are given back, at once, late, and in vain',
    [
      'charge.refunded',
      'charge.refund.updated',
      'refund.created',
      'refund.updated',
      'refund.failed',
    ],
    async ground => {
      for (const card of ['pm_card_visa', 'pm_card_pendingRefund', 'pm_card_refundFail']) {
        const { intent } = await paid(ground, card)
        const refund = await ground.stripe.refunds.create({ payment_intent: intent, amount: 900 })
        await ground.stripe.refunds.update(refund.id, { metadata: { order: '7' } })
      }
      ground.sandbox.state.advance(dayMs)
    },
  ),
  scene(
    'disputes are won, lost and withdrawn',
    [
      'charge.dispute.created',
      'charge.dispute.updated',
      'charge.dispute.closed',
      'charge.dispute.funds_withdrawn',
      'charge.dispute.funds_reinstated',
    ],
    async ground => {
      for (const evidence of ['winning_evidence', 'losing_evidence', 'We delivered.']) {
        const { charge } = await paid(ground, 'pm_card_createDispute')
        ground.sandbox.state.advance(dayMs)
        const [dispute] = (await ground.stripe.disputes.list({ charge })).data
        const { id = '' } = dispute ?? {}
        await ground.stripe.disputes.update(id, { evidence: { uncategorized_text: evidence } })
        if (evidence === 'We delivered.') await ground.stripe.disputes.close(id)
        await ground.stripe.disputes.retrieve(id, { expand: ['charge', 'payment_intent'] })
      }
    },
  ),
  scene(
    'an issuer warns of fraud, and the charge is given back',
    ['radar.early_fraud_warning.created', 'radar.early_fraud_warning.updated'],
    async ground => {
      const { charge } = await paid(ground, 'pm_card_createIssuerFraudRecord')
      ground.sandbox.state.advance(dayMs)
      await ground.stripe.refunds.create({ charge })
      const [warning] = (await ground.stripe.radar.earlyFraudWarnings.list({ charge })).data
      await ground.stripe.radar.earlyFraudWarnings.retrieve(warning?.id ?? '')
    },
  ),
  scene('a payment is reviewed and approved', ['review.opened', 'review.closed'], async ground => {
    const { charge } = await paid(ground, 'pm_card_visa')
    const { id } = await ground.steer<{ id: string }>('reviews', { charge })
    await ground.stripe.reviews.retrieve(id, { expand: ['charge'] })
    await ground.stripe.reviews.approve(id)
    await ground.stripe.reviews.list()
  }),
  scene(
    'money is paid out, and a payout comes back',
    [
      'payout.created',
      'payout.paid',
      'payout.failed',
      'payout.reconciliation_completed',
      'balance.available',
    ],
    async ground => {
      await paid(ground, 'pm_card_bypassPending')
      ground.sandbox.state.advance(3 * dayMs)
      await ground.steer('emit', { type: 'balance.available', object: 'balance' })
      await ground.stripe.balance.retrieve()
      await ground.stripe.payouts.create({ amount: 1_000, currency: 'usd' })
      const { payout } = await ground.steer<{ payout: { id: string } }>('payouts', {})
      await ground.stripe.balanceTransactions.list({ payout: payout.id, limit: 100 })
      await ground.steer(`payouts/${payout.id}/fail`)
      await ground.stripe.payouts.retrieve(payout.id, { expand: ['failure_balance_transaction'] })
    },
  ),
]

const methods: readonly Scene[] = [
  scene(
    'set-ups succeed, fail, wait and are given up',
    [
      'setup_intent.created',
      'setup_intent.succeeded',
      'setup_intent.setup_failed',
      'setup_intent.requires_action',
      'setup_intent.canceled',
    ],
    async ground => {
      const { setupIntents } = ground.stripe
      const customer = await newCustomer(ground)
      const setUp = (payment_method: string) =>
        setupIntents.create({
          customer,
          payment_method,
          confirm: true,
          return_url: 'https://example.com/back',
        })
      const { id } = await setUp('pm_card_visa')
      await setupIntents.retrieve(id, { expand: ['payment_method', 'latest_attempt', 'mandate'] })
      await failureOf(setUp('pm_card_chargeDeclined'))
      await answerChallenge(ground, (await setUp('pm_card_authenticationRequired')).id, 'fail')
      const { id: bank } = await waitingSetup(ground)
      await setupIntents.cancel(bank, { cancellation_reason: 'abandoned' })
      await ground.stripe.setupAttempts.list({ setup_intent: id })
    },
  ),
  scene(
    'methods come, change and go',
    [
      'payment_method.attached',
      'payment_method.updated',
      'payment_method.automatically_updated',
      'payment_method.detached',
    ],
    async ground => {
      const { customer, payment_method: id } = await payerWith(ground, 'pm_card_visa')
      await ground.stripe.paymentMethods.update(id, { billing_details: { name: 'Li Wei' } })
      await ground.steer('emit', { type: 'payment_method.automatically_updated', object: id })
      await ground.stripe.paymentMethods.list({ customer, type: 'card' })
      await ground.stripe.customers.listPaymentMethods(customer)
      await ground.stripe.customers.retrievePaymentMethod(customer, id)
      await ground.stripe.paymentMethods.detach(id)
    },
  ),
  scene(
    'customers come, change and go',
    ['customer.created', 'customer.updated', 'customer.deleted'],
    async ground => {
      const { customers } = ground.stripe
      const { id } = await customers.create({ name: 'Acme GmbH', metadata: { tenant_id: 't_1' } })
      await customers.update(id, { email: 'billing@acme.example' })
      await customers.list({ email: 'billing@acme.example' })
      await customers.del(id)
      await customers.retrieve(id)
    },
  ),
  scene(
    'a set-up account is debited under its mandate',
    ['setup_intent.requires_action', 'payment_intent.succeeded'],
    async ground => {
      const { stripe } = ground
      const { id } = await waitingSetup(ground)
      const done = await stripe.setupIntents.verifyMicrodeposits(id, { amounts: [32, 45] })
      await stripe.mandates.retrieve(String(done.mandate))
      await stripe.paymentIntents.create({
        amount: 90_000,
        currency: 'usd',
        customer: String(done.customer),
        payment_method: String(done.payment_method),
        allowed_payment_method_types: ['us_bank_account'],
        mandate: String(done.mandate),
        off_session: true,
        confirm: true,
      })
      ground.sandbox.state.advance(dayMs)
    },
  ),
]

export const moneyScenes: readonly Scene[] = [...payments, ...reversals, ...methods]
