// Reads the object that an event is about afresh, for the events are hints and may be old.
import type Stripe from 'stripe'
import type { ProcessorObject } from '../../ports/processor.ts'
import { readInvoice, readSubscription } from './billing-reads.ts'
import { readCheckout } from './checkouts.ts'
import type { StripeConnection } from './connect.ts'
import { readDispute, readReview, readWarning } from './disputes.ts'
import { faultOf, isMissing, isStripeError } from './failures.ts'
import {
  fromStripeMethod,
  fromStripeRefund,
  idOf,
  isReadable,
  other,
  paymentObject,
} from './mapping.ts'
import { readIntent } from './payments.ts'
import { readPayout } from './payouts.ts'
import { readSetup } from './set-ups.ts'

async function readPayment(connection: StripeConnection, id: string): Promise<ProcessorObject> {
  const intent = await readIntent(connection, id)
  return isReadable(intent) ? paymentObject(intent) : other
}

async function readCharge(connection: StripeConnection, id: string): Promise<ProcessorObject> {
  const charge = await connection.call('retrieve charge', { object: 'charge', id }, stripe =>
    stripe.charges.retrieve(id),
  )
  const intentId = idOf(charge.payment_intent)
  return intentId === null ? other : readPayment(connection, intentId)
}

async function readRefund(connection: StripeConnection, id: string): Promise<ProcessorObject> {
  const refund = await connection.call('retrieve refund', { object: 'refund', id }, stripe =>
    stripe.refunds.retrieve(id),
  )
  if (!isReadable(refund)) return other
  return {
    kind: 'refund',
    tenantId: refund.metadata?.tenant_id ?? null,
    transactionId: refund.metadata?.transaction_id ?? null,
    processorPaymentId: idOf(refund.payment_intent),
    observation: fromStripeRefund(refund),
  }
}

function methodObject(method: Stripe.PaymentMethod): ProcessorObject {
  const facts = fromStripeMethod(method)
  return facts
    ? { kind: 'method', facts, attached: method.customer !== null, setupFailed: false }
    : other
}

async function readMethod(connection: StripeConnection, id: string): Promise<ProcessorObject> {
  const method = await connection.call(
    'retrieve method',
    { object: 'payment_method', id },
    stripe => stripe.paymentMethods.retrieve(id),
  )
  return methodObject(method)
}

async function readBilled<Facts>(
  read: (connection: StripeConnection, id: string) => Promise<Facts | null>,
  as: (facts: Facts) => ProcessorObject,
  connection: StripeConnection,
  id: string,
): Promise<ProcessorObject | null> {
  const facts = await read(connection, id)
  return facts === null ? null : as(facts)
}

const readers: Readonly<
  Record<string, (connection: StripeConnection, id: string) => Promise<ProcessorObject | null>>
> = {
  payment_intent: readPayment,
  charge: readCharge,
  refund: readRefund,
  payment_method: readMethod,
  setup_intent: readSetup,
  'checkout.session': readCheckout,
  subscription: (connection, id) =>
    readBilled(readSubscription, facts => ({ kind: 'subscription', facts }), connection, id),
  invoice: (connection, id) =>
    readBilled(readInvoice, facts => ({ kind: 'invoice', facts }), connection, id),
  dispute: readDispute,
  payout: readPayout,
  review: readReview,
  'radar.early_fraud_warning': readWarning,
}

/** Reads an object by the type and id of an event; null when Stripe does not know it any more. */
export async function readStripeObject(
  connection: StripeConnection,
  objectType: string,
  objectId: string,
): Promise<ProcessorObject | null> {
  const read = Object.hasOwn(readers, objectType) ? readers[objectType] : undefined
  if (!read || objectId === '') return other
  try {
    return await read(connection, objectId)
  } catch (failure) {
    if (isMissing(failure)) return null
    throw isStripeError(failure) ? faultOf(`read ${objectType}`, failure) : failure
  }
}
