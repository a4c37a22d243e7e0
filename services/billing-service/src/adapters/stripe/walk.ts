// Walking everything that Stripe has of one kind, each object in our words: for the sync and for comparing.
import type Stripe from 'stripe'
import type { ListedObject, Processor, WalkFilter } from '../../ports/processor.ts'
import type { StripeConnection } from './connect.ts'
import { fromStripeDispute } from './disputes.ts'
import { faultOf, isMissing, isStripeError } from './failures.ts'
import { eachPage } from './lists.ts'
import { feeExpansion, fromStripeRefund, idOf, isReadable, paymentObject } from './mapping.ts'

/** A span of creation, in Stripe's whole seconds. */
function created({ from, to }: WalkFilter): { created?: Stripe.RangeQueryParam } {
  if (from === undefined && to === undefined) return {}
  return {
    created: {
      ...(from !== undefined && { gte: Math.floor(from / 1_000) }),
      ...(to !== undefined && { lt: Math.ceil(to / 1_000) }),
    },
  }
}

const ofPayment = ({ processorPaymentId: id }: WalkFilter) =>
  id === undefined ? {} : { payment_intent: id }

async function* payments(
  connection: StripeConnection,
  filter: WalkFilter,
): AsyncGenerator<ListedObject> {
  const customer = filter.processorCustomerId
  const pages = eachPage<Stripe.PaymentIntent>(connection, 'list payments', (stripe, page) =>
    stripe.paymentIntents.list({
      ...created(filter),
      ...(customer !== undefined && { customer }),
      expand: [`data.${feeExpansion}`],
      ...page,
    }),
  )
  for await (const intent of pages) {
    if (!isReadable(intent)) continue
    yield {
      id: intent.id,
      createdAt: intent.created * 1_000,
      object: paymentObject(intent),
    }
  }
}

async function* refunds(
  connection: StripeConnection,
  filter: WalkFilter,
): AsyncGenerator<ListedObject> {
  const pages = eachPage<Stripe.Refund>(connection, 'list refunds', (stripe, page) =>
    stripe.refunds.list({ ...created(filter), ...ofPayment(filter), ...page }),
  )
  for await (const refund of pages) {
    if (!isReadable(refund)) continue
    yield {
      id: refund.id,
      createdAt: refund.created * 1_000,
      object: {
        kind: 'refund',
        tenantId: refund.metadata?.tenant_id ?? null,
        transactionId: refund.metadata?.transaction_id ?? null,
        processorPaymentId: idOf(refund.payment_intent),
        observation: fromStripeRefund(refund),
      },
    }
  }
}

async function* disputes(
  connection: StripeConnection,
  filter: WalkFilter,
): AsyncGenerator<ListedObject> {
  const pages = eachPage<Stripe.Dispute>(connection, 'list disputes', (stripe, page) =>
    stripe.disputes.list({ ...created(filter), ...ofPayment(filter), ...page }),
  )
  for await (const dispute of pages) {
    if (!isReadable(dispute)) continue
    const observation = fromStripeDispute(dispute)
    const createdAt = dispute.created * 1_000
    yield { id: dispute.id, createdAt, object: { kind: 'dispute', observation } }
  }
}

/** Payouts by id alone: what they carry is read with each. */
async function* payouts(
  connection: StripeConnection,
  filter: WalkFilter,
): AsyncGenerator<ListedObject> {
  const pages = eachPage<Stripe.Payout>(connection, 'list payouts', (stripe, page) =>
    stripe.payouts.list({ ...created(filter), ...page }),
  )
  for await (const payout of pages) {
    if (!isReadable(payout)) continue
    yield { id: payout.id, createdAt: payout.created * 1_000, object: { kind: 'other' } }
  }
}

const walks = { payment: payments, refund: refunds, dispute: disputes, payout: payouts }

/** The walking side of the processor. A customer or payment that Stripe does not know has nothing. */
export function stripeWalk(connection: StripeConnection): Pick<Processor, 'walk'> {
  return {
    async *walk(kind, filter) {
      try {
        yield* walks[kind](connection, filter)
      } catch (failure) {
        if (isMissing(failure)) return
        throw isStripeError(failure) ? faultOf(`list ${kind}s`, failure) : failure
      }
    },
  }
}
