// Checkout sessions in payment mode: created by the API, paid on the sandbox's hosted page.

import type Stripe from 'stripe'
import type { Call, Route } from '../api.ts'
import { expireSession } from '../checkouts.ts'
import { invalidParameter, missingParameter } from '../failures.ts'
import type { FormRecord } from '../form.ts'
import { methodChoice } from '../intents.ts'
import { listPage, timeFilter, where } from '../lists.ts'
import { checkChargeable, checkedCurrency } from '../money.ts'
import {
  choice,
  integer,
  mergedMetadata,
  onlyKnown,
  record,
  recordList,
  requiredInteger,
  requiredText,
  text,
  unsettableText,
} from '../params.ts'
import { idOf, need, newest, newId, patch, save, type Work } from '../state.ts'
import { schedule } from '../tasks.ts'
import type { Wire } from '../wire.ts'

const creatable = [
  'allowed_payment_method_types',
  'cancel_url',
  'client_reference_id',
  'currency',
  'customer',
  'customer_email',
  'excluded_payment_method_types',
  'expires_at',
  'line_items',
  'locale',
  'metadata',
  'mode',
  'payment_intent_data',
  'submit_type',
  'success_url',
] as const satisfies readonly (keyof Stripe.Checkout.SessionCreateParams)[]

const intentData = [
  'capture_method',
  'description',
  'metadata',
  'receipt_email',
  'setup_future_usage',
  'statement_descriptor',
] as const

type Line = Wire<Stripe.LineItem>

function lineFrom(work: Work, given: FormRecord, index: number): Line {
  const shown = (name: string) => `line_items[${index}][${name}]`
  onlyKnown(given, ['price_data', 'quantity'], `line_items[${index}]`)
  const data = record(given, 'price_data', shown('price_data'))
  if (!data) throw missingParameter(shown('price_data'))
  onlyKnown(data, ['currency', 'product_data', 'unit_amount'], shown('price_data'))
  const product = record(data, 'product_data') ?? {}
  const quantity = integer(given, 'quantity') ?? 1
  const unitAmount = requiredInteger(data, 'unit_amount', shown('price_data][unit_amount'))
  const currency = checkedCurrency(requiredText(data, 'currency', shown('price_data][currency')))
  const amount = unitAmount * quantity
  return {
    id: newId('li'),
    object: 'item',
    adjustable_quantity: null,
    amount_discount: 0,
    amount_subtotal: amount,
    amount_tax: 0,
    amount_total: amount,
    currency,
    description: requiredText(product, 'name', shown('price_data][product_data][name')),
    metadata: {},
    price: {
      id: newId('price'),
      object: 'price',
      active: false,
      billing_scheme: 'per_unit',
      created: work.at,
      currency,
      custom_unit_amount: null,
      livemode: false,
      lookup_key: null,
      metadata: {},
      nickname: null,
      product: newId('prod', 14),
      recurring: null,
      tax_behavior: 'unspecified',
      tiers_mode: null,
      transform_quantity: null,
      type: 'one_time',
      unit_amount: unitAmount,
      unit_amount_decimal: String(unitAmount),
    },
    quantity,
  }
}

function linesFrom(work: Work, params: FormRecord): Line[] {
  const lines = (recordList(params, 'line_items') ?? []).map((given, index) =>
    lineFrom(work, given, index),
  )
  const [first] = lines
  if (!first) throw missingParameter('line_items')
  if (lines.some(line => line.currency !== first.currency)) {
    throw invalidParameter('All line items must have one currency.', 'line_items')
  }
  return lines
}

function expiry(work: Work, params: FormRecord): number {
  const at = integer(params, 'expires_at') ?? work.at + 86_400
  if (at < work.at + 1800 || at > work.at + 86_400) {
    throw invalidParameter(
      'The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session ' +
        'creation.',
      'expires_at',
    )
  }
  return at
}

type Totals = { amount: number; currency: string; customer: string | null }

