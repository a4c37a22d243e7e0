// US bank debits: mandate, micro-deposits, settlement, returns before and after success.

import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { failureOf, startTestSandbox, type TestSandbox } from './test-client.ts'

const hour = 3_600_000
let sandbox: TestSandbox
let stripe: Stripe
let customer = ''

beforeAll(async () => {
  sandbox = await startTestSandbox({
    timings: { debitSettlesMs: 4 * 24 * hour, disputeOpensMs: 2 * hour },
  })
  stripe = sandbox.stripe
  customer = (await stripe.customers.create()).id
})
afterAll(() => sandbox.close())

const consent: Stripe.PaymentIntentCreateParams.MandateData = {
  customer_acceptance: { type: 'offline' },
}

function bankAccount(accountNumber: string) {
  return stripe.paymentMethods.create({
    type: 'us_bank_account',
    us_bank_account: {
      account_number: accountNumber,
      routing_number: '110000000',
      account_holder_type: 'individual',
    },
    billing_details: { name: 'Payer' },
  })
}

function debit(method: string, more: Partial<Stripe.PaymentIntentCreateParams> = {}) {
  return stripe.paymentIntents.create({
    amount: 90_000,
    currency: 'usd',
    customer,
    payment_method: method,
    allowed_payment_method_types: ['us_bank_account'],
    confirm: true,
    ...more,
  })
}

describe('verifying a bank account by micro-deposits', () => {
  async function waitingSetup() {
    const method = await bankAccount('000123456789')
    return stripe.setupIntents.create({
      customer,
      payment_method: method.id,
      allowed_payment_method_types: ['us_bank_account'],
      confirm: true,
      mandate_data: { customer_acceptance: { type: 'offline' } },
    })
  }

  it('sets up with amounts 32 and 45, then debits 900.00 for a fee of 5.00', async () => {
    const waiting = await waitingSetup()
    expect(waiting.next_action?.type).toBe('verify_with_microdeposits')
    const done = await stripe.setupIntents.verifyMicrodeposits(waiting.id, { amounts: [45, 32] })
    expect(done.status).toBe('succeeded')
    const intent = await debit(String(done.payment_method), {
      off_session: true,
      mandate: String(done.mandate),
    })
    expect(intent.status).toBe('processing')
    sandbox.state.advance(4 * 24 * hour)
    const settled = await stripe.paymentIntents.retrieve(intent.id, {
      expand: ['latest_charge.balance_transaction'],
    })
    expect(settled.status).toBe('succeeded')
    expect(settled.latest_charge).toMatchObject({
      balance_transaction: { type: 'payment', fee: 500, net: 89_500 },
    })
  })

  it('counts a wrong code, and takes SM11AA afterwards', async () => {
    const { id } = await waitingSetup()
    const wrong = await failureOf(
      stripe.setupIntents.verifyMicrodeposits(id, { descriptor_code: 'SM99ZZ' }),
    )
    expect(wrong.message).toContain('9 verification attempts remaining')
    const done = await stripe.setupIntents.verifyMicrodeposits(id, { descriptor_code: 'SM11AA' })
    expect(done.status).toBe('succeeded')
  })

  it('fails for good with 10 and 11, and frees the intent', async () => {
    const { id } = await waitingSetup()
    const failure = await failureOf(
      stripe.setupIntents.verifyMicrodeposits(id, { amounts: [10, 11] }),
    )
    expect(failure.code).toBe('payment_method_microdeposit_verification_attempts_exceeded')
    const intent = await stripe.setupIntents.retrieve(id)
    expect(intent).toMatchObject({ status: 'requires_payment_method', payment_method: null })
  })

  it('times out after 10 days', async () => {
    const { id } = await waitingSetup()
    sandbox.state.advance(10 * 24 * hour)
    const intent = await stripe.setupIntents.retrieve(id)
    expect(intent.last_setup_error?.code).toBe('payment_method_microdeposit_verification_timeout')
  })
})

describe('debits', () => {
  it('needs a mandate', async () => {
    const failure = await failureOf(debit('pm_usBankAccount_success'))
    expect(failure.code).toBe('payment_intent_mandate_invalid')
  })

  it('returns for insufficient funds 4 days later', async () => {
    const intent = await debit('pm_usBankAccount_insufficientFunds', { mandate_data: consent })
    expect(intent.status).toBe('processing')
    sandbox.state.advance(4 * 24 * hour)
    const returned = await stripe.paymentIntents.retrieve(intent.id, { expand: ['latest_charge'] })
    expect(returned.status).toBe('requires_payment_method')
    expect(returned.last_payment_error).toMatchObject({
      decline_code: 'insufficient_funds',
      network_decline_code: 'R01',
    })
    expect(returned.latest_charge).toMatchObject({ status: 'failed', paid: false })
  })

  it('voids the mandate of a debit that came back as R10, and says so', async () => {
    const name = 'pm_usBankAccount_debitNotAuthorized'
    const { id: method } = await stripe.paymentMethods.attach(name, { customer })
    await debit(method, { mandate_data: consent })
    sandbox.state.advance(4 * 24 * hour)
    const { data } = await stripe.events.list({ type: 'mandate.updated' })
    expect(data).toHaveLength(1)
    expect(data[0]?.data).toMatchObject({
      object: { status: 'inactive' },
      previous_attributes: { status: 'active' },
    })
    expect((await failureOf(debit(method))).code).toBe('payment_intent_mandate_invalid')
  })

  it('reports a return after success as a dispute that is lost at once', async () => {
    const intent = await debit('pm_usBankAccount_dispute', { mandate_data: consent })
    sandbox.state.advance(4 * 24 * hour)
    expect((await stripe.paymentIntents.retrieve(intent.id)).status).toBe('succeeded')
    sandbox.state.advance(2 * hour)
    const { data } = await stripe.disputes.list({ payment_intent: intent.id })
    expect(data[0]).toMatchObject({ status: 'lost', reason: 'insufficient_funds', amount: 90_000 })
    const [moved] = data[0]?.balance_transactions ?? []
    expect(moved).toMatchObject({ amount: -90_000, fee: 1500, net: -91_500 })
  })

  it('refuses a blocked account at once', async () => {
    const method = await bankAccount('000000004954')
    const failure = await failureOf(debit(method.id, { mandate_data: consent }))
    expect(failure).toMatchObject({
      statusCode: 402,
      code: 'payment_method_bank_account_blocked',
    })
  })
})
