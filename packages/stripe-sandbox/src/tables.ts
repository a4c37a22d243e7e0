// The tables of the sandbox: Stripe's objects as its SDK types them, and what the sandbox must know
// beside them (instruments, due tasks, deliveries). Nothing here is behaviour.

import type Stripe from 'stripe'
import type { Invoice, PendingLine, Price, Subscription } from './billing/rows.ts'
import type { FormRecord } from './form.ts'
import type { Wire } from './wire.ts'

/** Any object Stripe's API speaks of. */
export type ApiObject = { id: string; object: string }

export type EventType = Stripe.Event['type']

/** What an event is about: the balance alone has no id. */
export type EventObject = ApiObject | Stripe.Balance

/** An event as stored: the common part of the SDK's union of some 250 types. */
export type EventRow = {
  id: string
  object: 'event'
  api_version: string
  created: number
  data: { object: EventObject; previous_attributes?: Record<string, unknown> }
  livemode: false
  pending_webhooks: number
  request: { id: string | null; idempotency_key: string | null }
  type: EventType
}

/** What really stands behind a payment method; never answered. Its id is the method's. */
export type Instrument = {
  id: string
  kind: 'card' | 'bank' | 'wallet'
  /** Row of the card or bank account table that says how it behaves. */
  behaviour: string
  /** A 3-D Secure set-up was completed: off-session charges need no further authentication. */
  setUp: boolean
  /** Used once without a customer, or detached: never usable again. */
  consumed: boolean
  /** Bank accounts: how far the micro-deposit verification has come. */
  verification: 'none' | 'pending' | 'verified' | 'failed'
  attemptsLeft: number
}

/** A thing that happens by itself at `dueAt` (epoch ms of the clock it follows). */
export type Task = {
  id: string
  kind: TaskKind
  dueAt: number
  /** Object the task is about. */
  about: string
  /** Test clock it follows, or null for the sandbox's own clock. */
  clock: string | null
}

export type TaskKind =
  | 'settle_debit'
  | 'settle_refund'
  | 'fail_refund'
  | 'open_dispute'
  | 'expire_authorization'
  | 'expire_session'
  | 'expire_verification'
  | 'post_balance'
  | 'make_funds_available'
  | 'renew_subscription'
  | 'end_trial_soon'
  | 'expire_incomplete'
  | 'finalize_invoice'
  | 'collect_invoice'

/** One event on its way to one endpoint. `nextAt` is real time, not the sandbox's clock. */
export type Delivery = {
  id: string
  event: string
  endpoint: string
  attempts: number
  nextAt: number
}

/** A kept answer. `fingerprint` is a hash of method, path and parameters. */
export type KeptAnswer = {
  id: string
  fingerprint: string
  requestId: string
  status: number
  body: string
  createdAt: number
}

/** What a checkout session sells, and what it passes on to the payment it will make. */
type CheckoutPlan = { id: string; intent: FormRecord; lines: Wire<Stripe.LineItem>[] }

/** The payout that carried a balance transaction; the id is the transaction's. */
type PaidOut = { id: string; payout: string }

type Setting = { id: string; value: unknown }

export type Tables = {
  account: Stripe.Account
  balance_transaction: Stripe.BalanceTransaction
  charge: Stripe.Charge
  customer: Stripe.Customer
  event: EventRow
  mandate: Stripe.Mandate
  payment_intent: Stripe.PaymentIntent
  payment_method: Stripe.PaymentMethod
  refund: Stripe.Refund
  review: Stripe.Review
  setup_attempt: Stripe.SetupAttempt
  setup_intent: Stripe.SetupIntent
  webhook_endpoint: Stripe.WebhookEndpoint
  checkout_session: Stripe.Checkout.Session
  dispute: Stripe.Dispute
  payout: Stripe.Payout
  product: Stripe.Product
  price: Price
  coupon: Stripe.Coupon
  discount: Stripe.Discount
  subscription: Subscription
  invoice: Invoice
  invoice_payment: Stripe.InvoicePayment
  test_clock: Stripe.TestHelpers.TestClock
  early_fraud_warning: Stripe.Radar.EarlyFraudWarning
  checkout_plan: CheckoutPlan
  paid_out: PaidOut
  pending_line: PendingLine
  delivery: Delivery
  instrument: Instrument
  kept_answer: KeptAnswer
  setting: Setting
  task: Task
}

export type TableName = keyof Tables

export const tableNames = [
  'account',
  'balance_transaction',
  'charge',
  'customer',
  'event',
  'mandate',
  'payment_intent',
  'payment_method',
  'refund',
  'review',
  'setup_attempt',
  'setup_intent',
  'webhook_endpoint',
  'checkout_session',
  'dispute',
  'payout',
  'product',
  'price',
  'coupon',
  'discount',
  'subscription',
  'invoice',
  'invoice_payment',
  'test_clock',
  'early_fraud_warning',
  'checkout_plan',
  'paid_out',
  'pending_line',
  'delivery',
  'instrument',
  'kept_answer',
  'setting',
  'task',
] as const satisfies readonly TableName[]

export type Change = ['put', TableName, Tables[TableName]] | ['delete', TableName, string]
