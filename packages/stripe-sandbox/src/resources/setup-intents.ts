// The set-up intent's routes: they read parameters; setups.ts decides what happens.

import type Stripe from 'stripe'
import type { Call, Route } from '../api.ts'
import { emit } from '../events.ts'
import { refusal } from '../failures.ts'
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
import { boolean, choice, mergedMetadata, onlyKnown, text, unsettableText } from '../params.ts'
import { attemptSetup, checkSetupStatus } from '../setups.ts'
import { idOf, need, newest, newId, patch, randomWord, save, type Work } from '../state.ts'
import { unschedule } from '../tasks.ts'
import { verifySetup } from '../verification.ts'
import { checkSecret } from './payment-intents.ts'

const creatable = [
  'allowed_payment_method_types',
  'automatic_payment_methods',
  'confirm',
  'customer',
  'description',
  'excluded_payment_method_types',
  'mandate_data',
  'metadata',
  'payment_method',
  'payment_method_data',
  'payment_method_options',
  'return_url',
  'usage',
  'use_stripe_sdk',
] as const satisfies readonly (keyof Stripe.SetupIntentCreateParams)[]

const confirmable = [
  'mandate_data',
  'payment_method',
  'payment_method_data',
  'payment_method_options',
  'return_url',
  'use_stripe_sdk',
] as const satisfies readonly (keyof Stripe.SetupIntentConfirmParams)[]

const waiting = ['requires_payment_method', 'requires_confirmation', 'requires_action'] as const

/** Wallets that cannot be charged off session cannot be set up either. */
const reusable = ['card', 'us_bank_account', 'paypal']

function blankIntent(work: Work, id: string): Stripe.SetupIntent {
  return {
    id,
    object: 'setup_intent',
    allowed_payment_method_types: null,
    application: null,
    automatic_payment_methods: null,
    cancellation_reason: null,
    client_secret: `${id}_secret_${randomWord(25)}`,
    created: work.at,
    customer: null,
    customer_account: null,
    description: null,
    excluded_payment_method_types: null,
    flow_directions: null,
    last_setup_error: null,
    latest_attempt: null,
    livemode: false,
    mandate: null,
    metadata: {},
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_method_types: [],
    single_use_mandate: null,
    status: 'requires_payment_method',
    usage: 'off_session',
  }
}

function methodsOf(params: FormRecord) {
  const chosen = methodChoice(params, null)
  return {
    ...chosen,
    payment_method_types: chosen.payment_method_types.filter(type => reusable.includes(type)),
  }
}

function createIntent({ work, params }: Call): Stripe.SetupIntent {
  refuseMethodTypes(params)
  onlyKnown(params, creatable)
  const chosen = methodsOf(params)
  const confirm = boolean(params, 'confirm') ?? false
  if (confirm) checkReturnUrl(params, chosen)
  const customerId = text(params, 'customer')
  const customer = customerId ? need(work, 'customer', customerId, 'customer').id : null
  const method = namedMethod(work, params, customer)
  if (method) checkAdmitted('SetupIntent', chosen.payment_method_types, method)
  const intent = save(work, 'setup_intent', {
    ...blankIntent(work, newId('seti')),
    ...chosen,
    customer,
    description: unsettableText(params, 'description') ?? null,
    metadata: mergedMetadata(params),
    payment_method: method?.id ?? null,
    status: method ? 'requires_confirmation' : 'requires_payment_method',
    usage: choice(params, 'usage', ['off_session', 'on_session']) ?? 'off_session',
  })
  emit(work, 'setup_intent.created', intent)
  return confirm ? confirmIntent(work, intent, { ...params, payment_method: '' }) : intent
}

function methodToConfirm(work: Work, intent: Stripe.SetupIntent, params: FormRecord) {
  const { payment_method: id, payment_method_data: data, ...rest } = params
  const customer = idOf(intent.customer)
  const named = id === '' ? undefined : namedMethod(work, params, customer)
  const known = idOf(intent.payment_method)
  const method =
    named ?? (known ? namedMethod(work, { ...rest, payment_method: known }, customer) : undefined)
  if (!method) {
    throw refusal(
      "You cannot confirm this SetupIntent because it's missing a payment method. Update the " +
        'SetupIntent with a payment method and then confirm it again.',
      { code: 'setup_intent_unexpected_state', setup_intent: intent },
    )
  }
  checkAdmitted('SetupIntent', intent.payment_method_types, method)
  return method
}

