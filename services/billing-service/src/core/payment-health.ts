// How well payments go: success and failure by day, method, brand and reason, the rates of refunds and
// disputes, and which of them are worth an alarm. Counts of attempts, not of invoices.
import { declineOf } from './declines.ts'

/** Rates are parts per million. Rates of fewer payments than `paymentsMin` mean nothing. */
export interface HealthThresholds {
  readonly failureRatePpm: number
  readonly refundRatePpm: number
  readonly disputeRatePpm: number
  readonly paymentsMin: number
}

/** Attempts that share everything that is told apart. */
export interface AttemptCount {
  /** `YYYY-MM-DD`, UTC. */
  readonly day: string
  readonly status: string
  readonly methodType: string | null
  readonly brand: string | null
  readonly failureCode: string | null
  readonly declineCode: string | null
  readonly count: number
}

export interface Rate {
  readonly attempts: number
  readonly succeeded: number
  readonly failed: number
  /** Of those that ended, in parts per million; null when none has. */
  readonly successRatePpm: number | null
}

export interface Slice extends Rate {
  readonly name: string
}

export interface FailureReason {
  readonly code: string
  /** What dunning makes of it. */
  readonly kind: string
  readonly count: number
}

export type AlertName = 'failure_rate' | 'refund_rate' | 'dispute_rate'

export interface HealthAlert {
  readonly name: AlertName
  readonly ratePpm: number
  readonly thresholdPpm: number
}

export interface PaymentHealth {
  readonly total: Rate
  readonly byDay: readonly Slice[]
  readonly byMethod: readonly Slice[]
  readonly byBrand: readonly Slice[]
  readonly byReason: readonly FailureReason[]
  readonly refunds: number
  readonly disputes: number
  readonly disputesLost: number
  readonly refundRatePpm: number | null
  readonly disputeRatePpm: number | null
  readonly alerts: readonly HealthAlert[]
}

const million = 1_000_000

/** A share in parts per million; null of nothing. */
const sharePpm = (part: number, whole: number): number | null =>
  whole === 0 ? null : Math.round((part * million) / whole)

function rateOf(counts: readonly AttemptCount[]): Rate {
  const sum = (statuses: readonly string[]) =>
    counts
      .filter(({ status }) => statuses.includes(status))
      .reduce((total, { count }) => total + count, 0)
  const succeeded = sum(['succeeded'])
  const failed = sum(['failed'])
  const attempts = counts.reduce((total, { count }) => total + count, 0)
  return { attempts, succeeded, failed, successRatePpm: sharePpm(succeeded, succeeded + failed) }
}

function slices(
  counts: readonly AttemptCount[],
  nameOf: (count: AttemptCount) => string | null,
): Slice[] {
  const groups = new Map<string, AttemptCount[]>()
  for (const count of counts) {
    const name = nameOf(count) ?? 'unknown'
    groups.set(name, [...(groups.get(name) ?? []), count])
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, group]) => ({ name, ...rateOf(group) }))
}

function reasons(counts: readonly AttemptCount[]): FailureReason[] {
  const found = new Map<string, FailureReason>()
  for (const { status, failureCode, declineCode, count } of counts) {
    if (status !== 'failed') continue
    const code = declineCode ?? failureCode ?? 'unknown'
    const kind = declineOf({ failureCode, declineCode, adviceCode: null }).class
    const former = found.get(code)?.count ?? 0
    found.set(code, { code, kind, count: former + count })
  }
  return [...found.values()].sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1))
}

/** Folds counts into the report, and says which rates are over their thresholds. */
export function paymentHealth(
  counts: readonly AttemptCount[],
  after: { readonly refunds: number; readonly disputes: number; readonly disputesLost: number },
  thresholds: HealthThresholds,
): PaymentHealth {
  const total = rateOf(counts)
  const refundRatePpm = sharePpm(after.refunds, total.succeeded)
  const disputeRatePpm = sharePpm(after.disputes, total.succeeded)
  const ended = total.succeeded + total.failed
  const over = (
    name: AlertName,
    ratePpm: number | null,
    thresholdPpm: number,
    of: number,
  ): HealthAlert[] =>
    ratePpm !== null && of >= thresholds.paymentsMin && ratePpm > thresholdPpm
      ? [{ name, ratePpm, thresholdPpm }]
      : []
  const failureRatePpm = sharePpm(total.failed, ended)
  const { succeeded } = total
  return {
    total,
    byDay: slices(counts, ({ day }) => day),
    byMethod: slices(counts, ({ methodType }) => methodType),
    byBrand: slices(
      counts.filter(({ methodType }) => methodType === 'card'),
      ({ brand }) => brand,
    ),
    byReason: reasons(counts),
    ...after,
    refundRatePpm,
    disputeRatePpm,
    alerts: [
      ...over('failure_rate', failureRatePpm, thresholds.failureRatePpm, ended),
      ...over('refund_rate', refundRatePpm, thresholds.refundRatePpm, succeeded),
      ...over('dispute_rate', disputeRatePpm, thresholds.disputeRatePpm, succeeded),
    ],
  }
}
