// Between Stripe's objects and our words, both ways. Pure: it calls nothing and decides nothing.
import type Stripe from 'stripe'
import type { Address } from '../../core/customer.ts'
import {
  exponentOf,
  fromProcessorAmount,
  isCurrency,
  mulDiv,
  processorAmount,
} from '../../core/money.ts'
import type {
  PaymentObservation,
  RefundObservation,
  TransactionStatus,
} from '../../core/payment.ts'
import type {
  BankAccountFacts,
  BillingDetails,
  CardFacts,
  PaymentMethod,
  PaymentMethodType,
} from '../../core/payment-method.ts'
import type { Decline, MethodFacts, ProcessorObject } from '../../ports/processor.ts'
import { declineFacts } from './failures.ts'

/** The expansion without which an intent does not tell its fee. */
export const feeExpansion = 'latest_charge.balance_transaction'

/** An object of the account that is none that we book. */
export const other: ProcessorObject = { kind: 'other' }

/** The account may hold payments that are none of ours, in currencies that we do not bill in. */
export const isReadable = (object: { readonly currency: string }): boolean =>
  isCurrency(object.currency.toUpperCase())

const noReasons: Decline = {
  failureCode: null,
  declineCode: null,
  adviceCode: null,
  failureMessage: null,
  requestLogUrl: null,
}

export const idOf = (
  reference: string | { readonly id: string } | null | undefined,
): string | null => (typeof reference === 'string' ? reference : (reference?.id ?? null))

const statuses: Readonly<Record<string, TransactionStatus>> = {
  succeeded: 'succeeded',
  processing: 'processing',
  // We capture at once: an intent that waits for its capture is on its way.
  requires_capture: 'processing',
  canceled: 'canceled',
  requires_action: 'requires_action',
}

/**
 * A failed attempt puts an intent back to `requires_payment_method`, so that status means "failed"
 * once an error is on record. A status that we do not know is not final: it will be asked about
 * again.
 */
function fromStripeStatus(intent: Stripe.PaymentIntent): TransactionStatus {
  const back = intent.status === 'requires_payment_method'
  return back && intent.last_payment_error ? 'failed' : (statuses[intent.status] ?? 'pending')
}

/** Where the payer can go on in a browser; null when the action needs Stripe's own script. */
function nextActionUrl(action: Stripe.PaymentIntent.NextAction | null): string | null {
  return (
    action?.redirect_to_url?.url ??
    action?.alipay_handle_redirect?.url ??
    action?.wechat_pay_display_qr_code?.hosted_instructions_url ??
    action?.verify_with_microdeposits?.hosted_verification_url ??
    null
  )
}

type Fee = Pick<PaymentObservation, 'feeMinor' | 'netMinor' | 'settlementCurrency'>

/**
 * A sum of Stripe's balance in minor units. Fees are not bound to the steps of a charge: where the
 * API keeps two digits for a currency without decimals, a fee may use them, and is rounded once.
 */
export function bookedMinor(amount: number, currency: string): number {
  const scale = exponentOf(currency) === 0 ? processorAmount(1, currency) : 1
  return mulDiv(amount, 1, scale, 'half_away')
}

/**
 * Fee and net in the settlement currency, together the gross; null until Stripe has booked the
 * charge.
 */
function feeOf(charge: Stripe.PaymentIntent['latest_charge']): Fee {
  const booked = typeof charge === 'string' ? null : charge?.balance_transaction
  if (!booked || typeof booked === 'string') {
    return { feeMinor: null, netMinor: null, settlementCurrency: null }
  }
  const currency = booked.currency.toUpperCase()
  const feeMinor = bookedMinor(booked.fee, currency)
  const netMinor = bookedMinor(booked.amount, currency) - feeMinor
  return { feeMinor, netMinor, settlementCurrency: currency }
}

/** What a payment intent says of a payment right now. */
export function fromStripeIntent(intent: Stripe.PaymentIntent): PaymentObservation {
  const status = fromStripeStatus(intent)
  const currency = intent.currency.toUpperCase()
  const error = intent.last_payment_error
  return {
    processorId: intent.id,
    processorChargeId: idOf(intent.latest_charge),
    status,
    amountMinor: fromProcessorAmount(intent.amount, currency),
    currency,
    ...feeOf(intent.latest_charge),
    ...(status === 'failed' && error ? declineFacts(error) : noReasons),
    nextActionUrl: status === 'requires_action' ? nextActionUrl(intent.next_action) : null,
  }
}

function chargedAt({ latest_charge: charge }: Stripe.PaymentIntent): number | null {
  return charge !== null && typeof charge === 'object' ? charge.created : null
}

