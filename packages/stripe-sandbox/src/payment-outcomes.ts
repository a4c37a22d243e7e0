// What becomes of a payment intent when an attempt has ended: its success, its failure, and the
// fate of the method used. It decides nothing about whether an attempt succeeds.

import type Stripe from 'stripe'
import { scheduleAftermath } from './aftermath.ts'
import { emit } from './events.ts'
import { type ApiError, declined, refusal } from './failures.ts'
import { bind } from './resources/payment-methods.ts'
import { idOf, patch, type Work } from './state.ts'

export type Confirmation = {
  method: Stripe.PaymentMethod
  offSession: boolean
  /** Fail rather than wait for the customer (`error_on_requires_action`). */
  failOnAction: boolean
  returnUrl: string | null
  mandate: string | null
}

/** Refuses an operation that the intent's status does not allow. */
export function checkStatus(
  intent: Stripe.PaymentIntent,
  verb: string,
  allowed: readonly Stripe.PaymentIntent.Status[],
): void {
  if (allowed.includes(intent.status)) return
  const done = verb.replace(/e?$/, 'ed')
  throw refusal(
    `You cannot ${verb} this PaymentIntent because it has a status of ${intent.status}. Only a ` +
      `PaymentIntent with one of the following statuses may be ${done}: ${allowed.join(', ')}.`,
    { code: 'payment_intent_unexpected_state', payment_intent: intent },
  )
}

/** Records a failed attempt on the intent and answers 402 with it. */
export function failAttempt(
  work: Work,
  intentId: string,
  method: Stripe.PaymentMethod,
  error: ApiError,
  chargeId: string | null,
): never {
  const intent = settleFailure(work, intentId, method, error, chargeId)
  throw declined({ ...intent.last_payment_error, ...error, payment_intent: intent })
}

/** A failed attempt puts the intent back to `requires_payment_method`, without its method. */
export function settleFailure(
  work: Work,
  intentId: string,
  method: Stripe.PaymentMethod,
  error: ApiError,
  chargeId: string | null,
): Stripe.PaymentIntent {
  const failure: ApiError = {
    ...(chargeId ? { charge: chargeId } : {}),
    ...error,
    payment_method: method,
  }
  const intent = patch(work, 'payment_intent', intentId, {
    last_payment_error: failure,
    ...(chargeId ? { latest_charge: chargeId } : {}),
    next_action: null,
    payment_method: null,
    processing: null,
    status: 'requires_payment_method',
  })
  emit(work, 'payment_intent.payment_failed', intent)
  work.environment.paymentEnded(work, intentId)
  return intent
}

/** A method used with `setup_future_usage` is attached; one without a customer is used up. */
export function keepOrConsume(
  work: Work,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
): void {
  const customer = idOf(intent.customer)
  if (method.customer) {
    if (intent.setup_future_usage === 'off_session') {
      patch(work, 'instrument', method.id, { setUp: true })
    }
    return
  }
  if (customer && intent.setup_future_usage) {
    bind(work, method.id, customer)
    patch(work, 'instrument', method.id, { setUp: true })
    return
  }
  patch(work, 'instrument', method.id, { consumed: true })
}

/** The money is taken: the intent has succeeded, and what its test value promises is scheduled. */
export function succeed(
  work: Work,
  intentId: string,
  methodId: string,
  charge: Stripe.Charge,
): Stripe.PaymentIntent {
  const intent = patch(work, 'payment_intent', intentId, {
    amount_capturable: 0,
    amount_received: charge.amount_captured,
    last_payment_error: null,
    latest_charge: charge.id,
    next_action: null,
    payment_method: methodId,
    processing: null,
    status: 'succeeded',
  })
  emit(work, 'payment_intent.succeeded', intent)
  scheduleAftermath(work, charge)
  work.environment.paymentEnded(work, intentId)
  return intent
}
