// Payment methods: create, attach to a customer, change, detach, list.

import type Stripe from 'stripe'
import type { Call, Route } from '../api.ts'
import { declineError } from '../declines.ts'
import { emit } from '../events.ts'
import { declined, refusal } from '../failures.ts'
import {
  billingDetails,
  cardBehind,
  changedExpiry,
  instrumentOf,
  methodFrom,
  methodTypes,
  needMethod,
} from '../instruments.ts'
import { listPage, where } from '../lists.ts'
import { choice, mergedMetadata, onlyKnown, requiredText, text } from '../params.ts'
import { find, idOf, need, newest, patch, type Work } from '../state.ts'

/** Is this payment method attached to this customer? */
export function isAttachedTo(work: Work, methodId: string, customerId: string): boolean {
  return find(work, 'payment_method', methodId)?.customer === customerId
}

/**
 * Refuses a method that was used once without a customer, or detached: it can never be used again.
 */
export function checkUsable(work: Work, methodId: string): void {
  if (!instrumentOf(work, methodId).consumed) return
  throw refusal(
    'The provided PaymentMethod was previously used with a PaymentIntent without Customer ' +
      'attachment, shared with a connected account without Customer attachment, or was detached ' +
      'from a Customer. It may not be used again. To use a PaymentMethod multiple times, you ' +
      'must attach it to a Customer first.',
  )
}

/**
 * Attaches a method to a customer; a bank account once it is verified. Cards that decline do so already here, with 402; only the card
 * ending in 0341 attaches and declines later. A method of another customer is refused with 400.
 */
export function attachMethod(work: Work, id: string, customerId: string): Stripe.PaymentMethod {
  need(work, 'customer', customerId, 'customer')
  const method = needMethod(work, id)
  const owner = idOf(method.customer)
  if (owner === customerId) return method
  if (owner) {
    throw refusal('The payment method you provided has already been attached to a customer.')
  }
  checkUsable(work, method.id)
  if (method.type === 'alipay' || method.type === 'wechat_pay') {
    throw refusal(`The payment method type ${method.type} cannot be attached to a customer.`, {
      code: 'payment_method_unsupported_type',
    })
  }
  if (
    method.type === 'us_bank_account' &&
    instrumentOf(work, method.id).verification !== 'verified'
  ) {
    throw refusal(
      'This bank account must be verified before it can be attached to a customer. Use a ' +
        'SetupIntent to verify it.',
      { param: 'payment_method' },
    )
  }
  const card = cardBehind(work, method.id)
  if (card?.refuses) throw declined(declineError(card.refuses))
  return bind(work, method.id, customerId)
}

/** Binds a method to a customer after a successful payment or set-up, without asking the issuer. */
export function bind(work: Work, id: string, customerId: string): Stripe.PaymentMethod {
  const before = need(work, 'payment_method', id)
  if (before.customer === customerId) return before
  const method = patch(work, 'payment_method', id, { customer: customerId })
  emit(work, 'payment_method.attached', method)
  return method
}

function clearDefault(work: Work, customerId: string, methodId: string): void {
  const customer = find(work, 'customer', customerId)
  if (!customer || idOf(customer.invoice_settings.default_payment_method) !== methodId) return
  const after = patch(work, 'customer', customerId, {
    invoice_settings: { ...customer.invoice_settings, default_payment_method: null },
  })
  emit(work, 'customer.updated', after, customer)
}

/** Detaches a method from its customer; it can never be used again. */
export function detachMethod(work: Work, id: string): Stripe.PaymentMethod {
  const before = need(work, 'payment_method', id, 'payment_method')
  const owner = idOf(before.customer)
  if (!owner) {
    throw refusal(
      'The payment method you provided is not attached to a customer so detachment is impossible.',
    )
  }
  const method = patch(work, 'payment_method', id, { customer: null })
  patch(work, 'instrument', id, { consumed: true })
  clearDefault(work, owner, id)
  emit(work, 'payment_method.detached', method, before)
  return method
}

function updateMethod({ work, params, id }: Call): Stripe.PaymentMethod {
  onlyKnown(params, ['allow_redisplay', 'billing_details', 'card', 'metadata'])
  const before = need(work, 'payment_method', id, 'payment_method')
  if (!before.customer) {
    throw refusal('You must save this PaymentMethod to a customer before you can update it.')
  }
  const method = patch(work, 'payment_method', id, {
    allow_redisplay:
      choice(params, 'allow_redisplay', ['always', 'limited', 'unspecified']) ??
      before.allow_redisplay,
    billing_details: billingDetails(params, before.billing_details),
    metadata: mergedMetadata(params, before.metadata),
    ...(before.card ? { card: changedExpiry(work, params, before.card) } : {}),
  })
  emit(work, 'payment_method.updated', method, before)
  return method
}

/** The payment methods of one customer, optionally of one type. */
export function listMethods({ work, params }: Call, customerId: string, url: string) {
  const type = text(params, 'type')
  const rows = where(
    newest(work, 'payment_method'),
    row => row.customer === customerId && (type === undefined || row.type === type),
  )
  return listPage(params, url, rows, ['customer', 'type', 'allow_redisplay'])
}

function createMethod({ work, params, caller }: Call): Stripe.PaymentMethod {
  const { client_secret: _clientSecret, ...rest } = params
  const method = methodFrom(work, caller === 'publishable' ? rest : params)
  return method
}

export const paymentMethodRoutes: Route[] = [
  { method: 'POST', path: '/v1/payment_methods', publishable: true, answer: createMethod },
  {
    method: 'GET',
    path: '/v1/payment_methods',
    answer: call => {
      const customer = requiredText(call.params, 'customer')
      need(call.work, 'customer', customer, 'customer')
      choice(call.params, 'type', methodTypes)
      return listMethods(call, customer, '/v1/payment_methods')
    },
  },
  {
    method: 'GET',
    path: '/v1/payment_methods/:id',
    answer: ({ work, id }) => needMethod(work, id),
  },
  { method: 'POST', path: '/v1/payment_methods/:id', answer: updateMethod },
  {
    method: 'POST',
    path: '/v1/payment_methods/:id/attach',
    answer: ({ work, params, id }) => {
      onlyKnown(params, ['customer'])
      return attachMethod(work, id, requiredText(params, 'customer'))
    },
  },
  {
    method: 'POST',
    path: '/v1/payment_methods/:id/detach',
    answer: ({ work, params, id }) => {
      onlyKnown(params, [])
      return detachMethod(work, id)
    },
  },
]
