// Money that came another way: a bank transfer, a cheque, cash. The operator says that it arrived; it is booked
// to the bank account, and a cheque that bounces is reversed.
import { assert } from './assert.ts'
import { amountDueMinor, type Invoice } from './invoice.ts'
import type { Transaction } from './payment.ts'
import { refuse } from './refusal.ts'
import type { Instant } from './time.ts'

export const receivedWays = ['bank_transfer', 'cheque', 'cash', 'other'] as const
export type ReceivedWay = (typeof receivedWays)[number]

/** The name under which payments outside any processor are kept. */
export const manualProcessor = 'manual'

export const isManual = (transaction: Pick<Transaction, 'processor'>): boolean =>
  transaction.processor === manualProcessor

/** Money cannot have arrived later than now; a clock that is a minute ahead is forgiven. */
export function assertReceivedBy(receivedAt: Instant, at: Instant): void {
  if (receivedAt <= at + 60_000) return
  refuse('invalid_request', {}, [{ path: '/receivedAt', message: 'must not be in the future' }])
}

/**
 * Takes a received payment back: the cheque bounced, or the money was booked by mistake. Refuses
 * `transaction_not_reversible` for what a processor moved, what was not received, and what was refunded.
 */
export function reversePayment(payment: Transaction, reason: string, at: Instant): Transaction {
  const { type, status, processor, amountRefundedMinor, amountRefundPendingMinor } = payment
  const whole = amountRefundedMinor === 0 && amountRefundPendingMinor === 0
  if (type !== 'payment' || status !== 'succeeded' || !isManual(payment) || !whole) {
    refuse('transaction_not_reversible', { type, status, processor })
  }
  return { ...payment, status: 'failed', failureCode: 'reversed', reason, updatedAt: at }
}

/**
 * The invoice without a payment that came back: what it had paid is owed again. A paid invoice is open again,
 * or given up again where it had been; this is the one way back, because the money was never there.
 */
export function withoutPayment(invoice: Invoice, appliedMinor: number, at: Instant): Invoice {
  assert(appliedMinor <= invoice.amountPaidMinor, 'no more is taken back than was paid')
  if (appliedMinor === 0) return invoice
  const reopened: Invoice = {
    ...invoice,
    status: invoice.closedAt === null ? 'open' : 'uncollectible',
    amountPaidMinor: invoice.amountPaidMinor - appliedMinor,
    paidAt: null,
    updatedAt: at,
  }
  assert(amountDueMinor(reopened) >= appliedMinor, 'what came back is owed again')
  return reopened
}
