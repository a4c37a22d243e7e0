// US bank debits: the mandate they need, verification by micro-deposits, and settlement days later.

import type Stripe from 'stripe'
import { type DeclineName, declineError } from './declines.ts'
import { emit } from './events.ts'
import { bankBehind, instrumentOf } from './instruments.ts'
import { revokeMandate } from './mandates.ts'
import { awaitMicrodeposits } from './microdeposits.ts'
import { type Confirmation, keepOrConsume, settleFailure, succeed } from './payment-outcomes.ts'
import { bookCharge, pendingCharge } from './resources/charges.ts'
import { find, idOf, need, patch, type Work } from './state.ts'
import { clockOf, schedule } from './tasks.ts'

/** Why the network would not even take a debit of this account. */
export function bankRefusal(work: Work, method: Stripe.PaymentMethod): DeclineName | undefined {
  return bankBehind(work, method.id)?.refuses
}

/** Starts a debit: `processing`, or first `requires_action` until the account is verified. */
export function bankDebit(
  work: Work,
  intent: Stripe.PaymentIntent,
  how: Confirmation,
): Stripe.PaymentIntent {
  if (instrumentOf(work, how.method.id).verification !== 'verified') {
    const waiting = patch(work, 'payment_intent', intent.id, {
      next_action: awaitMicrodeposits(work, intent.id, how.method.id),
      payment_method: how.method.id,
      status: 'requires_action',
    })
    emit(work, 'payment_intent.requires_action', waiting)
    return waiting
  }
  return sendDebit(work, intent, how.method, how.mandate)
}

/** Sends the debit of a verified account to the bank. */
export function sendDebit(
  work: Work,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  mandate: string | null,
): Stripe.PaymentIntent {
  const charge = pendingCharge(work, { intent, method, mandate })
  keepOrConsume(work, intent, method)
  const processing = patch(work, 'payment_intent', intent.id, {
    last_payment_error: null,
    latest_charge: charge.id,
    next_action: null,
    payment_method: method.id,
    status: 'processing',
  })
  emit(work, 'payment_intent.processing', processing)
  if (!bankBehind(work, method.id)?.staysProcessing) {
    const { debitSettlesMs } = work.environment.timings
    schedule(work, 'settle_debit', intent.id, debitSettlesMs, clockOf(work, idOf(intent.customer)))
  }
  return processing
}

/** The bank has answered: the debit has succeeded or comes back with its return code. */
export function settleDebit(
  work: Work,
  intentId: string,
  outcome?: 'succeeded' | DeclineName,
): void {
  const intent = find(work, 'payment_intent', intentId)
  if (intent?.status !== 'processing') return
  const chargeId = idOf(intent.latest_charge) ?? ''
  const method = need(work, 'payment_method', idOf(intent.payment_method) ?? '')
  const fails = outcome ?? bankBehind(work, method.id)?.debitFails ?? 'succeeded'
  if (fails === 'succeeded') {
    const charge = bookCharge(work, chargeId, intent.amount)
    emit(work, 'charge.succeeded', charge)
    succeed(work, intentId, method.id, charge)
    return
  }
  const failure = declineError(fails)
  const charge = patch(work, 'charge', chargeId, {
    failure_code: failure.code ?? null,
    failure_message: failure.message ?? null,
    paid: false,
    status: 'failed',
  })
  emit(work, 'charge.failed', charge)
  if (fails === 'debit_not_authorized') revokeMandate(work, method.id)
  settleFailure(work, intentId, method, failure, chargeId)
}
