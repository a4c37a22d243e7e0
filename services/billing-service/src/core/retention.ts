// How long is kept what nobody needs for long. Documents, the books and the audit log are none of it.
import type { Instant } from './time.ts'

/** Days of real time; null keeps for good. */
export interface Retention {
  /** Words and layout of mails that are done; that they were sent, and to whom, stays. */
  readonly mailDays: number | null
  /** What the processor's webhooks said; that they arrived, and what came of them, stays. */
  readonly webhookDays: number | null
  /** Rows of files that are gone or could not be made. */
  readonly exportDays: number | null
  /** Hours for which a repeated request finds its first answer; at least 24. */
  readonly answerHours: number
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** Until when a repetition of a request finds what it did the first time. */
export const answerKeptUntil = (
  { answerHours }: Pick<Retention, 'answerHours'>,
  now: Instant,
): Instant => now + answerHours * hourMs

/** What is older may go; null: nothing may. */
export const cutoffOf = (days: number | null, now: Instant): Instant | null =>
  days === null ? null : now - days * dayMs

/** Where a walk through rows by their time stands: a stretch of time, and how far it is through. */
export interface Stretch {
  readonly from: Instant
  readonly to: Instant
  readonly cursor: string | null
}

/** The stretch to go on with: the rest of the one in hand, else all that came of age since; null: nothing has. */
export function nextStretch(before: Stretch | null, cutoff: Instant | null): Stretch | null {
  if (before !== null && before.cursor !== null) return before
  const from = before?.to ?? 0
  return cutoff === null || cutoff <= from ? null : { from, to: cutoff, cursor: null }
}
