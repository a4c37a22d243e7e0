// Between Stripe Billing's objects and our words. Pure: it calls nothing and decides nothing.
import type Stripe from 'stripe'
import type { BillingReason, PartySnapshot, TaxLine } from '../../core/invoice.ts'
import {
  type InvoiceFacts,
  type MirroredLine,
  type SubscriptionFacts,
  taxLineOf,
} from '../../core/mirror.ts'
import { fromProcessorAmount, sumMinor } from '../../core/money.ts'
import type { InvoicePreview } from '../../ports/processor-billing.ts'
import { fromStripeDetails, idOf } from './mapping.ts'

const instant = (seconds: number): number => seconds * 1_000
const instantOrNull = (seconds: number | null | undefined): number | null =>
  seconds == null ? null : instant(seconds)

const subscriptionStatuses = [
  'trialing',
  'active',
  'past_due',
  'unpaid',
  'paused',
  'incomplete',
  'incomplete_expired',
  'canceled',
] as const
const invoiceStatuses = ['draft', 'open', 'paid', 'void', 'uncollectible'] as const

/** A word of Stripe's that we know; one that we do not is a fault, never a guess. */
function known<Word extends string>(words: readonly Word[], word: string | null): Word {
  const found = words.find(each => each === word)
  if (found === undefined) throw new Error(`Stripe says "${word}", which is not known here`)
  return found
}

const pauses = ['void', 'keep_as_draft', 'mark_uncollectible'] as const

const pauseOf = (pause: Stripe.Subscription['pause_collection']) =>
  pause === null ? null : known(pauses, pause.behavior)

/** What a subscription says of itself. Items of one subscription share their period here. */
export function fromStripeSubscription(subscription: Stripe.Subscription): SubscriptionFacts {
  const items = subscription.items.data
  const [first] = items
  const end = first?.current_period_end ?? subscription.start_date
  const reason = subscription.cancellation_details
  return {
    processorId: subscription.id,
    processorCustomerId: idOf(subscription.customer) ?? '',
    status: known(subscriptionStatuses, subscription.status),
    currency: subscription.currency.toUpperCase(),
    items: items.map(({ price, quantity }) => ({ priceId: price.id, quantity: quantity ?? 1 })),
    anchorAt: instant(subscription.billing_cycle_anchor),
    periodStart: instant(first?.current_period_start ?? subscription.start_date),
    periodEnd: instant(end),
    trialStart: instantOrNull(subscription.trial_start),
    trialEnd: instantOrNull(subscription.trial_end),
    cancelAtPeriodEnd: subscription.cancel_at_period_end || subscription.cancel_at === end,
    cancelReason: reason?.comment ?? reason?.reason ?? null,
    canceledAt: instantOrNull(subscription.canceled_at),
    endedAt: instantOrNull(subscription.ended_at),
    collectionPause: pauseOf(subscription.pause_collection),
    processorMethodId: idOf(subscription.default_payment_method),
    processorInvoiceId: idOf(subscription.latest_invoice),
    createdAt: instant(subscription.created),
    metadata: subscription.metadata,
  }
}

const reasons: Readonly<Record<string, BillingReason>> = {
  subscription_create: 'subscription_create',
  subscription_cycle: 'subscription_cycle',
  subscription_update: 'subscription_update',
  subscription: 'subscription_cycle',
  subscription_threshold: 'subscription_cycle',
}

function kindOf(line: Stripe.InvoiceLineItem): MirroredLine['kind'] {
  const item = line.parent?.subscription_item_details
  if (item == null) return line.parent?.invoice_item_details?.proration ? prorated(line) : 'one_off'
  return item.proration ? prorated(line) : 'recurring'
}

const prorated = (line: Stripe.InvoiceLineItem): MirroredLine['kind'] =>
  line.amount < 0 ? 'proration_credit' : 'proration_charge'

/** Our lines hold no tax; where Stripe's price includes it, it is taken out of the amount. */
function fromStripeLine(line: Stripe.InvoiceLineItem, currency: string): MirroredLine {
  const minor = (amount: number) => fromProcessorAmount(amount, currency)
  const taxes = line.taxes ?? []
  const inclusive = taxes.filter(tax => tax.tax_behavior === 'inclusive')
  return {
    kind: kindOf(line),
    description: line.description ?? '',
    quantity: line.quantity ?? 1,
    amountMinor: minor(line.amount) - sumMinor(inclusive.map(tax => minor(tax.amount))),
    discountMinor: sumMinor((line.discount_amounts ?? []).map(each => minor(each.amount))),
    taxMinor: sumMinor(taxes.map(tax => minor(tax.amount))),
    periodStart: instantOrNull(line.period.start),
    periodEnd: instantOrNull(line.period.end),
  }
}

function taxLinesOf(invoice: Stripe.Invoice, currency: string): TaxLine[] {
  return (invoice.total_taxes ?? []).map(tax =>
    taxLineOf(
      fromProcessorAmount(tax.taxable_amount ?? 0, currency),
      fromProcessorAmount(tax.amount, currency),
    ),
  )
}

const buyerOf = (invoice: Stripe.Invoice): PartySnapshot => {
  const details = fromStripeDetails({
    address: invoice.customer_address,
    email: invoice.customer_email,
    name: invoice.customer_name,
    phone: invoice.customer_phone,
    tax_id: null,
  })
  return {
    name: details.name,
    email: details.email,
    address: details.address,
    taxIds: (invoice.customer_tax_ids ?? []).flatMap(({ type, value }) =>
      value === null ? [] : [{ type, value }],
    ),
    purchaseOrder: null,
  }
}

/** What an invoice that does not exist yet would say. */
export function fromStripePreview(
  invoice: Stripe.Invoice,
  lines: readonly Stripe.InvoiceLineItem[],
): InvoicePreview {
  const currency = invoice.currency.toUpperCase()
  const [advance] = lines.filter(line => kindOf(line) === 'recurring')
  return {
    currency,
    lines: lines.map(line => fromStripeLine(line, currency)),
    taxLines: taxLinesOf(invoice, currency),
    totalMinor: fromProcessorAmount(invoice.total, currency),
    dueMinor: fromProcessorAmount(invoice.amount_due, currency),
    periodStart: instant(advance?.period.start ?? invoice.period_start),
    periodEnd: instant(advance?.period.end ?? invoice.period_end),
  }
}

/** What an invoice says of itself, with all its lines. */
export function fromStripeInvoice(
  invoice: Stripe.Invoice,
  lines: readonly Stripe.InvoiceLineItem[],
): InvoiceFacts {
  const moved = invoice.status_transitions
  const payments = invoice.payments?.data ?? []
  return {
    ...fromStripePreview(invoice, lines),
    processorId: invoice.id,
    processorCustomerId: idOf(invoice.customer) ?? '',
    processorSubscriptionId: idOf(invoice.parent?.subscription_details?.subscription),
    number: invoice.number,
    status: known(invoiceStatuses, invoice.status ?? 'draft'),
    billingReason: reasons[invoice.billing_reason ?? ''] ?? 'manual',
    attemptCount: invoice.attempt_count,
    issuedAt: instantOrNull(moved.finalized_at),
    dueAt: instantOrNull(invoice.due_date),
    closedAt: instantOrNull(moved.voided_at ?? moved.marked_uncollectible_at),
    url: invoice.hosted_invoice_url ?? null,
    paymentIds: payments.flatMap(({ payment }) => idOf(payment.payment_intent) ?? []),
    buyer: buyerOf(invoice),
    createdAt: instant(invoice.created),
    metadata: invoice.metadata ?? {},
  }
}
