// The subscription's routes: they read parameters; billing/subscriptions.ts decides what happens.

import type Stripe from 'stripe'
import type { Call, Route } from '../api.ts'
import { blankSubscription, planOf } from '../billing/blank-objects.ts'
import { checkDiscountCurrency, discountsFrom } from '../billing/discounts.ts'
import { collectQuietly, finalizeInvoice, intentOfInvoice } from '../billing/invoices.ts'
import { nextBoundary } from '../billing/periods.ts'
import type { Price, Subscription, SubscriptionItem } from '../billing/rows.ts'
import {
  cancelSubscription,
  invoicePeriod,
  periodOf,
  prorate,
  rhythmOf,
  scheduleNext,
  startSubscription,
} from '../billing/subscriptions.ts'
import { emit } from '../events.ts'
import { declined, invalidParameter, missingParameter, noSuch, refusal } from '../failures.ts'
import type { FormRecord } from '../form.ts'
import { listPage, timeFilter, where } from '../lists.ts'
import {
  boolean,
  choice,
  integer,
  mergedMetadata,
  onlyKnown,
  record,
  recordList,
  requiredText,
  text,
  unsettableText,
} from '../params.ts'
import { idOf, need, newest, newId, patch, save, type Work } from '../state.ts'
import { workFor } from '../test-clocks.ts'
import { makePrice } from './catalogue.ts'
import { isAttachedTo } from './payment-methods.ts'

const shared = [
  'cancel_at_period_end',
  'collection_method',
  'days_until_due',
  'default_payment_method',
  'description',
  'discounts',
  'items',
  'metadata',
  'off_session',
  'payment_behavior',
  'payment_settings',
  'proration_behavior',
  'trial_end',
] as const satisfies readonly (keyof Stripe.SubscriptionUpdateParams)[]

const creatable = [
  ...shared,
  'currency',
  'customer',
  'trial_period_days',
] as const satisfies readonly (keyof Stripe.SubscriptionCreateParams)[]

const behaviours = ['allow_incomplete', 'default_incomplete', 'error_if_incomplete'] as const

function priceFrom(work: Work, given: FormRecord, shown: string): Price {
  const data = record(given, 'price_data')
  const price = data
    ? makePrice(work, data)
    : need(work, 'price', requiredText(given, 'price', `${shown}[price]`), `${shown}[price]`)
  if (!price.recurring) {
    throw invalidParameter(
      `The price specified is set to \`type=one_time\` but this field only accepts prices with ` +
        '`type=recurring`.',
      `${shown}[price]`,
    )
  }
  return price
}

function newItem(
  work: Work,
  given: FormRecord,
  subscriptionId: string,
  period: { start: number; end: number | null },
  shown: string,
): SubscriptionItem {
  onlyKnown(given, ['id', 'metadata', 'price', 'price_data', 'quantity'], shown)
  const price = priceFrom(work, given, shown)
  const blank: SubscriptionItem = {
    id: newId('si', 14),
    object: 'subscription_item',
    billing_thresholds: null,
    created: work.at,
    current_period_end: period.end ?? 0,
    current_period_start: period.start,
    current_trial: null,
    discounts: [],
    metadata: mergedMetadata(given),
    plan: planOf(price),
    price,
    quantity: integer(given, 'quantity', `${shown}[quantity]`) ?? 1,
    subscription: subscriptionId,
    tax_rates: [],
  }
  if (period.end !== null) return blank
  return { ...blank, current_period_end: nextBoundary(period.start, rhythmOf(blank), period.start) }
}

function trialEnd(work: Work, params: FormRecord): number | null {
  const days = integer(params, 'trial_period_days')
  if (days !== undefined) return work.at + days * 86_400
  if (params.trial_end === undefined || params.trial_end === 'now') return null
  const end = integer(params, 'trial_end') ?? 0
  if (end <= work.at) {
    throw invalidParameter('`trial_end` must be in the future.', 'trial_end')
  }
  return end
}

function methodFrom(work: Work, params: FormRecord, customerId: string): string | null | undefined {
  const id = unsettableText(params, 'default_payment_method')
  if (id && !isAttachedTo(work, id, customerId)) {
    throw noSuch('PaymentMethod', id, 'default_payment_method')
  }
  return id
}

function paymentSettings(params: FormRecord): Stripe.Subscription.PaymentSettings {
  const given = record(params, 'payment_settings') ?? {}
  onlyKnown(
    given,
    ['payment_method_options', 'payment_method_types', 'save_default_payment_method'],
    'payment_settings',
  )
  return {
    payment_method_options: null,
    payment_method_types: null,
    save_default_payment_method:
      choice(given, 'save_default_payment_method', ['off', 'on_subscription']) ?? 'off',
  }
}

