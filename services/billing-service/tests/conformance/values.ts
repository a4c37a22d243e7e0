// The magic values of the processor's test mode, each with what must come of it. A table: the
// numbers and names are Stripe's, what they do is proved by driving them.
import { failureOf } from '@quittance/stripe-sandbox/test-client'
import { expect } from 'vitest'
import {
  answerChallenge,
  chargeOf,
  dayMs,
  debit,
  intentOf,
  newCustomer,
  payerWith,
  payOffSession,
  payOnSession,
  returnUrl,
} from './acts.ts'
import type { Ground } from './ground.ts'

type Prove = (ground: Ground, method: string) => Promise<void>

export interface Value {
  readonly number: string
  /** The test name, if the processor gives one. */
  readonly name: string | null
  readonly says: string
  readonly prove: Prove
}

const declinedWhenAttached =
  (code: string, declineCode: string): Prove =>
  async (ground, method) => {
    const failure = await failureOf(payerWith(ground, method))
    expect(failure).toMatchObject({ statusCode: 402, code, decline_code: declineCode })
  }

const pays: Prove = async (ground, method) => {
  const intent = await payOffSession(ground, await payerWith(ground, method))
  expect(intent).toMatchObject({ status: 'succeeded', amount_received: 4_900 })
  expect(chargeOf(intent).balance_transaction).toMatchObject({ amount: 4_900, fee: 172 })
}

const attachesThenDeclines: Prove = async (ground, method) => {
  const failure = await failureOf(payOffSession(ground, await payerWith(ground, method)))
  expect(failure).toMatchObject({ statusCode: 402, code: 'card_declined' })
  expect(failure.payment_intent).toMatchObject({ status: 'requires_payment_method' })
}

const mustAuthenticate = async (ground: Ground, payer: object) => {
  const failure = await failureOf(payOffSession(ground, payer))
  expect(failure).toMatchObject({ statusCode: 402, code: 'authentication_required' })
}

const challengedUntilSetUp: Prove = async (ground, method) => {
  const payer = await payerWith(ground, method)
  await mustAuthenticate(ground, payer)
  const setup = await ground.stripe.setupIntents.create({
    ...payer,
    confirm: true,
    usage: 'off_session',
    return_url: returnUrl,
  })
  expect(setup.status).toBe('requires_action')
  await answerChallenge(ground, setup.id, 'complete')
  expect((await ground.stripe.setupIntents.retrieve(setup.id)).status).toBe('succeeded')
  expect((await payOffSession(ground, payer)).status).toBe('succeeded')
}

const challengedAlways: Prove = async (ground, method) => {
  const payer = await payerWith(ground, method)
  await mustAuthenticate(ground, payer)
  const parked = await payOnSession(ground, payer)
  expect(parked).toMatchObject({
    status: 'requires_action',
    next_action: { type: 'redirect_to_url' },
  })
  await answerChallenge(ground, parked.id, 'complete')
  expect((await intentOf(ground, parked.id)).status).toBe('succeeded')
  await mustAuthenticate(ground, payer)
}

const readyOffSession: Prove = async (ground, method) => {
  const payer = await payerWith(ground, method)
  expect((await payOffSession(ground, payer)).status).toBe('succeeded')
  expect((await payOnSession(ground, payer)).status).toBe('requires_action')
}

const challengedThenDeclined: Prove = async (ground, method) => {
  const parked = await payOnSession(ground, await payerWith(ground, method))
  expect(parked.status).toBe('requires_action')
  await answerChallenge(ground, parked.id, 'complete')
  expect(await intentOf(ground, parked.id)).toMatchObject({
    status: 'requires_payment_method',
    last_payment_error: { decline_code: 'insufficient_funds' },
  })
}

async function chargedWith(ground: Ground, method: string) {
  const intent = await payOffSession(ground, await payerWith(ground, method))
  expect(intent.status).toBe('succeeded')
  return intent
}

const disputed =
  (reason: string, status: string): Prove =>
  async (ground, method) => {
    const { id } = await chargedWith(ground, method)
    ground.sandbox.state.advance(dayMs)
    const { data } = await ground.stripe.disputes.list({ payment_intent: id })
    expect(data).toHaveLength(1)
    expect(data[0]).toMatchObject({ reason, status })
  }

