// Products, prices and coupons: what Stripe Billing sells.

import type Stripe from 'stripe'
import type { Call, Route } from '../api.ts'
import type { Price } from '../billing/rows.ts'
import { emit } from '../events.ts'
import { invalidParameter, missingParameter } from '../failures.ts'
import type { FormRecord } from '../form.ts'
import { listPage, timeFilter, where } from '../lists.ts'
import { checkedCurrency } from '../money.ts'
import {
  boolean,
  choice,
  integer,
  mergedMetadata,
  onlyKnown,
  record,
  requiredInteger,
  requiredText,
  text,
  unsettableText,
} from '../params.ts'
import { erase, idOf, need, newest, newId, patch, save, type Work } from '../state.ts'

function makeProduct(work: Work, params: FormRecord): Stripe.Product {
  const product = save(work, 'product', {
    id: text(params, 'id') ?? newId('prod', 14),
    object: 'product',
    active: boolean(params, 'active') ?? true,
    created: work.at,
    default_price: null,
    description: unsettableText(params, 'description') ?? null,
    images: [],
    livemode: false,
    marketing_features: [],
    metadata: mergedMetadata(params),
    name: requiredText(params, 'name'),
    package_dimensions: null,
    shippable: null,
    statement_descriptor: null,
    tax_code: null,
    tax_details: null,
    type: 'service',
    unit_label: null,
    updated: work.at,
    url: null,
  })
  emit(work, 'product.created', product)
  return product
}

const productParams = ['active', 'description', 'id', 'metadata', 'name'] as const

function updateProduct({ work, params, id }: Call): Stripe.Product {
  onlyKnown(params, [...productParams, 'default_price'])
  const before = need(work, 'product', id)
  const description = unsettableText(params, 'description')
  const price = text(params, 'default_price')
  const product = patch(work, 'product', id, {
    active: boolean(params, 'active') ?? before.active,
    default_price: price ? need(work, 'price', price).id : before.default_price,
    description: description === undefined ? before.description : description,
    metadata: mergedMetadata(params, before.metadata),
    name: text(params, 'name') ?? before.name,
    updated: work.at,
  })
  emit(work, 'product.updated', product, before)
  return product
}

function recurringFrom(params: FormRecord): Stripe.Price.Recurring | null {
  const given = record(params, 'recurring')
  if (!given) return null
  onlyKnown(given, ['interval', 'interval_count', 'usage_type'], 'recurring')
  const interval = choice(given, 'interval', ['day', 'week', 'month', 'year'])
  if (!interval) throw missingParameter('recurring[interval]')
  choice(given, 'usage_type', ['licensed'])
  return {
    interval,
    interval_count: integer(given, 'interval_count') ?? 1,
    meter: null,
    trial_period_days: null,
    usage_type: 'licensed',
  }
}

/** Makes a price from request parameters, with its product when `product_data` is given. */
export function makePrice(work: Work, params: FormRecord): Price {
  const data = record(params, 'product_data')
  const productId = data
    ? makeProduct(work, data).id
    : need(work, 'product', requiredText(params, 'product'), 'product').id
  const unitAmount = requiredInteger(params, 'unit_amount')
  if (unitAmount < 0) throw invalidParameter('unit_amount cannot be negative.', 'unit_amount')
  const recurring = recurringFrom(params)
  const price = save(work, 'price', {
    id: newId('price'),
    object: 'price',
    active: boolean(params, 'active') ?? true,
    billing_scheme: 'per_unit',
    created: work.at,
    currency: checkedCurrency(requiredText(params, 'currency')),
    custom_unit_amount: null,
    livemode: false,
    lookup_key: text(params, 'lookup_key') ?? null,
    metadata: mergedMetadata(params),
    nickname: unsettableText(params, 'nickname') ?? null,
    product: productId,
    recurring,
    tax_behavior: 'unspecified',
    tiers_mode: null,
    transform_quantity: null,
    type: recurring ? 'recurring' : 'one_time',
    unit_amount: unitAmount,
    unit_amount_decimal: String(unitAmount),
  })
  emit(work, 'price.created', price)
  return price
}

const priceParams = [
  'active',
  'currency',
  'lookup_key',
  'metadata',
  'nickname',
  'product',
  'product_data',
  'recurring',
  'unit_amount',
] as const satisfies readonly (keyof Stripe.PriceCreateParams)[]

function updatePrice({ work, params, id }: Call): Price {
  onlyKnown(params, ['active', 'lookup_key', 'metadata', 'nickname'])
  const before = need(work, 'price', id)
  const nickname = unsettableText(params, 'nickname')
  const price = patch(work, 'price', id, {
    active: boolean(params, 'active') ?? before.active,
    lookup_key: text(params, 'lookup_key') ?? before.lookup_key,
    metadata: mergedMetadata(params, before.metadata),
    nickname: nickname === undefined ? before.nickname : nickname,
  })
  emit(work, 'price.updated', price, before)
  return price
}

