// A hosted page to pay one invoice on. The attempt is written down before the page is opened, and settled like
// every other: by the page's events, by reconciliation, or when somebody pays another way first.
import type { Caller } from '../../core/caller.ts'
import { amountDueMinor, assertPayable, type Invoice } from '../../core/invoice.ts'
import { assertChargeable, assertNotTooSmall } from '../../core/money.ts'
import { isFinal, type PaymentObservation, type Transaction } from '../../core/payment.ts'
import { refuse } from '../../core/refusal.ts'
import type { Instant } from '../../core/time.ts'
import type { Deps } from '../../deps.ts'
import type { CheckoutObservation } from '../../ports/processor.ts'
import type { TenantTransaction } from '../../ports/store.ts'
import { type Entered, enter } from '../enter.ts'
import { assertOurs } from '../mirror/limits.ts'
import { record } from '../record.ts'
import { emptyTransaction } from '../transactions/empty-transaction.ts'
import { assertNoPaymentRunning, processorCustomer } from './charge.ts'
import { settleAttempt } from './settle-attempt.ts'

const minuteMs = 60_000

/** How an attempt is marked whose method the payer has not chosen yet. */
const checkoutType = 'checkout'

export const isCheckout = (transaction: Pick<Transaction, 'methodType'>): boolean =>
  transaction.methodType === checkoutType

export interface CheckoutPage {
  readonly url: string
  readonly expiresAt: Instant
}

/**
 * Opens a page for what is due, or answers the one that is open. Refuses `payment_in_progress` while another
 * payment runs, `invoice_already_paid`, `invoice_not_open`, `nothing_to_pay`, `amount_too_small`, `not_found`.
 */
export async function checkoutInvoice(
  deps: Deps,
  caller: Caller,
  invoiceId: string,
): Promise<CheckoutPage> {
  const entered = await enter(deps, caller)
  const reads = deps.store.of(caller.tenantId)
  const wanted = await reads.get('invoices', invoiceId)
  assertOurs(wanted)
  assertPayable(wanted)
  const open = await openCheckout(reads, invoiceId)
  const current = open === null ? null : await lookAt(deps, caller, open)
  if (current?.url) return { url: current.url, expiresAt: current.expiresAt }
  const { attempt, invoice } = await begin(deps, caller, entered, invoiceId)
  const customer = await reads.get('customers', invoice.customerId)
  const page = await deps.processor.createCheckout({
    transactionId: attempt.id,
    tenantId: caller.tenantId,
    invoiceId,
    amount: { amountMinor: attempt.amountMinor, currency: attempt.currency },
    description: `Invoice ${invoice.invoiceNumber}`,
    createdAt: attempt.recordedAt,
    processorCustomerId: await processorCustomer(deps, caller, customer),
    email: customer.email,
    language: caller.language,
  })
  await settleCheckout(deps, caller, attempt.id, page)
  if (page.url === null) refuse('payment_in_progress', { transactionId: attempt.id })
  return { url: page.url, expiresAt: page.expiresAt }
}

async function openCheckout(
  reads: Pick<TenantTransaction, 'list'>,
  invoiceId: string,
): Promise<Transaction | null> {
  const { rows } = await reads.list('transactions', {
    where: { invoiceId: invoiceId as Invoice['id'] },
    order: { field: 'createdAt', direction: 'desc' },
    limit: 100,
  })
  return rows.find(row => isCheckout(row) && !isFinal(row.status)) ?? null
}

async function begin(
  deps: Deps,
  caller: Caller,
  { at, now }: Entered,
  invoiceId: string,
): Promise<{ attempt: Transaction; invoice: Invoice }> {
  return deps.store.transaction(caller.tenantId, async tx => {
    const locked = await tx.lock('invoices', invoiceId)
    assertPayable(locked)
    await assertNoPaymentRunning(tx, locked)
    assertChargeable(amountDueMinor(locked), locked.currency)
    assertNotTooSmall(amountDueMinor(locked), locked.currency)
    const attempt: Transaction = {
      ...emptyTransaction,
      tenantId: caller.tenantId,
      id: deps.ids.next('transaction'),
      customerId: locked.customerId,
      type: 'payment',
      status: 'pending',
      currency: locked.currency,
      amountMinor: amountDueMinor(locked),
      invoiceId: locked.id,
      subscriptionId: locked.subscriptionId,
      processor: deps.processor.name,
      planCode: locked.planCode,
      country: locked.country,
      methodType: checkoutType,
      checkAt: now + minuteMs,
      recordedAt: now,
      createdAt: at,
      updatedAt: at,
    }
    await tx.insert('transactions', attempt)
    await record(deps, tx, caller, at, [
      {
        type: 'payment.checkout_opened',
        objectId: attempt.id,
        data: { invoiceId, amountMinor: attempt.amountMinor, currency: attempt.currency },
      },
    ])
    const { attemptCount } = locked
    const changed = { ...locked, attemptCount: attemptCount + 1, updatedAt: at }
    return { attempt, invoice: await tx.replace('invoices', changed) }
  })
}

