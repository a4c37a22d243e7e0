// How a payment intent moves when it is confirmed, authenticated, settled or cancelled. The only
// place that decides the outcome of a payment; routes and hosted pages call it.

import type Stripe from 'stripe'
import { bankDebit, bankRefusal } from './bank-debits.ts'
import { type DeclineName, declineError } from './declines.ts'
import { emit } from './events.ts'
import { cardBehind, instrumentOf } from './instruments.ts'
import {
  type Confirmation,
  checkStatus,
  failAttempt,
  keepOrConsume,
  settleFailure,
  succeed,
} from './payment-outcomes.ts'
import { approvedCharge, bookCharge, failedCharge } from './resources/charges.ts'
import { find, idOf, need, patch, type Work } from './state.ts'
import { clockOf, schedule, unschedule } from './tasks.ts'

const day = 86_400_000

function needsAuthentication(work: Work, how: Confirmation): boolean {
  const authentication = cardBehind(work, how.method.id)?.authentication
  if (authentication === undefined) return false
  if (authentication === 'always') return true
  if (!how.offSession) return true
  return authentication === 'unless_set_up' && !instrumentOf(work, how.method.id).setUp
}

function park(work: Work, intent: Stripe.PaymentIntent, how: Confirmation): Stripe.PaymentIntent {
  const url = `${work.environment.baseUrl}/authenticate/${intent.id}`
  const waiting = patch(work, 'payment_intent', intent.id, {
    next_action: actionFor(how, url),
    payment_method: how.method.id,
    status: 'requires_action',
  })
  emit(work, 'payment_intent.requires_action', waiting)
  return waiting
}

function actionFor(how: Confirmation, url: string): Stripe.PaymentIntent.NextAction {
  const { type } = how.method
  if (type === 'alipay') {
    return {
      type: 'alipay_handle_redirect',
      alipay_handle_redirect: {
        native_data: null,
        native_url: null,
        return_url: how.returnUrl,
        url,
      },
    }
  }
  if (type === 'wechat_pay') {
    const image = `${url}/code.svg`
    return {
      type: 'wechat_pay_display_qr_code',
      wechat_pay_display_qr_code: {
        data: url,
        hosted_instructions_url: url,
        image_data_url: image,
        image_url_png: image,
        image_url_svg: image,
      },
    }
  }
  if (how.returnUrl || type === 'paypal') {
    return { type: 'redirect_to_url', redirect_to_url: { return_url: how.returnUrl, url } }
  }
  return {
    type: 'use_stripe_sdk',
    use_stripe_sdk: { type: 'three_d_secure_redirect', stripe_js: url },
  }
}

/**
 * One attempt to pay: succeeds, waits for the customer, starts a bank debit, or is declined (402
 * with the intent, which is then back in `requires_payment_method`).
 */
export function attemptPayment(
  work: Work,
  intent: Stripe.PaymentIntent,
  how: Confirmation,
): Stripe.PaymentIntent {
  const { method } = how
  if (method.type === 'us_bank_account') return attemptDebit(work, intent, how)
  if (method.type !== 'card') {
    if (how.offSession && !instrumentOf(work, method.id).setUp) {
      return failAttempt(work, intent.id, method, declineError('provider_decline'), null)
    }
    return how.offSession ? approve(work, intent, method, false) : park(work, intent, how)
  }
  if (needsAuthentication(work, how)) {
    if (!how.offSession && !how.failOnAction) return park(work, intent, how)
    return declineCharge(work, intent, method, 'authentication_required')
  }
  return chargeCard(work, intent, method, false)
}

function attemptDebit(work: Work, intent: Stripe.PaymentIntent, how: Confirmation) {
  const refused = bankRefusal(work, how.method)
  if (refused) return failAttempt(work, intent.id, how.method, declineError(refused), null)
  return bankDebit(work, intent, how)
}

function declineCharge(
  work: Work,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  name: DeclineName,
): never {
  const failure = declineError(name)
  const charge = failedCharge(work, { intent, method, failure })
  return failAttempt(work, intent.id, method, failure, charge.id)
}

