// Invoices of subscriptions: drafted, finalised, collected, paid, voided. The subscription hears of
// the result through `afterInvoice`.

import type Stripe from 'stripe'
import { emit } from '../events.ts'
import { refusal, StripeFailure } from '../failures.ts'
import { mandateFor } from '../mandates.ts'
import { attemptPayment, cancelIntent } from '../payments.ts'
import { makeIntent } from '../resources/payment-intents.ts'
import { find, idOf, need, newestWhere, newId, patch, save, type Work } from '../state.ts'
import { blankInvoice } from './blank-objects.ts'
import { applyDiscounts } from './discounts.ts'
import { type Invoice, type InvoiceLine, listOf, type Subscription } from './rows.ts'

export type Reason = NonNullable<Stripe.Invoice['billing_reason']>

const daySeconds = 86_400
/** Days between the tries to collect an invoice; after the last one collection ends. */
const retryDays = [3, 5, 7]

/** An invoice of a subscription over the given lines, its discounts taken off; stored nowhere. */
export function composeInvoice(
  work: Work,
  subscription: Subscription,
  reason: Reason,
  lines: InvoiceLine[],
  period: { start: number; end: number },
): Invoice {
  const customer = need(work, 'customer', idOf(subscription.customer))
  const blank = blankInvoice(work, subscription, customer)
  const discounts = subscription.discounts.map(reference => idOf(reference))
  const discounted = applyDiscounts(work, lines, discounts)
  const subtotal = lines.reduce((sum, line) => sum + line.amount, 0)
  const off = discounted.totals.reduce((sum, entry) => sum + entry.amount, 0)
  const total = subtotal - off
  const due = Math.max(total, 0)
  return {
    ...blank,
    amount_due: due,
    amount_remaining: due,
    billing_reason: reason,
    lines: listOf(
      `/v1/invoices/${blank.id}/lines`,
      discounted.lines.map(line => ({ ...line, invoice: blank.id })),
    ),
    period_end: period.end,
    period_start: period.start,
    subtotal,
    subtotal_excluding_tax: subtotal,
    total,
    total_discount_amounts: discounted.totals,
    total_excluding_tax: total,
  }
}

/** Drafts an invoice of a subscription. */
export function draftInvoice(
  work: Work,
  subscription: Subscription,
  reason: Reason,
  lines: InvoiceLine[],
  period: { start: number; end: number },
): Invoice {
  const composed = composeInvoice(work, subscription, reason, lines, period)
  const invoice = save(work, 'invoice', composed)
  emit(work, 'invoice.created', invoice)
  return invoice
}

/** The default payment intent of an invoice, once it is finalised and something is due. */
export function intentOfInvoice(work: Work, invoiceId: string): Stripe.PaymentIntent | undefined {
  const payment = newestWhere(work, 'invoice_payment', row => row.invoice === invoiceId)
  const intent = idOf(payment?.payment.payment_intent)
  return intent ? find(work, 'payment_intent', intent) : undefined
}

function openPayment(work: Work, invoice: Invoice): void {
  const intent = makeIntent(work, {
    amount: String(invoice.amount_due),
    currency: invoice.currency,
    customer: idOf(invoice.customer) ?? '',
    description: `Invoice ${invoice.number}`,
    setup_future_usage: 'off_session',
  })
  save(work, 'invoice_payment', {
    id: newId('inpay'),
    object: 'invoice_payment',
    amount_paid: null,
    amount_requested: invoice.amount_due,
    created: work.at,
    currency: invoice.currency,
    invoice: invoice.id,
    is_default: true,
    livemode: false,
    payment: { payment_intent: intent.id, type: 'payment_intent' },
    status: 'open',
    status_transitions: { canceled_at: null, paid_at: null },
  })
}

/** Gives a draft its number and opens it for payment; nothing due means it is paid at once. */
export function finalizeInvoice(work: Work, id: string): Invoice {
  const draft = need(work, 'invoice', id)
  if (draft.status !== 'draft') {
    throw refusal("This invoice is already finalized, you can't re-finalize it.", {
      code: 'invoice_not_editable',
    })
  }
  const customer = need(work, 'customer', idOf(draft.customer) ?? '')
  const sequence = customer.next_invoice_sequence ?? 1
  patch(work, 'customer', customer.id, { next_invoice_sequence: sequence + 1 })
  const invoice = patch(work, 'invoice', id, {
    automatically_finalizes_at: null,
    effective_at: work.at,
    ending_balance: 0,
    hosted_invoice_url: `${work.environment.baseUrl}/invoices/${id}`,
    number: `${customer.invoice_prefix}-${String(sequence).padStart(4, '0')}`,
    status: 'open',
    status_transitions: { ...draft.status_transitions, finalized_at: work.at },
  })
  if (invoice.amount_due > 0) openPayment(work, invoice)
  emit(work, 'invoice.finalized', invoice)
  return invoice.amount_due > 0 ? invoice : markPaid(work, id, 0)
}

