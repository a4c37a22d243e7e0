// A payment that Stripe Billing tried for a mirrored invoice: recorded once, under its processor object, and
// settled through the one path that all money takes.
import type { Caller } from '../../core/caller.ts'
import type { Invoice } from '../../core/invoice.ts'
import type { Transaction } from '../../core/payment.ts'
import type { PaymentMethod } from '../../core/payment-method.ts'
import type { Deps } from '../../deps.ts'
import type { ProcessorObject } from '../../ports/processor.ts'
import type { TenantTransaction } from '../../ports/store.ts'
import { settleAttempt } from '../payments/settle-attempt.ts'
import { emptyTransaction } from '../transactions/empty-transaction.ts'

type PaymentObject = Extract<ProcessorObject, { kind: 'payment' }>

/** Records and settles a payment of a mirrored invoice. One that was never tried leaves no row. */
export async function mirrorPayment(
  deps: Deps,
  caller: Caller,
  invoice: Invoice,
  paymentId: string,
): Promise<void> {
  const seen = await deps.processor.readObject('payment_intent', paymentId)
  if (seen?.kind !== 'payment') return
  const { status } = seen.observation
  const now = deps.clock.real()
  const id = await deps.store.transaction(caller.tenantId, async tx => {
    const locked = await tx.lock('invoices', invoice.id)
    const { rows } = await tx.list('transactions', { where: { processorId: paymentId }, limit: 1 })
    if (rows[0] !== undefined) return rows[0].id
    if (status === 'pending' || status === 'canceled') return null
    const transaction = attemptOf(deps, locked, seen, await methodOf(tx, seen), now)
    await tx.insert('transactions', transaction)
    return transaction.id
  })
  if (id === null) return
  await settleAttempt(deps, caller, id, seen.observation, { happenedAt: seen.happenedAt })
}

async function methodOf(
  tx: TenantTransaction,
  { processorMethodId }: PaymentObject,
): Promise<PaymentMethod | null> {
  if (processorMethodId === null) return null
  const where = { processorId: processorMethodId }
  return (await tx.list('paymentMethods', { where, limit: 1 })).rows[0] ?? null
}

function attemptOf(
  deps: Deps,
  invoice: Invoice,
  { observation, happenedAt }: PaymentObject,
  method: PaymentMethod | null,
  now: number,
): Transaction {
  return {
    ...emptyTransaction,
    tenantId: invoice.tenantId,
    id: deps.ids.next('transaction'),
    customerId: invoice.customerId,
    type: 'payment',
    status: 'pending',
    currency: observation.currency,
    amountMinor: observation.amountMinor,
    invoiceId: invoice.id,
    subscriptionId: invoice.subscriptionId,
    paymentMethodId: method?.id ?? null,
    processor: deps.processor.name,
    processorId: observation.processorId,
    planCode: invoice.planCode,
    country: method?.card?.country ?? invoice.country,
    methodType: method?.type ?? null,
    methodBrand: method?.card?.brand ?? method?.bankAccount?.bankName ?? null,
    methodLast4: method?.card?.last4 ?? method?.bankAccount?.last4 ?? null,
    fingerprint: method?.fingerprint ?? null,
    offSession: true,
    recordedAt: now,
    createdAt: happenedAt,
    updatedAt: happenedAt,
  }
}
