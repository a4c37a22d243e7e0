// Stripe Billing at our request: subscriptions created, changed and ended, invoices paid. What it decides it
// answers, and that is what we copy.
import type Stripe from 'stripe'
import type { InvoiceFacts } from '../../core/mirror.ts'
import {
  type ProcessorBilling,
  ProcessorRefusal,
  type SubscriptionChange,
  type SubscriptionOrder,
} from '../../ports/processor-billing.ts'
import { fromStripeSubscription } from './billing-mapping.ts'
import { readInvoice, readSubscription, stripeBillingReads } from './billing-reads.ts'
import type { StripeConnection } from './connect.ts'
import { isStripeError } from './failures.ts'
import { pastKeptFailures } from './kept.ts'

/** What Stripe answers to a request of ours it may well refuse: that is for whoever asked. */
async function orRefused<Result>(call: Promise<Result>): Promise<Result> {
  try {
    return await call
  } catch (failure) {
    if (!isStripeError(failure)) throw failure
    throw new ProcessorRefusal(failure.message, { cause: failure.code })
  }
}

const paidAtOnce = 'allow_incomplete'

const toStripeOrder = (order: SubscriptionOrder): Stripe.SubscriptionCreateParams => ({
  customer: order.processorCustomerId,
  items: [{ price: order.priceId, quantity: order.quantity }],
  payment_behavior: paidAtOnce,
  ...(order.trialDays > 0 && { trial_period_days: order.trialDays }),
  ...(order.processorMethodId !== null && { default_payment_method: order.processorMethodId }),
  metadata: {
    ...order.metadata,
    tenant_id: order.tenantId,
    subscription_id: order.subscriptionId,
  },
})

const proration = {
  invoice_now: 'always_invoice',
  next_invoice: 'create_prorations',
  none: 'none',
} as const

function trialEndOf(trialEnd: SubscriptionChange['trialEnd']) {
  if (trialEnd === undefined) return {}
  return { trial_end: trialEnd === 'now' ? ('now' as const) : Math.ceil(trialEnd / 1_000) }
}

/** The item that stands for the plan: the one with its price, else the first. */
async function itemsOf(
  connection: StripeConnection,
  id: string,
  { priceId, priceIdNow, quantity }: SubscriptionChange,
): Promise<Pick<Stripe.SubscriptionUpdateParams, 'items'>> {
  if (priceId === undefined && quantity === undefined) return {}
  const now = await connection.call(
    'retrieve subscription',
    { object: 'subscription', id },
    stripe => stripe.subscriptions.retrieve(id),
  )
  const items = now.items.data
  const item = items.find(({ price }) => price.id === priceIdNow) ?? items[0]
  return {
    items: [
      {
        ...(item && { id: item.id }),
        ...(priceId !== undefined && { price: priceId }),
        ...(quantity !== undefined && { quantity }),
      },
    ],
  }
}

async function toStripeChange(
  connection: StripeConnection,
  id: string,
  change: SubscriptionChange,
): Promise<Stripe.SubscriptionUpdateParams> {
  const { cancelAtPeriodEnd, cancelReason, processorMethodId, metadata } = change
  const { collectionPause: pause } = change
  return {
    ...(await itemsOf(connection, id, change)),
    ...(change.prorate !== undefined && { proration_behavior: proration[change.prorate] }),
    ...trialEndOf(change.trialEnd),
    ...(processorMethodId !== undefined && { default_payment_method: processorMethodId }),
    ...(cancelAtPeriodEnd !== undefined && { cancel_at_period_end: cancelAtPeriodEnd }),
    ...(cancelReason && { cancellation_details: { comment: cancelReason } }),
    ...(pause !== undefined && { pause_collection: pause === null ? '' : { behavior: pause } }),
    ...(metadata !== undefined && { metadata }),
  }
}

async function pay(
  connection: StripeConnection,
  id: string,
  key: string,
  method: string | null,
): Promise<InvoiceFacts> {
  try {
    await connection.call('pay invoice', { object: 'invoice', id }, stripe =>
      stripe.invoices.pay(id, method === null ? {} : { payment_method: method }, {
        idempotencyKey: `pay_${key}`,
      }),
    )
  } catch (failure) {
    // A decline stands in the payment of the invoice, which is read next.
    if (!isStripeError(failure)) throw failure
    if (failure.statusCode !== 402) throw new ProcessorRefusal(failure.message)
  }
  const facts = await readInvoice(connection, id)
  if (facts === null) throw new ProcessorRefusal(`There is no invoice ${id}.`)
  return facts
}

/** Stripe Billing, reading and asking. */
export function stripeBilling(connection: StripeConnection): ProcessorBilling {
  const reads = stripeBillingReads(connection)
  const expected = (id: string) => ({ object: 'subscription', id }) as const
  return {
    ...reads,
    async createSubscription(order) {
      const params = toStripeOrder(order)
      const make = async (idempotencyKey: string) => {
        const made = await orRefused(
          connection.call('create subscription', { object: 'subscription' }, stripe =>
            stripe.subscriptions.create(params, { idempotencyKey }),
          ),
        )
        return fromStripeSubscription(made)
      }
      return pastKeptFailures(`subscription_${order.subscriptionId}`, make, () =>
        reads.findSubscription(order.processorCustomerId, order.subscriptionId),
      )
    },
    async changeSubscription(id, key, change) {
      const params = await orRefused(toStripeChange(connection, id, change))
      const changed = await orRefused(
        connection.call('change subscription', expected(id), stripe =>
          stripe.subscriptions.update(id, params, { idempotencyKey: `change_${key}` }),
        ),
      )
      return fromStripeSubscription(changed)
    },
    async endSubscription(id) {
      const ended = connection.call('end subscription', expected(id), stripe =>
        stripe.subscriptions.cancel(id),
      )
      try {
        return fromStripeSubscription(await orRefused(ended))
      } catch (failure) {
        // It may have ended before: then what it says is the answer.
        const seen =
          failure instanceof ProcessorRefusal ? await readSubscription(connection, id) : null
        if (seen?.endedAt == null) throw failure
        return seen
      }
    },
    payInvoice: (id, key, method) => pay(connection, id, key, method),
  }
}
