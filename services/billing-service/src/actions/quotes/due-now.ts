// What a draft would ask for now, after the credit balance: read without holding it.
import { balanceIdOf, fromBalance } from '../../core/credit-balance.ts'
import type { CustomerId } from '../../core/ids.ts'
import type { Invoice } from '../../core/invoice.ts'
import { type Currency, sumMinor } from '../../core/money.ts'
import type { CollectionName } from '../../ports/collections.ts'
import type { Reads } from '../../ports/store.ts'

export interface DueNow {
  readonly balanceMinor: number
  readonly dueNowMinor: number
  /** Taken from the balance; negative collects a debt that was carried. */
  readonly fromBalanceMinor: number
  /** What credits exceed costs by: it goes to the balance. */
  readonly toBalanceMinor: number
}

/** Refuses `amount_too_large`. */
export function dueNow(draft: Invoice | null, balanceMinor: number): DueNow {
  if (draft === null) {
    return { balanceMinor, dueNowMinor: 0, fromBalanceMinor: 0, toBalanceMinor: 0 }
  }
  const fromBalanceMinor = fromBalance(draft, balanceMinor)
  const transferred = draft.lines.filter(line => line.kind === 'balance_transfer')
  return {
    balanceMinor,
    dueNowMinor: draft.totalMinor - fromBalanceMinor,
    fromBalanceMinor,
    toBalanceMinor: sumMinor(transferred.map(line => line.amountMinor)),
  }
}

/** The balance as it stands. */
export async function balanceOf(
  reads: Pick<Reads<CollectionName>, 'find'>,
  customerId: CustomerId,
  currency: Currency,
): Promise<number> {
  const found = await reads.find('creditBalances', balanceIdOf(customerId, currency))
  return found?.balanceMinor ?? 0
}
