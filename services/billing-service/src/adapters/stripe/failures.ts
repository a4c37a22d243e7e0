// What a failed call to Stripe means: nobody knows, a fact about the method or the customer, or a
// fault of ours. It neither repeats calls nor makes observations.
import Stripe from 'stripe'
import type { Decline } from '../../ports/processor.ts'

export type StripeError = Stripe.errors.StripeError

/** An answer that is no answer: the wrong object, no JSON, or an error that the SDK let pass. */
export class UnreadableAnswer extends Error {
  override readonly name = 'UnreadableAnswer'
}

/** A request of ours that Stripe turned down for a reason in our own code or settings. */
export class StripeFault extends Error {
  override readonly name = 'StripeFault'
}

/**
 * - `busy`: 429 or a lock; Stripe did nothing, or does it right now under the same key.
 * - `lost`: no connection, 5xx or an unreadable answer; it may have been done.
 * - `late`: no answer in time; it may have been done, and trying again would double the wait.
 * - `answer`: Stripe has answered, and means it.
 */
export type Trouble = 'busy' | 'lost' | 'late' | 'answer'

const busyCodes = new Set(['lock_timeout', 'rate_limit', 'idempotency_key_in_use'])

export function troubleOf(failure: unknown): Trouble {
  if (failure instanceof UnreadableAnswer) return 'lost'
  if (failure instanceof StripeFault) return 'answer'
  if (!isStripeError(failure)) return 'lost'
  const { statusCode, code } = failure
  if (statusCode === 429 || statusCode === 409 || busyCodes.has(code ?? '')) return 'busy'
  if (statusCode === undefined) return timedOut(failure) ? 'late' : 'lost'
  // 424: something that Stripe depends on has failed; whether before or after the effect is not
  // said.
  return statusCode >= 500 || statusCode === 424 ? 'lost' : 'answer'
}

function timedOut(failure: StripeError): boolean {
  const { detail } = failure
  return detail instanceof Error && 'code' in detail && detail.code === 'ETIMEDOUT'
}

/** Stripe says itself that repeating is pointless: it would answer its kept result again. */
export const forbidsRetry = (failure: unknown): boolean =>
  isStripeError(failure) && failure.headers?.['stripe-should-retry'] === 'false'

export const isStripeError = (failure: unknown): failure is StripeError =>
  failure instanceof Stripe.errors.StripeError

/** An error of the given status that Stripe has answered with. */
export const answeredWith = (failure: unknown, ...statuses: number[]): failure is StripeError =>
  isStripeError(failure) && statuses.includes(failure.statusCode ?? 0)

/** The object named in the path or in a parameter does not exist, or not for this account. */
export const isMissing = (failure: unknown): failure is StripeError =>
  answeredWith(failure, 400, 404) && failure.code === 'resource_missing'

/** What a log or a fault may say of a failure: no parameters, no bodies, no keys. */
export function describeFailure(failure: unknown): Readonly<Record<string, string | number>> {
  if (!isStripeError(failure)) {
    return { reason: failure instanceof Error ? failure.message : 'unknown' }
  }
  const { statusCode, code, decline_code: declineCode, param, requestId, type } = failure
  const known = { type, statusCode, code, declineCode, param, requestId }
  return Object.fromEntries(
    Object.entries(known).filter((entry): entry is [string, string | number] => Boolean(entry[1])),
  )
}

/**
 * A failure that is a bug or a wrong setting of ours, without what Stripe's error carries along.
 */
export function faultOf(operation: string, failure: StripeError): StripeFault {
  const facts = Object.entries(describeFailure(failure)).map(([name, value]) => `${name}=${value}`)
  return new StripeFault(`${operation}: ${failure.message} (${facts.join(', ')})`)
}

/** The reasons that an error gives for a decline. */
export function declineFacts(error: {
  readonly code?: string | undefined
  readonly decline_code?: string | undefined
  readonly advice_code?: string | undefined
  readonly message?: string | undefined
  readonly request_log_url?: string | undefined
}): Decline {
  return {
    failureCode: error.code || null,
    declineCode: error.decline_code || null,
    adviceCode: error.advice_code || null,
    failureMessage: error.message || null,
    requestLogUrl: error.request_log_url || null,
  }
}

const ownFaults = new Set([
  'payment_method_types_no_longer_supported',
  'payment_method_configuration_failures',
  'payment_method_invalid_parameter',
  'payment_intent_invalid_parameter',
  'payment_intent_rate_limit_exceeded',
])

const chargeFacts = new Set([
  'amount_too_large',
  'amount_too_small',
  'authentication_required',
  'card_declined',
  'charge_exceeds_transaction_limit',
  'debit_not_authorized',
  'expired_payment_method',
  'invalid_charge_amount',
  'invalid_source_usage',
  'payment_intent_action_required',
  'payment_intent_authentication_failure',
  'payment_intent_incompatible_payment_method',
  'payment_intent_mandate_invalid',
  'payment_intent_payment_attempt_failed',
  'processing_error',
])

/**
 * Why a charge that Stripe refused with 4xx can never succeed as asked, if that is a fact about the
 * method, the customer or the amount; null when the request itself was wrong. A method that is
 * gone, was used up or belongs to somebody else is `payment_method_unusable`.
 */
export function chargeRefusalCode(error: StripeError): string | null {
  const code = error.code ?? ''
  if (code === 'resource_missing' && error.param === 'customer') return 'customer_missing'
  if (error.param === 'payment_method' && (code === 'resource_missing' || code === '')) {
    return 'payment_method_unusable'
  }
  if (code === '' && usedUp.test(error.message)) return 'payment_method_unusable'
  if (ownFaults.has(code)) return null
  return code.startsWith('payment_method_') ||
    code.startsWith('bank_account_') ||
    chargeFacts.has(code)
    ? code
    : null
}

/**
 * Stripe gives no code for a method that was detached or used without a customer, only these words.
 */
const usedUp = /may not be used again|was detached from a customer/i

const refundFacts = new Set([
  'amount_too_large',
  'balance_insufficient',
  'charge_already_refunded',
  'charge_disputed',
  'charge_not_refundable',
  'refund_disputed_payment',
])

/** Why a refund that Stripe refused cannot be made; null when the request itself was wrong. */
export function refundRefusalCode(error: StripeError): string | null {
  const code = error.code ?? ''
  if (refundFacts.has(code)) return code
  // A refund above what is left has no code of its own, only the name of the parameter.
  return code === '' && error.param === 'amount' ? 'refund_exceeds_charge' : null
}