function itemsFrom(work: Work, params: FormRecord, trial: number | null): SubscriptionItem[] {
  const id = newId('sub')
  const period = { start: work.at, end: trial }
  const items = (recordList(params, 'items') ?? []).map((given, index) =>
    newItem(work, given, id, period, `items[${index}]`),
  )
  const [first] = items
  if (!first) throw missingParameter('items')
  const mixed = items.some(
    item =>
      item.price.currency !== first.price.currency ||
      item.price.recurring?.interval !== first.price.recurring?.interval,
  )
  if (mixed) {
    throw invalidParameter('All prices must have one currency and one interval.', 'items')
  }
  return items
}

function createSubscription(call: Call): Subscription {
  const { params } = call
  onlyKnown(params, creatable)
  const customer = need(call.work, 'customer', requiredText(params, 'customer'), 'customer')
  const work = workFor(call.work, customer.id)
  const trial = trialEnd(work, params)
  const blank = blankSubscription(work, customer, itemsFrom(work, params, trial), trial)
  const owner = { customer: customer.id, subscription: blank.id }
  const discounts = discountsFrom(work, params, owner) ?? []
  checkDiscountCurrency(work, discounts, blank.currency)
  const method = methodFrom(work, params, customer.id) ?? null
  choice(params, 'collection_method', ['charge_automatically'])
  const atPeriodEnd = boolean(params, 'cancel_at_period_end') ?? false
  save(work, 'subscription', {
    ...blank,
    cancel_at: atPeriodEnd ? periodOf(blank).end : null,
    cancel_at_period_end: atPeriodEnd,
    default_payment_method: method,
    description: unsettableText(params, 'description') ?? null,
    discounts,
    metadata: mergedMetadata(params),
    payment_settings: paymentSettings(params),
  })
  const behaviour = choice(params, 'payment_behavior', behaviours) ?? 'allow_incomplete'
  const started = startSubscription(work, blank.id, {
    collect: behaviour !== 'default_incomplete',
    offSession: boolean(params, 'off_session') ?? false,
  })
  if (behaviour === 'error_if_incomplete' && started.status === 'incomplete') {
    throw firstPaymentFailed(work, started)
  }
  return started
}

/** With `error_if_incomplete` nothing of the attempt stays, so this is thrown as a refusal. */
function firstPaymentFailed(work: Work, subscription: Subscription) {
  const invoice = idOf(subscription.latest_invoice)
  const error = invoice ? intentOfInvoice(work, invoice)?.last_payment_error : undefined
  const body = error ?? {
    type: 'card_error',
    code: 'authentication_required',
    message: 'This transaction requires authentication.',
  }
  const { charge: _charge, payment_method: _method, ...shown } = body
  const failure = declined(shown)
  return refusal(failure.message, failure.body, 402)
}

function changedItems(work: Work, before: Subscription, params: FormRecord): SubscriptionItem[] {
  const given = recordList(params, 'items')
  if (!given) return before.items.data
  const items = new Map(before.items.data.map(item => [item.id, item]))
  for (const [index, entry] of given.entries()) {
    const shown = `items[${index}]`
    const { deleted, ...rest } = entry
    const id = text(rest, 'id', `${shown}[id]`)
    const known = id === undefined ? undefined : items.get(id)
    if (id !== undefined && !known) throw noSuch('subscription item', id, `${shown}[id]`)
    if (deleted === 'true' && known) {
      items.delete(known.id)
      continue
    }
    const terms: FormRecord = { ...rest }
    if (known && !rest.price && !rest.price_data) terms.price = known.price.id
    if (known && !rest.quantity) terms.quantity = String(known.quantity ?? 1)
    const made = newItem(work, terms, before.id, periodOf(before), shown)
    const item = known ? { ...made, id: known.id, created: known.created } : made
    items.set(item.id, item)
  }
  if (items.size === 0) throw invalidParameter('A subscription needs at least one item.', 'items')
  return [...items.values()]
}

function prorateChanges(work: Work, before: Subscription, items: SubscriptionItem[]): void {
  const old = new Map(before.items.data.map(item => [item.id, item]))
  for (const item of items) {
    prorate(work, before, old.get(item.id) ?? { ...item, quantity: 0 }, item)
    old.delete(item.id)
  }
  for (const gone of old.values()) prorate(work, before, gone, { ...gone, quantity: 0 })
}

/** Only `void` is imitated: invoices of a pause are withdrawn as soon as they are final. */
function pauseFrom(params: FormRecord, before: Subscription): Subscription['pause_collection'] {
  if (params.pause_collection === undefined) return before.pause_collection
  if (params.pause_collection === '') return null
  const given = record(params, 'pause_collection') ?? {}
  onlyKnown(given, ['behavior'], 'pause_collection')
  const behavior = choice(given, 'behavior', ['void'])
  if (!behavior) throw missingParameter('pause_collection[behavior]')
  return { behavior, resumes_at: null }
}

