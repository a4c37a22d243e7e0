// Fees that belong to no payment are transactions of their own, one for each movement of the processor.
import type { BalanceMovement } from '../../core/dispute.ts'
import type { Transaction } from '../../core/payment.ts'
import type { Deps } from '../../deps.ts'
import type { TenantTransaction } from '../../ports/store.ts'
import type { Entered } from '../enter.ts'
import { emptyTransaction } from '../transactions/empty-transaction.ts'

interface Writing {
  readonly deps: Deps
  readonly tx: TenantTransaction
  readonly entered: Pick<Entered, 'at' | 'now'>
}

/** Writes the fees of a dispute down once, and takes back those that were given back. */
export async function writeFees(
  writing: Writing,
  payment: Transaction,
  movements: readonly BalanceMovement[],
): Promise<void> {
  for (const movement of movements) {
    if (movement.feeMinor > 0) {
      const about = { ...movement, relatedTransactionId: payment.id, reason: 'dispute_fee' }
      await writeFee(writing, payment, about)
    }
    if (movement.feeMinor < 0) await takeBack(writing, payment, movement)
  }
}

export interface FeeFacts {
  /** The processor's movement: unique, so that a fee is written once. */
  readonly processorId: string
  readonly feeMinor: number
  readonly currency: string
  readonly relatedTransactionId: string | null
  readonly reason: string
}

/** Writes one fee down; answers it, or null when it was known. */
export async function writeFee(
  { deps, tx, entered: { at, now } }: Writing,
  owner: Pick<Transaction, 'tenantId' | 'customerId' | 'processor'> & Partial<Transaction>,
  facts: FeeFacts,
): Promise<Transaction | null> {
  const fee: Transaction = {
    ...emptyTransaction,
    tenantId: owner.tenantId,
    id: deps.ids.next('transaction'),
    customerId: owner.customerId,
    type: 'fee',
    status: 'succeeded',
    currency: facts.currency,
    amountMinor: facts.feeMinor,
    feeMinor: 0,
    netMinor: -facts.feeMinor,
    settlementCurrency: facts.currency,
    invoiceId: owner.invoiceId ?? null,
    subscriptionId: owner.subscriptionId ?? null,
    relatedTransactionId: facts.relatedTransactionId as Transaction['relatedTransactionId'],
    reason: facts.reason,
    processor: owner.processor,
    processorId: facts.processorId,
    planCode: owner.planCode ?? null,
    country: owner.country ?? null,
    methodType: owner.methodType ?? null,
    methodBrand: owner.methodBrand ?? null,
    methodLast4: owner.methodLast4 ?? null,
    processedAt: at,
    recordedAt: now,
    createdAt: at,
    updatedAt: at,
  }
  const written = await tx.insertMany('transactions', [fee], { onConflict: 'skip' })
  return written === 1 ? fee : null
}

/** A fee that the processor gives back is one that was never kept. */
async function takeBack(
  { tx, entered: { at } }: Writing,
  payment: Transaction,
  movement: BalanceMovement,
): Promise<void> {
  const { rows } = await tx.list('transactions', {
    where: { relatedTransactionId: payment.id, type: 'fee', status: 'succeeded' },
    order: { field: 'createdAt', direction: 'desc' },
    limit: 100,
  })
  const fee = rows.find(row => row.amountMinor === -movement.feeMinor)
  if (fee === undefined) return
  const given = { status: 'canceled' as const, netMinor: 0, updatedAt: at }
  await tx.replace('transactions', { ...fee, ...given })
}
