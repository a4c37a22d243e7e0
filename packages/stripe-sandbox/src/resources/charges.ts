// Charges: one attempt to take money through one payment method. Only payments make them.

import type Stripe from 'stripe'
import type { Call, Route } from '../api.ts'
import { emit } from '../events.ts'
import type { ApiError } from '../failures.ts'
import { cardBehind } from '../instruments.ts'
import { listPage, timeFilter, where } from '../lists.ts'
import { processingFee } from '../money.ts'
import { mergedMetadata, onlyKnown, text, unsettableText } from '../params.ts'
import { idOf, need, newest, newId, patch, save, type Work } from '../state.ts'
import { schedule } from '../tasks.ts'
import { lateBalance } from '../test-values.ts'
import { post } from './balance.ts'

function cardDetails(
  card: Stripe.PaymentMethod.Card,
  authenticated: boolean,
): Stripe.Charge.PaymentMethodDetails.Card {
  return {
    amount_authorized: null,
    authorization_code: null,
    brand: card.brand,
    checks: card.checks,
    country: card.country,
    electronic_commerce_indicator: null,
    exp_month: card.exp_month,
    exp_year: card.exp_year,
    fingerprint: card.fingerprint ?? null,
    funding: card.funding,
    installments: null,
    last4: card.last4,
    mandate: null,
    network: card.brand,
    network_transaction_id: null,
    regulated_status: card.regulated_status,
    three_d_secure: authenticated
      ? {
          authentication_flow: 'challenge',
          electronic_commerce_indicator: '05',
          exemption_indicator: null,
          result: 'authenticated',
          result_reason: null,
          transaction_id: null,
          version: '2.2.0',
        }
      : null,
    transaction_link_id: null,
    wallet: null,
  }
}

function bankDetails(
  bank: Stripe.PaymentMethod.UsBankAccount,
  mandate: string | null,
): Stripe.Charge.PaymentMethodDetails.UsBankAccount {
  return {
    account_holder_type: bank.account_holder_type,
    account_type: bank.account_type,
    bank_name: bank.bank_name,
    fingerprint: bank.fingerprint,
    last4: bank.last4,
    ...(mandate ? { mandate } : {}),
    payment_reference: null,
    routing_number: bank.routing_number,
  }
}

function methodDetails(
  method: Stripe.PaymentMethod,
  attempt: Attempt,
): Stripe.Charge.PaymentMethodDetails {
  if (method.card) {
    return { type: 'card', card: cardDetails(method.card, attempt.authenticated ?? false) }
  }
  if (method.us_bank_account) {
    const bank = bankDetails(method.us_bank_account, attempt.mandate ?? null)
    return { type: 'us_bank_account', us_bank_account: bank }
  }
  if (method.type === 'alipay') {
    return { type: 'alipay', alipay: { fingerprint: null, transaction_id: newId('alipay', 16) } }
  }
  if (method.type === 'wechat_pay') {
    return {
      type: 'wechat_pay',
      wechat_pay: { fingerprint: null, transaction_id: newId('wechat', 16) },
    }
  }
  return {
    type: 'paypal',
    paypal: {
      country: 'US',
      payer_email: method.paypal?.payer_email ?? null,
      payer_id: method.paypal?.payer_id ?? null,
      payer_name: null,
      seller_protection: null,
      transaction_id: newId('paypal', 16),
    },
  }
}

type Attempt = {
  intent: Stripe.PaymentIntent
  method: Stripe.PaymentMethod
  authenticated?: boolean
  mandate?: string | null
  failure?: ApiError
}

function outcomeOf(work: Work, { method, failure }: Attempt): Stripe.Charge.Outcome {
  const card = cardBehind(work, method.id)
  const blocked = card?.risk === 'highest'
  const risk = card?.risk ?? 'normal'
  const scores = { normal: 12, elevated: 72, highest: 92 }
  return {
    advice_code: failure?.advice_code ?? null,
    network_advice_code: failure?.network_advice_code ?? null,
    network_decline_code: failure?.network_decline_code ?? null,
    network_status: blocked
      ? 'not_sent_to_network'
      : failure
        ? 'declined_by_network'
        : 'approved_by_network',
    reason: blocked ? 'highest_risk_level' : (failure?.decline_code ?? failure?.code ?? null),
    ...(method.card ? { risk_level: risk, risk_score: scores[risk] } : {}),
    seller_message: failure ? 'The payment did not complete.' : 'Payment complete.',
    type: blocked ? 'blocked' : failure ? 'issuer_declined' : 'authorized',
  }
}

