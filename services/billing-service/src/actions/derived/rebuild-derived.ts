// Makes what is derived anew: daily sums out of their rows, and movements for subscriptions whose worth the log
// does not know. It may run while work goes on.
import {
  addedUp,
  type LedgerTotal,
  ledgerCounters,
  ledgerTotalOf,
  type TransactionTotal,
  transactionCounters,
  transactionTotalsOf,
} from '../../core/reports/roll-ups.ts'
import type { Deps } from '../../deps.ts'
import type { CollectionName } from '../../ports/collections.ts'
import type { Reads } from '../../ports/store.ts'
import { everyTenant } from '../verify/proof.ts'
import { moveRevenues } from './move-revenues.ts'

export interface Rebuilt {
  readonly tenants: number
  /** Daily sums that were put right. */
  readonly totals: number
  /** Movements that were missing from the log; they are dated by the last change of their subscription. */
  readonly movements: number
}

type TenantReads = Reads<CollectionName>

/** Rows that are written meanwhile are seen on one side only; what was then put wrong is found the next time. */
const roundsMax = 10

/** What has to be added to the sums that are kept so that they are those of the rows. */
async function missingLedger(reads: TenantReads): Promise<LedgerTotal[]> {
  let found: LedgerTotal[] = []
  for await (const total of reads.stream('ledgerTotals', {})) {
    const { debitMinor, creditMinor, entries } = total
    found.push({
      ...total,
      debitMinor: -debitMinor,
      creditMinor: -creditMinor,
      entries: -entries,
    })
  }
  for await (const entry of reads.stream('ledgerEntries', {})) {
    found.push(ledgerTotalOf(entry))
    if (found.length > batchMax) found = addedUp(found, ledgerCounters)
  }
  return addedUp(found, ledgerCounters)
}

/** Rows that are added up at once; their keys are far fewer. */
const batchMax = 100_000

async function missingTransactions(reads: TenantReads): Promise<TransactionTotal[]> {
  let found: TransactionTotal[] = []
  for await (const total of reads.stream('transactionTotals', {})) {
    const { amountMinor, transactions } = total
    found.push({ ...total, amountMinor: -amountMinor, transactions: -transactions })
  }
  for await (const transaction of reads.stream('transactions', {})) {
    found.push(...transactionTotalsOf(transaction))
    if (found.length > batchMax) found = addedUp(found, transactionCounters)
  }
  return addedUp(found, transactionCounters)
}

async function rebuildTotals(deps: Deps, tenantId: string, reads: TenantReads): Promise<number> {
  let changed = 0
  for (let round = 0; round < roundsMax; round += 1) {
    const [ledger, transactions] = [await missingLedger(reads), await missingTransactions(reads)]
    if (ledger.length + transactions.length === 0) break
    changed += ledger.length + transactions.length
    await deps.store.transaction(tenantId, async tx => {
      await tx.add('ledgerTotals', ledger)
      await tx.add('transactionTotals', transactions)
    })
  }
  return changed
}

async function rebuildMovements(deps: Deps, tenantId: string, reads: TenantReads): Promise<number> {
  let moved = 0
  for await (const { id } of reads.stream('subscriptions', {})) {
    moved += await deps.store.transaction(tenantId, async tx =>
      moveRevenues(deps.store, tx, [await tx.lock('subscriptions', id)]),
    )
  }
  return moved
}

/** Puts what is derived right, tenant by tenant. */
export async function rebuildDerived(deps: Deps): Promise<Rebuilt> {
  let [tenants, totals, movements] = [0, 0, 0]
  for await (const { tenantId, reads } of everyTenant(deps)) {
    tenants += 1
    totals += await rebuildTotals(deps, tenantId, reads)
    movements += await rebuildMovements(deps, tenantId, reads)
  }
  return { tenants, totals, movements }
}