/** Marks an open invoice paid. `amountPaid` counts money from outside Stripe too. */
export function markPaid(work: Work, id: string, amountPaid: number): Invoice {
  const before = need(work, 'invoice', id)
  const payment = newestWhere(work, 'invoice_payment', row => row.invoice === id)
  const invoice = patch(work, 'invoice', id, {
    amount_paid: amountPaid,
    amount_remaining: 0,
    attempt_count: before.attempt_count + (amountPaid > 0 ? 1 : 0),
    attempted: true,
    next_payment_attempt: null,
    status: 'paid',
    status_transitions: { ...before.status_transitions, paid_at: work.at },
  })
  if (payment) {
    const paid = patch(work, 'invoice_payment', payment.id, {
      amount_paid: amountPaid,
      status: 'paid',
      status_transitions: { canceled_at: null, paid_at: work.at },
    })
    emit(work, 'invoice_payment.paid', paid)
  }
  emit(work, 'invoice.paid', invoice)
  emit(work, 'invoice.payment_succeeded', invoice)
  return invoice
}

/** Records a failed try to collect, and when the next one will be. */
export function markFailed(work: Work, id: string): Invoice {
  const before = need(work, 'invoice', id)
  const days = retryDays[before.attempt_count]
  const retries = before.billing_reason === 'subscription_cycle' && days !== undefined
  const invoice = patch(work, 'invoice', id, {
    attempt_count: before.attempt_count + 1,
    attempted: true,
    next_payment_attempt: retries ? work.at + days * daySeconds : null,
  })
  emit(work, 'invoice.payment_failed', invoice)
  emit(work, 'invoice.updated', invoice, before)
  return invoice
}

/** The method an invoice is charged to: the subscription's, else the customer's default. */
function methodFor(work: Work, invoice: Invoice, chosen?: string): string | null {
  if (chosen) return chosen
  const subscriptionId = idOf(invoice.parent?.subscription_details?.subscription)
  const subscription = subscriptionId ? find(work, 'subscription', subscriptionId) : undefined
  const customer = need(work, 'customer', idOf(invoice.customer) ?? '')
  return (
    idOf(subscription?.default_payment_method) ??
    idOf(customer.invoice_settings.default_payment_method)
  )
}

/**
 * Tries to collect an open invoice. The outcome reaches the invoice when its payment ends; a
 * decline is thrown only to a caller who asked for this very payment.
 */
export function collectInvoice(
  work: Work,
  id: string,
  how: { offSession: boolean; method?: string },
): Invoice {
  const invoice = need(work, 'invoice', id)
  const intent = intentOfInvoice(work, id)
  if (invoice.status !== 'open' || !intent) return invoice
  const methodId = methodFor(work, invoice, how.method)
  if (!methodId) return markFailed(work, id)
  const method = need(work, 'payment_method', methodId, 'payment_method')
  const after = attemptPayment(work, intent, {
    method,
    offSession: how.offSession,
    failOnAction: false,
    returnUrl: null,
    mandate: mandateFor(work, {}, method),
  })
  if (after.status === 'requires_action') {
    emit(work, 'invoice.payment_action_required', need(work, 'invoice', id))
  }
  return need(work, 'invoice', id)
}

/** As `collectInvoice`, for tries nobody waits for: a decline is already on record. */
export function collectQuietly(work: Work, id: string, offSession: boolean): Invoice {
  try {
    return collectInvoice(work, id, { offSession })
  } catch (failure) {
    if (!(failure instanceof StripeFailure)) throw failure
    // A missing mandate or a detached method is a failed try as well, but nothing recorded it.
    return failure.effects === 'keep' ? need(work, 'invoice', id) : markFailed(work, id)
  }
}

/** Ends an open invoice unpaid; its payment is cancelled with it. */
export function voidInvoice(work: Work, id: string): Invoice {
  const before = need(work, 'invoice', id)
  if (before.status !== 'open' && before.status !== 'uncollectible') {
    throw refusal('You can only pass in open invoices or uncollectible invoices.', {
      code: 'status_transition_invalid',
    })
  }
  const invoice = patch(work, 'invoice', id, {
    next_payment_attempt: null,
    status: 'void',
    status_transitions: { ...before.status_transitions, voided_at: work.at },
  })
  const intent = intentOfInvoice(work, id)
  if (intent && intent.status !== 'succeeded' && intent.status !== 'canceled') {
    cancelIntent(work, intent.id, 'void_invoice')
  }
  emit(work, 'invoice.voided', invoice)
  return invoice
}