const warnsOfFraud: Prove = async (ground, method) => {
  const charge = chargeOf(await chargedWith(ground, method)).id
  ground.sandbox.state.advance(dayMs)
  const { data } = await ground.stripe.radar.earlyFraudWarnings.list({ charge })
  expect(data).toHaveLength(1)
}

const refunds =
  (first: string, last: string): Prove =>
  async (ground, method) => {
    const { id } = await chargedWith(ground, method)
    const refund = await ground.stripe.refunds.create({ payment_intent: id })
    expect(refund.status).toBe(first)
    ground.sandbox.state.advance(dayMs)
    expect((await ground.stripe.refunds.retrieve(refund.id)).status).toBe(last)
  }

const availableAtOnce: Prove = async (ground, method) => {
  const { balance_transaction: booked } = chargeOf(await chargedWith(ground, method))
  expect(booked).toMatchObject({ status: 'available' })
}

const blocked: Prove = async (ground, method) => {
  const failure = await failureOf(payOffSession(ground, await payerWith(ground, method)))
  expect(failure.statusCode).toBe(402)
  const charge = await ground.stripe.charges.retrieve(String(failure.charge))
  expect(charge.outcome).toMatchObject({ type: 'blocked', risk_level: 'highest' })
}

const elevatedRisk: Prove = async (ground, method) => {
  const charge = chargeOf(await chargedWith(ground, method))
  expect(charge.outcome).toMatchObject({ risk_level: 'elevated' })
}

const card = (number: string, name: string | null, says: string, prove: Prove): Value => ({
  number,
  name: name && `pm_card_${name}`,
  says,
  prove,
})

const declinedCard = (number: string, name: string, declineCode: string) =>
  card(
    number,
    name,
    `is declined when attached: ${declineCode}`,
    declinedWhenAttached('card_declined', declineCode),
  )

const faultyCard = (number: string, name: string, code: string) =>
  card(number, name, `is declined when attached: ${code}`, declinedWhenAttached(code, code))

export const cards: readonly Value[] = [
  card('4242424242424242', 'visa', 'pays', pays),
  card('5555555555554444', 'mastercard', 'pays', pays),
  card('378282246310005', 'amex', 'pays', pays),
  card('6011111111111117', 'discover', 'pays', pays),
  declinedCard('4000000000000002', 'visa_chargeDeclined', 'generic_decline'),
  declinedCard('4000000000009995', 'visa_chargeDeclinedInsufficientFunds', 'insufficient_funds'),
  declinedCard('4000000000009987', 'visa_chargeDeclinedLostCard', 'lost_card'),
  declinedCard('4000000000009979', 'visa_chargeDeclinedStolenCard', 'stolen_card'),
  faultyCard('4000000000000069', 'chargeDeclinedExpiredCard', 'expired_card'),
  faultyCard('4000000000000127', 'chargeDeclinedIncorrectCvc', 'incorrect_cvc'),
  faultyCard('4000000000000119', 'chargeDeclinedProcessingError', 'processing_error'),
  declinedCard(
    '4000000000006975',
    'visa_chargeDeclinedVelocityLimitExceeded',
    'card_velocity_exceeded',
  ),
  card(
    '4000000000000341',
    'chargeCustomerFail',
    'attaches, then every charge is declined',
    attachesThenDeclines,
  ),
  card(
    '4000002500003155',
    'authenticationRequiredOnSetup',
    'is challenged until it is set up, then pays off session',
    challengedUntilSetUp,
  ),
  card('4000002760003184', 'authenticationRequired', 'is challenged every time', challengedAlways),
  card(
    '4000003800000446',
    'authenticationRequiredSetupForOffSession',
    'pays off session, is challenged on session',
    readyOffSession,
  ),
  card(
    '4000008260003178',
    'authenticationRequiredChargeDeclinedInsufficientFunds',
    'is challenged, then declined',
    challengedThenDeclined,
  ),
  card(
    '4000000000000259',
    'createDispute',
    'is disputed as fraudulent',
    disputed('fraudulent', 'needs_response'),
  ),
  card(
    '4000000000002685',
    'createDisputeProductNotReceived',
    'is disputed as not received',
    disputed('product_not_received', 'needs_response'),
  ),
  card(
    '4000000000001976',
    'createDisputeInquiry',
    'is inquired about',
    disputed('general', 'warning_needs_response'),
  ),
  card('4000000000005423', 'createIssuerFraudRecord', 'brings a fraud warning', warnsOfFraud),
  card('4000000000007726', 'pendingRefund', 'is refunded late', refunds('pending', 'succeeded')),
  card(
    '4000000000005126',
    'refundFail',
    'is refunded, and the refund fails late',
    refunds('succeeded', 'failed'),
  ),
  card('4000000000000077', 'bypassPending', 'is available at once', availableAtOnce),
  card('4100000000000019', null, 'is blocked for the highest risk', blocked),
  card('4000000000009235', null, 'pays with an elevated risk', elevatedRisk),
]

