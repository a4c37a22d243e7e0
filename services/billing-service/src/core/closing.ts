// Closing the books: when a period may be closed, and where a posting goes that comes too late for its own.
// Not what is handed over at the close.
import type { Id } from './ids.ts'
import { refuse } from './refusal.ts'
import { type Instant, namedPeriod, type Period, toIso } from './time.ts'

/** A period that was closed: nothing is booked in it any more, nor before it. */
export interface Closing {
  /** `<owner>:<period>`. */
  readonly id: string
  /** A tenant, or `issuerOwner` for the books of all. */
  readonly owner: string
  /** Such as `2026-11`. */
  readonly period: string
  readonly zone: string
  readonly startsAt: Instant
  readonly endsAt: Instant
  /** The file that was handed over. */
  readonly exportId: Id<'export'>
  readonly closedAt: Instant
  readonly closedBy: string
}

/**
 * A period rests this long before it may be closed, and what is dated within this time needs no look at what is
 * closed: whatever was begun in the period has been written down by then.
 */
export const restMs = 3_600_000

/** The month of that name in a zone, once it may be closed. Refuses `invalid_period`, `period_not_over`. */
export function closablePeriod(period: string, zone: string, now: Instant): Period {
  if (!/^\d{4}-\d{2}$/.test(period)) refuse('invalid_period', { period })
  const { from: start, to: end } = namedPeriod(period, zone, now)
  const from = end + restMs
  if (now < from) refuse('period_not_over', { period, time: toIso(from) })
  return { start, end }
}

/** Whether a posting is dated so long ago that its period may be closed meanwhile. */
export const isBackdated = (at: Instant, now: Instant): boolean => at < now - restMs

/**
 * When a posting is booked: at its own time, or at the first instant of the first open period when its own is
 * closed. A movement that happened is never refused, for the money has moved.
 */
export const bookingTime = (at: Instant, closedUntil: Instant | null): Instant =>
  closedUntil !== null && at < closedUntil ? closedUntil : at