function cancellationFrom(params: FormRecord, before: Subscription) {
  const given = record(params, 'cancellation_details')
  if (!given) return before.cancellation_details
  onlyKnown(given, ['comment', 'feedback'], 'cancellation_details')
  const blank = { comment: null, feedback: null, feedback_option: null, reason: null }
  const comment = unsettableText(given, 'comment') ?? null
  return { ...(before.cancellation_details ?? blank), comment }
}

function updateSubscription(call: Call): Subscription {
  const { params, id } = call
  onlyKnown(params, [...shared, 'cancellation_details', 'pause_collection'])
  const before = need(call.work, 'subscription', id)
  const customerId = idOf(before.customer)
  const work = workFor(call.work, customerId)
  if (before.status === 'canceled' || before.status === 'incomplete_expired') {
    throw refusal('A canceled subscription can only update its cancellation_details.', {
      code: 'invalid_canceled_subscription_fields',
    })
  }
  const items = changedItems(work, before, params)
  const proration = choice(params, 'proration_behavior', [
    'create_prorations',
    'always_invoice',
    'none',
  ])
  if (params.items !== undefined && proration !== 'none') prorateChanges(work, before, items)
  const atPeriodEnd = boolean(params, 'cancel_at_period_end') ?? before.cancel_at_period_end
  const method = methodFrom(work, params, customerId)
  const description = unsettableText(params, 'description')
  const discounts = discountsFrom(work, params, { customer: customerId, subscription: id })
  patch(work, 'subscription', id, {
    cancel_at: atPeriodEnd ? periodOf(before).end : null,
    cancel_at_period_end: atPeriodEnd,
    canceled_at: atPeriodEnd ? (before.canceled_at ?? work.at) : null,
    cancellation_details: cancellationFrom(params, before),
    default_payment_method: method === undefined ? before.default_payment_method : method,
    description: description === undefined ? before.description : description,
    discounts: discounts ?? before.discounts,
    items: { ...before.items, data: items },
    metadata: mergedMetadata(params, before.metadata),
    pause_collection: pauseFrom(params, before),
  })
  if (params.trial_end === 'now' && before.status === 'trialing') endTrialNow(work, id)
  if (proration === 'always_invoice' && params.items !== undefined) {
    const draft = invoicePeriod(work, id, 'subscription_update')
    if (finalizeInvoice(work, draft.id).status === 'open') {
      collectQuietly(work, draft.id, boolean(params, 'off_session') ?? false)
    }
  }
  const after = need(work, 'subscription', id)
  emit(work, 'customer.subscription.updated', after, before)
  if (after.status !== 'incomplete') scheduleNext(work, id)
  return after
}

function endTrialNow(work: Work, id: string): void {
  const before = need(work, 'subscription', id)
  const items = before.items.data.map(item => ({
    ...item,
    current_period_start: work.at,
    current_period_end: nextBoundary(work.at, rhythmOf(item), work.at),
  }))
  patch(work, 'subscription', id, {
    billing_cycle_anchor: work.at,
    items: { ...before.items, data: items },
    status: 'active',
    trial_end: work.at,
  })
  const draft = invoicePeriod(work, id, 'subscription_update')
  if (finalizeInvoice(work, draft.id).status === 'open') collectQuietly(work, draft.id, true)
}

function cancelByRoute(call: Call): Subscription {
  onlyKnown(call.params, ['cancellation_details', 'invoice_now', 'prorate'])
  const before = need(call.work, 'subscription', call.id)
  if (before.status === 'canceled') throw noSuch('subscription', call.id)
  const work = workFor(call.work, idOf(before.customer))
  return cancelSubscription(work, call.id, 'cancellation_requested')
}

function listSubscriptions({ work, params }: Call) {
  const inTime = timeFilter(params)
  const [customer, status, price] = [
    text(params, 'customer'),
    text(params, 'status'),
    text(params, 'price'),
  ]
  const rows = where(
    newest(work, 'subscription'),
    row =>
      inTime(row.created) &&
      (customer === undefined || row.customer === customer) &&
      (status === 'all' || (status ? row.status === status : row.status !== 'canceled')) &&
      (price === undefined || row.items.data.some(item => item.price.id === price)),
  )
  return listPage(params, base, rows, ['created', 'customer', 'price', 'status'])
}

const base = '/v1/subscriptions'

export const subscriptionRoutes: Route[] = [
  { method: 'POST', path: base, answer: createSubscription },
  { method: 'GET', path: base, answer: listSubscriptions },
  {
    method: 'GET',
    path: `${base}/:id`,
    answer: ({ work, id }) => need(work, 'subscription', id),
  },
  { method: 'POST', path: `${base}/:id`, answer: updateSubscription },
  { method: 'DELETE', path: `${base}/:id`, answer: cancelByRoute },
]