function chargeCard(
  work: Work,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  authenticated: boolean,
): Stripe.PaymentIntent {
  const card = cardBehind(work, method.id)
  const refuses = card?.risk === 'highest' ? 'fraudulent' : (card?.refuses ?? card?.chargeFails)
  if (refuses) return declineCharge(work, intent, method, refuses)
  return approve(work, intent, method, authenticated)
}

function approve(
  work: Work,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  authenticated: boolean,
): Stripe.PaymentIntent {
  const captured = intent.capture_method !== 'manual'
  const charge = approvedCharge(work, { intent, method, authenticated }, captured)
  keepOrConsume(work, intent, method)
  if (captured) return succeed(work, intent.id, method.id, charge)
  const held = patch(work, 'payment_intent', intent.id, {
    amount_capturable: intent.amount,
    last_payment_error: null,
    latest_charge: charge.id,
    next_action: null,
    payment_method: method.id,
    status: 'requires_capture',
  })
  emit(work, 'payment_intent.amount_capturable_updated', held)
  const clock = clockOf(work, idOf(intent.customer))
  schedule(work, 'expire_authorization', intent.id, 7 * day, clock)
  return held
}

/**
 * The customer came back from 3-D Secure or a wallet: the payment goes on or fails. Declines are
 * thrown as for a confirmation.
 */
export function completeAuthentication(
  work: Work,
  intentId: string,
  passed: boolean,
): Stripe.PaymentIntent {
  const intent = need(work, 'payment_intent', intentId)
  checkStatus(intent, 'authenticate', ['requires_action'])
  const method = need(work, 'payment_method', idOf(intent.payment_method) ?? '')
  if (passed) {
    return method.type === 'card'
      ? chargeCard(work, intent, method, true)
      : approve(work, intent, method, false)
  }
  return settleFailure(
    work,
    intentId,
    method,
    {
      type: 'invalid_request_error',
      code: 'payment_intent_authentication_failure',
      message:
        'The provided PaymentMethod has failed authentication. You can provide ' +
        'payment_method_data or a new PaymentMethod to attempt to fulfill this PaymentIntent ' +
        'again.',
    },
    null,
  )
}

/** Takes a part or all of an authorised amount; the rest is released. */
export function capture(work: Work, intentId: string, amount: number): Stripe.PaymentIntent {
  const intent = need(work, 'payment_intent', intentId)
  unschedule(work, intentId, 'expire_authorization')
  const before = need(work, 'charge', idOf(intent.latest_charge) ?? '')
  const charge = bookCharge(work, before.id, amount)
  emit(work, 'charge.captured', charge, before)
  return succeed(work, intentId, idOf(intent.payment_method) ?? '', charge)
}

/** Ends an intent for good, releasing an authorisation it holds. */
export function cancelIntent(
  work: Work,
  intentId: string,
  reason: Stripe.PaymentIntent.CancellationReason | null,
): Stripe.PaymentIntent {
  const intent = need(work, 'payment_intent', intentId)
  unschedule(work, intentId)
  if (intent.status === 'requires_capture') releaseHold(work, intent)
  const canceled = patch(work, 'payment_intent', intentId, {
    amount_capturable: 0,
    canceled_at: work.at,
    cancellation_reason: reason,
    next_action: null,
    status: 'canceled',
  })
  emit(work, 'payment_intent.canceled', canceled)
  return canceled
}

function releaseHold(work: Work, intent: Stripe.PaymentIntent): void {
  const charge = patch(work, 'charge', idOf(intent.latest_charge) ?? '', {
    amount_refunded: intent.amount,
    refunded: true,
  })
  emit(work, 'charge.refunded', charge)
}

/** An authorisation that nobody captured within 7 days is given back. */
export function expireAuthorization(work: Work, intentId: string): void {
  const intent = find(work, 'payment_intent', intentId)
  if (intent?.status !== 'requires_capture') return
  emit(work, 'charge.expired', need(work, 'charge', idOf(intent.latest_charge) ?? ''))
  cancelIntent(work, intentId, 'automatic')
}