function percentFrom(params: FormRecord): number | null {
  const given = text(params, 'percent_off')
  if (given === undefined) return null
  const percent = Number(given)
  if (!/^\d{1,3}(\.\d{1,2})?$/.test(given) || percent <= 0 || percent > 100) {
    throw invalidParameter('Invalid percent_off: must be above 0, at most 100.', 'percent_off')
  }
  return percent
}

const couponParams = [
  'amount_off',
  'currency',
  'duration',
  'duration_in_months',
  'id',
  'max_redemptions',
  'metadata',
  'name',
  'percent_off',
  'redeem_by',
] as const satisfies readonly (keyof Stripe.CouponCreateParams)[]

function createCoupon({ work, params }: Call): Stripe.Coupon {
  onlyKnown(params, couponParams)
  const percentOff = percentFrom(params)
  const amountOff = integer(params, 'amount_off') ?? null
  if ((percentOff === null) === (amountOff === null)) {
    throw invalidParameter('Give exactly one of percent_off and amount_off.', 'percent_off')
  }
  const duration = choice(params, 'duration', ['once', 'repeating', 'forever']) ?? 'once'
  const months = integer(params, 'duration_in_months') ?? null
  if (duration === 'repeating' && months === null) throw missingParameter('duration_in_months')
  const coupon = save(work, 'coupon', {
    id: text(params, 'id') ?? newId('co', 8).slice(3),
    object: 'coupon',
    amount_off: amountOff,
    created: work.at,
    currency: amountOff === null ? null : checkedCurrency(requiredText(params, 'currency')),
    duration,
    duration_in_months: months,
    livemode: false,
    max_redemptions: integer(params, 'max_redemptions') ?? null,
    metadata: mergedMetadata(params),
    name: unsettableText(params, 'name') ?? null,
    percent_off: percentOff,
    redeem_by: integer(params, 'redeem_by') ?? null,
    times_redeemed: 0,
    valid: true,
  })
  emit(work, 'coupon.created', coupon)
  return coupon
}

function deleteCoupon({ work, id }: Call): Stripe.DeletedCoupon {
  const coupon = need(work, 'coupon', id)
  erase(work, 'coupon', id)
  emit(work, 'coupon.deleted', coupon)
  return { id, object: 'coupon', deleted: true }
}

function listProducts({ work, params }: Call) {
  const active = boolean(params, 'active')
  const inTime = timeFilter(params)
  const rows = where(
    newest(work, 'product'),
    row => inTime(row.created) && (active === undefined || row.active === active),
  )
  return listPage(params, '/v1/products', rows, ['active', 'created'])
}

function listPrices({ work, params }: Call) {
  const active = boolean(params, 'active')
  const product = text(params, 'product')
  const inTime = timeFilter(params)
  const rows = where(
    newest(work, 'price'),
    row =>
      inTime(row.created) &&
      (active === undefined || row.active === active) &&
      (product === undefined || idOf(row.product) === product),
  )
  return listPage(params, '/v1/prices', rows, ['active', 'created', 'product'])
}

export const catalogueRoutes: Route[] = [
  {
    method: 'POST',
    path: '/v1/products',
    answer: ({ work, params }) => {
      onlyKnown(params, productParams)
      return makeProduct(work, params)
    },
  },
  { method: 'GET', path: '/v1/products', answer: listProducts },
  { method: 'GET', path: '/v1/products/:id', answer: ({ work, id }) => need(work, 'product', id) },
  { method: 'POST', path: '/v1/products/:id', answer: updateProduct },
  {
    method: 'POST',
    path: '/v1/prices',
    answer: ({ work, params }) => {
      onlyKnown(params, priceParams)
      return makePrice(work, params)
    },
  },
  { method: 'GET', path: '/v1/prices', answer: listPrices },
  { method: 'GET', path: '/v1/prices/:id', answer: ({ work, id }) => need(work, 'price', id) },
  { method: 'POST', path: '/v1/prices/:id', answer: updatePrice },
  { method: 'POST', path: '/v1/coupons', answer: createCoupon },
  {
    method: 'GET',
    path: '/v1/coupons',
    answer: ({ work, params }) => listPage(params, '/v1/coupons', newest(work, 'coupon')),
  },
  { method: 'GET', path: '/v1/coupons/:id', answer: ({ work, id }) => need(work, 'coupon', id) },
  { method: 'DELETE', path: '/v1/coupons/:id', answer: deleteCoupon },
]
