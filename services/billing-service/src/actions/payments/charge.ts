// One try at charging an invoice: written down first, then tried outside any transaction, then settled.
// Whatever happens between, reconciliation finds the written attempt and asks the processor.
import type { Caller } from '../../core/caller.ts'
import type { Customer } from '../../core/customer.ts'
import type { SubscriptionId } from '../../core/ids.ts'
import { amountDueMinor, assertPayable, type Invoice } from '../../core/invoice.ts'
import { assertChargeable, assertMovable } from '../../core/money.ts'
import type { Transaction } from '../../core/payment.ts'
import { isChargeable, type PaymentMethod } from '../../core/payment-method.ts'
import { Refusal, refuse } from '../../core/refusal.ts'
import type { Instant } from '../../core/time.ts'
import type { Deps } from '../../deps.ts'
import { ProcessorUnavailable } from '../../ports/processor.ts'
import type { TenantTransaction } from '../../ports/store.ts'
import { record } from '../record.ts'
import { emptyTransaction } from '../transactions/empty-transaction.ts'
import { settleAttempt } from './settle-attempt.ts'

/** After this long without an answer the attempt is left to reconciliation. */
const firstCheckMs = 60_000

export interface Attempt {
  readonly invoice: Invoice
  readonly transaction: Transaction
}

/** Refuses `payment_in_progress` while a try for the invoice has no final result. */
export async function assertNoPaymentRunning(
  tx: TenantTransaction,
  invoice: Invoice,
): Promise<void> {
  const { rows } = await tx.list('transactions', {
    where: { invoiceId: invoice.id },
    order: { field: 'createdAt', direction: 'desc' },
    limit: 100,
  })
  const running = rows.find(
    t => t.type === 'payment' && ['pending', 'processing', 'requires_action'].includes(t.status),
  )
  if (running) refuse('payment_in_progress', { transactionId: running.id })
}

/** Writes the attempt down. The invoice row is locked, so two tries at once cannot both begin. */
export async function beginAttempt(
  deps: Deps,
  tx: TenantTransaction,
  input: {
    readonly invoice: Invoice
    readonly method: PaymentMethod
    readonly subscriptionId: SubscriptionId | null
    /** Whether the payer is absent. */
    readonly offSession?: boolean
    /** Why this method is tried, where it is not the one that usually pays. */
    readonly reason?: string
    readonly at: Instant
    readonly now: Instant
  },
): Promise<Attempt> {
  const { method, at, now } = input
  assertPayable(input.invoice)
  if (!isChargeable(method)) refuse('payment_method_not_usable', { status: method.status })
  await assertNoPaymentRunning(tx, input.invoice)
  assertChargeable(amountDueMinor(input.invoice), input.invoice.currency)
  assertMovable(amountDueMinor(input.invoice), input.invoice.currency)
  const transaction: Transaction = {
    ...emptyTransaction,
    tenantId: input.invoice.tenantId,
    id: deps.ids.next('transaction'),
    customerId: input.invoice.customerId,
    type: 'payment',
    status: 'pending',
    currency: input.invoice.currency,
    amountMinor: amountDueMinor(input.invoice),
    invoiceId: input.invoice.id,
    subscriptionId: input.subscriptionId,
    paymentMethodId: method.id,
    processor: deps.processor.name,
    planCode: input.invoice.planCode,
    country: method.card?.country ?? input.invoice.country,
    methodType: method.type,
    methodBrand: method.card?.brand ?? method.bankAccount?.bankName ?? null,
    methodLast4: method.card?.last4 ?? method.bankAccount?.last4 ?? null,
    fingerprint: method.fingerprint,
    offSession: input.offSession ?? false,
    reason: input.reason ?? null,
    checkAt: now + firstCheckMs,
    recordedAt: now,
    createdAt: at,
    updatedAt: at,
  }
  await tx.insert('transactions', transaction)
  const invoice = await tx.replace('invoices', {
    ...input.invoice,
    attemptCount: input.invoice.attemptCount + 1,
    updatedAt: at,
  })
  return { invoice, transaction }
}

/**
 * Tries the written attempt and settles what the processor says. An unknown outcome leaves it pending: the
 * caller is told so, and reconciliation asks again.
 */
export async function runAttempt(
  deps: Deps,
  caller: Caller,
  transaction: Transaction,
  method: PaymentMethod,
  options: {
    readonly offSession: boolean
    readonly description: string
    /** A returned debit that is presented again; it has to say so. */
    readonly representment?: boolean
  },
): Promise<Transaction> {
  try {
    const processorCustomerId = await throughBlinks(deps, async () => {
      const customer = await deps.store.of(caller.tenantId).get('customers', transaction.customerId)
      return processorCustomer(deps, caller, customer)
    })
    const seen = await deps.processor.charge({
      transactionId: transaction.id,
      tenantId: caller.tenantId,
      invoiceId: transaction.invoiceId,
      amount: { amountMinor: transaction.amountMinor, currency: transaction.currency },
      processorCustomerId,
      processorMethodId: method.processorId,
      methodType: method.type,
      offSession: options.offSession,
      representment: options.representment ?? false,
      description: options.description,
      createdAt: transaction.recordedAt,
    })
    return await throughBlinks(deps, () => settleAttempt(deps, caller, transaction.id, seen))
  } catch (error) {
    if (!(error instanceof ProcessorUnavailable)) throw error
    deps.log.warn(
      { transactionId: transaction.id, reason: error.message },
      'charge outcome unknown',
    )
    return transaction
  }
}

const blinkMs = 250
const blinksMax = 8
/** Whoever waits for the answer is told after this long that the database is away. */
const patienceMs = 2_000

/**
 * Work around the charge of a written attempt, again when the database was away for a moment: a charge that did not
 * begin would be called off minutes later, and one that succeeded would stay unknown for a minute. It may be repeated.
 */
async function throughBlinks<T>({ clock }: Deps, work: () => Promise<T>): Promise<T> {
  const began = clock.steady()
  for (let tried = 1; ; tried += 1) {
    try {
      return await work()
    } catch (error) {
      const away = error instanceof Refusal && error.code === 'unavailable'
      if (!away || tried >= blinksMax || clock.steady() - began > patienceMs) throw error
      await new Promise(resolve => setTimeout(resolve, blinkMs))
    }
  }
}

/** The processor's name of a customer, made on first need. Repeating it makes no second one. */
export async function processorCustomer(
  deps: Deps,
  caller: Caller,
  customer: Customer,
): Promise<string> {
  if (customer.processorId !== null) return customer.processorId
  const processorId = await deps.processor.createCustomer({
    tenantId: caller.tenantId,
    customerId: customer.id,
    name: customer.name,
    email: customer.email,
  })
  await deps.store.transaction(caller.tenantId, async tx => {
    const current = await tx.lock('customers', customer.id)
    if (current.processorId !== null) return
    await tx.replace('customers', { ...current, processorId })
    await record(deps, tx, caller, deps.clock.real(), [
      { type: 'customer.linked', objectId: customer.id, data: { processorId } },
    ])
  })
  return processorId
}