function blankCharge(work: Work, attempt: Attempt): Stripe.Charge {
  const { intent, method } = attempt
  return {
    id: newId(method.type === 'card' ? 'ch' : 'py'),
    object: 'charge',
    amount: intent.amount,
    amount_captured: 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: method.billing_details,
    calculated_statement_descriptor: intent.statement_descriptor ?? 'SANDBOX',
    captured: false,
    created: work.at,
    currency: intent.currency,
    customer: idOf(intent.customer),
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    fraud_details: {},
    livemode: false,
    metadata: intent.metadata,
    on_behalf_of: null,
    outcome: null,
    paid: false,
    payment_intent: intent.id,
    payment_method: method.id,
    payment_method_details: methodDetails(method, attempt),
    receipt_email: intent.receipt_email,
    receipt_number: null,
    receipt_url: null,
    refunded: false,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: intent.statement_descriptor,
    statement_descriptor_suffix: intent.statement_descriptor_suffix,
    status: 'pending',
    transfer_data: null,
    transfer_group: null,
  }
}

/** A charge that was refused: it moves no money but stays on record. */
export function failedCharge(work: Work, attempt: Attempt): Stripe.Charge {
  const charge = save(work, 'charge', {
    ...blankCharge(work, attempt),
    failure_code: attempt.failure?.code ?? null,
    failure_message: attempt.failure?.message ?? null,
    outcome: outcomeOf(work, attempt),
    status: 'failed',
  })
  emit(work, 'charge.failed', charge)
  return charge
}

/** A bank debit that was sent and is not known to have succeeded. */
export function pendingCharge(work: Work, attempt: Attempt): Stripe.Charge {
  const outcome: Stripe.Charge.Outcome = { ...outcomeOf(work, attempt), seller_message: null }
  const charge = save(work, 'charge', { ...blankCharge(work, attempt), captured: true, outcome })
  emit(work, 'charge.pending', charge)
  return charge
}

/** A charge the issuer approved; unless it is captured later, the money moves at once. */
export function approvedCharge(work: Work, attempt: Attempt, captured: boolean): Stripe.Charge {
  const charge = save(work, 'charge', {
    ...blankCharge(work, attempt),
    outcome: outcomeOf(work, attempt),
    paid: true,
    status: 'succeeded',
  })
  const settled = captured ? bookCharge(work, charge.id, charge.amount) : charge
  emit(work, 'charge.succeeded', settled)
  return settled
}

/** Books the captured amount of a charge with its processing fee. */
export function bookCharge(work: Work, id: string, amount: number): Stripe.Charge {
  const charge = patch(work, 'charge', id, {
    amount_captured: amount,
    captured: true,
    paid: true,
    receipt_url: `${work.environment.baseUrl}/receipts/${id}`,
    status: 'succeeded',
  })
  if (lateBalance(work, charge.metadata)) {
    schedule(work, 'post_balance', id, 1000)
    return charge
  }
  return postBalance(work, id)
}

/** Writes the balance transaction of a captured charge. */
function postBalance(work: Work, id: string): Stripe.Charge {
  const charge = need(work, 'charge', id)
  const type = charge.payment_method_details?.type ?? 'card'
  const transaction = post(work, {
    amount: charge.amount_captured,
    currency: charge.currency,
    fee: processingFee(charge.amount_captured, charge.currency, type),
    type: type === 'card' ? 'charge' : 'payment',
    reportingCategory: 'charge',
    source: id,
    description: charge.description,
    availableAtOnce: fundsAtOnce(work, charge),
  })
  return patch(work, 'charge', id, { balance_transaction: transaction.id })
}

function fundsAtOnce(work: Work, charge: Stripe.Charge): boolean {
  return charge.payment_method
    ? (cardBehind(work, charge.payment_method)?.fundsAtOnce ?? false)
    : false
}

/** The balance transaction that was held back has arrived: `charge.updated` announces it. */
export function postLateBalance(work: Work, id: string): void {
  const before = need(work, 'charge', id)
  emit(work, 'charge.updated', postBalance(work, id), before)
}

function listCharges({ work, params }: Call) {
  const inTime = timeFilter(params)
  const customer = text(params, 'customer')
  const intent = text(params, 'payment_intent')
  const rows = where(
    newest(work, 'charge'),
    row =>
      inTime(row.created) &&
      (customer === undefined || row.customer === customer) &&
      (intent === undefined || row.payment_intent === intent),
  )
  return listPage(params, '/v1/charges', rows, ['created', 'customer', 'payment_intent'])
}

function updateCharge({ work, params, id }: Call): Stripe.Charge {
  onlyKnown(params, ['description', 'metadata', 'receipt_email'])
  const before = need(work, 'charge', id)
  const description = unsettableText(params, 'description')
  const email = unsettableText(params, 'receipt_email')
  const charge = patch(work, 'charge', id, {
    description: description === undefined ? before.description : description,
    metadata: mergedMetadata(params, before.metadata),
    receipt_email: email === undefined ? before.receipt_email : email,
  })
  emit(work, 'charge.updated', charge, before)
  return charge
}

export const chargeRoutes: Route[] = [
  { method: 'GET', path: '/v1/charges', answer: listCharges },
  { method: 'GET', path: '/v1/charges/:id', answer: ({ work, id }) => need(work, 'charge', id) },
  { method: 'POST', path: '/v1/charges/:id', answer: updateCharge },
]