function confirmIntent(work: Work, before: Stripe.SetupIntent, params: FormRecord) {
  checkSetupStatus(before, 'confirm', waiting)
  const method = methodToConfirm(work, before, params)
  const mandate = mandateFor(work, params, method)
  const intent = patch(work, 'setup_intent', before.id, { mandate, next_action: null })
  return attemptSetup(work, intent, method, text(params, 'return_url') ?? null)
}

function confirmByRoute(call: Call): Stripe.SetupIntent {
  const intent = need(call.work, 'setup_intent', call.id, 'intent')
  const params = checkSecret(call, intent)
  onlyKnown(params, confirmable)
  checkSetupStatus(intent, 'confirm', waiting)
  checkReturnUrl(params, intent)
  return confirmIntent(call.work, intent, params)
}

function updateIntent({ work, params, id }: Call): Stripe.SetupIntent {
  refuseMethodTypes(params)
  onlyKnown(params, ['customer', 'description', 'metadata', 'payment_method'])
  const before = need(work, 'setup_intent', id, 'intent')
  checkSetupStatus(before, 'update', waiting)
  const customerId = text(params, 'customer')
  const customer = customerId
    ? need(work, 'customer', customerId, 'customer').id
    : idOf(before.customer)
  const method = namedMethod(work, params, customer)
  if (method) checkAdmitted('SetupIntent', before.payment_method_types, method)
  const description = unsettableText(params, 'description')
  return patch(work, 'setup_intent', id, {
    customer,
    description: description === undefined ? before.description : description,
    metadata: mergedMetadata(params, before.metadata),
    ...(method ? { payment_method: method.id, status: 'requires_confirmation' } : {}),
  })
}

function cancelIntent({ work, params, id }: Call): Stripe.SetupIntent {
  onlyKnown(params, ['cancellation_reason'])
  const reasons = ['abandoned', 'duplicate', 'requested_by_customer'] as const
  const reason = choice(params, 'cancellation_reason', reasons) ?? null
  checkSetupStatus(need(work, 'setup_intent', id, 'intent'), 'cancel', waiting)
  unschedule(work, id)
  const canceled = patch(work, 'setup_intent', id, {
    cancellation_reason: reason,
    next_action: null,
    status: 'canceled',
  })
  emit(work, 'setup_intent.canceled', canceled)
  return canceled
}

function listIntents({ work, params }: Call) {
  const inTime = timeFilter(params)
  const [customer, method] = [text(params, 'customer'), text(params, 'payment_method')]
  const rows = where(
    newest(work, 'setup_intent'),
    row =>
      inTime(row.created) &&
      (customer === undefined || row.customer === customer) &&
      (method === undefined || row.payment_method === method),
  )
  return listPage(params, '/v1/setup_intents', rows, ['created', 'customer', 'payment_method'])
}

function listAttempts({ work, params }: Call) {
  const intent = text(params, 'setup_intent')
  const rows = where(newest(work, 'setup_attempt'), row => row.setup_intent === intent)
  return listPage(params, '/v1/setup_attempts', rows, ['created', 'setup_intent'])
}

const base = '/v1/setup_intents'

export const setupIntentRoutes: Route[] = [
  { method: 'POST', path: base, answer: createIntent },
  { method: 'GET', path: base, answer: listIntents },
  {
    method: 'GET',
    path: `${base}/:id`,
    publishable: true,
    answer: call => {
      const intent = need(call.work, 'setup_intent', call.id, 'intent')
      onlyKnown(checkSecret(call, intent), [])
      return intent
    },
  },
  { method: 'POST', path: `${base}/:id`, answer: updateIntent },
  { method: 'POST', path: `${base}/:id/confirm`, publishable: true, answer: confirmByRoute },
  { method: 'POST', path: `${base}/:id/cancel`, answer: cancelIntent },
  {
    method: 'POST',
    path: `${base}/:id/verify_microdeposits`,
    publishable: true,
    answer: call => {
      const intent = need(call.work, 'setup_intent', call.id, 'intent')
      return verifySetup(call.work, intent, checkSecret(call, intent))
    },
  },
  { method: 'GET', path: '/v1/setup_attempts', answer: listAttempts },
  { method: 'GET', path: '/v1/mandates/:id', answer: ({ work, id }) => need(work, 'mandate', id) },
]
