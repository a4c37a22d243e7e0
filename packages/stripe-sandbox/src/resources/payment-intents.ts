// The payment intent's routes: they read parameters; payments.ts decides what happens.

import type Stripe from 'stripe'
import type { Call, Route } from '../api.ts'
import { emit } from '../events.ts'
import { invalidParameter, missingParameter, refusal, unauthorized } from '../failures.ts'
import type { FormRecord } from '../form.ts'
import {
  checkAdmitted,
  checkReturnUrl,
  methodChoice,
  namedMethod,
  refuseMethodTypes,
} from '../intents.ts'
import { listPage, timeFilter, where } from '../lists.ts'
import { mandateFor } from '../mandates.ts'
import { checkChargeable, checkedCurrency, shownAmount } from '../money.ts'
import {
  boolean,
  choice,
  integer,
  mergedMetadata,
  onlyKnown,
  requiredInteger,
  requiredText,
  text,
  unsettableText,
} from '../params.ts'
import { checkStatus } from '../payment-outcomes.ts'
import { attemptPayment, cancelIntent, capture } from '../payments.ts'
import { idOf, need, newest, newId, patch, randomWord, save, type Work } from '../state.ts'
import { verifyPayment } from '../verification.ts'

const shared = [
  'allowed_payment_method_types',
  'capture_method',
  'description',
  'excluded_payment_method_types',
  'metadata',
  'payment_method',
  'payment_method_data',
  'payment_method_options',
  'receipt_email',
  'setup_future_usage',
] as const

const confirming = [
  'error_on_requires_action',
  'mandate',
  'mandate_data',
  'off_session',
  'return_url',
  'use_stripe_sdk',
] as const

const creatable = [
  ...shared,
  ...confirming,
  'amount',
  'automatic_payment_methods',
  'confirm',
  'confirmation_method',
  'currency',
  'customer',
  'statement_descriptor',
  'statement_descriptor_suffix',
] as const satisfies readonly (keyof Stripe.PaymentIntentCreateParams)[]

const updatable = [
  ...shared,
  'amount',
  'currency',
  'customer',
  'statement_descriptor',
  'statement_descriptor_suffix',
] as const satisfies readonly (keyof Stripe.PaymentIntentUpdateParams)[]

const confirmable = [
  ...confirming,
  'allowed_payment_method_types',
  'capture_method',
  'excluded_payment_method_types',
  'payment_method',
  'payment_method_data',
  'payment_method_options',
  'receipt_email',
  'setup_future_usage',
] as const satisfies readonly (keyof Stripe.PaymentIntentConfirmParams)[]

const waiting = ['requires_payment_method', 'requires_confirmation', 'requires_action'] as const
const captureMethods = ['automatic', 'automatic_async', 'manual'] as const
const usages = ['off_session', 'on_session'] as const

function blankIntent(work: Work, amount: number, currency: string): Stripe.PaymentIntent {
  const id = newId('pi')
  return {
    id,
    object: 'payment_intent',
    allowed_payment_method_types: null,
    amount,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: 'automatic_async',
    client_secret: `${id}_secret_${randomWord(25)}`,
    confirmation_method: 'automatic',
    created: work.at,
    currency,
    customer: null,
    customer_account: null,
    description: null,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: null,
    metadata: {},
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_method_types: [],
    payment_record: null,
    processing: null,
    receipt_email: null,
    review: null,
    setup_future_usage: null,
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: 'requires_payment_method',
    transfer_data: null,
    transfer_group: null,
  }
}

function textsFrom(params: FormRecord, before: Stripe.PaymentIntent) {
  const given = (
    name: 'description' | 'receipt_email' | 'statement_descriptor' | 'statement_descriptor_suffix',
  ) => {
    const value = unsettableText(params, name)
    return value === undefined ? before[name] : value
  }
  return {
    capture_method: choice(params, 'capture_method', captureMethods) ?? before.capture_method,
    description: given('description'),
    metadata: mergedMetadata(params, before.metadata),
    receipt_email: given('receipt_email'),
    setup_future_usage: choice(params, 'setup_future_usage', usages) ?? before.setup_future_usage,
    statement_descriptor: given('statement_descriptor'),
    statement_descriptor_suffix: given('statement_descriptor_suffix'),
  }
}

