// A payment that came outside any processor, recorded by the operator, and its reversal when it came to nothing.
import type { Caller } from '../../core/caller.ts'
import { graceEnd } from '../../core/dunning.ts'
import type { Invoice } from '../../core/invoice.ts'
import { paymentReversed } from '../../core/ledger.ts'
import type { Transaction } from '../../core/payment.ts'
import {
  assertReceivedBy,
  type ReceivedWay,
  reversePayment,
  withoutPayment,
} from '../../core/received-payment.ts'
import { refuse } from '../../core/refusal.ts'
import { withStatus } from '../../core/subscription.ts'
import type { Instant } from '../../core/time.ts'
import type { Deps } from '../../deps.ts'
import type { TenantTransaction } from '../../ports/store.ts'
import { moveCredit } from '../credits/move-credit.ts'
import { type Entered, enter } from '../enter.ts'
import { assertOurs } from '../mirror/limits.ts'
import { book, record } from '../record.ts'
import { emptyTransaction } from '../transactions/empty-transaction.ts'
import { transactionOfRequest } from '../transactions/refund.ts'
import { assertNoPaymentRunning } from './charge.ts'
import { closeCheckout } from './checkout.ts'
import { settleAttemptIn } from './settle-attempt.ts'

export interface RecordPayment {
  readonly amountMinor: number
  readonly way: ReceivedWay
  readonly reference: string | null
  /** When the money arrived; now where it is not said. */
  readonly receivedAt: Instant | null
}

/**
 * Records money that arrived for an invoice: a part, all of it, or more, which becomes customer credit.
 * Refuses `invoice_not_open` (409), `invoice_already_paid`, `payment_in_progress` while a charge runs,
 * `invalid_request`.
 */
export async function recordPayment(
  deps: Deps,
  caller: Caller,
  invoiceId: string,
  input: RecordPayment,
): Promise<Transaction> {
  const entered = await enter(deps, caller)
  const receivedAt = input.receivedAt ?? entered.at
  assertReceivedBy(receivedAt, entered.at)
  if (input.amountMinor <= 0) {
    refuse('invalid_request', {}, [{ path: '/amount', message: 'must be more than 0' }])
  }
  const repeated = await transactionOfRequest(deps, caller)
  if (repeated !== null) return repeated
  await closeCheckout(deps, caller, invoiceId)
  return deps.store.transaction(caller.tenantId, async tx => {
    const invoice = await tx.lock('invoices', invoiceId)
    assertOurs(invoice)
    if (invoice.status === 'paid') refuse('invoice_already_paid')
    if (invoice.status !== 'open' && invoice.status !== 'uncollectible') {
      refuse('invoice_not_open', { status: invoice.status })
    }
    await assertNoPaymentRunning(tx, invoice)
    const attempt = receipt(deps, caller, entered, invoice, input)
    await tx.insert('transactions', attempt)
    const seen = await deps.manual.charge({
      transactionId: attempt.id,
      tenantId: attempt.tenantId,
      invoiceId: invoice.id,
      amount: { amountMinor: attempt.amountMinor, currency: attempt.currency },
      description: input.reference ?? input.way,
      createdAt: entered.now,
      way: input.way,
      reference: input.reference,
      receivedAt,
    })
    const settled = await settleAttemptIn(deps, tx, caller, entered, attempt.id, seen)
    return tx.replace('transactions', { ...settled, processedAt: receivedAt })
  })
}

const receipt = (
  deps: Deps,
  caller: Caller,
  { at, now }: Entered,
  invoice: Invoice,
  input: RecordPayment,
): Transaction => ({
  ...emptyTransaction,
  tenantId: caller.tenantId,
  id: deps.ids.next('transaction'),
  customerId: invoice.customerId,
  type: 'payment',
  status: 'pending',
  currency: invoice.currency,
  amountMinor: input.amountMinor,
  invoiceId: invoice.id,
  subscriptionId: invoice.subscriptionId,
  requestKey: caller.requestKey,
  reference: input.reference,
  processor: deps.manual.name,
  planCode: invoice.planCode,
  country: invoice.country,
  methodType: input.way,
  recordedAt: now,
  createdAt: at,
  updatedAt: at,
})

/**
 * Takes a recorded payment back: its invoice is owed again, with everything that follows from that. Refuses
 * `not_found`, `transaction_not_reversible`, `payment_in_progress` while another payment of it runs.
 */
export async function reverseReceivedPayment(
  deps: Deps,
  caller: Caller,
  transactionId: string,
  reason: string,
): Promise<Transaction> {
  const entered = await enter(deps, caller)
  const { at } = entered
  return deps.store.transaction(caller.tenantId, async tx => {
    const before = await tx.lock('transactions', transactionId)
    const reversed = await tx.replace('transactions', reversePayment(before, reason, at))
    const invoice = await tx.lock('invoices', reversed.invoiceId!)
    await assertNoPaymentRunning(tx, invoice)
    const surplusMinor = await surplusOf(tx, reversed)
    const appliedMinor = reversed.amountMinor - surplusMinor
    const owed = withoutPayment(invoice, appliedMinor, at)
    if (owed !== invoice) {
      const automatic = owed.status === 'open' && owed.collection === 'automatic'
      await tx.replace('invoices', { ...owed, nextAttemptAt: automatic ? at : null })
    }
    await book(deps, tx, caller.tenantId, at, [
      paymentReversed(reversed, appliedMinor, owed.status === 'uncollectible'),
    ])
    await moveCredit(deps, tx, {
      ...reversed,
      kind: 'surplus',
      amountMinor: -surplusMinor,
      cause: `${reversed.id}:reversed`,
      transactionId: reversed.id,
      creditNoteId: null,
      at,
    })
    await overdueAgain(deps, tx, caller, entered, owed)
    await record(deps, tx, caller, at, [
      {
        type: 'payment.reversed',
        objectId: reversed.id,
        data: { invoiceId: invoice.id, amountMinor: reversed.amountMinor, reason },
      },
    ])
    return reversed
  })
}

/** What of a payment became customer credit, because it was more than was owed. */
async function surplusOf(tx: TenantTransaction, payment: Transaction): Promise<number> {
  const { rows } = await tx.list('creditEntries', {
    where: { cause: `${payment.id}:surplus` },
    limit: 1,
  })
  return rows[0]?.amountMinor ?? 0
}

/** A subscription whose debt came back is past due, with its grace counted from now. */
async function overdueAgain(
  deps: Deps,
  tx: TenantTransaction,
  caller: Caller,
  { at, settings }: Entered,
  invoice: Invoice,
): Promise<void> {
  if (invoice.subscriptionId === null || invoice.status !== 'open') return
  const before = await tx.lock('subscriptions', invoice.subscriptionId)
  if (before.status !== 'active' || (invoice.dueAt ?? at) > at) return
  const pastDue = withStatus(before, 'past_due', at)
  await tx.replace('subscriptions', { ...pastDue, graceEndsAt: graceEnd(settings, at) })
  await record(deps, tx, caller, at, [
    {
      type: 'subscription.past_due',
      objectId: before.id,
      data: { status: [before.status, 'past_due'], invoiceId: invoice.id },
    },
  ])
}
