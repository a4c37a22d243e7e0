// An invoice of Stripe Billing becomes, or updates, our copy of it: its number and lines are Stripe's, none of
// ours is used; what was paid comes from its payments; its postings are those of any invoice.
import { type Caller, systemCaller } from '../../core/caller.ts'
import { amountDueMinor, type Invoice, receivePayment, voidInvoice } from '../../core/invoice.ts'
import * as ledger from '../../core/ledger.ts'
import { type InvoiceFacts, mirroredInvoice } from '../../core/mirror.ts'
import type { Transaction } from '../../core/payment.ts'
import type { Subscription } from '../../core/subscription.ts'
import type { Instant } from '../../core/time.ts'
import type { Deps } from '../../deps.ts'
import type { TenantTransaction } from '../../ports/store.ts'
import { enter } from '../enter.ts'
import { giveUp } from '../invoices/give-up.ts'
import { book, record } from '../record.ts'
import { emptyTransaction } from '../transactions/empty-transaction.ts'
import { mirrorPayment } from './mirror-payment.ts'
import { isLeft, type Left, mirrorSubscription } from './mirror-subscription.ts'
import { payerOf } from './payer.ts'

/** Copies an invoice by its name at Stripe; null when Stripe does not know it. */
export async function mirrorInvoiceNamed(
  deps: Deps,
  processorId: string,
): Promise<Invoice | Left | null> {
  const facts = (await deps.processor.billing?.readInvoice(processorId)) ?? null
  return facts === null ? null : mirrorInvoice(deps, facts)
}

/** Copies what Stripe says of an invoice, then its payments, then how it ended. */
export async function mirrorInvoice(deps: Deps, facts: InvoiceFacts): Promise<Invoice | Left> {
  if (facts.status === 'draft') return { left: 'a draft is no demand yet', mends: false }
  const subscription = await subscriptionOf(deps, facts)
  if (subscription !== null && isLeft(subscription)) return subscription
  const payer = await payerOf(deps, facts.processorCustomerId, facts.metadata.tenant_id)
  if (payer === null) {
    return { left: `the customer ${facts.processorCustomerId} is none of ours`, mends: true }
  }
  const caller = systemCaller(payer.tenantId, 'mirror', facts.processorId)
  const { at } = await enter(deps, caller)
  const invoice = await deps.store.transaction(payer.tenantId, async tx => {
    await tx.lock('customers', payer.customerId)
    return copy(deps, tx, caller, facts, { ...payer, subscription, at })
  })
  for (const id of facts.paymentIds) await mirrorPayment(deps, caller, invoice, id)
  return deps.store.transaction(payer.tenantId, tx =>
    finish(deps, tx, caller, facts, invoice.id, at),
  )
}

async function subscriptionOf(
  deps: Deps,
  { processorSubscriptionId }: InvoiceFacts,
): Promise<Subscription | Left | null> {
  if (processorSubscriptionId === null) return null
  const { rows } = await deps.store.system.list('subscriptions', {
    where: { processorId: processorSubscriptionId },
    limit: 1,
  })
  if (rows[0] !== undefined) return rows[0]
  const facts = (await deps.processor.billing?.readSubscription(processorSubscriptionId)) ?? null
  if (facts === null) return { left: `${processorSubscriptionId} is not there`, mends: true }
  return mirrorSubscription(deps, facts)
}

async function copy(
  deps: Deps,
  tx: TenantTransaction,
  caller: Caller,
  facts: InvoiceFacts,
  terms: Pick<Parameters<typeof mirroredInvoice>[1], 'tenantId' | 'customerId' | 'at'> & {
    readonly subscription: Subscription | null
  },
): Promise<Invoice> {
  const where = { processorId: facts.processorId }
  const { rows } = await tx.list('invoices', { where, limit: 1 })
  if (rows[0] !== undefined) return refresh(tx, rows[0].id, facts, terms.at)
  const invoice = mirroredInvoice(facts, {
    ...terms,
    id: deps.ids.next('invoice'),
    issuer: deps.issuer,
    newLineId: () => deps.ids.next('invoiceLine'),
  })
  await tx.insert('invoices', invoice)
  const at = invoice.issuedAt ?? terms.at
  await book(deps, tx, terms.tenantId, at, [
    ledger.invoiceFinalized(invoice),
    ledger.balanceApplied(invoice),
  ])
  const { invoiceNumber, totalMinor, currency } = invoice
  const data = { billedBy: 'stripe', invoiceNumber, totalMinor, currency }
  await record(deps, tx, caller, at, [
    { type: 'invoice.issued', objectId: invoice.id, data },
    ...(invoice.status === 'paid'
      ? [{ type: 'invoice.paid', objectId: invoice.id, data: { invoiceNumber } }]
      : []),
  ])
  if (terms.subscription !== null) await becomesLatest(tx, terms.subscription.id, invoice)
  return invoice
}