function customerFrom(work: Work, params: FormRecord): string | null {
  const id = text(params, 'customer')
  return id ? need(work, 'customer', id, 'customer').id : null
}

/** Makes an intent from request parameters, without confirming it. */
export function makeIntent(work: Work, params: FormRecord): Stripe.PaymentIntent {
  const amount = requiredInteger(params, 'amount')
  const currency = checkedCurrency(requiredText(params, 'currency'))
  checkChargeable(amount, currency)
  const blank = blankIntent(work, amount, currency)
  const customer = customerFrom(work, params)
  const choiceOfMethods = methodChoice(params, currency)
  const method = namedMethod(work, params, customer)
  if (method) checkAdmitted('PaymentIntent', choiceOfMethods.payment_method_types, method)
  const intent = save(work, 'payment_intent', {
    ...blank,
    ...textsFrom(params, blank),
    ...choiceOfMethods,
    confirmation_method:
      choice(params, 'confirmation_method', ['automatic', 'manual']) ?? 'automatic',
    customer,
    payment_method: method?.id ?? null,
    status: method ? 'requires_confirmation' : 'requires_payment_method',
  })
  emit(work, 'payment_intent.created', intent)
  return intent
}

function createIntent({ work, params }: Call): Stripe.PaymentIntent {
  refuseMethodTypes(params)
  onlyKnown(params, creatable)
  const confirm = boolean(params, 'confirm') ?? false
  const stray = confirm ? undefined : confirmOnly.find(name => params[name] !== undefined)
  if (stray) {
    throw invalidParameter(`${stray} can only be provided when confirm is true.`, stray)
  }
  if (confirm && !isOffSession(params)) checkReturnUrl(params, methodChoice(params, null))
  const intent = makeIntent(work, params)
  return confirm ? confirmIntent(work, intent, { ...params, payment_method: '' }) : intent
}

const confirmOnly = [
  'off_session',
  'error_on_requires_action',
  'mandate',
  'mandate_data',
  'return_url',
] as const

function isOffSession(params: FormRecord): boolean {
  const value = params.off_session
  return value !== undefined && value !== 'false'
}

function missingMethod(intent: Stripe.PaymentIntent) {
  return refusal(
    "You cannot confirm this PaymentIntent because it's missing a payment method. You can either " +
      'update the PaymentIntent with a payment method and then confirm it again, or confirm it ' +
      'again directly with a payment method or ConfirmationToken.',
    { code: 'payment_intent_unexpected_state', payment_intent: intent },
  )
}

function methodToConfirm(work: Work, intent: Stripe.PaymentIntent, params: FormRecord) {
  const { payment_method: id, payment_method_data: data, ...rest } = params
  const named = id === '' ? undefined : namedMethod(work, params, idOf(intent.customer))
  const known = idOf(intent.payment_method)
  const method =
    named ??
    (known
      ? namedMethod(work, { ...rest, payment_method: known }, idOf(intent.customer))
      : undefined)
  if (!method) throw missingMethod(intent)
  checkAdmitted('PaymentIntent', intent.payment_method_types, method)
  return method
}

function confirmIntent(
  work: Work,
  before: Stripe.PaymentIntent,
  params: FormRecord,
): Stripe.PaymentIntent {
  checkStatus(before, 'confirm', waiting)
  const method = methodToConfirm(work, before, params)
  const intent = patch(work, 'payment_intent', before.id, {
    ...textsFrom(params, before),
    next_action: null,
  })
  return attemptPayment(work, intent, {
    method,
    offSession: isOffSession(params),
    failOnAction: boolean(params, 'error_on_requires_action') ?? false,
    returnUrl: text(params, 'return_url') ?? null,
    mandate: mandateFor(work, params, method),
  })
}

/** A browser proves its right to an intent by the intent's client secret. */
export function checkSecret(call: Call, intent: { client_secret: string | null }): FormRecord {
  const { client_secret: secret, ...params } = call.params
  if (secret !== undefined && secret !== intent.client_secret) {
    throw invalidParameter(
      'The client_secret provided does not match any associated intent on this account.',
      'client_secret',
    )
  }
  if (call.caller === 'publishable' && secret === undefined) {
    throw unauthorized('A publishable key needs the client_secret of the intent.')
  }
  return params
}

