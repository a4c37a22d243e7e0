// Checkout Sessions: a hosted page on which the payer chooses how to pay one demand. The page makes its
// payment when somebody tries; until then only the page itself can be asked about.
import type Stripe from 'stripe'
import { processorAmount } from '../../core/money.ts'
import type {
  CheckoutObservation,
  CheckoutRequest,
  Processor,
  ProcessorObject,
} from '../../ports/processor.ts'
import type { StripeConnection } from './connect.ts'
import { answeredWith, faultOf, isMissing, isStripeError } from './failures.ts'
import { fromStripeIntent, idOf } from './mapping.ts'
import { readIntent } from './payments.ts'

type Checkouts = Pick<Processor, 'createCheckout' | 'findCheckout' | 'expireCheckout'>

/** Ways that a payer may choose from; those that the currency does not know drop out at Stripe. */
const offered = ['card', 'alipay', 'wechat_pay', 'paypal'] as const

const pageSize = 100
const pagesMax = 10

function toStripeSession(
  request: CheckoutRequest,
  returnUrl: string,
): Stripe.Checkout.SessionCreateParams {
  const { amountMinor, currency } = request.amount
  const metadata = {
    tenant_id: request.tenantId,
    transaction_id: request.transactionId,
    ...(request.invoiceId !== null && { invoice_id: request.invoiceId }),
  }
  return {
    mode: 'payment',
    customer: request.processorCustomerId,
    allowed_payment_method_types: [...offered],
    line_items: [
      {
        quantity: 1,
        price_data: {
          currency: currency.toLowerCase(),
          unit_amount: processorAmount(amountMinor, currency),
          product_data: { name: request.description },
        },
      },
    ],
    success_url: returnUrl,
    cancel_url: returnUrl,
    locale: request.language === 'zh-CN' ? 'zh' : 'en',
    client_reference_id: request.transactionId,
    metadata,
    payment_intent_data: { description: request.description, metadata },
  }
}

const statuses = ['open', 'complete', 'expired'] as const

/** What a session and its payment say right now. */
export async function fromStripeSession(
  connection: StripeConnection,
  session: Stripe.Checkout.Session,
): Promise<CheckoutObservation> {
  const intentId = idOf(session.payment_intent)
  return {
    id: session.id,
    // A status that we do not know is not final: the page will be asked about again.
    status: statuses.find(status => status === session.status) ?? 'open',
    url: session.url,
    expiresAt: session.expires_at * 1_000,
    payment: intentId === null ? null : fromStripeIntent(await readIntent(connection, intentId)),
  }
}

/** The session as Stripe knows it. */
export const readSession = (
  connection: StripeConnection,
  id: string,
): Promise<Stripe.Response<Stripe.Checkout.Session>> =>
  connection.call('retrieve checkout', { object: 'checkout.session', id }, stripe =>
    stripe.checkout.sessions.retrieve(id),
  )

/** Lists the customer's sessions for the one that carries our id. */
async function byTransaction(
  connection: StripeConnection,
  request: { readonly transactionId: string; readonly processorCustomerId: string },
): Promise<Stripe.Checkout.Session | null> {
  let startingAfter: string | undefined
  for (let page = 0; page < pagesMax; page += 1) {
    const list = await connection.call('list checkouts', { object: 'list' }, stripe =>
      stripe.checkout.sessions.list({
        customer: request.processorCustomerId,
        limit: pageSize,
        ...(startingAfter !== undefined && { starting_after: startingAfter }),
      }),
    )
    const found = list.data.find(row => row.client_reference_id === request.transactionId)
    if (found) return found
    startingAfter = list.data.at(-1)?.id
    if (!list.has_more || startingAfter === undefined) return null
  }
  return null
}

async function expire(connection: StripeConnection, id: string): Promise<CheckoutObservation> {
  const expected = { object: 'checkout.session', id } as const
  try {
    await connection.call('expire checkout', expected, stripe =>
      stripe.checkout.sessions.expire(id),
    )
  } catch (failure) {
    // It is over already: what became of it is the answer.
    if (!answeredWith(failure, 400)) throw failure
  }
  return fromStripeSession(connection, await readSession(connection, id))
}

async function faultless<Result>(operation: string, call: Promise<Result>): Promise<Result> {
  try {
    return await call
  } catch (failure) {
    throw isStripeError(failure) ? faultOf(operation, failure) : failure
  }
}

/** The page of an event, with our own names from its metadata. */
export async function readCheckout(
  connection: StripeConnection,
  id: string,
): Promise<ProcessorObject> {
  const session = await readSession(connection, id)
  if (session.mode !== 'payment') return { kind: 'other' }
  return {
    kind: 'checkout',
    tenantId: session.metadata?.tenant_id ?? null,
    transactionId: session.metadata?.transaction_id ?? null,
    observation: await fromStripeSession(connection, session),
  }
}

/** The hosted pages of the processor; `returnUrl` is where a payer comes back to. */
export function stripeCheckouts(
  connection: StripeConnection,
  returnUrl: string | undefined,
): Checkouts {
  return {
    async createCheckout(request) {
      const params = toStripeSession(request, returnUrl ?? 'https://example.com/')
      const idempotencyKey = `checkout_${request.transactionId}`
      const session = await faultless(
        'open checkout',
        connection.call('open checkout', { object: 'checkout.session' }, stripe =>
          stripe.checkout.sessions.create(params, { idempotencyKey }),
        ),
      )
      return fromStripeSession(connection, session)
    },
    async findCheckout({ transactionId, checkoutId, processorCustomerId }) {
      try {
        const session =
          checkoutId === null
            ? await byTransaction(connection, { transactionId, processorCustomerId })
            : await readSession(connection, checkoutId)
        return session === null ? null : await fromStripeSession(connection, session)
      } catch (failure) {
        if (isMissing(failure)) return null
        throw isStripeError(failure) ? faultOf('find checkout', failure) : failure
      }
    },
    expireCheckout: id => faultless('expire checkout', expire(connection, id)),
  }
}
