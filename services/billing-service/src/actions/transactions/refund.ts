// Refunds: reserved and written down, then asked for, then settled. Nothing written down can be exceeded,
// so two refunds at once never pass together.
import type { Caller } from '../../core/caller.ts'
import { creditableLines, spreadCredit } from '../../core/credit-note.ts'
import type { Invoice } from '../../core/invoice.ts'
import * as ledger from '../../core/ledger.ts'
import { refundStopped } from '../../core/ledger-settlement.ts'
import { toDecimalString } from '../../core/money.ts'
import {
  type RefundObservation,
  reserveRefund,
  settleRefund,
  type Transaction,
} from '../../core/payment.ts'
import { refuse } from '../../core/refusal.ts'
import { isStoppedByDispute } from '../../core/refused-refund.ts'
import type { Deps } from '../../deps.ts'
import { ProcessorUnavailable } from '../../ports/processor.ts'
import type { TenantTransaction } from '../../ports/store.ts'
import { giveByHand } from '../approvals/give-by-hand.ts'
import { issueCreditNote } from '../credits/issue-credit-note.ts'
import { moveCredit } from '../credits/move-credit.ts'
import { type Entered, enter } from '../enter.ts'
import { moverOf } from '../payments/mover-of.ts'
import { book, record } from '../record.ts'
import { emptyTransaction } from './empty-transaction.ts'
import { refusedRefunds, settleRefusedRefunds } from './refused-refunds.ts'

const firstCheckMs = 60_000

export interface CreateRefund {
  /** Null gives back all that is left. */
  readonly amountMinor: number | null
  readonly reason: string | null
  /** One that was made at the processor by others: there is nothing to ask for, it is only recorded. */
  readonly madeAs?: string
}

/**
 * Refunds a payment, wholly or in part, and issues its credit note, pro rata over the lines and taxes of
 * the invoice, in the same transaction. Refuses `refund_exceeds_payment`, `transaction_not_refundable`,
 * `invalid_amount`; above the limit it waits (`AwaitsApproval`).
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
  const repeated = await transactionOfRequest(deps, caller)
  if (repeated !== null) return repeated
  const { refund, payment } = await giveByHand(deps, caller, async tx => {
    const begun = await beginRefund(deps, tx, caller, entered, paymentId, input)
    const { id: resultId, customerId, currency, amountMinor, reason } = begun.refund
    const given = { objectId: paymentId, customerId, currency, amountMinor, reason, resultId }
    return { done: begun, given: { ...given, kind: 'refund', input: { amountMinor, reason } } }
  })
  return runRefund(deps, caller, refund, payment.processorId!)
}

/** What an earlier run of the same request wrote down before it could answer. */
export async function transactionOfRequest(
  deps: Deps,
  caller: Caller,
): Promise<Transaction | null> {
  if (caller.requestKey === null) return null
  const { rows } = await deps.store.of(caller.tenantId).list('transactions', {
    where: { requestKey: caller.requestKey },
    limit: 1,
  })
  return rows[0] ?? null
}

/** Reserves a refund, issues its credit note and writes it down, before it is asked for. */
export async function beginRefund(
  deps: Deps,
  tx: TenantTransaction,
  caller: Caller,
  entered: Entered,
  paymentId: string,
  input: CreateRefund,
): Promise<{ refund: Transaction; payment: Transaction }> {
  const { at } = entered
  const { payment, amountMinor } = await reserve(tx, paymentId, input.amountMinor, at)
  const { invoiceId } = payment
  const invoice = invoiceId === null ? null : await tx.lock('invoices', invoiceId)
  const creditedMinor = invoice === null ? 0 : Math.min(amountMinor, creditableMinor(invoice))
  const note =
    invoice === null || creditedMinor === 0
      ? null
      : await issueCreditNote(deps, tx, caller, entered, {
          invoice,
          parts: spreadCredit(creditableLines(invoice), creditedMinor),
          lowersInvoiceMinor: 0,
          refundedMinor: creditedMinor,
          reason: input.reason,
          requestKey: null,
        })
  const refund = await writeRefund(deps, tx, caller, entered, {
    payment,
    amountMinor,
    reason: input.reason,
    creditNoteId: note?.id ?? null,
    requestKey: caller.requestKey,
    processorId: input.madeAs ?? null,
  })
  // Money that no invoice kept lies in the balance, and leaves from there.
  await book(deps, tx, refund.tenantId, at, [
    ledger.balanceRefunded(refund, amountMinor - creditedMinor),
  ])
  await moveCredit(deps, tx, {
    ...refund,
    kind: 'refunded',
    amountMinor: creditedMinor - amountMinor,
    cause: `${refund.id}:refunded`,
    transactionId: refund.id,
    creditNoteId: null,
    at,
  })
  return { refund, payment }
}