/** Sends the debit; an account that was given by its number is verified by SM11AA first. */
async function sentDebit(ground: Ground, method: string) {
  // An account nobody has verified cannot be attached before it is debited.
  const payer = method.startsWith('pm_usBankAccount')
    ? await payerWith(ground, method)
    : { customer: await newCustomer(ground), payment_method: method }
  const intent = await debit(ground, payer)
  if (intent.status !== 'requires_action') return { payer, intent }
  expect(intent.next_action?.type).toBe('verify_with_microdeposits')
  const verified = await ground.stripe.paymentIntents.verifyMicrodeposits(intent.id, {
    descriptor_code: 'SM11AA',
  })
  return { payer, intent: verified }
}

async function settled(ground: Ground, method: string) {
  const { intent } = await sentDebit(ground, method)
  expect(intent.status).toBe('processing')
  ground.sandbox.state.advance(dayMs)
  return intentOf(ground, intent.id)
}

const debits: Prove = async (ground, method) => {
  const intent = await settled(ground, method)
  expect(intent.status).toBe('succeeded')
  expect(chargeOf(intent).balance_transaction).toMatchObject({ type: 'payment', fee: 39 })
}

const returned =
  (declineCode: string, networkCode: string): Prove =>
  async (ground, method) => {
    expect(await settled(ground, method)).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { decline_code: declineCode, network_decline_code: networkCode },
    })
  }

const returnedLater: Prove = async (ground, method) => {
  const { id } = await settled(ground, method)
  ground.sandbox.state.advance(dayMs)
  const { data } = await ground.stripe.disputes.list({ payment_intent: id })
  expect(data[0]).toMatchObject({ status: 'lost', reason: 'insufficient_funds' })
}

const staysProcessing: Prove = async (ground, method) => {
  const { intent } = await sentDebit(ground, method)
  ground.sandbox.state.advance(6 * dayMs)
  expect((await intentOf(ground, intent.id)).status).toBe('processing')
}

const refusedDebit =
  (code: string): Prove =>
  async (ground, method) => {
    const failure = await failureOf(sentDebit(ground, method))
    expect(failure).toMatchObject({ statusCode: 402, code })
  }

const account = (number: string, name: string | null, says: string, prove: Prove): Value => ({
  number,
  name: name && `pm_usBankAccount_${name}`,
  says,
  prove,
})

export const accounts: readonly Value[] = [
  account('000123456789', 'success', 'is debited', debits),
  account(
    '000111111113',
    'accountClosed',
    'comes back as closed: R02',
    returned('bank_account_closed', 'R02'),
  ),
  account(
    '000111111116',
    'noAccount',
    'comes back as unknown: R03',
    returned('bank_account_invalid_details', 'R03'),
  ),
  account(
    '000222222227',
    'insufficientFunds',
    'comes back for funds: R01',
    returned('insufficient_funds', 'R01'),
  ),
  account(
    '000333333335',
    'debitNotAuthorized',
    'comes back as not authorised: R10',
    returned('debit_not_authorized', 'R10'),
  ),
  account('000555555559', null, 'succeeds, then is returned as a dispute', returnedLater),
  account('000000000009', null, 'stays processing', staysProcessing),
  account(
    '000777777771',
    null,
    'exceeds its weekly limit',
    refusedDebit('charge_exceeds_transaction_limit'),
  ),
  account(
    '000000004954',
    null,
    'is blocked as risky',
    refusedDebit('payment_method_bank_account_blocked'),
  ),
]
