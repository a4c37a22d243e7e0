// Subscriptions as Stripe Billing runs them: started, changed with proration, renewed when their
// period ends, past due, cancelled. Flat per-unit prices, no taxes, no usage.

import type Stripe from 'stripe'
import { emit } from '../events.ts'
import { erase, find, idOf, need, newest, newId, patch, save, type Work } from '../state.ts'
import { schedule, unschedule } from '../tasks.ts'
import { remainingDiscounts } from './discounts.ts'
import {
  collectQuietly,
  composeInvoice,
  draftInvoice,
  finalizeInvoice,
  intentOfInvoice,
  markFailed,
  markPaid,
  type Reason,
  voidInvoice,
} from './invoices.ts'
import { type Interval, nextBoundary } from './periods.ts'
import type { Invoice, InvoiceLine, Subscription, SubscriptionItem } from './rows.ts'

const hour = 3_600_000
const trialNoticeMs = 3 * 24 * hour
const incompleteMs = 23 * hour

function amountOf(item: Pick<SubscriptionItem, 'price' | 'quantity'>): number {
  return (item.price.unit_amount ?? 0) * (item.quantity ?? 1)
}

function clockId(subscription: Subscription): string | null {
  return idOf(subscription.test_clock)
}

/** The end of the current period; all items of a subscription share it here. */
export function periodOf(subscription: Subscription): { start: number; end: number } {
  const [item] = subscription.items.data
  return { start: item?.current_period_start ?? 0, end: item?.current_period_end ?? 0 }
}

type LineTerms = {
  amount: number
  description: string
  period: { start: number; end: number }
  proration: boolean
}

function invoiceLine(
  subscription: Subscription,
  item: SubscriptionItem,
  terms: LineTerms,
): InvoiceLine {
  const quantity = item.quantity ?? 1
  return {
    id: newId('il'),
    object: 'line_item',
    amount: terms.amount,
    currency: subscription.currency,
    description: terms.description,
    discount_amounts: [],
    discountable: !terms.proration,
    discounts: [],
    invoice: null,
    livemode: false,
    metadata: subscription.metadata,
    parent: {
      invoice_item_details: null,
      subscription_item_details: {
        invoice_item: null,
        proration: terms.proration,
        proration_details: terms.proration ? { credited_items: null } : null,
        subscription: subscription.id,
        subscription_item: item.id,
      },
      type: 'subscription_item_details',
    },
    period: terms.period,
    pretax_credit_amounts: [],
    pricing: {
      price_details: { price: item.price.id, product: idOf(item.price.product) },
      type: 'price_details',
      unit_amount_decimal: item.price.unit_amount_decimal,
    },
    quantity,
    quantity_decimal: String(quantity),
    subscription: subscription.id,
    subtotal: terms.amount,
    taxes: [],
  }
}

function regularLines(subscription: Subscription, free: boolean): InvoiceLine[] {
  return subscription.items.data.map(item =>
    invoiceLine(subscription, item, {
      amount: free ? 0 : amountOf(item),
      description: free
        ? 'Trial period'
        : `${item.quantity ?? 1} × ${item.price.nickname ?? item.price.id}`,
      period: { start: item.current_period_start, end: item.current_period_end },
      proration: false,
    }),
  )
}

function pendingRows(work: Work, subscriptionId: string) {
  return [...newest(work, 'pending_line')]
    .filter(row => row.subscription === subscriptionId)
    .reverse()
}

function takePendingLines(work: Work, subscriptionId: string): InvoiceLine[] {
  const pending = pendingRows(work, subscriptionId)
  for (const row of pending) erase(work, 'pending_line', row.id)
  return pending.map(row => row.line)
}

/** The next invoice as it would be if nothing changed; undefined when none will come. */
export function upcomingInvoice(work: Work, id: string): Invoice | undefined {
  const subscription = need(work, 'subscription', id)
  const over = subscription.ended_at !== null || subscription.cancel_at !== null
  if (over || subscription.status === 'incomplete') return undefined
  const items = nextItems(subscription)
  const next = { ...subscription, items: { ...subscription.items, data: items } }
  const lines = [...pendingRows(work, id).map(row => row.line), ...regularLines(next, false)]
  const composed = composeInvoice(work, next, 'upcoming', lines, periodOf(subscription))
  return { ...composed, id: `upcoming_${composed.id}` }
}

/** The items in the period that follows. */
function nextItems(subscription: Subscription): SubscriptionItem[] {
  const { end: start } = periodOf(subscription)
  return subscription.items.data.map(item => ({
    ...item,
    current_period_start: start,
    current_period_end: nextBoundary(subscription.billing_cycle_anchor, rhythmOf(item), start),
  }))
}

