// What is proved of money that moved: what was given back of each payment, and that our payments and refunds
// are the processor's.
import type { Transaction } from '../../core/payment.ts'
import {
  type BookReads,
  everyTenant,
  inBatches,
  type OpenProof,
  type Proof,
  type Proving,
  proofOf,
} from './proof.ts'

const dayMs = 86_400_000

/** What a payment says was refunded is what its refunds add up to, and we give nothing back twice. */
export async function proveRefunds(deps: Proving): Promise<Proof> {
  const proof = proofOf('each payment’s refunds add up, and never exceed it')
  for await (const { reads } of everyTenant(deps)) {
    const payments = reads.stream('transactions', {
      where: { type: 'payment' },
      order: { field: 'createdAt', direction: 'asc' },
    })
    for await (const batch of inBatches(payments)) await compareRefunds(proof, reads, batch)
  }
  return proof.done()
}

const finalWithoutMoney = ['failed', 'canceled']

async function compareRefunds(
  proof: OpenProof,
  reads: BookReads,
  payments: readonly Transaction[],
): Promise<void> {
  const groups = await reads.sum('transactions', {
    where: { relatedTransactionId: { in: payments.map(({ id }) => id) }, type: 'refund' },
    sum: ['amountMinor'],
    groupBy: ['relatedTransactionId', 'status'],
  })
  const done = new Map<string, number>()
  const pending = new Map<string, number>()
  for (const { group, sums } of groups) {
    if (finalWithoutMoney.includes(String(group.status))) continue
    const sums_ = group.status === 'succeeded' ? done : pending
    const id = String(group.relatedTransactionId)
    sums_.set(id, (sums_.get(id) ?? 0) + Number(sums.amountMinor))
  }
  for (const payment of payments) {
    const about = `${payment.tenantId} ${payment.id}`
    const { amountRefundedMinor, amountRefundPendingMinor, amountDisputedMinor } = payment
    const refunded = amountRefundedMinor + amountRefundPendingMinor
    proof.equal(about, 'refunded and its refunds', amountRefundedMinor, done.get(payment.id) ?? 0)
    proof.equal(
      about,
      'refunds on their way and its refunds',
      amountRefundPendingMinor,
      pending.get(payment.id) ?? 0,
    )
    if (refunded > payment.amountMinor) {
      proof.broken(`${about}: ${refunded} of ${payment.amountMinor} refunded`)
    }
    // A bank may return a debit that was refunded before: the books are right, and money is lost.
    const back = refunded + amountDisputedMinor
    if (refunded <= payment.amountMinor && back > payment.amountMinor) {
      const what = 'refunded and taken back by the bank'
      proof.note(`${about}: ${back} of ${payment.amountMinor} ${what}`)
    }
  }
}

/** What operators recorded has no other record than ours. */
const isAsked = (deps: Proving, { status, processor }: Transaction): boolean =>
  status === 'succeeded' && processor === deps.processor.name

async function seenByProcessor(deps: Proving, transaction: Transaction) {
  const { id: transactionId, processorId, tenantId } = transaction
  if (transaction.type === 'refund') {
    const payment = await deps.store
      .of(tenantId)
      .get('transactions', transaction.relatedTransactionId ?? '')
    const processorPaymentId = payment.processorId ?? ''
    return await deps.processor.findRefund({ transactionId, processorId, processorPaymentId })
  }
  return await deps.processor.findPayment({
    transactionId,
    processorId,
    processorCustomerId: null,
    createdAt: transaction.recordedAt,
  })
}

async function compareWithProcessor(
  deps: Proving,
  proof: OpenProof,
  transaction: Transaction,
): Promise<void> {
  proof.compared()
  const label = `${transaction.tenantId} ${transaction.id}`
  const seen = await seenByProcessor(deps, transaction)
  if (seen === null) return proof.broken(`${label}: the processor does not know it`)
  if (seen.status !== 'succeeded') {
    return proof.broken(`${label}: succeeded here, ${seen.status} there`)
  }
  if (seen.processorId !== transaction.processorId) {
    return proof.broken(`${label}: ${transaction.processorId} here, ${seen.processorId} there`)
  }
  const same =
    seen.amountMinor === transaction.amountMinor && seen.currency === transaction.currency
  if (same) return
  const here = `${transaction.amountMinor} ${transaction.currency}`
  proof.broken(`${label}: ${here} here, ${seen.amountMinor} ${seen.currency} there`)
}

/** Money of a tenant that moved since an instant, as we know it. */
async function* movedSince(reads: BookReads, from: number): AsyncGenerator<Transaction> {
  for (const type of ['payment', 'refund'] as const) {
    const found = reads.stream('transactions', {
      where: { type },
      range: { field: 'createdAt', from },
      order: { field: 'createdAt', direction: 'asc' },
    })
    for await (const transaction of found) {
      if (transaction.status === 'succeeded') yield transaction
    }
  }
}

/** Payments and refunds of the last days, asked for at the processor one by one. */
export async function proveProcessor(deps: Proving, days: number): Promise<Proof> {
  const proof = proofOf(`payments and refunds of ${days} days are the processor’s`)
  const from = deps.clock.real() - days * dayMs
  for await (const { reads } of everyTenant(deps)) {
    for await (const transaction of movedSince(reads, from)) {
      if (isAsked(deps, transaction)) await compareWithProcessor(deps, proof, transaction)
    }
  }
  return proof.done()
}
