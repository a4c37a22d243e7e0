// Sums of the ledger by account, kind and month.
import type { Account, PostingKind } from '../../core/ledger.ts'
import type { AccountFact } from '../../core/reports/facts.ts'
import type { Asked } from '../../core/reports/report.ts'
import type { ReportScope } from './sources.ts'

/** What was booked before the period, and in each month of it. */
export async function accountFacts(
  { reads, without }: ReportScope,
  { from, to, zone }: Asked,
): Promise<AccountFact[]> {
  const groupBy = ['tenantId', 'account', 'kind', 'currency'] as const
  const sum = ['amountMinor'] as const
  const [before, within] = await Promise.all([
    reads.sum('ledgerEntries', { range: { field: 'bookedAt', to: from }, sum, groupBy }),
    reads.sum('ledgerEntries', {
      range: { field: 'bookedAt', from, to },
      sum,
      groupBy,
      bucket: { field: 'bookedAt', unit: 'month', zone },
    }),
  ])
  return [...before, ...within]
    .filter(({ group }) => !without.has(String(group.tenantId)))
    .map(({ group, bucket, sums }) => {
      const amountMinor = Number(sums.amountMinor)
      return {
        account: group.account as Account,
        kind: group.kind as PostingKind,
        currency: String(group.currency),
        month: bucket?.slice(0, 7) ?? null,
        debitMinor: Math.max(0, amountMinor),
        creditMinor: Math.max(0, -amountMinor),
      }
    })
}