/** Drafts the invoice of the current period, with the prorations that were waiting for it. */
export function invoicePeriod(
  work: Work,
  subscriptionId: string,
  reason: Reason,
  free = false,
): Invoice {
  const subscription = need(work, 'subscription', subscriptionId)
  const lines = [
    ...takePendingLines(work, subscriptionId),
    ...(reason === 'subscription_update' ? [] : regularLines(subscription, free)),
  ]
  const invoice = draftInvoice(work, subscription, reason, lines, periodOf(subscription))
  const discounts = subscription.discounts.map(reference => idOf(reference))
  patch(work, 'subscription', subscriptionId, {
    discounts: remainingDiscounts(work, discounts),
    latest_invoice: invoice.id,
  })
  return invoice
}

/** Sets what a subscription does by itself: renewal, notice of the end of its trial. */
export function scheduleNext(work: Work, subscriptionId: string): void {
  const subscription = need(work, 'subscription', subscriptionId)
  const clock = clockId(subscription)
  const inMs = (at: number) => Math.max(0, at * 1000 - work.atMs)
  unschedule(work, subscriptionId)
  const end = subscription.cancel_at ?? periodOf(subscription).end
  schedule(work, 'renew_subscription', subscriptionId, inMs(end), clock)
  const { trial_end: trialEnd } = subscription
  if (subscription.status !== 'trialing' || trialEnd === null) return
  const notice = inMs(trialEnd) - trialNoticeMs
  if (notice > 0) schedule(work, 'end_trial_soon', subscriptionId, notice, clock)
}

export function announceTrialEnd(work: Work, id: string): void {
  const subscription = find(work, 'subscription', id)
  if (subscription?.status !== 'trialing') return
  emit(work, 'customer.subscription.trial_will_end', subscription)
}

/** Starts a stored subscription: its first invoice, and what follows from paying it or not. */
export function startSubscription(
  work: Work,
  id: string,
  how: { collect: boolean; offSession: boolean },
): Subscription {
  const trialing = need(work, 'subscription', id).status === 'trialing'
  const draft = invoicePeriod(work, id, 'subscription_create', trialing)
  emit(work, 'customer.subscription.created', need(work, 'subscription', id))
  const invoice = finalizeInvoice(work, draft.id)
  if (invoice.status === 'open' && how.collect) collectQuietly(work, invoice.id, how.offSession)
  const settled = need(work, 'invoice', invoice.id)
  if (settled.status === 'paid' && !trialing) activate(work, id)
  scheduleNext(work, id)
  const subscription = need(work, 'subscription', id)
  if (subscription.status === 'incomplete') {
    unschedule(work, id)
    schedule(work, 'expire_incomplete', id, incompleteMs, clockId(subscription))
  }
  return subscription
}

function setStatus(work: Work, id: string, status: Stripe.Subscription.Status): Subscription {
  const before = need(work, 'subscription', id)
  if (before.status === status) return before
  const after = patch(work, 'subscription', id, { status })
  emit(work, 'customer.subscription.updated', after, before)
  return after
}

function activate(work: Work, id: string): void {
  const { status } = need(work, 'subscription', id)
  if (status !== 'incomplete' && status !== 'past_due' && status !== 'unpaid') return
  setStatus(work, id, 'active')
  if (status !== 'incomplete') return
  unschedule(work, id, 'expire_incomplete')
  scheduleNext(work, id)
}

/** A first invoice that stayed unpaid for 23 hours ends the subscription before it began. */
export function expireIncomplete(work: Work, id: string): void {
  const before = find(work, 'subscription', id)
  if (before?.status !== 'incomplete') return
  const invoice = idOf(before.latest_invoice)
  const after = patch(work, 'subscription', id, {
    ended_at: work.at,
    status: 'incomplete_expired',
  })
  if (invoice) voidInvoice(work, invoice)
  emit(work, 'customer.subscription.updated', after, before)
}

/** Ends a subscription now. Prorations that were waiting are dropped with it. */
export function cancelSubscription(
  work: Work,
  id: string,
  reason: Stripe.Subscription.CancellationDetails.Reason,
): Subscription {
  const before = need(work, 'subscription', id)
  unschedule(work, id)
  takePendingLines(work, id)
  const after = patch(work, 'subscription', id, {
    canceled_at: before.canceled_at ?? work.at,
    cancellation_details: {
      comment: before.cancellation_details?.comment ?? null,
      feedback: before.cancellation_details?.feedback ?? null,
      feedback_option: null,
      reason,
    },
    ended_at: work.at,
    status: 'canceled',
  })
  emit(work, 'customer.subscription.deleted', after)
  return after
}

