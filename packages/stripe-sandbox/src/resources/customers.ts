// Customers: create, read, change, delete, and the payment methods of one customer.

import type Stripe from 'stripe'
import type { Call, Route } from '../api.ts'
import { cancelSubscription } from '../billing/subscriptions.ts'
import { emit } from '../events.ts'
import { noSuch } from '../failures.ts'
import { listPage, timeFilter, where } from '../lists.ts'
import {
  address,
  choice,
  mergedMetadata,
  onlyKnown,
  record,
  text,
  textList,
  unsettableText,
} from '../params.ts'
import { erase, need, newest, newId, patch, randomWord, save } from '../state.ts'
import { attachMethod, detachMethod, isAttachedTo, listMethods } from './payment-methods.ts'

const known = [
  'address',
  'description',
  'email',
  'invoice_prefix',
  'invoice_settings',
  'metadata',
  'name',
  'payment_method',
  'phone',
  'preferred_locales',
  'shipping',
  'tax_exempt',
  'test_clock',
] as const satisfies readonly (keyof Stripe.CustomerCreateParams)[]

type Changes = Partial<Stripe.Customer>

function defined(changes: Changes): Changes {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined))
}

function shipping({ params }: Call): Stripe.Customer['shipping'] | undefined {
  if (params.shipping === '') return null
  const given = record(params, 'shipping')
  if (!given) return undefined
  return {
    address: address(given, 'address') ?? undefined,
    name: text(given, 'name', 'shipping[name]'),
    phone: text(given, 'phone', 'shipping[phone]') ?? null,
  }
}

function invoiceSettings(call: Call, customer: Stripe.Customer) {
  const given = record(call.params, 'invoice_settings')
  if (!given) return undefined
  onlyKnown(given, ['default_payment_method', 'footer'], 'invoice_settings')
  const method = unsettableText(given, 'default_payment_method')
  if (method && !isAttachedTo(call.work, method, customer.id)) {
    throw noSuch('PaymentMethod', method, 'invoice_settings[default_payment_method]')
  }
  const before = customer.invoice_settings
  return {
    ...before,
    default_payment_method: method === undefined ? before.default_payment_method : method,
    footer: unsettableText(given, 'footer') ?? before.footer,
  }
}

function changesFrom(call: Call, customer: Stripe.Customer): Changes {
  const { params } = call
  return defined({
    address: address(params, 'address'),
    description: unsettableText(params, 'description'),
    email: unsettableText(params, 'email'),
    invoice_prefix: text(params, 'invoice_prefix'),
    invoice_settings: invoiceSettings(call, customer),
    metadata: mergedMetadata(params, customer.metadata),
    name: unsettableText(params, 'name'),
    phone: unsettableText(params, 'phone'),
    preferred_locales: textList(params, 'preferred_locales'),
    shipping: shipping(call),
    tax_exempt: choice(params, 'tax_exempt', ['none', 'exempt', 'reverse']),
  })
}

function blankCustomer(at: number, clock: Stripe.TestHelpers.TestClock | null): Stripe.Customer {
  return {
    id: newId('cus', 14),
    object: 'customer',
    address: null,
    balance: 0,
    created: at,
    currency: null,
    default_source: null,
    delinquent: false,
    description: null,
    email: null,
    invoice_prefix: randomWord(8).toUpperCase(),
    invoice_settings: {
      custom_fields: null,
      default_payment_method: null,
      footer: null,
      rendering_options: null,
    },
    livemode: false,
    metadata: {},
    name: null,
    next_invoice_sequence: 1,
    phone: null,
    preferred_locales: [],
    shipping: null,
    tax_exempt: 'none',
    test_clock: clock?.id ?? null,
  }
}

function createCustomer(call: Call): Stripe.Customer {
  const { work, params } = call
  onlyKnown(params, known)
  const clockId = text(params, 'test_clock')
  const clock = clockId ? need(work, 'test_clock', clockId, 'test_clock') : null
  const blank = blankCustomer(clock?.frozen_time ?? work.at, clock)
  const method = text(params, 'payment_method')
  const customer = save(work, 'customer', { ...blank, ...changesFrom(call, blank) })
  emit(work, 'customer.created', customer)
  if (method) attachMethod(work, method, customer.id)
  return customer
}

function updateCustomer(call: Call): Stripe.Customer {
  const { work, params, id } = call
  onlyKnown(params, known)
  const before = need(work, 'customer', id)
  const customer = patch(work, 'customer', id, changesFrom(call, before))
  emit(work, 'customer.updated', customer, before)
  return customer
}

function deleteCustomer({ work, id }: Call): Stripe.DeletedCustomer {
  const customer = need(work, 'customer', id)
  for (const subscription of [...newest(work, 'subscription')]) {
    if (subscription.customer === id && subscription.status !== 'canceled') {
      cancelSubscription(work, subscription.id, 'cancellation_requested')
    }
  }
  for (const method of [...newest(work, 'payment_method')]) {
    if (method.customer === id) detachMethod(work, method.id)
  }
  erase(work, 'customer', id)
  emit(work, 'customer.deleted', customer)
  save(work, 'setting', { id: `deleted_customer:${id}`, value: true })
  return { id, object: 'customer', deleted: true }
}

function retrieveCustomer({ work, id }: Call): Stripe.Customer | Stripe.DeletedCustomer {
  const gone = work.store.tables.setting.rows.has(`deleted_customer:${id}`)
  return gone ? { id, object: 'customer', deleted: true } : need(work, 'customer', id)
}

function listCustomers({ work, params }: Call) {
  const email = text(params, 'email')
  const clock = text(params, 'test_clock')
  const inTime = timeFilter(params)
  const rows = where(
    newest(work, 'customer'),
    row =>
      inTime(row.created) &&
      (email === undefined || row.email === email) &&
      (clock === undefined || row.test_clock === clock),
  )
  return listPage(params, '/v1/customers', rows, ['created', 'email', 'test_clock'])
}

function methodOf({ work, id, subId }: Call): Stripe.PaymentMethod {
  need(work, 'customer', id)
  if (!isAttachedTo(work, subId, id)) throw noSuch('PaymentMethod', subId, 'payment_method')
  return need(work, 'payment_method', subId)
}

export const customerRoutes: Route[] = [
  { method: 'POST', path: '/v1/customers', answer: createCustomer },
  { method: 'GET', path: '/v1/customers', answer: listCustomers },
  { method: 'GET', path: '/v1/customers/:id', answer: retrieveCustomer },
  { method: 'POST', path: '/v1/customers/:id', answer: updateCustomer },
  { method: 'DELETE', path: '/v1/customers/:id', answer: deleteCustomer },
  {
    method: 'GET',
    path: '/v1/customers/:id/payment_methods',
    answer: call => {
      need(call.work, 'customer', call.id)
      return listMethods(call, call.id, `/v1/customers/${call.id}/payment_methods`)
    },
  },
  { method: 'GET', path: '/v1/customers/:id/payment_methods/:sub', answer: methodOf },
]
