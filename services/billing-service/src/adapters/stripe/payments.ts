// Charges: made once under our own id, found again by it, cancelled. What a decline means for
// dunning is decided elsewhere.
import type Stripe from 'stripe'
import { processorAmount } from '../../core/money.ts'
import type { PaymentObservation } from '../../core/payment.ts'
import { type ChargeRequest, type Processor, ProcessorUnavailable } from '../../ports/processor.ts'
import type { StripeConnection } from './connect.ts'
import {
  answeredWith,
  chargeRefusalCode,
  declineFacts,
  faultOf,
  isMissing,
  isStripeError,
  type StripeError,
} from './failures.ts'
import { feeExpansion, fromStripeIntent, isReusable, toStripeType } from './mapping.ts'

type Payments = Pick<Processor, 'charge' | 'findPayment' | 'cancelPayment'>

const pageSize = 100
const pagesMax = 20
const windowSlackMs = 24 * 60 * 60 * 1_000

/**
 * Only the method's own type is let in; WeChat Pay asks besides on what kind of screen it is paid.
 */
function typeOptions(type: ChargeRequest['methodType']): Partial<Stripe.PaymentIntentCreateParams> {
  return {
    allowed_payment_method_types: [toStripeType(type)],
    ...(type === 'wechat_pay' && { payment_method_options: { wechat_pay: { client: 'web' } } }),
  }
}

/**
 * Off session nobody can answer a challenge: the issuer's wish for one is a decline, and the intent
 * must not park in `requires_action`. On session it may park, and the same payment prepares the
 * method for the next ones without the payer.
 */
function presence(
  request: ChargeRequest,
  returnUrl: string | undefined,
): Partial<Stripe.PaymentIntentCreateParams> {
  if (request.offSession) return { off_session: true, error_on_requires_action: true }
  return {
    ...(returnUrl !== undefined && { return_url: returnUrl }),
    ...(isReusable(request.methodType) && { setup_future_usage: 'off_session' }),
  }
}

function toStripeCharge(
  request: ChargeRequest,
  returnUrl: string | undefined,
): Stripe.PaymentIntentCreateParams {
  const { amountMinor, currency } = request.amount
  return {
    ...typeOptions(request.methodType),
    amount: processorAmount(amountMinor, currency),
    currency: currency.toLowerCase(),
    confirm: true,
    customer: request.processorCustomerId,
    payment_method: request.processorMethodId,
    description: request.description,
    // NACHA wants these very words on the statement of an account that is debited again.
    ...(request.representment && { statement_descriptor: 'RETRY PYMT' }),
    ...presence(request, returnUrl),
    metadata: {
      tenant_id: request.tenantId,
      transaction_id: request.transactionId,
      ...(request.invoiceId !== null && { invoice_id: request.invoiceId }),
    },
    expand: [feeExpansion],
  }
}

/**
 * A charge that Stripe refused without making an intent: it has failed, and there is no more to
 * find.
 */
function unmade(
  request: ChargeRequest,
  error: StripeError,
  failureCode: string | null,
): PaymentObservation {
  return {
    processorId: null,
    processorChargeId: error.charge ?? null,
    status: 'failed',
    ...request.amount,
    feeMinor: null,
    netMinor: null,
    settlementCurrency: null,
    ...declineFacts(error),
    failureCode,
    nextActionUrl: null,
  }
}

/** A 402 carries the intent, which is the truth; the error adds what the intent may not repeat. */
function declined(request: ChargeRequest, error: StripeError): PaymentObservation {
  const intent = error.payment_intent
  if (!intent) return unmade(request, error, error.code ?? 'card_declined')
  const seen = fromStripeIntent(intent)
  if (seen.status !== 'failed' && seen.status !== 'pending') return seen
  const reasons = declineFacts(error)
  return {
    ...seen,
    status: 'failed',
    processorChargeId: seen.processorChargeId ?? error.charge ?? null,
    failureCode: reasons.failureCode ?? seen.failureCode,
    declineCode: reasons.declineCode ?? seen.declineCode,
    adviceCode: reasons.adviceCode ?? seen.adviceCode,
    failureMessage: reasons.failureMessage ?? seen.failureMessage,
    requestLogUrl: reasons.requestLogUrl ?? seen.requestLogUrl,
  }
}

