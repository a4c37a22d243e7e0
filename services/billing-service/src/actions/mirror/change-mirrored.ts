// Changes of mirrored subscriptions and payments of mirrored invoices: forwarded to Stripe, which decides and
// prices them. What it answers is what our caller hears.
import type { Caller } from '../../core/caller.ts'
import type { Invoice } from '../../core/invoice.ts'
import type { PaymentMethod } from '../../core/payment-method.ts'
import { assertSeats, isUpgrade, priceOf } from '../../core/plan.ts'
import { refuse } from '../../core/refusal.ts'
import { type CollectionPause, isLive, type Subscription } from '../../core/subscription.ts'
import { fromIso, toIso } from '../../core/time.ts'
import type { Deps } from '../../deps.ts'
import type { SubscriptionChange } from '../../ports/processor-billing.ts'
import { type PaymentResult, paymentResult, refuseDecline } from '../payments/payment-result.ts'
import { planToSell } from '../plans/read-plans.ts'
import type { ChangeSubscription } from '../subscriptions/change-subscription.ts'
import type { CancelSubscription } from '../subscriptions/end-subscription.ts'
import { stripePriceOf } from './create-mirrored.ts'
import { asked, billingOf, type Forwarded, forwarded, latestPayment } from './forwarded.ts'
import { notForMirrored } from './limits.ts'
import { mirrorInvoice } from './mirror-invoice.ts'
import { isLeft } from './mirror-subscription.ts'

/** Stripe's name of a subscription that still lives there. Refuses `subscription_ended`, `change_pending`. */
function nameOf(subscription: Subscription): string {
  if (!isLive(subscription)) {
    refuse('subscription_ended', { endedAt: toIso(subscription.endedAt ?? subscription.updatedAt) })
  }
  return subscription.processorId ?? refuse('unavailable', { part: 'Stripe' })
}

const keyOf = (deps: Deps, caller: Caller): string => caller.requestKey ?? deps.ids.next('request')

async function change(
  deps: Deps,
  caller: Caller,
  subscription: Subscription,
  wanted: SubscriptionChange,
): Promise<Forwarded> {
  const billing = billingOf(deps)
  const id = nameOf(subscription)
  const before = await asked(billing.readSubscription(id))
  const facts = await asked(billing.changeSubscription(id, keyOf(deps, caller), wanted))
  return forwarded(deps, facts, before?.processorInvoiceId ?? null)
}

const prorations: Readonly<Record<string, SubscriptionChange['prorate']>> = {
  none: 'none',
  create_prorations: 'next_invoice',
  always_invoice: 'invoice_now',
}

/** Refuses `not_for_mirrored` for what Stripe cannot be asked. */
export function assertForwardable(input: ChangeSubscription): void {
  if (input.quoteId !== undefined) notForMirrored('quotes')
  if (input.coupon !== undefined) notForMirrored('coupons')
  if (input.when === 'period_end') notForMirrored('laterChanges')
}

/**
 * Forwards a change. An upgrade is invoiced at once, anything else with the next invoice, unless the issuer
 * says otherwise. Refuses `not_for_mirrored`, `price_not_mapped`, `processor_refused`.
 */
export async function changeMirrored(
  deps: Deps,
  caller: Caller,
  subscription: Subscription,
  input: ChangeSubscription,
  method: PaymentMethod | null,
): Promise<Forwarded> {
  return change(deps, caller, subscription, {
    ...(await priced(deps, subscription, input)),
    ...(method === null ? {} : { processorMethodId: method.processorId }),
    ...(input.trialEnd === undefined ? {} : { trialEnd: fromIso(input.trialEnd, '/trialEnd') }),
    ...(input.metadata === undefined ? {} : { metadata: input.metadata }),
  })
}

/** The part of a change that costs something. */
async function priced(
  deps: Deps,
  subscription: Subscription,
  input: ChangeSubscription,
): Promise<SubscriptionChange> {
  const reads = deps.store.of(subscription.tenantId)
  const now = await reads.get('plans', subscription.planId)
  const from = priceOf(now, subscription.currency, subscription.billingCycle)
  const priceIdNow = from.stripePriceId ?? null
  const { plan: code, billingCycle, quantity } = input
  if (code === undefined && billingCycle === undefined && quantity === undefined) {
    return { priceIdNow }
  }
  const plan =
    code === undefined || code === now.code ? now : await planToSell(deps.store.system, code)
  const price = priceOf(plan, subscription.currency, billingCycle ?? subscription.billingCycle)
  const units = quantity ?? subscription.quantity
  assertSeats(plan, units)
  const rises = isUpgrade(
    { price: from, quantity: subscription.quantity },
    { price, quantity: units },
  )
  const told =
    input.prorationBehavior === undefined ? undefined : prorations[input.prorationBehavior]
  return {
    priceIdNow,
    priceId: stripePriceOf(plan, price),
    quantity: units,
    prorate: told ?? (rises ? 'invoice_now' : 'next_invoice'),
  }
}

/** Forwards an end, now or at the end of the period. */
export async function cancelMirrored(
  deps: Deps,
  caller: Caller,
  subscription: Subscription,
  input: CancelSubscription,
): Promise<Subscription> {
  if (input.refund !== undefined && input.refund !== 'none') notForMirrored('creditedEnds')
  if (input.when !== 'now') {
    const cancelReason = input.reason ?? null
    const wanted = { priceIdNow: null, cancelAtPeriodEnd: true, cancelReason }
    return (await change(deps, caller, subscription, wanted)).subscription
  }
  const facts = await asked(billingOf(deps).endSubscription(nameOf(subscription)))
  return (await forwarded(deps, facts, facts.processorInvoiceId)).subscription
}

/** Forwards that a scheduled end is taken back. */
export const reactivateMirrored = async (deps: Deps, caller: Caller, subscription: Subscription) =>
  (await change(deps, caller, subscription, { priceIdNow: null, cancelAtPeriodEnd: false }))
    .subscription

/** Stripe stops, or goes on, collecting; the status stays as Stripe has it. */
export const pauseMirrored = (
  deps: Deps,
  caller: Caller,
  subscription: Subscription,
  collectionPause: CollectionPause | null,
): Promise<Forwarded> => change(deps, caller, subscription, { priceIdNow: null, collectionPause })

/** Forwards the end of a trial. */
export const endTrialMirrored = (deps: Deps, caller: Caller, subscription: Subscription) =>
  change(deps, caller, subscription, { priceIdNow: null, trialEnd: 'now' })

/** Has Stripe collect a mirrored invoice. Refuses `payment_declined`, `processor_refused`. */
export async function payMirrored(
  deps: Deps,
  caller: Caller,
  invoice: Invoice,
  method: PaymentMethod | null,
): Promise<{ invoice: Invoice; payment: PaymentResult | null }> {
  const { payInvoice } = billingOf(deps)
  const processorMethodId = method?.processorId ?? null
  const facts = await asked(
    payInvoice(invoice.processorId ?? '', keyOf(deps, caller), processorMethodId),
  )
  const copied = await mirrorInvoice(deps, facts)
  if (isLeft(copied)) return refuse('processor_refused', { message: copied.left })
  const payment = await latestPayment(deps, copied.tenantId, copied.id)
  if (payment?.status === 'failed') refuseDecline(payment)
  return { invoice: copied, payment: paymentResult(payment) }
}
