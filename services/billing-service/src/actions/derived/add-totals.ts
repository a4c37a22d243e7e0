// Adds what a transaction wrote to the daily sums of its tenant. The last rows it touches, so that others
// wait for them no longer than its commit.
import {
  addedUp,
  ledgerCounters,
  ledgerTotalOf,
  negated,
  transactionCounters,
  transactionTotalsOf,
} from '../../core/reports/roll-ups.ts'
import type { TenantCollection } from '../../ports/collections.ts'
import type { Writes } from '../../ports/store.ts'
import type { Changes } from './changes.ts'

export async function addTotals(
  tx: Pick<Writes<TenantCollection>, 'add'>,
  { entries, transactions }: Pick<Changes, 'entries' | 'transactions'>,
): Promise<void> {
  const changed = [...transactions.values()].flatMap(({ before, after }) => [
    ...transactionTotalsOf(after),
    ...transactionTotalsOf(before).map(negated),
  ])
  const byDay = addedUp(changed, transactionCounters)
  if (byDay.length > 0) await tx.add('transactionTotals', byDay)
  const byAccount = addedUp(entries.map(ledgerTotalOf), ledgerCounters)
  if (byAccount.length > 0) await tx.add('ledgerTotals', byAccount)
}
