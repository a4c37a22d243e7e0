// Period totals of metrics, read together.
import type { UsageEvent } from '../../core/usage.ts'
import type { CollectionName } from '../../ports/collections.ts'
import type { Reads } from '../../ports/store.ts'

/** One metric of one subscription in one billing period. */
export type Meter = Pick<UsageEvent, 'subscriptionId' | 'metric' | 'periodStart'>

export const meterKey = ({ subscriptionId, metric, periodStart }: Meter): string =>
  `${subscriptionId} ${periodStart} ${metric}`

/** The totals by `meterKey`, in one read; nothing where nothing was used. */
export async function totalsOf(
  reads: Pick<Reads<CollectionName>, 'sum'>,
  meters: readonly Meter[],
): Promise<ReadonlyMap<string, string>> {
  if (meters.length === 0) return new Map()
  const groups = await reads.sum('usageTotals', {
    where: {
      subscriptionId: { in: [...new Set(meters.map(meter => meter.subscriptionId))] },
      metric: { in: [...new Set(meters.map(meter => meter.metric))] },
      periodStart: { in: [...new Set(meters.map(meter => meter.periodStart))] },
    },
    sum: ['quantity'],
    groupBy: ['subscriptionId', 'metric', 'periodStart'],
  })
  return new Map(
    groups.map(({ group, sums }) => [meterKey(group as unknown as Meter), sums.quantity ?? '0']),
  )
}
