// How much of each metric a subscription used in one billing period.

import type { Instant } from '../../core/time.ts'
import type { Quantities } from '../../core/usage-lines.ts'
import type { TenantTransaction } from '../../ports/store.ts'

/** Exact sums by metric; metrics without usage are left out. */
export async function quantitiesOf(
  tx: Pick<TenantTransaction, 'sum'>,
  subscriptionId: string,
  periodStart: Instant,
): Promise<Quantities> {
  const groups = await tx.sum('usageTotals', {
    where: { subscriptionId: subscriptionId as `sub_${string}`, periodStart },
    groupBy: ['metric'],
    sum: ['quantity'],
  })
  return Object.fromEntries(
    groups.map(({ group, sums }) => [String(group.metric), sums.quantity ?? '0']),
  )
}