function intentParams(params: FormRecord, totals: Totals, types: string[]) {
  const data = record(params, 'payment_intent_data') ?? {}
  onlyKnown(data, intentData, 'payment_intent_data')
  const metadata = mergedMetadata(data)
  const texts = Object.fromEntries(
    Object.entries(data).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
  return {
    ...texts,
    amount: String(totals.amount),
    currency: totals.currency,
    metadata,
    ...(totals.customer ? { customer: totals.customer } : {}),
    allowed_payment_method_types: types,
  }
}

const constants = {
  adaptive_pricing: null,
  after_expiration: null,
  allow_promotion_codes: null,
  automatic_tax: { enabled: false, liability: null, provider: null, status: null },
  billing_address_collection: null,
  client_secret: null,
  collected_information: null,
  consent: null,
  consent_collection: null,
  currency_conversion: null,
  custom_fields: [],
  custom_text: {
    after_submit: null,
    shipping_address: null,
    submit: null,
    terms_of_service_acceptance: null,
  },
  customer_account: null,
  customer_creation: null,
  discounts: [],
  integration_identifier: null,
  invoice: null,
  invoice_creation: null,
  livemode: false,
  managed_payments: null,
  mode: 'payment',
  optional_items: null,
  origin_context: null,
  payment_link: null,
  payment_method_collection: 'if_required',
  payment_method_configuration_details: null,
  payment_method_options: {},
  permissions: null,
  phone_number_collection: { enabled: false },
  recovered_from: null,
  saved_payment_method_options: null,
  setup_intent: null,
  shipping_address_collection: null,
  shipping_cost: null,
  shipping_options: [],
  subscription: null,
  ui_mode: 'hosted_page',
  wallet_options: null,
} satisfies Partial<Stripe.Checkout.Session>

function customerDetails(email: string | null): Stripe.Checkout.Session.CustomerDetails {
  return {
    address: null,
    business_name: null,
    email,
    individual_name: null,
    name: null,
    phone: null,
    tax_exempt: 'none',
    tax_ids: [],
  }
}

function createSession({ work, params }: Call): Stripe.Checkout.Session {
  const chosen = methodChoice(params, text(params, 'currency') ?? null)
  onlyKnown(params, creatable)
  const mode = choice(params, 'mode', ['payment'])
  if (!mode) throw missingParameter('mode')
  const lines = linesFrom(work, params)
  const currency = lines[0]?.currency ?? 'usd'
  const amount = lines.reduce((sum, line) => sum + line.amount_total, 0)
  checkChargeable(amount, currency, 'line_items')
  const customerId = text(params, 'customer')
  const customer = customerId ? need(work, 'customer', customerId, 'customer') : null
  const email = unsettableText(params, 'customer_email') ?? customer?.email ?? null
  const types = methodChoice(params, currency).payment_method_types
  if (types.length === 0) {
    throw invalidParameter('No valid payment method types for this Checkout Session.')
  }
  const id = newId('cs_test', 58)
  const expiresAt = expiry(work, params)
  const session = save(work, 'checkout_session', {
    ...constants,
    id,
    object: 'checkout.session',
    allowed_payment_method_types: chosen.allowed_payment_method_types,
    amount_subtotal: amount,
    amount_total: amount,
    cancel_url: unsettableText(params, 'cancel_url') ?? null,
    client_reference_id: unsettableText(params, 'client_reference_id') ?? null,
    created: work.at,
    currency,
    customer: customer?.id ?? null,
    customer_details: email ? customerDetails(email) : null,
    customer_email: unsettableText(params, 'customer_email') ?? null,
    expires_at: expiresAt,
    locale: (text(params, 'locale') as Stripe.Checkout.Session.Locale | undefined) ?? null,
    metadata: mergedMetadata(params),
    payment_intent: null,
    payment_method_types: types,
    payment_status: 'unpaid',
    status: 'open',
    submit_type: (text(params, 'submit_type') as 'pay' | undefined) ?? null,
    success_url: requiredText(params, 'success_url'),
    total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
    url: `${work.environment.baseUrl}/checkout/${id}`,
  })
  const totals = { amount, currency, customer: customer?.id ?? null }
  const intent = intentParams(params, totals, types)
  save(work, 'checkout_plan', { id, intent, lines })
  schedule(work, 'expire_session', id, (expiresAt - work.at) * 1000)
  return session
}

function updateSession({ work, params, id }: Call): Stripe.Checkout.Session {
  onlyKnown(params, ['metadata'])
  const before = need(work, 'checkout_session', id)
  return patch(work, 'checkout_session', id, { metadata: mergedMetadata(params, before.metadata) })
}

function listSessions({ work, params }: Call) {
  const inTime = timeFilter(params)
  const names = ['customer', 'payment_intent', 'status'] as const
  const wanted = names.map(name => [name, text(params, name)] as const)
  const rows = where(
    newest(work, 'checkout_session'),
    row =>
      inTime(row.created) &&
      wanted.every(([name, value]) => {
        const held = row[name]
        return value === undefined || (typeof held === 'object' ? idOf(held) : held) === value
      }),
  )
  return listPage(params, base, rows, ['created', ...names])
}

const base = '/v1/checkout/sessions'

export const checkoutRoutes: Route[] = [
  { method: 'POST', path: base, answer: createSession },
  { method: 'GET', path: base, answer: listSessions },
  {
    method: 'GET',
    path: `${base}/:id`,
    answer: ({ work, id }) => need(work, 'checkout_session', id),
  },
  { method: 'POST', path: `${base}/:id`, answer: updateSession },
  {
    method: 'POST',
    path: `${base}/:id/expire`,
    answer: ({ work, params, id }) => {
      onlyKnown(params, [])
      return expireSession(work, id)
    },
  },
  {
    method: 'GET',
    path: `${base}/:id/line_items`,
    answer: ({ work, params, id }) => {
      const { lines } = need(work, 'checkout_plan', id)
      return listPage(params, `${base}/${id}/line_items`, lines)
    },
  },
]
