// Sums of the ledger by account, kind and month, and of transactions by type and month: out of daily sums.
import type { AccountFact, SettledFact } from '../../core/reports/facts.ts'
import type { Asked } from '../../core/reports/report.ts'
import { monthsOf } from '../../core/reports/revenue-months.ts'
import { ledgerTotalsIn, transactionTotalsIn } from './read-totals.ts'
import type { ReportScope } from './sources.ts'

/** What was booked before the period, and in each month of it. */
export async function* accountFacts(
  { reads, without }: ReportScope,
  asked: Asked,
): AsyncGenerator<AccountFact> {
  const spans = [{ month: null, start: 0, end: asked.from }, ...monthsOf(asked)]
  for (const { month, start, end } of spans) {
    if (start >= end) continue
    for (const { tenantId, entries: _, ...sums } of await ledgerTotalsIn(reads, start, end)) {
      if (!without.has(tenantId)) yield { month, ...sums }
    }
  }
}

/** What was begun in each month of the period and succeeded. */
export async function* settledFacts(
  { reads, without }: ReportScope,
  asked: Asked,
): AsyncGenerator<SettledFact> {
  for (const { month, start, end } of monthsOf(asked)) {
    for (const { tenantId, ...sums } of await transactionTotalsIn(reads, start, end)) {
      if (!without.has(tenantId)) yield { month, ...sums }
    }
  }
}
