// Sums over any span out of the daily sums that are kept, and of the rows of the parts of days at its ends: equal
// to the rows to the last minor unit, in any zone.
import { type Edge, splitSpan } from '../../core/reports/days.ts'
import {
  addedUp,
  type LedgerTotal,
  ledgerCounters,
  ledgerTotalOf,
  type TransactionTotal,
  transactionCounters,
  transactionTotalsOf,
} from '../../core/reports/roll-ups.ts'
import type { Instant } from '../../core/time.ts'
import type { CollectionName } from '../../ports/collections.ts'
import type { Group, Reads } from '../../ports/store.ts'

type AnyReads = Reads<CollectionName>

/** A sum over a span: no longer of a day. */
export type SpanTotal<T extends { readonly day: string }> = Omit<T, 'day'>

const withoutDay = <T extends { readonly day: string }>({ day: _day, ...rest }: T) => rest

const ledgerSum = ({ group, sums }: Group): SpanTotal<LedgerTotal> =>
  ({
    ...group,
    debitMinor: Number(sums.debitMinor),
    creditMinor: Number(sums.creditMinor),
    entries: Number(sums.entries),
  }) as SpanTotal<LedgerTotal>

async function edgeEntries(reads: AnyReads, { from, to }: Edge): Promise<SpanTotal<LedgerTotal>[]> {
  const found: SpanTotal<LedgerTotal>[] = []
  const entries = reads.stream('ledgerEntries', {
    range: { field: 'bookedAt', from, to },
    order: { field: 'bookedAt', direction: 'asc' },
  })
  for await (const entry of entries) found.push(withoutDay(ledgerTotalOf(entry)))
  return addedUp(found, ledgerCounters)
}

/** Ledger lines booked in a span, by tenant, account, kind and currency. */
export async function ledgerTotalsIn(
  reads: AnyReads,
  from: Instant,
  to: Instant,
): Promise<SpanTotal<LedgerTotal>[]> {
  const { days, edges } = splitSpan(from, to)
  const whole =
    days === null
      ? []
      : await reads.sum('ledgerTotals', {
          range: { field: 'day', ...days },
          sum: ledgerCounters,
          groupBy: ['tenantId', 'account', 'kind', 'currency'],
        })
  const parts = await Promise.all(edges.map(edge => edgeEntries(reads, edge)))
  return addedUp([...whole.map(ledgerSum), ...parts.flat()], ledgerCounters)
}

const transactionSum = ({ group, sums }: Group): SpanTotal<TransactionTotal> =>
  ({
    ...group,
    amountMinor: Number(sums.amountMinor),
    transactions: Number(sums.transactions),
  }) as SpanTotal<TransactionTotal>

async function edgeTransactions(
  reads: AnyReads,
  { from, to }: Edge,
): Promise<SpanTotal<TransactionTotal>[]> {
  const found: SpanTotal<TransactionTotal>[] = []
  const transactions = reads.stream('transactions', {
    where: { status: 'succeeded' },
    range: { field: 'createdAt', from, to },
    order: { field: 'createdAt', direction: 'asc' },
  })
  for await (const row of transactions) found.push(...transactionTotalsOf(row).map(withoutDay))
  return addedUp(found, transactionCounters)
}

/** Transactions begun in a span that succeeded, by tenant, type and currency. */
export async function transactionTotalsIn(
  reads: AnyReads,
  from: Instant,
  to: Instant,
): Promise<SpanTotal<TransactionTotal>[]> {
  const { days, edges } = splitSpan(from, to)
  const whole =
    days === null
      ? []
      : await reads.sum('transactionTotals', {
          range: { field: 'day', ...days },
          sum: transactionCounters,
          groupBy: ['tenantId', 'type', 'currency'],
        })
  const parts = await Promise.all(edges.map(edge => edgeTransactions(reads, edge)))
  return addedUp([...whole.map(transactionSum), ...parts.flat()], transactionCounters)
}
