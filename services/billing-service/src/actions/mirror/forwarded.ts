// What Stripe answered to a request of ours, as our caller reads it: the copy of the subscription, and what
// became of the payment that the request caused.
import type { InvoiceId } from '../../core/ids.ts'
import type { SubscriptionFacts } from '../../core/mirror.ts'
import type { Transaction } from '../../core/payment.ts'
import { refuse } from '../../core/refusal.ts'
import type { Subscription } from '../../core/subscription.ts'
import type { Deps } from '../../deps.ts'
import { ProcessorUnavailable } from '../../ports/processor.ts'
import { type ProcessorBilling, ProcessorRefusal } from '../../ports/processor-billing.ts'
import { type PaymentResult, paymentResult } from '../payments/payment-result.ts'
import { mirrorInvoiceNamed } from './mirror-invoice.ts'
import { isLeft, mirrorSubscription } from './mirror-subscription.ts'

export interface Forwarded {
  readonly subscription: Subscription
  readonly payment: PaymentResult | null
}

/** The part of the processor that bills by itself. Refuses `unavailable` where it has none. */
export const billingOf = (deps: Deps): ProcessorBilling =>
  deps.processor.billing ?? refuse('unavailable', { part: 'Stripe Billing' })

/** Asks Stripe. Refuses `processor_refused` with its words, `unavailable` when nobody knows the outcome. */
export async function asked<T>(call: Promise<T>): Promise<T> {
  try {
    return await call
  } catch (error) {
    if (error instanceof ProcessorRefusal) refuse('processor_refused', { message: error.message })
    if (error instanceof ProcessorUnavailable) refuse('unavailable', { part: 'Stripe' })
    throw error
  }
}

/** Copies what Stripe answered, with its newest invoice when the request made one. */
export async function forwarded(
  deps: Deps,
  facts: SubscriptionFacts,
  invoiceBefore: string | null,
): Promise<Forwarded> {
  const copied = await mirrorSubscription(deps, facts)
  if (isLeft(copied)) return refuse('processor_refused', { message: copied.left })
  const { processorInvoiceId } = facts
  const made = processorInvoiceId !== null && processorInvoiceId !== invoiceBefore
  const invoice = made ? await mirrorInvoiceNamed(deps, processorInvoiceId) : null
  const reads = deps.store.of(copied.tenantId)
  const subscription = await reads.get('subscriptions', copied.id)
  if (invoice === null || isLeft(invoice)) return { subscription, payment: null }
  const payment = await latestPayment(deps, invoice.tenantId, invoice.id)
  return { subscription, payment: withPage(paymentResult(payment), invoice.processorUrl) }
}

/** A challenge of the bank is answered on Stripe's page of the invoice. */
const withPage = (payment: PaymentResult | null, page: string | null): PaymentResult | null =>
  payment?.status === 'requires_action'
    ? { ...payment, nextActionUrl: payment.nextActionUrl ?? page }
    : payment

/** The newest try to pay an invoice. */
export async function latestPayment(
  deps: Deps,
  tenantId: string,
  invoiceId: InvoiceId,
): Promise<Transaction | null> {
  const { rows } = await deps.store.of(tenantId).list('transactions', {
    where: { invoiceId },
    order: { field: 'createdAt', direction: 'desc' },
    limit: 100,
  })
  return rows.find(({ type }) => type === 'payment') ?? null
}
