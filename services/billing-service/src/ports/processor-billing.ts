// What a processor that bills by itself (Stripe Billing) can be asked: to run subscriptions, and what they and
// their invoices look like. Ours are only copies of them.
import type { InvoiceFacts, SubscriptionFacts } from '../core/mirror.ts'
import type { PaymentMethod } from '../core/payment-method.ts'
import type { CollectionPause } from '../core/subscription.ts'
import type { Instant } from '../core/time.ts'
import type { MethodFacts } from './processor.ts'

/** The processor has understood and says no; the message is its own. */
export class ProcessorRefusal extends Error {
  override readonly name = 'ProcessorRefusal'
}

export interface SubscriptionOrder {
  /** Ours: it is the idempotency key and stands in the metadata. */
  readonly subscriptionId: string
  readonly tenantId: string
  readonly processorCustomerId: string
  readonly priceId: string
  readonly quantity: number
  readonly trialDays: number
  readonly processorMethodId: string | null
  readonly metadata: Readonly<Record<string, string>>
}

/** What is to change; what is absent stays. */
export interface SubscriptionChange {
  /** The price of the item that stands for the plan now, to find it among the items. */
  readonly priceIdNow: string | null
  readonly priceId?: string
  readonly quantity?: number
  readonly prorate?: 'invoice_now' | 'next_invoice' | 'none'
  readonly trialEnd?: Instant | 'now'
  readonly processorMethodId?: string
  readonly cancelAtPeriodEnd?: boolean
  readonly cancelReason?: string | null
  /** What becomes of its invoices while nothing is collected; null: collecting goes on. */
  readonly collectionPause?: CollectionPause | null
  readonly metadata?: Readonly<Record<string, string>>
}

/** A customer as the processor keeps it, with what it can be recognised by. */
export interface ProcessorCustomer {
  readonly processorId: string
  readonly name: string | null
  readonly email: string | null
  readonly defaultMethodId: string | null
  readonly metadata: Readonly<Record<string, string>>
  readonly createdAt: Instant
}

export interface ProcessorPage<T> {
  readonly rows: readonly T[]
  /** The row after which the next page begins; null: there is none. */
  readonly after: string | null
}

/** An invoice that does not exist yet: what the next one would be if nothing changed. */
export type InvoicePreview = Pick<
  InvoiceFacts,
  'currency' | 'lines' | 'taxLines' | 'totalMinor' | 'dueMinor' | 'periodStart' | 'periodEnd'
>

/** Reads alone: every one of these is a GET or a preview, and changes nothing at the processor. */
export interface ProcessorBillingReads {
  readSubscription(processorId: string): Promise<SubscriptionFacts | null>
  readInvoice(processorId: string): Promise<InvoiceFacts | null>
  /** The invoice that a payment was tried for; null: it was for none. */
  invoiceOfPayment(paymentId: string): Promise<string | null>
  /** A subscription by our own id, among those of its customer. */
  findSubscription(
    processorCustomerId: string,
    subscriptionId: string,
  ): Promise<SubscriptionFacts | null>
  listCustomers(after: string | null): Promise<ProcessorPage<ProcessorCustomer>>
  listMethods(processorCustomerId: string): Promise<readonly MethodFacts[]>
  /** Ended ones too, oldest first. */
  listSubscriptions(processorCustomerId: string): Promise<readonly SubscriptionFacts[]>
  /** Names of finalised invoices, oldest first. */
  listInvoices(processorCustomerId: string): Promise<readonly string[]>
  /** The next invoice of a subscription; null: it will have none. */
  previewInvoice(processorId: string): Promise<InvoicePreview | null>
}

/** Refusals of the processor are `ProcessorRefusal`; an unknown outcome is `ProcessorUnavailable`. */
export interface ProcessorBilling extends ProcessorBillingReads {
  /** Repeatable with the same `subscriptionId`. */
  createSubscription(order: SubscriptionOrder): Promise<SubscriptionFacts>
  changeSubscription(
    processorId: string,
    key: string,
    change: SubscriptionChange,
  ): Promise<SubscriptionFacts>
  endSubscription(processorId: string): Promise<SubscriptionFacts>
  payInvoice(
    processorId: string,
    key: string,
    processorMethodId: PaymentMethod['processorId'] | null,
  ): Promise<InvoiceFacts>
}