/** What credit notes can still take back of an issued invoice. */
const creditableMinor = (invoice: Invoice): number =>
  invoice.status === 'draft' || invoice.status === 'void'
    ? 0
    : invoice.totalMinor - invoice.amountCreditedMinor

/** Locks a payment and reserves a part of it, so that two refunds at once never pass together. */
export async function reserve(
  tx: TenantTransaction,
  paymentId: string,
  wantedMinor: number | null,
  at: number,
): Promise<{ payment: Transaction; amountMinor: number }> {
  const locked = await tx.lock('transactions', paymentId)
  const decimal = (minor: number) => toDecimalString(minor, locked.currency)
  const { waiting } = await refusedRefunds(tx, locked.id)
  const waitingMinor = waiting.reduce((sum, refund) => sum + refund.amountMinor, 0)
  // The dispute that stopped them may not be known here yet.
  if (waitingMinor > 0) {
    refuse('payment_disputed', { disputed: decimal(waitingMinor), currency: locked.currency })
  }
  const reserved = reserveRefund(locked, wantedMinor, decimal, at)
  const payment = await tx.replace('transactions', reserved.payment)
  return { payment, amountMinor: reserved.amountMinor }
}

/** Writes a reserved refund down before it is asked for. */
export async function writeRefund(
  deps: Deps,
  tx: TenantTransaction,
  caller: Caller,
  { at, now }: Entered,
  terms: {
    readonly payment: Transaction
    readonly amountMinor: number
    readonly reason: string | null
    readonly creditNoteId: Transaction['creditNoteId']
    readonly requestKey: string | null
    readonly processorId?: string | null
  },
): Promise<Transaction> {
  const { payment, amountMinor, reason, creditNoteId, requestKey, processorId = null } = terms
  const refund: Transaction = {
    ...emptyTransaction,
    tenantId: caller.tenantId,
    id: deps.ids.next('transaction'),
    customerId: payment.customerId,
    type: 'refund',
    status: 'pending',
    currency: payment.currency,
    amountMinor,
    invoiceId: payment.invoiceId,
    subscriptionId: payment.subscriptionId,
    creditNoteId,
    paymentMethodId: payment.paymentMethodId,
    relatedTransactionId: payment.id,
    reason,
    requestKey,
    processor: payment.processor,
    processorId,
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
  await record(deps, tx, caller, at, [
    {
      type: 'refund.created',
      objectId: refund.id,
      data: {
        paymentId: payment.id,
        customerId: payment.customerId,
        currency: payment.currency,
        amountMinor,
        reason,
        creditNoteId,
      },
    },
  ])
  return refund
}

/** Asks the processor and settles its answer; an unknown outcome is left to reconciliation. */
export async function runRefund(
  deps: Deps,
  caller: Caller,
  refund: Transaction,
  processorPaymentId: string,
): Promise<Transaction> {
  try {
    const seen = await moverOf(deps, refund).refund({
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
    await settleRefusedRefunds(deps, tx, payment.id, at)
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
  if (failed && isStoppedByDispute(refund.failureCode)) {
    if (hadLeft) await book(deps, tx, refund.tenantId, at, [refundStopped(refund)])
  } else if (failed) {
    await book(deps, tx, refund.tenantId, at, [ledger.refundFailed(refund, hadLeft)])
    await moveCredit(deps, tx, {
      ...refund,
      kind: 'refund_failed',
      cause: `${refund.id}:failed`,
      transactionId: refund.id,
      at,
    })
  }
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
