// Refunds: reserved and written down, then asked for, then settled. Nothing written down can be exceeded,
// so two refunds at once never pass together.
import type { Caller } from '../../core/caller.ts'
import * as ledger from '../../core/ledger.ts'
import { toDecimalString } from '../../core/money.ts'
import {
  type RefundObservation,
  reserveRefund,
  settleRefund,
  type Transaction,
} from '../../core/payment.ts'
import { refuse } from '../../core/refusal.ts'
import type { Deps } from '../../deps.ts'
import { ProcessorUnavailable } from '../../ports/processor.ts'
import type { TenantTransaction } from '../../ports/store.ts'
import { type Entered, enter } from '../enter.ts'
import { emptyTransaction } from '../payments/charge.ts'
import { book, record } from '../record.ts'

const firstCheckMs = 60_000

export interface CreateRefund {
  /** Null gives back all that is left. */
  readonly amountMinor: number | null
  readonly reason: string | null
}

/**
 * Refunds a payment, wholly or in part. Refuses `refund_exceeds_payment`, `transaction_not_refundable`,
 * `invalid_amount`.
 */
export async function createRefund(
  deps: Deps,
  caller: Caller,
  paymentId: string,
  input: CreateRefund,
): Promise<Transaction> {
  const entered = await enter(deps, caller)
  if (input.amountMinor !== null && input.amountMinor <= 0) {
    refuse('invalid_request', {}, [{ path: '/amount', message: 'must be more than 0' }])
  }
  const repeated = await refundOfRequest(deps, caller)
  if (repeated !== null) return repeated
  const { refund, payment } = await deps.store.transaction(caller.tenantId, tx =>
    beginRefund(deps, tx, caller, entered, paymentId, input),
  )
  return runRefund(deps, caller, refund, payment.processorId!)
}

/** The refund that an earlier run of the same request wrote down before it could answer. */
async function refundOfRequest(deps: Deps, caller: Caller): Promise<Transaction | null> {
  if (caller.requestKey === null) return null
  const { rows } = await deps.store.of(caller.tenantId).list('transactions', {
    where: { requestKey: caller.requestKey },
    limit: 1,
  })
  return rows[0] ?? null
}

async function beginRefund(
  deps: Deps,
  tx: TenantTransaction,
  caller: Caller,
  { at, now }: Entered,
  paymentId: string,
  input: CreateRefund,
): Promise<{ refund: Transaction; payment: Transaction }> {
  const locked = await tx.lock('transactions', paymentId)
  const decimal = (minor: number) => toDecimalString(minor, locked.currency)
  const reserved = reserveRefund(locked, input.amountMinor, decimal, at)
  const payment = await tx.replace('transactions', reserved.payment)
  const refund: Transaction = {
    ...emptyTransaction,
    tenantId: caller.tenantId,
    id: deps.ids.next('transaction'),
    customerId: payment.customerId,
    type: 'refund',
    status: 'pending',
    currency: payment.currency,
    amountMinor: reserved.amountMinor,
    invoiceId: payment.invoiceId,
    subscriptionId: payment.subscriptionId,
    paymentMethodId: payment.paymentMethodId,
    relatedTransactionId: payment.id,
    reason: input.reason,
    requestKey: caller.requestKey,
    processor: payment.processor,
    planCode: payment.planCode,
    country: payment.country,
    methodType: payment.methodType,
    methodBrand: payment.methodBrand,
    methodLast4: payment.methodLast4,
    checkAt: now + firstCheckMs,
    recordedAt: now,
    createdAt: at,
    updatedAt: at,
  }
  await tx.insert('transactions', refund)
  await creditInvoice(deps, tx, refund, at)
  await record(deps, tx, caller, at, [
    {
      type: 'refund.created',
      objectId: refund.id,
      data: { paymentId: payment.id, amountMinor: refund.amountMinor, reason: refund.reason },
    },
  ])
  return { refund, payment }
}

/** The invoice stays paid and its credited amount rises; what it earned is taken back pro rata. */
async function creditInvoice(deps: Deps, tx: TenantTransaction, refund: Transaction, at: number) {
  const invoice = refund.invoiceId === null ? null : await tx.lock('invoices', refund.invoiceId)
  await book(deps, tx, refund.tenantId, at, [
    ledger.refundCredited(refund, invoice, invoice?.amountCreditedMinor ?? 0),
  ])
  if (invoice === null) return
  await tx.replace('invoices', {
    ...invoice,
    amountCreditedMinor: invoice.amountCreditedMinor + refund.amountMinor,
    updatedAt: at,
  })
}

/** Asks the processor and settles its answer; an unknown outcome is left to reconciliation. */
export async function runRefund(
  deps: Deps,
  caller: Caller,
  refund: Transaction,
  processorPaymentId: string,
): Promise<Transaction> {
  try {
    const seen = await deps.processor.refund({
      transactionId: refund.id,
      tenantId: refund.tenantId,
      amount: { amountMinor: refund.amountMinor, currency: refund.currency },
      processorPaymentId,
      createdAt: refund.recordedAt,
    })
    return await settleRefundAttempt(deps, caller, refund.id, seen)
  } catch (error) {
    if (!(error instanceof ProcessorUnavailable)) throw error
    deps.log.warn({ transactionId: refund.id, reason: error.message }, 'refund outcome unknown')
    return refund
  }
}

/** Applies an observation of a refund to it, its payment, its invoice and the ledger. */
export async function settleRefundAttempt(
  deps: Deps,
  caller: Caller,
  refundId: string,
  seen: RefundObservation,
): Promise<Transaction> {
  const { at, now } = await enter(deps, caller)
  const { relatedTransactionId } = await deps.store
    .of(caller.tenantId)
    .get('transactions', refundId)
  return deps.store.transaction(caller.tenantId, async tx => {
    const payment = await tx.lock('transactions', relatedTransactionId!)
    const before = await tx.lock('transactions', refundId)
    const settled = settleRefund(before, payment, seen, { at, now })
    const refund = await tx.replace('transactions', settled.refund)
    if (settled.reached === null) return refund
    await tx.replace('transactions', settled.payment)
    await bookRefund(deps, tx, before, refund, at)
    await record(deps, tx, caller, at, [
      {
        type: `refund.${settled.reached}`,
        objectId: refund.id,
        data: { paymentId: payment.id, amountMinor: refund.amountMinor },
      },
    ])
    return refund
  })
}

async function bookRefund(
  deps: Deps,
  tx: TenantTransaction,
  before: Transaction,
  refund: Transaction,
  at: number,
) {
  const failed = refund.status === 'failed' || refund.status === 'canceled'
  const hadLeft = before.status === 'succeeded'
  if (refund.status === 'succeeded') {
    await book(deps, tx, refund.tenantId, at, [ledger.refundPaid(refund)])
  }
  if (failed) await book(deps, tx, refund.tenantId, at, [ledger.refundFailed(refund, hadLeft)])
  if (refund.invoiceId === null) return
  const change = failed ? (hadLeft ? -refund.amountMinor : 0) : 0
  const added = refund.status === 'succeeded' ? refund.amountMinor : change
  if (added === 0) return
  const invoice = await tx.lock('invoices', refund.invoiceId)
  await tx.replace('invoices', {
    ...invoice,
    amountRefundedMinor: invoice.amountRefundedMinor + added,
    updatedAt: at,
  })
}