/** What the processor says of the page of an attempt, applied. Null: it was never opened. */
export async function lookAt(
  deps: Deps,
  caller: Caller,
  attempt: Transaction,
): Promise<CheckoutObservation | null> {
  const { processorId } = await deps.store.of(caller.tenantId).get('customers', attempt.customerId)
  if (processorId === null) return null
  const page = await deps.processor.findCheckout({
    transactionId: attempt.id,
    checkoutId: attempt.checkoutId,
    processorCustomerId: processorId,
  })
  if (page !== null) await settleCheckout(deps, caller, attempt.id, page)
  return page
}

/**
 * Applies what a page says. A decline on an open page is no result: the payer may try another way there. The
 * payment counts once it succeeds, is on its way, or the page is over.
 */
export async function settleCheckout(
  deps: Deps,
  caller: Caller,
  transactionId: string,
  page: CheckoutObservation,
): Promise<Transaction> {
  await noteCheckout(deps, caller, transactionId, page)
  const { payment } = page
  const moved = payment?.status === 'succeeded' || payment?.status === 'processing'
  if (payment !== null && (moved || page.status === 'complete')) {
    return settleAttempt(deps, caller, transactionId, payment)
  }
  const attempt = await deps.store.of(caller.tenantId).get('transactions', transactionId)
  const waits = page.status === 'open' ? waiting(attempt, page) : over(attempt, payment)
  return settleAttempt(deps, caller, transactionId, waits)
}

/** The page gets its name on the attempt before anything else is believed of it. */
async function noteCheckout(
  deps: Deps,
  caller: Caller,
  transactionId: string,
  page: CheckoutObservation,
): Promise<void> {
  await deps.store.transaction(caller.tenantId, async tx => {
    const attempt = await tx.lock('transactions', transactionId)
    if (attempt.checkoutId === page.id) return
    await tx.replace('transactions', { ...attempt, checkoutId: page.id })
  })
}

const nothingYet = (attempt: Transaction): Omit<PaymentObservation, 'status'> => ({
  processorId: attempt.processorId,
  processorChargeId: null,
  amountMinor: attempt.amountMinor,
  currency: attempt.currency,
  feeMinor: null,
  netMinor: null,
  settlementCurrency: null,
  failureCode: null,
  declineCode: null,
  adviceCode: null,
  failureMessage: null,
  requestLogUrl: null,
  nextActionUrl: null,
})

const waiting = (attempt: Transaction, page: CheckoutObservation): PaymentObservation => ({
  ...nothingYet(attempt),
  status: 'requires_action',
  nextActionUrl: page.url,
})

/** Nobody paid on it: called off, not declined. Its last decline, if any, tells why. */
const over = (attempt: Transaction, payment: PaymentObservation | null): PaymentObservation => ({
  ...nothingYet(attempt),
  status: 'canceled',
  processorId: attempt.processorId ?? payment?.processorId ?? null,
  failureCode: 'checkout_expired',
})

/**
 * Closes the page that is open for an invoice, so that another way to pay can begin: one debt, one payment. If
 * it was paid on meanwhile, that is settled instead, and what follows is refused by the invoice's state.
 */
export async function closeCheckout(deps: Deps, caller: Caller, invoiceId: string): Promise<void> {
  const open = await openCheckout(deps.store.of(caller.tenantId), invoiceId)
  if (open === null) return
  if (open.checkoutId === null) {
    await lookAt(deps, caller, open)
    return
  }
  const page = await deps.processor.expireCheckout(open.checkoutId)
  await settleCheckout(deps, caller, open.id, page)
}