/** What may still change on an invoice that was issued. */
async function refresh(
  tx: TenantTransaction,
  id: string,
  { attemptCount, url }: InvoiceFacts,
  at: Instant,
): Promise<Invoice> {
  const invoice = await tx.lock('invoices', id)
  if (invoice.attemptCount === attemptCount && invoice.processorUrl === url) return invoice
  return tx.replace('invoices', { ...invoice, attemptCount, processorUrl: url, updatedAt: at })
}

async function becomesLatest(tx: TenantTransaction, id: string, invoice: Invoice): Promise<void> {
  const subscription = await tx.lock('subscriptions', id)
  const { latestInvoiceId } = subscription
  const latest = latestInvoiceId === null ? null : await tx.get('invoices', latestInvoiceId)
  if (latest !== null && latest.createdAt > invoice.createdAt) return
  await tx.replace('subscriptions', { ...subscription, latestInvoiceId: invoice.id })
}

/** Withdrawn, given up or paid outside of Stripe: what no payment says. */
async function finish(
  deps: Deps,
  tx: TenantTransaction,
  caller: Caller,
  facts: InvoiceFacts,
  id: string,
  now: Instant,
): Promise<Invoice> {
  const invoice = await tx.lock('invoices', id)
  const at = facts.closedAt ?? now
  if (facts.status === 'void' && ['open', 'uncollectible'].includes(invoice.status)) {
    const saved = await tx.replace('invoices', voidInvoice(invoice, at))
    await book(deps, tx, caller.tenantId, at, [
      ledger.invoiceVoided(saved),
      ledger.balanceReturned(saved),
    ])
    await record(deps, tx, caller, at, [{ type: 'invoice.voided', objectId: id, data: {} }])
    return saved
  }
  if (facts.status === 'uncollectible' && invoice.status === 'open') {
    return giveUp(deps, tx, caller, { at, now: deps.clock.real() }, invoice)
  }
  if (facts.status === 'paid' && invoice.status === 'open') {
    return paidOutside(deps, tx, caller, invoice, now)
  }
  return invoice
}

/** Stripe calls it paid, yet its payments do not cover it: the rest came by another way. */
async function paidOutside(
  deps: Deps,
  tx: TenantTransaction,
  caller: Caller,
  invoice: Invoice,
  at: Instant,
): Promise<Invoice> {
  const amountMinor = amountDueMinor(invoice)
  const payment: Transaction = {
    ...emptyTransaction,
    tenantId: invoice.tenantId,
    id: deps.ids.next('transaction'),
    customerId: invoice.customerId,
    type: 'payment',
    status: 'succeeded',
    currency: invoice.currency,
    amountMinor,
    feeMinor: 0,
    netMinor: amountMinor,
    settlementCurrency: invoice.currency,
    invoiceId: invoice.id,
    subscriptionId: invoice.subscriptionId,
    reason: 'paid_outside_stripe',
    processor: 'none',
    planCode: invoice.planCode,
    country: invoice.country,
    methodType: 'manual',
    processedAt: at,
    recordedAt: deps.clock.real(),
    createdAt: at,
    updatedAt: at,
  }
  await tx.insert('transactions', payment)
  await book(deps, tx, invoice.tenantId, at, [ledger.paidOutside(payment)])
  const saved = await tx.replace('invoices', receivePayment(invoice, amountMinor, at).invoice)
  const { id, invoiceNumber } = saved
  await record(deps, tx, caller, at, [
    { type: 'payment.succeeded', objectId: payment.id, data: { invoiceId: id, amountMinor } },
    { type: 'invoice.paid', objectId: id, data: { invoiceNumber } },
  ])
  return saved
}
