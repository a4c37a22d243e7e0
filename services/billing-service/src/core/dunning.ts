// What follows a charge that failed: the next try, waiting for the payer, or the end. Pure policy over the
// settings and the history of tries; it charges nothing and knows no processor.
import type { DeclineReading } from './declines.ts'
import type { PaymentMethodType } from './payment-method.ts'
import { addLocalDays, type Instant, localDate, startOfLocalDate } from './time.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

export interface DunningSettings {
  readonly gracePeriodDays: number
  /** Retries after the first failed charge. */
  readonly dunningAttempts: number
  readonly dunningIntervalDays: number
  /** Days after the first failure; overrides attempts and interval. At most 8. */
  readonly dunningDays: readonly number[] | null
  readonly dunningFinalAction: 'unpaid' | 'cancel'
  readonly zone: string
}

/** One try to charge, as far as the policy cares. */
export interface Try {
  readonly at: Instant
  /** Which card or account; tries count per fingerprint, not per invoice. */
  readonly fingerprint: string | null
}

export interface Failure {
  readonly at: Instant
  /** Day 0: the first failure of this invoice. */
  readonly firstFailedAt: Instant
  /** Tries of this invoice without the payer, this one among them; 0 when there was nothing to charge. */
  readonly triesMade: number
  /** Null: there is no method to charge. */
  readonly decline: Pick<DeclineReading, 'class' | 'cause'> | null
  readonly methodType: PaymentMethodType | null
  /** Failed debits of this invoice on the same account, by whoever started them; 0 for cards. */
  readonly presentments: number
  /** Tries on the same card or account in the last 30 days, over all invoices. */
  readonly recentTries: readonly Try[]
}

export type DunningReason =
  | 'schedule'
  | 'payday'
  | 'technical'
  | 'network_limit'
  | 'customer_must_act'
  | 'no_method'
  | 'never_retry'
  | 'ours'
  | 'retries_spent'

export interface DunningStep {
  /** When to try again; null: not by time. A new default method is tried at once whatever stands here. */
  readonly retryAt: Instant | null
  /** When the final action is taken; null: a try is still to come, or the fault is ours. */
  readonly giveUpAt: Instant | null
  readonly graceEndsAt: Instant
  readonly reason: DunningReason
}

/** Most tries on one card or account: 8 in 14 days (so never the 10 a day that networks count), 15 in 30. */
export const networkLimits = [
  { tries: 8, days: 14 },
  { tries: 15, days: 30 },
] as const

/** A returned bank debit may be presented again twice, within 180 days of the first (NACHA rules). */
const bankRetriesMax = 2
const presentmentMs = 180 * dayMs

/** What the count of presentments needs to know of a try. */
export interface Presentment {
  readonly methodType: string | null
  readonly fingerprint: string | null
  readonly status: string
  readonly createdAt: Instant
}

/** Failed debits of one demand on one account that still count: each mandate has a count of its own. */
export const presentmentsOf = (
  tries: readonly Presentment[],
  fingerprint: string | null,
  at: Instant,
): number =>
  tries.filter(
    each =>
      each.methodType === 'bank_account' &&
      each.status === 'failed' &&
      each.fingerprint === fingerprint &&
      each.createdAt > at - presentmentMs,
  ).length

/** Whether an account may not be debited again for a demand: it was presented three times. */
export const presentmentsSpent = (
  tries: readonly Presentment[],
  fingerprint: string | null,
  at: Instant,
): boolean => presentmentsOf(tries, fingerprint, at) > bankRetriesMax

/** Days after the first failure on which charges are retried, in order. */
export function retryDays(settings: DunningSettings): readonly number[] {
  const days =
    settings.dunningDays ??
    Array.from(
      { length: settings.dunningAttempts },
      (_, at) => (at + 1) * settings.dunningIntervalDays,
    )
  return days.slice(0, 8)
}

/** When access ends: `gracePeriodDays` local days after the first failure (choice 15). */
export const graceEnd = (settings: DunningSettings, firstFailedAt: Instant): Instant =>
  addLocalDays(firstFailedAt, settings.gracePeriodDays, settings.zone)

/**
 * The next step after a failure. The class of the decline moves or stops the retry; network limits may only
 * delay it. The final action comes when no retry is left and grace is over.
 */
export function nextStep(settings: DunningSettings, failure: Failure): DunningStep {
  const graceEndsAt = graceEnd(settings, failure.firstFailedAt)
  const stop = (reason: DunningReason): DunningStep => ({
    retryAt: null,
    giveUpAt: Math.max(failure.at, graceEndsAt),
    graceEndsAt,
    reason,
  })
  const { decline } = failure
  if (decline === null) return stop('no_method')
  // Nobody is cut off for a fault of ours: it waits for the operator.
  if (decline.class === 'ours') return { ...stop('ours'), giveUpAt: null }
  if (decline.class === 'never_retry' || decline.class === 'customer_must_act') {
    return stop(decline.class)
  }
  const planned = plannedRetry(settings, failure)
  if (planned === null) return stop('retries_spent')
  const allowedAt = withinLimits(planned.at, failure.recentTries)
  const limited = allowedAt > planned.at
  return {
    retryAt: allowedAt,
    giveUpAt: null,
    graceEndsAt,
    reason: limited ? 'network_limit' : planned.reason,
  }
}

function plannedRetry(
  settings: DunningSettings,
  failure: Failure,
): { at: Instant; reason: 'schedule' | 'payday' | 'technical' } | null {
  const days = retryDays(settings)
  const retriesMade = Math.max(0, failure.triesMade - 1)
  const spent = failure.methodType === 'bank_account' && failure.presentments > bankRetriesMax
  if (spent || retriesMade >= days.length) return null
  const dayAt = (index: number) =>
    addLocalDays(failure.firstFailedAt, days[index] ?? 0, settings.zone)
  const at = Math.max(dayAt(retriesMade), failure.at + hourMs)
  const cause = failure.decline?.cause
  if (cause === 'technical' && retriesMade === 0) {
    return { at: Math.min(at, failure.at + 6 * hourMs), reason: 'technical' }
  }
  if (cause === 'funds') {
    const following = days[retriesMade + 1]
    const span = (following ?? (days[retriesMade] ?? 0) + settings.dunningIntervalDays) * dayMs
    const payday = firstPayday(at, failure.firstFailedAt + span, settings.zone)
    if (payday !== null) return { at: payday, reason: 'payday' }
  }
  return { at, reason: 'schedule' }
}

/** Noon of the first 1st or 15th of a month in `[from, to)`: wages have arrived by then. */
function firstPayday(from: Instant, to: Instant, zone: string): Instant | null {
  for (let day = 0; day <= 31; day += 1) {
    const date = localDate(addLocalDays(from, day, zone), zone)
    if (!/-(?:01|15)$/.test(date)) continue
    const noon = startOfLocalDate(date, zone) + 12 * hourMs
    if (noon >= from) return noon < to ? noon : null
  }
  return null
}

/** The earliest instant at or after `at` at which one more try keeps every network limit. */
export function withinLimits(at: Instant, tries: readonly Try[]): Instant {
  const made = tries.map(each => each.at).sort((a, b) => a - b)
  let allowed = at
  for (const limit of networkLimits) {
    const window = limit.days * dayMs
    // The try that must have left the window before one more may be made.
    const blocking = made.filter(each => each > allowed - window).at(-limit.tries)
    if (blocking !== undefined) allowed = Math.max(allowed, blocking + window)
  }
  return allowed
}

/** Stages of reminding the payer of an overdue invoice, in days after its due date. */
export const noticeDays = [1, 3, 7, 14, 30] as const
