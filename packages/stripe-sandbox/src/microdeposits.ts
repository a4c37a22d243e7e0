// Verification of a bank account by micro-deposits, for payment and set-up intents alike.

import type Stripe from 'stripe'
import {
  type ApiError,
  type ErrorCode,
  invalidParameter,
  refusal,
  StripeFailure,
} from './failures.ts'
import type { FormRecord } from './form.ts'
import { instrumentOf } from './instruments.ts'
import { list, onlyKnown, text } from './params.ts'
import { patch, type Work } from './state.ts'
import { schedule } from './tasks.ts'

const day = 86_400_000
const attemptsWithCode = 10

/** What to do with an account after the customer answered. */
type Verdict = { kind: 'verified' } | { kind: 'failed'; error: ApiError }

/** The deposits are on their way: one business day, and ten days to answer. */
export function awaitMicrodeposits(
  work: Work,
  intentId: string,
  methodId: string,
): Stripe.PaymentIntent.NextAction & Stripe.SetupIntent.NextAction {
  patch(work, 'instrument', methodId, { verification: 'pending', attemptsLeft: attemptsWithCode })
  schedule(work, 'expire_verification', intentId, 10 * day)
  return {
    type: 'verify_with_microdeposits',
    verify_with_microdeposits: {
      arrival_date: work.at + 86_400,
      hosted_verification_url: `${work.environment.baseUrl}/authenticate/${intentId}`,
      microdeposit_type: 'descriptor_code',
    },
  }
}

export function verificationTimedOut(): ApiError {
  return {
    type: 'invalid_request_error',
    code: 'payment_method_microdeposit_verification_timeout',
    message: 'Microdeposit verification was not completed in time.',
  }
}

function failedWith(code: ErrorCode, message: string): Verdict {
  return { kind: 'failed', error: { type: 'invalid_request_error', code, message } }
}

function answerOf(params: FormRecord): string {
  onlyKnown(params, ['amounts', 'descriptor_code', 'client_secret'])
  const amounts = list(params, 'amounts')
  const code = text(params, 'descriptor_code')
  if ((amounts === undefined) === (code === undefined)) {
    throw invalidParameter('You must provide one of amounts or descriptor_code.', 'amounts')
  }
  if (code !== undefined) return code
  if (amounts?.length !== 2 || !amounts.every(amount => /^\d{1,2}$/.test(String(amount)))) {
    throw invalidParameter(
      'Two positive integers below 100 are required.',
      'amounts',
      'payment_method_microdeposit_verification_amounts_invalid',
    )
  }
  return amounts
    .map(Number)
    .sort((left, right) => left - right)
    .join('+')
}

/**
 * Judges the answer of a customer by Stripe's test values: 32 and 45 or SM11AA verify, 10 and 11 or
 * SM33CC use up all attempts, SM44DD times out; any other answer is a mismatch (400) that costs an
 * attempt, of which there are ten.
 */
export function judgeMicrodeposits(work: Work, methodId: string, params: FormRecord): Verdict {
  const answer = answerOf(params)
  const instrument = instrumentOf(work, methodId)
  if (instrument.verification !== 'pending') {
    throw refusal('This bank account is not awaiting verification.', {
      code: 'payment_method_bank_account_already_verified',
    })
  }
  if (answer === '32+45' || answer === 'SM11AA') {
    patch(work, 'instrument', methodId, { verification: 'verified' })
    return { kind: 'verified' }
  }
  const attemptsLeft = instrument.attemptsLeft - 1
  const exhausted = attemptsLeft <= 0 || answer === '10+11' || answer === 'SM33CC'
  patch(work, 'instrument', methodId, {
    attemptsLeft,
    verification: exhausted || answer === 'SM44DD' ? 'failed' : 'pending',
  })
  if (answer === 'SM44DD') return { kind: 'failed', error: verificationTimedOut() }
  if (exhausted) {
    return failedWith(
      'payment_method_microdeposit_verification_attempts_exceeded',
      'You have exceeded the number of allowed verification attempts.',
    )
  }
  throw mismatch(answer, attemptsLeft)
}

function mismatch(answer: string, attemptsLeft: number): StripeFailure {
  const byAmounts = answer.includes('+')
  return new StripeFailure(
    400,
    {
      type: 'invalid_request_error',
      code: byAmounts
        ? 'payment_method_microdeposit_verification_amounts_mismatch'
        : 'payment_method_microdeposit_verification_descriptor_code_mismatch',
      message:
        `The ${byAmounts ? 'amounts' : 'descriptor code'} provided do not match those sent ` +
        `to the bank account. You have ${attemptsLeft} verification attempts remaining.`,
    },
    { effects: 'keep', repeats: true },
  )
}
