// Reading Stripe Billing: subscriptions, invoices, and what an existing account holds. It changes nothing.
import type Stripe from 'stripe'
import type { InvoiceFacts, SubscriptionFacts } from '../../core/mirror.ts'
import { isCurrency } from '../../core/money.ts'
import type { ProcessorBillingReads, ProcessorCustomer } from '../../ports/processor-billing.ts'
import { fromStripeInvoice, fromStripePreview, fromStripeSubscription } from './billing-mapping.ts'
import type { StripeConnection } from './connect.ts'
import { answeredWith, faultOf, isMissing, isStripeError } from './failures.ts'
import { fromStripeMethod, idOf } from './mapping.ts'

const pageSize = 100
/** Of one customer or invoice; more than this is no account of a tenant. */
const pagesMax = 100

/** A failure of these calls is a fault, but for what is not there. */
async function orNull<Result>(operation: string, call: Promise<Result>): Promise<Result | null> {
  try {
    return await call
  } catch (failure) {
    if (isMissing(failure)) return null
    throw isStripeError(failure) ? faultOf(operation, failure) : failure
  }
}

/** All rows of a list, newest first as Stripe answers them. */
async function everyRow<Row extends { readonly id: string }>(
  operation: string,
  page: (startingAfter: string | undefined) => Promise<Stripe.ApiList<Row>>,
): Promise<Row[]> {
  const rows: Row[] = []
  for (let number = 0; number < pagesMax; number += 1) {
    const list = await page(rows.at(-1)?.id)
    rows.push(...list.data)
    if (!list.has_more) return rows
  }
  throw new Error(`${operation}: more than ${pagesMax} pages`)
}

const from = (startingAfter: string | undefined) => ({
  limit: pageSize,
  ...(startingAfter === undefined ? {} : { starting_after: startingAfter }),
})

export async function readSubscription(
  connection: StripeConnection,
  id: string,
): Promise<SubscriptionFacts | null> {
  const found = await orNull(
    'retrieve subscription',
    connection.call('retrieve subscription', { object: 'subscription', id }, stripe =>
      stripe.subscriptions.retrieve(id),
    ),
  )
  if (found === null || !isCurrency(found.currency.toUpperCase())) return null
  return fromStripeSubscription(found)
}

/** The lines that an invoice carries, and the rest of them where it does not carry all. */
async function linesOf(
  connection: StripeConnection,
  invoice: Stripe.Invoice,
): Promise<readonly Stripe.InvoiceLineItem[]> {
  if (!invoice.lines.has_more) return invoice.lines.data
  return everyRow('list invoice lines', startingAfter =>
    connection.call('list invoice lines', { object: 'list' }, stripe =>
      stripe.invoices.listLineItems(invoice.id, from(startingAfter)),
    ),
  )
}

export async function readInvoice(
  connection: StripeConnection,
  id: string,
): Promise<InvoiceFacts | null> {
  const found = await orNull(
    'retrieve invoice',
    connection.call('retrieve invoice', { object: 'invoice', id }, stripe =>
      stripe.invoices.retrieve(id, { expand: ['payments'] }),
    ),
  )
  if (found === null || !isCurrency(found.currency.toUpperCase())) return null
  return fromStripeInvoice(found, await linesOf(connection, found))
}

async function invoiceOfPayment(
  connection: StripeConnection,
  paymentId: string,
): Promise<string | null> {
  const payment = { type: 'payment_intent', payment_intent: paymentId } as const
  const found = await orNull(
    'list invoice payments',
    connection.call('list invoice payments', { object: 'list' }, stripe =>
      stripe.invoicePayments.list({ payment, limit: 1 }),
    ),
  )
  return idOf(found?.data[0]?.invoice)
}

async function subscriptionsOf(
  connection: StripeConnection,
  customer: string,
): Promise<readonly SubscriptionFacts[]> {
  const rows = await everyRow('list subscriptions', startingAfter =>
    connection.call('list subscriptions', { object: 'list' }, stripe =>
      stripe.subscriptions.list({ customer, status: 'all', ...from(startingAfter) }),
    ),
  )
  return rows.reverse().map(fromStripeSubscription)
}

async function invoicesOf(
  connection: StripeConnection,
  customer: string,
): Promise<readonly string[]> {
  const rows = await everyRow('list invoices', startingAfter =>
    connection.call('list invoices', { object: 'list' }, stripe =>
      stripe.invoices.list({ customer, ...from(startingAfter) }),
    ),
  )
  return rows
    .reverse()
    .filter(({ status }) => status !== 'draft')
    .map(({ id }) => id)
}

const customerOf = (customer: Stripe.Customer): ProcessorCustomer => ({
  processorId: customer.id,
  name: customer.name ?? null,
  email: customer.email,
  defaultMethodId: idOf(customer.invoice_settings.default_payment_method),
  metadata: customer.metadata,
  createdAt: customer.created * 1_000,
})

/** The reading side of Stripe Billing. */
export function stripeBillingReads(connection: StripeConnection): ProcessorBillingReads {
  return {
    readSubscription: id => readSubscription(connection, id),
    readInvoice: id => readInvoice(connection, id),
    invoiceOfPayment: id => invoiceOfPayment(connection, id),
    async findSubscription(processorCustomerId, subscriptionId) {
      const all = await subscriptionsOf(connection, processorCustomerId)
      return all.find(({ metadata }) => metadata.subscription_id === subscriptionId) ?? null
    },
    async listCustomers(after) {
      const page = await connection.call('list customers', { object: 'list' }, stripe =>
        stripe.customers.list(from(after ?? undefined)),
      )
      const last = page.data.at(-1)?.id ?? null
      return { rows: page.data.map(customerOf), after: page.has_more ? last : null }
    },
    async listMethods(processorCustomerId) {
      const rows = await everyRow('list methods', startingAfter =>
        connection.call('list methods', { object: 'list' }, stripe =>
          stripe.customers.listPaymentMethods(processorCustomerId, from(startingAfter)),
        ),
      )
      return rows.reverse().flatMap(method => fromStripeMethod(method) ?? [])
    },
    listSubscriptions: id => subscriptionsOf(connection, id),
    listInvoices: id => invoicesOf(connection, id),
    async previewInvoice(processorId) {
      try {
        const preview = await connection.call('preview invoice', { object: 'invoice' }, stripe =>
          stripe.invoices.createPreview({ subscription: processorId }),
        )
        return fromStripePreview(preview, await linesOf(connection, preview))
      } catch (failure) {
        // A subscription that ends has no next invoice.
        if (answeredWith(failure, 400, 404) && failure.code === 'invoice_upcoming_none') return null
        throw isStripeError(failure) ? faultOf('preview invoice', failure) : failure
      }
    },
  }
}