/** A payment intent, with its fee expanded, as an object that was read. */
export const paymentObject = (
  intent: Stripe.PaymentIntent,
): Extract<ProcessorObject, { kind: 'payment' }> => ({
  kind: 'payment',
  tenantId: intent.metadata?.tenant_id ?? null,
  transactionId: intent.metadata?.transaction_id ?? null,
  processorCustomerId: idOf(intent.customer),
  processorMethodId: idOf(intent.payment_method),
  happenedAt: (chargedAt(intent) ?? intent.created) * 1_000,
  observation: fromStripeIntent(intent),
})

const refundStatuses = ['pending', 'requires_action', 'succeeded', 'failed', 'canceled'] as const

/** What a refund says of itself right now. */
export function fromStripeRefund(refund: Stripe.Refund): RefundObservation {
  const currency = refund.currency.toUpperCase()
  return {
    processorId: refund.id,
    status: refundStatuses.find(status => status === refund.status) ?? 'pending',
    amountMinor: fromProcessorAmount(refund.amount, currency),
    currency,
    failureCode: refund.failure_reason ?? null,
  }
}

const typesOfStripe = {
  card: 'card',
  us_bank_account: 'bank_account',
  alipay: 'alipay',
  wechat_pay: 'wechat_pay',
  paypal: 'paypal',
} as const satisfies Record<string, PaymentMethodType>

type KnownStripeType = keyof typeof typesOfStripe

const isKnownType = (type: string): type is KnownStripeType => Object.hasOwn(typesOfStripe, type)

/** Stripe's word for a type of method that it moves money with. */
export function toStripeType(type: PaymentMethodType): KnownStripeType {
  const known = Object.entries(typesOfStripe).find(([, ours]) => ours === type)
  if (!known || !isKnownType(known[0])) throw new Error(`Stripe moves no money by ${type}`)
  return known[0]
}

function cardFacts(card: Stripe.PaymentMethod.Card): CardFacts {
  return {
    brand: card.brand,
    last4: card.last4,
    expMonth: card.exp_month,
    expYear: card.exp_year,
    funding: card.funding || null,
    country: card.country ?? null,
  }
}

function bankFacts(account: Stripe.PaymentMethod.UsBankAccount): BankAccountFacts {
  return {
    bankName: account.bank_name,
    last4: account.last4 ?? '',
    accountType: account.account_type,
  }
}

function fromStripeAddress(address: Stripe.Address | null): Address | null {
  if (!address || Object.values(address).every(part => !part)) return null
  return {
    line1: address.line1 || null,
    line2: address.line2 || null,
    city: address.city || null,
    state: address.state || null,
    postalCode: address.postal_code || null,
    country: address.country || null,
  }
}

export function fromStripeDetails(details: Stripe.PaymentMethod.BillingDetails): BillingDetails {
  return {
    name: details.name || null,
    email: details.email || null,
    phone: details.phone || null,
    address: fromStripeAddress(details.address),
  }
}

/**
 * The facts of a method; null for a type that we do not offer. A bank account counts as verified
 * once it belongs to a customer (Stripe attaches it only then) and no return has blocked it.
 */
export function fromStripeMethod(method: Stripe.PaymentMethod): MethodFacts | null {
  if (!isKnownType(method.type)) return null
  const { card, us_bank_account: account } = method
  return {
    processorId: method.id,
    type: typesOfStripe[method.type],
    card: card ? cardFacts(card) : null,
    bankAccount: account ? bankFacts(account) : null,
    billingDetails: fromStripeDetails(method.billing_details),
    fingerprint: card?.fingerprint ?? account?.fingerprint ?? null,
    verified: account ? method.customer !== null && !account.status_details?.blocked : true,
  }
}

/** An empty text unsets a field at Stripe. */
const unset = (text: string | null): string => text ?? ''

const toStripeAddress = (address: Address): Stripe.AddressParam => ({
  line1: unset(address.line1),
  line2: unset(address.line2),
  city: unset(address.city),
  state: unset(address.state),
  postal_code: unset(address.postalCode),
  country: unset(address.country),
})

/** Billing details to change: what is absent stays, what is null is removed. */
export function toStripeDetails(
  details: Partial<BillingDetails>,
): Stripe.PaymentMethodUpdateParams.BillingDetails {
  const { name, email, phone, address } = details
  return {
    ...(name !== undefined && { name: unset(name) }),
    ...(email !== undefined && { email: unset(email) }),
    ...(phone !== undefined && { phone: unset(phone) }),
    ...(address !== undefined && {
      address: address === null ? '' : toStripeAddress(address),
    }),
  }
}

/** Types that a first payment in the payer's presence prepares for later ones without it. */
export const isReusable = (type: PaymentMethod['type']): boolean =>
  type === 'card' || type === 'bank_account'
