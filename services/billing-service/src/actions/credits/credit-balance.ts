// The credit balance, read, and corrected by the operator.

import type { Caller } from '../../core/caller.ts'
import { balanceIdOf, type CreditBalance, type CreditEntry } from '../../core/credit-balance.ts'
import { balanceAdjusted } from '../../core/ledger.ts'
import { exponentOf } from '../../core/money.ts'
import type { Transaction } from '../../core/payment.ts'
import { refuse } from '../../core/refusal.ts'
import type { Deps } from '../../deps.ts'
import { giveByHand } from '../approvals/give-by-hand.ts'
import { customerOf, enter } from '../enter.ts'
import { book, record } from '../record.ts'
import { emptyTransaction } from '../transactions/empty-transaction.ts'
import { transactionOfRequest } from '../transactions/refund.ts'
import { moveCredit } from './move-credit.ts'

const entriesMax = 100

export interface BalanceWithEntries {
  readonly balance: Pick<CreditBalance, 'currency' | 'balanceMinor'>
  /** The newest movements first. */
  readonly entries: readonly CreditEntry[]
}

/** The balances of a customer with their newest movements; without any, 0 in the tenant's currency. */
export async function readBalances(
  deps: Deps,
  caller: Caller,
  customerId: string | undefined,
): Promise<{ customerId: string; balances: readonly BalanceWithEntries[] }> {
  const { tenant, settings } = await enter(deps, caller)
  const reads = deps.store.of(caller.tenantId)
  const customer = await customerOf(reads, tenant, customerId)
  const { rows } = await reads.list('creditBalances', {
    where: { customerId: customer.id },
    limit: 200,
  })
  const balances = await Promise.all(
    rows.map(async balance => {
      const page = await reads.list('creditEntries', {
        where: { balanceId: balance.id },
        order: { field: 'createdAt', direction: 'desc' },
        limit: entriesMax,
      })
      return { balance, entries: page.rows }
    }),
  )
  const none = { balance: { currency: settings.currency, balanceMinor: 0 }, entries: [] }
  return { customerId: customer.id, balances: balances.length === 0 ? [none] : balances }
}

export interface AdjustBalance {
  readonly customerId?: string | undefined
  readonly currency: string
  /** Positive gives credit, negative takes it back. */
  readonly amountMinor: number
  readonly reason: string
}

/**
 * Gives or takes back credit: an `adjustment` transaction of the opposite sign, because credit lowers what
 * is owed. More than there is cannot be taken back (`invalid_amount`). Credit above the limit waits (`AwaitsApproval`).
 */
export async function adjustBalance(
  deps: Deps,
  caller: Caller,
  input: AdjustBalance,
): Promise<Transaction> {
  const { tenant, at, now } = await enter(deps, caller)
  exponentOf(input.currency)
  if (input.amountMinor === 0) {
    refuse('invalid_request', {}, [{ path: '/amount', message: 'must not be 0' }])
  }
  const customer = await customerOf(deps.store.of(caller.tenantId), tenant, input.customerId)
  const { currency, amountMinor, reason } = input
  const repeated = await transactionOfRequest(deps, caller)
  if (repeated !== null) return repeated
  return giveByHand(deps, caller, async tx => {
    const transaction: Transaction = {
      ...emptyTransaction,
      tenantId: caller.tenantId,
      id: deps.ids.next('transaction'),
      customerId: customer.id,
      type: 'adjustment',
      status: 'succeeded',
      currency,
      amountMinor: -amountMinor,
      feeMinor: 0,
      netMinor: 0,
      settlementCurrency: currency,
      reason,
      requestKey: caller.requestKey,
      processor: 'none',
      processedAt: at,
      recordedAt: now,
      createdAt: at,
      updatedAt: at,
    }
    await tx.insert('transactions', transaction)
    await moveCredit(deps, tx, {
      ...transaction,
      kind: 'adjustment',
      amountMinor,
      cause: transaction.id,
      transactionId: transaction.id,
      at,
    })
    if (amountMinor < 0) {
      const { balanceMinor } = await tx.get('creditBalances', balanceIdOf(customer.id, currency))
      if (balanceMinor < 0) {
        refuse('invalid_amount', {}, [
          { path: '/amount', message: 'takes back more than there is' },
        ])
      }
    }
    await book(deps, tx, caller.tenantId, at, [
      balanceAdjusted(transaction.id, currency, amountMinor),
    ])
    await record(deps, tx, caller, at, [
      {
        type: 'credit.adjusted',
        objectId: customer.id,
        data: { customerId: customer.id, amountMinor, currency, reason },
      },
    ])
    const { id: customerId } = customer
    const asked = { customerId, currency, amountMinor, reason }
    const given = { ...asked, kind: 'credit', objectId: customerId, input: asked } as const
    return { done: transaction, given: { ...given, resultId: transaction.id } }
  })
}