function confirmByRoute(call: Call): Stripe.PaymentIntent {
  const intent = need(call.work, 'payment_intent', call.id, 'intent')
  const params = checkSecret(call, intent)
  refuseMethodTypes(params)
  onlyKnown(params, confirmable)
  checkStatus(intent, 'confirm', waiting)
  if (!isOffSession(params)) checkReturnUrl(params, intent)
  return confirmIntent(call.work, intent, params)
}

function updateIntent({ work, params, id }: Call): Stripe.PaymentIntent {
  refuseMethodTypes(params)
  onlyKnown(params, updatable)
  const before = need(work, 'payment_intent', id, 'intent')
  const changesMoney = ['amount', 'currency', 'customer', 'payment_method'].some(
    name => params[name] !== undefined,
  )
  if (changesMoney) checkStatus(before, 'update', waiting)
  const currency = text(params, 'currency')
  const amount = integer(params, 'amount') ?? before.amount
  if (changesMoney) checkChargeable(amount, currency ?? before.currency)
  const customer = customerFrom(work, params) ?? idOf(before.customer)
  const method = namedMethod(work, params, customer)
  if (method) checkAdmitted('PaymentIntent', before.payment_method_types, method)
  return patch(work, 'payment_intent', id, {
    ...textsFrom(params, before),
    amount,
    currency: currency ? checkedCurrency(currency) : before.currency,
    customer,
    ...(method ? { payment_method: method.id, status: 'requires_confirmation' } : {}),
  })
}

const cancelReasons = ['duplicate', 'fraudulent', 'requested_by_customer', 'abandoned'] as const

function cancelByRoute({ work, params, id }: Call): Stripe.PaymentIntent {
  onlyKnown(params, ['cancellation_reason'])
  const reason = choice(params, 'cancellation_reason', cancelReasons) ?? null
  const intent = need(work, 'payment_intent', id, 'intent')
  checkStatus(intent, 'cancel', [...waiting, 'requires_capture'])
  return cancelIntent(work, id, reason)
}

function captureByRoute({ work, params, id }: Call): Stripe.PaymentIntent {
  onlyKnown(params, ['amount_to_capture'])
  const intent = need(work, 'payment_intent', id, 'intent')
  checkStatus(intent, 'capture', ['requires_capture'])
  const amount = integer(params, 'amount_to_capture') ?? intent.amount_capturable
  if (amount < 1 || amount > intent.amount_capturable) {
    throw invalidParameter(
      'The amount to capture must be between 1 and ' +
        `${shownAmount(intent.amount_capturable, intent.currency)}.`,
      'amount_to_capture',
      amount < 1 ? 'amount_too_small' : 'amount_too_large',
    )
  }
  return capture(work, id, amount)
}

function retrieveIntent(call: Call): Stripe.PaymentIntent {
  const intent = need(call.work, 'payment_intent', call.id, 'intent')
  onlyKnown(checkSecret(call, intent), [])
  return intent
}

function listIntents({ work, params }: Call) {
  const inTime = timeFilter(params)
  const customer = text(params, 'customer')
  const rows = where(
    newest(work, 'payment_intent'),
    row => inTime(row.created) && (customer === undefined || row.customer === customer),
  )
  return listPage(params, '/v1/payment_intents', rows, ['created', 'customer'])
}

function verifyByRoute(call: Call): Stripe.PaymentIntent {
  const intent = need(call.work, 'payment_intent', call.id, 'intent')
  const params = checkSecret(call, intent)
  if (!intent.payment_method) throw missingParameter('payment_method')
  return verifyPayment(call.work, intent, params)
}

const base = '/v1/payment_intents'

export const paymentIntentRoutes: Route[] = [
  { method: 'POST', path: base, answer: createIntent },
  { method: 'GET', path: base, answer: listIntents },
  { method: 'GET', path: `${base}/:id`, publishable: true, answer: retrieveIntent },
  { method: 'POST', path: `${base}/:id`, answer: updateIntent },
  { method: 'POST', path: `${base}/:id/confirm`, publishable: true, answer: confirmByRoute },
  { method: 'POST', path: `${base}/:id/cancel`, answer: cancelByRoute },
  { method: 'POST', path: `${base}/:id/capture`, answer: captureByRoute },
  {
    method: 'POST',
    path: `${base}/:id/verify_microdeposits`,
    publishable: true,
    answer: verifyByRoute,
  },
]
