// How near a metric is to its quota, and which part of each day lies above it. Counts, never money.
import type { SubscriptionUsageWire } from '../data/wire.ts'

type Metric = SubscriptionUsageWire['metrics'][string]

/** Whole percent of the included quota that is used, rounded down; null where there is no quota. */
export function quotaShare({
  quantity,
  included,
}: Pick<Metric, 'quantity' | 'included'>): number | null {
  if (included === null || included <= 0) return null
  return Math.floor((quantity / included) * 100)
}

export interface DayOfUsage {
  readonly day: string
  readonly quantity: number
  /** All of the period up to and with this day. */
  readonly cumulative: number
  /** Of this day, above the quota of the period. */
  readonly beyond: number
}

/** The days of a period with usage, oldest first, and which part of each is above the quota. */
export function daysOfUsage({ days, included }: Pick<Metric, 'days' | 'included'>): DayOfUsage[] {
  const ordered = [...days].sort((a, b) => a.day.localeCompare(b.day))
  let cumulative = 0
  return ordered.map(({ day, quantity }) => {
    const before = cumulative
    cumulative += quantity
    const above = (total: number) => (included === null ? 0 : Math.max(0, total - included))
    return { day, quantity, cumulative, beyond: above(cumulative) - above(before) }
  })
}
