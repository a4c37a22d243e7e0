// Dunning replayed: what other settings would have made of failures that happened. Pure; it goes through the
// same policy as the real thing and knows only what was seen, so it never claims a charge that nobody tried.

import type { DeclineReading } from './declines.ts'
import { type DunningSettings, nextStep, type Try } from './dunning.ts'
import type { PaymentMethodType } from './payment-method.ts'
import type { Instant } from './time.ts'

/** An invoice whose first charge failed, and what became of it. */
export interface PastFailure {
  readonly firstFailedAt: Instant
  /** What each failed try without the payer said, oldest first; at least one, or none had a method. */
  readonly declines: readonly Pick<DeclineReading, 'class' | 'cause'>[]
  readonly methodType: PaymentMethodType | null
  readonly fingerprint: string | null
  /** Tries for other invoices on the same card or account. */
  readonly otherTries: readonly Try[]
  /** When it was paid in the end; null: it was not. */
  readonly paidAt: Instant | null
  /** Whether the payer paid it: then no retry was needed. */
  readonly paidByPayer: boolean
}

export interface Replayed {
  /** Null: not recovered. */
  readonly recoveredAt: Instant | null
  readonly retries: number
}

/** Said with every answer, so that nobody takes it for more than it is. */
export const replayAssumptions = [
  'A retry succeeds if the invoice was really paid by a retry at or before that time; an earlier retry fails as the real ones did.',
  'An invoice that no retry ever paid is paid by none here: longer schedules may recover more than is shown.',
  'What a payer paid itself, it pays at the same time here, as long as dunning has not ended before.',
  'Later retries fail for the reason of the last real one; tries for other invoices on the same card count as they happened.',
] as const

/** Bounds the chain; the policy itself allows at most 9 tries. */
const stepsMax = 20

/** What the settings would have made of one failure. */
export function replayDunning(settings: DunningSettings, past: PastFailure): Replayed {
  const { paidAt, paidByPayer, firstFailedAt, fingerprint } = past
  const own: Try[] = [{ at: firstFailedAt, fingerprint }]
  let retries = 0
  for (let step = 0; step < stepsMax; step += 1) {
    const last = own.at(-1)!.at
    const next = nextStep(settings, {
      at: last,
      firstFailedAt,
      triesMade: own.length,
      decline: past.declines[Math.min(own.length, past.declines.length) - 1] ?? null,
      methodType: past.methodType,
      // One account all along: each try is a presentment of it.
      presentments: past.methodType === 'bank_account' ? own.length : 0,
      recentTries: [...own, ...past.otherTries.filter(each => each.at <= last)],
    })
    const until = next.retryAt ?? next.giveUpAt ?? Number.POSITIVE_INFINITY
    if (paidAt !== null && paidByPayer && paidAt <= until) return { recoveredAt: paidAt, retries }
    if (next.retryAt === null) break
    retries += 1
    if (paidAt !== null && !paidByPayer && next.retryAt >= paidAt) {
      return { recoveredAt: next.retryAt, retries }
    }
    own.push({ at: next.retryAt, fingerprint })
  }
  return { recoveredAt: null, retries }
}

export interface Recovery {
  readonly currency: string
  readonly amountMinor: number
  readonly firstFailedAt: Instant
  readonly recoveredAt: Instant | null
  readonly retries: number
}

const dayMs = 86_400_000

/** Sums of recoveries: how many, how much by currency, with how many retries, after how many days. */
export function recoverySums(recoveries: readonly Recovery[]) {
  const recovered = recoveries.filter(each => each.recoveredAt !== null)
  const amounts = new Map<string, number>()
  let elapsedMs = 0
  for (const { currency, amountMinor, firstFailedAt, recoveredAt } of recovered) {
    amounts.set(currency, (amounts.get(currency) ?? 0) + amountMinor)
    elapsedMs += recoveredAt! - firstFailedAt
  }
  return {
    recovered: recovered.length,
    amounts: [...amounts].sort(([a], [b]) => (a < b ? -1 : 1)),
    retries: recoveries.reduce((total, each) => total + each.retries, 0),
    daysToRecover: recovered.length === 0 ? null : elapsedMs / recovered.length / dayMs,
  }
}