function refused(request: ChargeRequest, failure: unknown): PaymentObservation {
  if (!isStripeError(failure)) throw failure
  if (failure.statusCode === 402) return declined(request, failure)
  const code = chargeRefusalCode(failure)
  if (code === null) throw faultOf('charge', failure)
  return failure.payment_intent
    ? { ...declined(request, failure), failureCode: code }
    : unmade(request, failure, code)
}

/** The intent with its fee, if Stripe knows it. */
export async function readIntent(
  connection: StripeConnection,
  id: string,
): Promise<Stripe.PaymentIntent> {
  return connection.call('retrieve payment', { object: 'payment_intent', id }, stripe =>
    stripe.paymentIntents.retrieve(id, { expand: [feeExpansion] }),
  )
}

async function retrieveOrNull(
  connection: StripeConnection,
  id: string,
): Promise<PaymentObservation | null> {
  try {
    return fromStripeIntent(await readIntent(connection, id))
  } catch (failure) {
    if (isMissing(failure)) return null
    throw failure
  }
}

/**
 * Lists the customer's intents, newest first, for the one that carries our id. Lists see every
 * write; Stripe's search lags. Only live tenants follow the real clock, so only there a time
 * narrows the list.
 */
async function findByTransaction(
  connection: StripeConnection,
  request: { transactionId: string; customer: string; createdAt: number },
): Promise<PaymentObservation | null> {
  const since = Math.floor((request.createdAt - windowSlackMs) / 1_000)
  let startingAfter: string | undefined
  for (let page = 0; page < pagesMax; page += 1) {
    const list = await connection.call('list payments', { object: 'list' }, stripe =>
      stripe.paymentIntents.list({
        customer: request.customer,
        limit: pageSize,
        expand: [`data.${feeExpansion}`],
        ...(connection.mode === 'live' && { created: { gte: since } }),
        ...(startingAfter !== undefined && { starting_after: startingAfter }),
      }),
    )
    const found = list.data.find(row => row.metadata?.transaction_id === request.transactionId)
    if (found) return fromStripeIntent(found)
    startingAfter = list.data.at(-1)?.id
    if (!list.has_more || startingAfter === undefined) return null
  }
  // "It never began" must not be said of what was not looked at: somebody would charge again.
  throw new ProcessorUnavailable(`${request.transactionId} is not among the newest payments`)
}

/**
 * The charging side of the processor. `returnUrl` is where a payer comes back after a challenge.
 */
export function stripePayments(
  connection: StripeConnection,
  returnUrl: string | undefined,
): Payments {
  return {
    async charge(request) {
      const params = toStripeCharge(request, returnUrl)
      const idempotencyKey = `pay_${request.transactionId}`
      try {
        const intent = await connection.call('charge', { object: 'payment_intent' }, stripe =>
          stripe.paymentIntents.create(params, { idempotencyKey }),
        )
        return fromStripeIntent(intent)
      } catch (failure) {
        return refused(request, failure)
      }
    },
    async findPayment({ transactionId, processorId, processorCustomerId, createdAt }) {
      try {
        const seen = processorId === null ? null : await retrieveOrNull(connection, processorId)
        if (seen || processorCustomerId === null) return seen
        const customer = processorCustomerId
        return await findByTransaction(connection, { transactionId, customer, createdAt })
      } catch (failure) {
        if (isMissing(failure)) return null
        throw isStripeError(failure) ? faultOf('find payment', failure) : failure
      }
    },
    async cancelPayment(processorId) {
      const expected = { object: 'payment_intent', id: processorId } as const
      try {
        // No key of ours: a kept refusal would hide that the intent can be cancelled by now.
        await connection.call('cancel payment', expected, stripe =>
          stripe.paymentIntents.cancel(processorId),
        )
      } catch (failure) {
        const settled = answeredWith(failure, 400) && failure.code === unexpectedState
        if (!settled) throw isStripeError(failure) ? faultOf('cancel payment', failure) : failure
      }
      return fromStripeIntent(await readIntent(connection, processorId))
    },
  }
}

/** The intent has moved on meanwhile: what it says now is the answer. */
const unexpectedState = 'payment_intent_unexpected_state'
