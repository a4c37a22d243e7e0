// What an answered or expired micro-deposit verification means for the intent that waits for it.

import type Stripe from 'stripe'
import { sendDebit } from './bank-debits.ts'
import { type ApiError, refusal, StripeFailure } from './failures.ts'
import type { FormRecord } from './form.ts'
import { judgeMicrodeposits, verificationTimedOut } from './microdeposits.ts'
import { settleFailure } from './payment-outcomes.ts'
import { failSetup, finishSetup } from './setups.ts'
import { find, idOf, need, newestWhere, patch, type Work } from './state.ts'
import { unschedule } from './tasks.ts'

type Intent = Stripe.PaymentIntent | Stripe.SetupIntent

function waitingMethod(work: Work, intent: Intent): Stripe.PaymentMethod {
  if (intent.next_action?.type !== 'verify_with_microdeposits') {
    throw refusal('This intent is not awaiting the verification of a bank account.', {
      code:
        intent.object === 'payment_intent'
          ? 'payment_intent_unexpected_state'
          : 'setup_intent_unexpected_state',
    })
  }
  return need(work, 'payment_method', idOf(intent.payment_method) ?? '')
}

function refuseWith(error: ApiError): StripeFailure {
  return new StripeFailure(400, error, { effects: 'keep', repeats: true })
}

/** The customer's answer for a payment: verified starts the debit, failed frees the intent. */
export function verifyPayment(
  work: Work,
  intent: Stripe.PaymentIntent,
  params: FormRecord,
): Stripe.PaymentIntent {
  const method = waitingMethod(work, intent)
  const verdict = judgeMicrodeposits(work, method.id, params)
  unschedule(work, intent.id, 'expire_verification')
  if (verdict.kind === 'failed') {
    settleFailure(work, intent.id, method, verdict.error, null)
    throw refuseWith(verdict.error)
  }
  const mandate = newestWhere(work, 'mandate', row => idOf(row.payment_method) === method.id)
  return sendDebit(work, intent, method, mandate?.id ?? null)
}

/** The customer's answer for a set-up. */
export function verifySetup(
  work: Work,
  intent: Stripe.SetupIntent,
  params: FormRecord,
): Stripe.SetupIntent {
  const method = waitingMethod(work, intent)
  const verdict = judgeMicrodeposits(work, method.id, params)
  unschedule(work, intent.id, 'expire_verification')
  if (verdict.kind === 'failed') {
    failSetup(work, intent.id, method, verdict.error)
    throw refuseWith(verdict.error)
  }
  return finishSetup(work, intent, method)
}

/** Nobody answered within ten days. */
export function expireVerification(work: Work, intentId: string): void {
  const payment = find(work, 'payment_intent', intentId)
  const intent = payment ?? find(work, 'setup_intent', intentId)
  if (intent?.next_action?.type !== 'verify_with_microdeposits') return
  const method = waitingMethod(work, intent)
  patch(work, 'instrument', method.id, { verification: 'failed' })
  if (payment) settleFailure(work, intentId, method, verificationTimedOut(), null)
  else failSetup(work, intentId, method, verificationTimedOut())
}
