// Stripe's refusals and declines as one error class, and the constructors that word them.
// What is thrown here is an answer to the caller; anything else thrown is a fault of the sandbox.

import type Stripe from 'stripe'

export type ApiError = Stripe.PaymentIntent.LastPaymentError
export type ErrorCode = NonNullable<ApiError['code']>

/**
 * An answer with an error body. `effects` says what becomes of the writes made so far: `keep` for
 * a decline, whose failed attempt stays on record, `discard` for a refusal. `repeats` says whether
 * an idempotency key keeps this answer: Stripe keeps results of requests that began to execute.
 */
export class StripeFailure extends Error {
  readonly status: number
  readonly body: ApiError
  readonly effects: 'keep' | 'discard'
  readonly repeats: boolean

  constructor(
    status: number,
    body: ApiError,
    kept: { effects?: 'keep' | 'discard'; repeats?: boolean } = {},
  ) {
    super(body.message ?? body.code ?? body.type)
    this.name = 'StripeFailure'
    this.status = status
    this.body = body
    this.effects = kept.effects ?? 'discard'
    this.repeats = kept.repeats ?? false
  }
}

function withDocUrl(body: ApiError): ApiError {
  if (!body.code) return body
  const anchor = body.code.replaceAll('_', '-')
  return { doc_url: `https://stripe.com/docs/error-codes/${anchor}`, ...body }
}

/** A malformed or unknown parameter: 400, and the idempotency key stays unused. */
export function invalidParameter(message: string, param?: string, code?: ErrorCode): StripeFailure {
  return new StripeFailure(
    400,
    withDocUrl({
      type: 'invalid_request_error',
      message,
      ...(param ? { param } : {}),
      ...(code ? { code } : {}),
    }),
  )
}

export function missingParameter(param: string): StripeFailure {
  return invalidParameter(`Missing required param: ${param}.`, param, 'parameter_missing')
}

/** 404 `resource_missing`, as Stripe words it: the noun in lower case and the id asked for. */
export function noSuch(noun: string, id: string, param = 'id'): StripeFailure {
  return new StripeFailure(404, {
    ...withDocUrl({ type: 'invalid_request_error', code: 'resource_missing' }),
    message: `No such ${noun}: '${id}'`,
    param,
  })
}

/** A refusal that depends on the state of an object: 400, kept under the idempotency key. */
export function refusal(
  message: string,
  details: Partial<ApiError> = {},
  status = 400,
): StripeFailure {
  return new StripeFailure(
    status,
    withDocUrl({ type: 'invalid_request_error', message, ...details }),
    { repeats: true },
  )
}

/** A decline: 402 `card_error`. Its attempt stays on record and the key keeps the answer. */
export function declined(body: ApiError): StripeFailure {
  return new StripeFailure(402, withDocUrl(body), { effects: 'keep', repeats: true })
}

export function unauthorized(message: string): StripeFailure {
  return new StripeFailure(401, { type: 'invalid_request_error', message })
}
