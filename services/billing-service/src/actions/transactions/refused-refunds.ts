// Refunds that were turned down because their payment is disputed: what they promised stays payable until the
// dispute ends, so that the payer gets it from the bank or as credit, and never both.

import type { TransactionId } from '../../core/ids.ts'
import * as ledger from '../../core/ledger.ts'
import { refundPaidByDispute } from '../../core/ledger-settlement.ts'
import type { Transaction } from '../../core/payment.ts'
import { isStoppedByDispute, paidByDisputesMinor } from '../../core/refused-refund.ts'
import type { Deps } from '../../deps.ts'
import type { TenantTransaction } from '../../ports/store.ts'
import { moveCredit } from '../credits/move-credit.ts'
import { book } from '../record.ts'

const refundsMax = 500
const disputesMax = 100

interface Refused {
  /** Those that nothing has settled yet, oldest first. */
  readonly waiting: readonly Transaction[]
  /** What disputes have paid of the others. */
  readonly paidMinor: number
}

/** The refused refunds of a payment; the caller holds the lock on the payment. */
export async function refusedRefunds(
  tx: TenantTransaction,
  paymentId: TransactionId,
): Promise<Refused> {
  const { rows } = await tx.list('transactions', {
    where: { relatedTransactionId: paymentId, type: 'refund', status: 'failed' },
    order: { field: 'createdAt', direction: 'asc' },
    limit: refundsMax,
  })
  const refused = rows.filter(({ failureCode }) => isStoppedByDispute(failureCode))
  if (refused.length === 0) return { waiting: [], paidMinor: 0 }
  const settled = await tx.sum('ledgerEntries', {
    where: {
      transactionId: { in: refused.map(({ id }) => id) },
      kind: { in: ['refund_failed', 'refund_paid_by_dispute'] },
      account: 'refunds_payable',
    },
    sum: ['amountMinor'],
    groupBy: ['transactionId', 'kind'],
  })
  const done = new Set(settled.map(({ group }) => group.transactionId))
  const paid = settled.filter(({ group }) => group.kind === 'refund_paid_by_dispute')
  return {
    waiting: refused.filter(({ id }) => !done.has(id)),
    paidMinor: paid.reduce((sum, { sums }) => sum + Number(sums.amountMinor), 0),
  }
}

/**
 * Settles the refused refunds of a payment once its disputes have ended: a lost one has paid them, whatever
 * it has not paid becomes credit of the customer. Does nothing before, and nothing a second time.
 */
export async function settleRefusedRefunds(
  deps: Deps,
  tx: TenantTransaction,
  paymentId: TransactionId,
  at: number,
): Promise<void> {
  const { waiting, paidMinor } = await refusedRefunds(tx, paymentId)
  if (waiting.length === 0) return
  const { rows: disputes } = await tx.list('disputes', {
    where: { transactionId: paymentId },
    limit: disputesMax,
  })
  let leftMinor = paidByDisputesMinor(disputes, paidMinor)
  if (leftMinor === null) return
  for (const refund of waiting) {
    const byDisputeMinor = Math.min(refund.amountMinor, leftMinor)
    leftMinor -= byDisputeMinor
    await settleOne(deps, tx, refund, byDisputeMinor, at)
  }
}

async function settleOne(
  deps: Deps,
  tx: TenantTransaction,
  refund: Transaction,
  byDisputeMinor: number,
  at: number,
): Promise<void> {
  const { tenantId } = refund
  if (byDisputeMinor > 0) {
    await book(deps, tx, tenantId, at, [refundPaidByDispute(refund, byDisputeMinor)])
  }
  const amountMinor = refund.amountMinor - byDisputeMinor
  if (amountMinor === 0) return
  await book(deps, tx, tenantId, at, [ledger.refundFailed({ ...refund, amountMinor }, false)])
  await moveCredit(deps, tx, {
    ...refund,
    amountMinor,
    kind: 'refund_failed',
    cause: `${refund.id}:failed`,
    transactionId: refund.id,
    at,
  })
}
