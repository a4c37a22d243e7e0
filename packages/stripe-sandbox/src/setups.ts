// How a set-up intent moves: a method is checked, authenticated if its issuer wants, and kept.

import type Stripe from 'stripe'
import { declineError } from './declines.ts'
import { emit } from './events.ts'
import { type ApiError, declined, refusal } from './failures.ts'
import { bankBehind, cardBehind, instrumentOf } from './instruments.ts'
import { awaitMicrodeposits } from './microdeposits.ts'
import { bind } from './resources/payment-methods.ts'
import { idOf, need, newId, patch, save, type Work } from './state.ts'

/** Refuses an operation that the set-up's status does not allow. */
export function checkSetupStatus(
  intent: Stripe.SetupIntent,
  verb: string,
  allowed: readonly Stripe.SetupIntent.Status[],
): void {
  if (allowed.includes(intent.status)) return
  const done = verb.replace(/e?$/, 'ed')
  throw refusal(
    `You cannot ${verb} this SetupIntent because it has a status of ${intent.status}. Only a ` +
      `SetupIntent with one of the following statuses may be ${done}: ${allowed.join(', ')}.`,
    { code: 'setup_intent_unexpected_state', setup_intent: intent },
  )
}

function attemptDetails(method: Stripe.PaymentMethod): Stripe.SetupAttempt.PaymentMethodDetails {
  const { card } = method
  if (!card) return { type: method.type, us_bank_account: {} }
  return {
    type: 'card',
    card: {
      brand: card.brand,
      checks: card.checks,
      country: card.country,
      exp_month: card.exp_month,
      exp_year: card.exp_year,
      fingerprint: card.fingerprint ?? null,
      funding: card.funding,
      last4: card.last4,
      network: card.brand,
      three_d_secure: null,
      wallet: null,
    },
  }
}

function recordAttempt(
  work: Work,
  intent: Stripe.SetupIntent,
  method: Stripe.PaymentMethod,
  status: string,
  error: ApiError | null,
): Stripe.SetupAttempt {
  return save(work, 'setup_attempt', {
    id: newId('setatt'),
    object: 'setup_attempt',
    application: null,
    created: work.at,
    customer: idOf(intent.customer),
    customer_account: null,
    flow_directions: null,
    livemode: false,
    on_behalf_of: null,
    payment_method: method.id,
    payment_method_details: attemptDetails(method),
    setup_error: error,
    setup_intent: intent.id,
    status,
    usage: intent.usage,
  })
}

/** One attempt to set a method up: succeeds, waits for the customer, or is declined with 402. */
export function attemptSetup(
  work: Work,
  intent: Stripe.SetupIntent,
  method: Stripe.PaymentMethod,
  returnUrl: string | null,
): Stripe.SetupIntent {
  const refuses = cardBehind(work, method.id)?.refuses ?? bankBehind(work, method.id)?.refuses
  if (refuses) {
    const error = declineError(refuses)
    const failed = failSetup(work, intent.id, method, error)
    throw declined({ ...failed.last_setup_error, ...error, setup_intent: failed })
  }
  const next = nextAction(work, intent, method, returnUrl)
  if (!next) return finishSetup(work, intent, method)
  const attempt = recordAttempt(work, intent, method, 'requires_action', null)
  const waiting = patch(work, 'setup_intent', intent.id, {
    latest_attempt: attempt.id,
    next_action: next,
    payment_method: method.id,
    status: 'requires_action',
  })
  emit(work, 'setup_intent.requires_action', waiting)
  return waiting
}

function nextAction(
  work: Work,
  intent: Stripe.SetupIntent,
  method: Stripe.PaymentMethod,
  returnUrl: string | null,
): Stripe.SetupIntent.NextAction | null {
  if (method.type === 'us_bank_account') {
    const verified = instrumentOf(work, method.id).verification === 'verified'
    return verified ? null : awaitMicrodeposits(work, intent.id, method.id)
  }
  const card = cardBehind(work, method.id)
  const authenticates = method.type === 'paypal' || card?.authentication !== undefined
  if (!authenticates || card?.setUpFreely) return null
  const url = `${work.environment.baseUrl}/authenticate/${intent.id}`
  if (returnUrl || method.type === 'paypal') {
    return { type: 'redirect_to_url', redirect_to_url: { return_url: returnUrl, url } }
  }
  return {
    type: 'use_stripe_sdk',
    use_stripe_sdk: { type: 'three_d_secure_redirect', stripe_js: url },
  }
}

/** The method is set up: kept with its customer, and free to be charged off session. */
export function finishSetup(
  work: Work,
  intent: Stripe.SetupIntent,
  method: Stripe.PaymentMethod,
): Stripe.SetupIntent {
  const customer = idOf(intent.customer)
  if (customer) bind(work, method.id, customer)
  patch(work, 'instrument', method.id, { setUp: intent.usage === 'off_session' })
  const attempt = recordAttempt(work, intent, method, 'succeeded', null)
  const done = patch(work, 'setup_intent', intent.id, {
    last_setup_error: null,
    latest_attempt: attempt.id,
    next_action: null,
    payment_method: method.id,
    status: 'succeeded',
  })
  emit(work, 'setup_intent.succeeded', done)
  return done
}

/** A failed attempt puts the set-up back to `requires_payment_method`, without its method. */
export function failSetup(
  work: Work,
  intentId: string,
  method: Stripe.PaymentMethod,
  error: ApiError,
): Stripe.SetupIntent {
  const intent = need(work, 'setup_intent', intentId)
  const failure: ApiError = { ...error, payment_method: method }
  const attempt = recordAttempt(work, intent, method, 'failed', failure)
  const failed = patch(work, 'setup_intent', intentId, {
    last_setup_error: failure,
    latest_attempt: attempt.id,
    next_action: null,
    payment_method: null,
    status: 'requires_payment_method',
  })
  emit(work, 'setup_intent.setup_failed', failed)
  return failed
}

/** The customer came back from 3-D Secure: the set-up is finished or has failed. */
export function completeSetupAuthentication(
  work: Work,
  intentId: string,
  passed: boolean,
): Stripe.SetupIntent {
  const intent = need(work, 'setup_intent', intentId)
  checkSetupStatus(intent, 'authenticate', ['requires_action'])
  const method = need(work, 'payment_method', idOf(intent.payment_method) ?? '')
  if (passed) return finishSetup(work, intent, method)
  return failSetup(work, intentId, method, {
    type: 'invalid_request_error',
    code: 'setup_intent_authentication_failure',
    message:
      'The latest attempt to set up the payment method has failed because authentication failed.',
  })
}
