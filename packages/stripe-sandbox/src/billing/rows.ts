// How Stripe Billing's objects are stored: the SDK's types as they travel, with decimals as text.

import type Stripe from 'stripe'
import type { Wire } from '../wire.ts'

export type Price = Omit<Stripe.Price, 'unit_amount_decimal' | 'currency_options' | 'tiers'> & {
  unit_amount_decimal: string | null
}

export type Plan = Omit<Stripe.Plan, 'amount_decimal' | 'tiers'> & { amount_decimal: string | null }

export type SubscriptionItem = Omit<Stripe.SubscriptionItem, 'plan' | 'price'> & {
  plan: Plan
  price: Price
}

type List<Row> = { object: 'list'; data: Row[]; has_more: boolean; url: string }

export type Subscription = Omit<Stripe.Subscription, 'items'> & { items: List<SubscriptionItem> }

export type InvoiceLine = Wire<Stripe.InvoiceLineItem>

export type Invoice = Omit<Stripe.Invoice, 'lines'> & { lines: List<InvoiceLine> }

/** A proration waiting for the next invoice of its subscription. */
export type PendingLine = { id: string; subscription: string; line: InvoiceLine }

export function listOf<Row>(url: string, data: Row[]): List<Row> {
  return { object: 'list', data, has_more: false, url }
}
