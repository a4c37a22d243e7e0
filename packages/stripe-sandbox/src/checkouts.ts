// How a checkout session ends: paid on its hosted page, paid later by a bank, cancelled, expired.

import type Stripe from 'stripe'
import { emit } from './events.ts'
import { refusal, StripeFailure } from './failures.ts'
import { mandateFor } from './mandates.ts'
import { attemptPayment, completeAuthentication } from './payments.ts'
import { makeIntent } from './resources/payment-intents.ts'
import { find, idOf, need, newestWhere, patch, type Work } from './state.ts'
import { unschedule } from './tasks.ts'

export function openSession(work: Work, id: string): Stripe.Checkout.Session {
  const session = need(work, 'checkout_session', id)
  if (session.status === 'open') return session
  throw refusal(`This Checkout Session is no longer open: it is ${session.status}.`)
}

/** The intent of a session, made when the customer first tries to pay. */
function intentOf(work: Work, session: Stripe.Checkout.Session): Stripe.PaymentIntent {
  const known = idOf(session.payment_intent)
  if (known) return need(work, 'payment_intent', known)
  const plan = need(work, 'checkout_plan', session.id)
  const intent = makeIntent(work, plan.intent)
  patch(work, 'checkout_session', session.id, { payment_intent: intent.id })
  return intent
}

/**
 * The customer pays on the hosted page with a method of their choice. The session completes when
 * the payment succeeds or, with a bank debit, is on its way; a decline leaves it open.
 */
export function payCheckout(
  work: Work,
  sessionId: string,
  method: Stripe.PaymentMethod,
): { session: Stripe.Checkout.Session; declined: string | null; nextUrl: string | null } {
  const session = openSession(work, sessionId)
  const intent = intentOf(work, session)
  try {
    const paid = attemptOnPage(work, intent, method, session)
    const authentication = paid.next_action?.redirect_to_url?.url ?? null
    if (paid.status === 'requires_action' && authentication) {
      return { session, declined: null, nextUrl: authentication }
    }
    const done = completeSession(work, sessionId, paid)
    return { session: done, declined: null, nextUrl: done.success_url }
  } catch (failure) {
    if (!(failure instanceof StripeFailure) || failure.effects !== 'keep') throw failure
    return { session, declined: failure.body.message ?? 'Declined.', nextUrl: null }
  }
}

function attemptOnPage(
  work: Work,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  session: Stripe.Checkout.Session,
): Stripe.PaymentIntent {
  const bank = method.type === 'us_bank_account'
  // The page itself takes the mandate and lets the customer's bank confirm the account at once.
  if (bank) patch(work, 'instrument', method.id, { verification: 'verified' })
  const acceptance = { mandate_data: { customer_acceptance: { type: 'online', online: {} } } }
  const attempt = attemptPayment(work, intent, {
    method,
    offSession: false,
    failOnAction: false,
    returnUrl: session.success_url,
    mandate: bank ? mandateFor(work, acceptance, method) : null,
  })
  // The hosted page stands for the wallet's own page: pressing its button is the consent.
  return method.type === 'card' || bank ? attempt : completeAuthentication(work, intent.id, true)
}

function completeSession(
  work: Work,
  sessionId: string,
  intent: Stripe.PaymentIntent,
): Stripe.Checkout.Session {
  const before = need(work, 'checkout_session', sessionId)
  // A payment that succeeds at once has already completed the session it was made for.
  if (before.status === 'complete') return before
  unschedule(work, sessionId, 'expire_session')
  const session = patch(work, 'checkout_session', sessionId, {
    payment_intent: intent.id,
    payment_status: intent.status === 'succeeded' ? 'paid' : 'unpaid',
    status: 'complete',
    url: null,
    customer_details: before.customer_details,
  })
  emit(work, 'checkout.session.completed', session)
  return session
}

/** The session that a payment was made for. */
export function sessionOf(work: Work, intentId: string): Stripe.Checkout.Session | undefined {
  return newestWhere(work, 'checkout_session', row => row.payment_intent === intentId)
}

/** The payment of a session went on outside its page: after 3-D Secure, or at the bank. */
export function followPayment(work: Work, intentId: string): Stripe.Checkout.Session | undefined {
  const session = sessionOf(work, intentId)
  const intent = need(work, 'payment_intent', intentId)
  if (!session) return undefined
  if (session.status === 'open') {
    return intent.status === 'succeeded' ? completeSession(work, session.id, intent) : session
  }
  if (session.payment_status !== 'unpaid') return session
  if (intent.status === 'succeeded') {
    const paid = patch(work, 'checkout_session', session.id, { payment_status: 'paid' })
    emit(work, 'checkout.session.async_payment_succeeded', paid)
    return paid
  }
  if (intent.status === 'requires_payment_method') {
    emit(work, 'checkout.session.async_payment_failed', session)
  }
  return session
}

/** Ends an open session that nobody paid; its payment intent is cancelled with it. */
export function expireSession(work: Work, id: string): Stripe.Checkout.Session {
  openSession(work, id)
  unschedule(work, id, 'expire_session')
  const session = patch(work, 'checkout_session', id, { status: 'expired', url: null })
  const intentId = idOf(session.payment_intent)
  if (intentId) {
    patch(work, 'payment_intent', intentId, {
      canceled_at: work.at,
      cancellation_reason: 'expired',
      next_action: null,
      status: 'canceled',
    })
    emit(work, 'payment_intent.canceled', need(work, 'payment_intent', intentId))
  }
  emit(work, 'checkout.session.expired', session)
  return session
}

/** The session's time has run out. */
export function expireDueSession(work: Work, id: string): void {
  if (find(work, 'checkout_session', id)?.status === 'open') expireSession(work, id)
}
