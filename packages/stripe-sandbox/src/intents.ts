// What payment and set-up intents have in common: which method types they admit, how a request
// names the method, and the rules of confirming in a browser.

import type Stripe from 'stripe'
import { invalidParameter, refusal } from './failures.ts'
import type { FormRecord } from './form.ts'
import { type MethodType, methodFrom, methodTypes, needMethod } from './instruments.ts'
import { boolean, choice, onlyKnown, record, text, textList } from './params.ts'
import { checkUsable } from './resources/payment-methods.ts'
import { idOf, type Work } from './state.ts'

/** Endive takes no `payment_method_types` any more; the field can only be read. */
export function refuseMethodTypes(params: FormRecord): void {
  if (!('payment_method_types' in params)) return
  throw invalidParameter(
    'The payment_method_types parameter is no longer supported. Use allowed_payment_method_types ' +
      'to filter the payment methods, or remove the parameter.',
    'payment_method_types',
    'payment_method_types_no_longer_supported',
  )
}

const currenciesOf: Record<MethodType, readonly string[] | null> = {
  card: null,
  us_bank_account: ['usd'],
  alipay: ['usd', 'eur', 'gbp', 'cny', 'hkd', 'jpy', 'sgd', 'aud', 'cad', 'nzd', 'myr'],
  wechat_pay: ['usd', 'eur', 'gbp', 'cny', 'hkd', 'jpy', 'sgd', 'aud', 'cad', 'chf', 'sek'],
  paypal: [
    'usd',
    'eur',
    'gbp',
    'aud',
    'cad',
    'chf',
    'czk',
    'dkk',
    'hkd',
    'nok',
    'nzd',
    'pln',
    'sek',
    'sgd',
  ],
}

function takesCurrency(type: MethodType, currency: string | null): boolean {
  const currencies = currenciesOf[type]
  return currencies === null || currency === null || currencies.includes(currency)
}

type MethodChoice = Pick<
  Stripe.PaymentIntent,
  | 'allowed_payment_method_types'
  | 'automatic_payment_methods'
  | 'excluded_payment_method_types'
  | 'payment_method_types'
>

const exclusive = [
  'allowed_payment_method_types',
  'automatic_payment_methods',
  'excluded_payment_method_types',
] as const

/**
 * Which methods an intent admits: those enabled for its currency, filtered by the request. Types
 * that the sandbox or the currency does not know drop out silently, as with Stripe.
 */
export function methodChoice(params: FormRecord, currency: string | null): MethodChoice {
  refuseMethodTypes(params)
  const given = exclusive.filter(name => params[name] !== undefined)
  if (given.includes('allowed_payment_method_types') && given.length > 1) {
    throw invalidParameter(
      `You may only specify one of these parameters: ${given.join(', ')}.`,
      given[0],
      'parameters_exclusive',
    )
  }
  const allowed = textList(params, 'allowed_payment_method_types') ?? null
  const excluded = textList(params, 'excluded_payment_method_types') ?? null
  const types = methodTypes.filter(
    type =>
      takesCurrency(type, currency) &&
      (allowed === null || allowed.includes(type)) &&
      !excluded?.includes(type),
  )
  return {
    allowed_payment_method_types: allowed,
    automatic_payment_methods: allowed ? null : automaticMethods(params),
    excluded_payment_method_types:
      excluded as Stripe.PaymentIntent['excluded_payment_method_types'],
    payment_method_types: types,
  }
}

function automaticMethods(params: FormRecord): Stripe.PaymentIntent.AutomaticPaymentMethods {
  const given = record(params, 'automatic_payment_methods') ?? {}
  onlyKnown(given, ['enabled', 'allow_redirects'], 'automatic_payment_methods')
  const redirects = choice(given, 'allow_redirects', ['always', 'never']) ?? 'always'
  return { allow_redirects: redirects, enabled: boolean(given, 'enabled') ?? true }
}

/** Refuses a method whose type the intent does not admit. */
export function checkAdmitted(
  noun: 'PaymentIntent' | 'SetupIntent',
  types: string[],
  method: Stripe.PaymentMethod,
): void {
  if (types.includes(method.type)) return
  throw refusal(
    `The PaymentMethod provided (${method.type}) is not allowed for this ${noun}. Please attach ` +
      `a PaymentMethod of one of the following types: ${types.join(', ')}.`,
    { code: 'payment_intent_incompatible_payment_method', param: 'payment_method' },
  )
}

/**
 * The payment method a request names by `payment_method`, or makes by `payment_method_data`.
 * A method of a customer can be used with that customer only, a consumed one not at all.
 */
export function namedMethod(
  work: Work,
  params: FormRecord,
  customerId: string | null,
): Stripe.PaymentMethod | undefined {
  const data = record(params, 'payment_method_data')
  const id = text(params, 'payment_method')
  if (data) return methodFrom(work, data)
  if (!id) return undefined
  const method = needMethod(work, id)
  checkOwner(method, customerId)
  checkUsable(work, method.id)
  return method
}

function checkOwner(method: Stripe.PaymentMethod, customerId: string | null): void {
  const owner = idOf(method.customer)
  if (!owner || owner === customerId) return
  if (!customerId) {
    throw refusal(
      `The PaymentMethod you provided (${method.id}) belongs to the Customer ${owner}. Please ` +
        'include the Customer in the `customer` parameter.',
      { param: 'payment_method' },
    )
  }
  throw refusal(
    `The customer does not have a payment method with the ID ${method.id}. The payment method ` +
      'must be attached to the customer.',
    { code: 'resource_missing', param: 'payment_method' },
  )
}

/**
 * Stripe wants a `return_url` for a confirmation on session when a method that redirects could be
 * used: with dynamic methods that allow redirects.
 */
export function checkReturnUrl(
  params: FormRecord,
  intent: { automatic_payment_methods: { allow_redirects?: string } | null },
): void {
  if (text(params, 'return_url')) return
  if (intent.automatic_payment_methods?.allow_redirects !== 'always') return
  throw invalidParameter(
    'This intent accepts payment methods enabled in your account. Because some of these payment ' +
      'methods might redirect your customer off of your page, you must provide a `return_url`. ' +
      'If you do not want to accept redirect-based payment methods, set ' +
      '`automatic_payment_methods[enabled]` to `true` and ' +
      '`automatic_payment_methods[allow_redirects]` to `never`.',
    'return_url',
  )
}