/** The period is over: the next one begins with a draft invoice, or the subscription ends. */
export function renewSubscription(work: Work, id: string): void {
  const before = find(work, 'subscription', id)
  if (!before || before.status === 'canceled') return
  if (before.cancel_at !== null && before.cancel_at <= work.at) {
    cancelSubscription(work, id, 'cancellation_requested')
    return
  }
  const items = nextItems(before)
  const status = before.status === 'trialing' ? 'active' : before.status
  patch(work, 'subscription', id, { items: { ...before.items, data: items }, status })
  const draft = invoicePeriod(work, id, 'subscription_cycle')
  emit(work, 'customer.subscription.updated', need(work, 'subscription', id), before)
  scheduleNext(work, id)
  const at = { automatically_finalizes_at: work.at + hour / 1000 }
  patch(work, 'invoice', draft.id, at)
  schedule(work, 'finalize_invoice', draft.id, hour, clockId(before))
}

export function rhythmOf(item: SubscriptionItem) {
  const { interval = 'month', interval_count = 1 } = item.price.recurring ?? {}
  return { interval: interval as Interval, interval_count }
}

/** An hour after it was drafted, a renewal invoice is finalised and collected. */
export function finalizeDueInvoice(work: Work, id: string): void {
  if (find(work, 'invoice', id)?.status !== 'draft') return
  const invoice = finalizeInvoice(work, id)
  const paused = subscriptionOf(work, invoice)?.pause_collection ?? null
  if (paused !== null && invoice.status === 'open') {
    voidInvoice(work, id)
    return
  }
  if (invoice.status === 'open') collectDueInvoice(work, id)
}

/** Another try to collect an invoice. */
export function collectDueInvoice(work: Work, id: string): void {
  if (find(work, 'invoice', id)?.status !== 'open') return
  collectQuietly(work, id, true)
  const invoice = need(work, 'invoice', id)
  const intent = intentOfInvoice(work, id)
  // A try without any method has no payment that could end and tell.
  if (invoice.status === 'open' && intent?.last_payment_error === null) {
    if (intent.status === 'requires_payment_method') afterFailure(work, invoice)
  }
}

function subscriptionOf(work: Work, invoice: Invoice): Subscription | undefined {
  const id = idOf(invoice.parent?.subscription_details?.subscription)
  return id ? find(work, 'subscription', id) : undefined
}

function afterFailure(work: Work, invoice: Invoice): void {
  const subscription = subscriptionOf(work, invoice)
  if (!subscription || subscription.status === 'incomplete') return
  if (subscription.status === 'canceled') return
  if (invoice.next_payment_attempt !== null) {
    setStatus(work, subscription.id, 'past_due')
    const inMs = invoice.next_payment_attempt * 1000 - work.atMs
    schedule(work, 'collect_invoice', invoice.id, inMs, clockId(subscription))
    return
  }
  if (invoice.billing_reason !== 'subscription_cycle') {
    setStatus(work, subscription.id, 'past_due')
    return
  }
  cancelSubscription(work, subscription.id, 'payment_failed')
}

/** The payment of an invoice has ended: the invoice and its subscription follow. */
export function followInvoicePayment(work: Work, intentId: string): void {
  for (const row of newest(work, 'invoice_payment')) {
    if (idOf(row.payment.payment_intent) !== intentId) continue
    const invoice = need(work, 'invoice', idOf(row.invoice))
    if (invoice.status !== 'open') return
    const intent = need(work, 'payment_intent', intentId)
    if (intent.status === 'succeeded') {
      afterPayment(work, markPaid(work, invoice.id, invoice.amount_due))
    } else if (intent.status === 'requires_payment_method') {
      afterFailure(work, markFailed(work, invoice.id))
    }
    return
  }
}

/** A paid invoice brings its subscription back to life. */
export function afterPayment(work: Work, invoice: Invoice): void {
  unschedule(work, invoice.id)
  const subscription = subscriptionOf(work, invoice)
  if (subscription) activate(work, subscription.id)
}

/** Queues a credit for the unused rest of the old terms and a charge for the rest of the new. */
export function prorate(
  work: Work,
  subscription: Subscription,
  before: SubscriptionItem,
  after: SubscriptionItem,
): void {
  const { current_period_start: start, current_period_end: end } = before
  if (amountOf(before) === amountOf(after) || subscription.status === 'trialing') return
  const part = (amount: number) =>
    Number(
      (BigInt(amount) * BigInt(Math.max(end - work.at, 0)) * 2n + BigInt(end - start)) /
        (2n * BigInt(end - start)),
    )
  const period = { start: work.at, end }
  const add = (item: SubscriptionItem, amount: number, description: string) => {
    const terms = { amount, description, period, proration: true }
    const line = invoiceLine(subscription, item, terms)
    save(work, 'pending_line', { id: line.id, subscription: subscription.id, line })
  }
  add(before, -part(amountOf(before)), 'Unused time')
  add(after, part(amountOf(after)), 'Remaining time')
}
