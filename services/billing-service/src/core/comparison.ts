// Our record of an object held against the processor's: which fields differ, and how much money is at stake.
// Not what is then done about it.
import type { Dispute, DisputeObservation } from './dispute.ts'
import type { Currency } from './money.ts'
import type { PaymentObservation, RefundObservation, Transaction } from './payment.ts'
import type { Subscription } from './subscription.ts'
import { type Instant, toIso } from './time.ts'

export type ComparedType = 'payment' | 'refund' | 'dispute' | 'subscription'

export type DriftField =
  | 'missing_here'
  | 'missing_there'
  | 'status'
  | 'amount'
  | 'currency'
  | 'fee'
  | 'net'
  | 'held'
  | 'plan'
  | 'quantity'
  | 'period_end'
  | 'cancels_at_period_end'

export interface Difference {
  readonly objectType: ComparedType
  /** The processor's object. */
  readonly processorId: string
  /** Ours; null where we have none. */
  readonly tenantId: string | null
  readonly objectId: string | null
  readonly field: DriftField
  readonly ours: string | null
  readonly theirs: string | null
  readonly currency: Currency
  /** Positive minor units. */
  readonly moneyMinor: number
}

/** A difference as it waits for a person. */
export interface Drift extends Difference {
  readonly id: string
  /** `<type>:<processor's id>:<field>`: a difference is listed once. */
  readonly key: string
  /** `vanished`: a later comparison did not find it any more. */
  readonly state: 'open' | 'resolved' | 'vanished'
  readonly resolution: 'take_theirs' | 'push_ours' | 'explain' | null
  readonly note: string | null
  readonly resolvedBy: string | null
  readonly resolvedAt: Instant | null
  readonly detectedAt: Instant
  readonly lastSeenAt: Instant
  readonly version: number
}

export const driftKey = (difference: Difference): string =>
  `${difference.objectType}:${difference.processorId}:${difference.field}`

interface About {
  readonly objectType: ComparedType
  readonly processorId: string
  readonly tenantId: string | null
  readonly objectId: string | null
  readonly currency: Currency
}

type Value = string | number | null

const textOf = (value: Value): string | null => (value === null ? null : String(value))

function differs(
  about: About,
  field: DriftField,
  [ours, theirs]: readonly [Value, Value],
  moneyMinor: number,
): Difference[] {
  if (ours === theirs) return []
  const stake = Math.abs(moneyMinor)
  return [{ ...about, field, ours: textOf(ours), theirs: textOf(theirs), moneyMinor: stake }]
}

const aboutOf = (
  objectType: ComparedType,
  processorId: string,
  ours: { readonly tenantId: string; readonly id: string } | null,
  currency: Currency,
): About => ({
  objectType,
  processorId,
  tenantId: ours?.tenantId ?? null,
  objectId: ours?.id ?? null,
  currency,
})

/** An object of the processor's that should be here and is not. */
export const missingHere = (
  objectType: ComparedType,
  seen: {
    readonly processorId: string
    readonly currency: Currency
    readonly amountMinor: number
    readonly status: string
  },
  tenantId: string | null,
): Difference => ({
  ...aboutOf(objectType, seen.processorId, null, seen.currency),
  tenantId,
  field: 'missing_here',
  ours: null,
  theirs: seen.status,
  moneyMinor: seen.amountMinor,
})

/** A record of ours that the processor does not know. */
export const missingThere = (ours: Transaction): Difference => ({
  ...aboutOf(ours.type as ComparedType, ours.processorId ?? ours.id, ours, ours.currency),
  field: 'missing_there',
  ours: ours.status,
  theirs: null,
  moneyMinor: ours.amountMinor,
})

/** What differs between a payment and the processor's. */
export function comparePayment(ours: Transaction, seen: PaymentObservation): Difference[] {
  const about = aboutOf('payment', seen.processorId ?? '', ours, seen.currency)
  const paid = ours.status === 'succeeded' || seen.status === 'succeeded'
  const done = ours.status === 'succeeded' && seen.status === 'succeeded'
  const feeAt = (seen.feeMinor ?? 0) - (ours.feeMinor ?? 0)
  return [
    ...differs(about, 'status', [ours.status, seen.status], paid ? seen.amountMinor : 0),
    ...differs(about, 'currency', [ours.currency, seen.currency], seen.amountMinor),
    ...differs(
      about,
      'amount',
      [ours.amountMinor, seen.amountMinor],
      seen.amountMinor - ours.amountMinor,
    ),
    ...(done ? differs(about, 'fee', [ours.feeMinor, seen.feeMinor], feeAt) : []),
    ...(done
      ? differs(
          about,
          'net',
          [ours.netMinor, seen.netMinor],
          (seen.netMinor ?? 0) - (ours.netMinor ?? 0),
        )
      : []),
  ]
}

/** What differs between a refund and the processor's. */
export function compareRefund(ours: Transaction, seen: RefundObservation): Difference[] {
  const about = aboutOf('refund', seen.processorId ?? '', ours, seen.currency)
  return [
    ...differs(about, 'status', [ours.status, seen.status], seen.amountMinor),
    ...differs(about, 'currency', [ours.currency, seen.currency], seen.amountMinor),
    ...differs(
      about,
      'amount',
      [ours.amountMinor, seen.amountMinor],
      seen.amountMinor - ours.amountMinor,
    ),
  ]
}

export const heldBy = (seen: DisputeObservation): number =>
  seen.movements.reduce((sum, { amountMinor }) => sum - amountMinor, 0)

export const feesOf = (seen: DisputeObservation): number =>
  seen.movements.reduce((sum, { feeMinor }) => sum + feeMinor, 0)

/** What differs between a dispute and the processor's. */
export function compareDispute(ours: Dispute, seen: DisputeObservation): Difference[] {
  const about = aboutOf('dispute', seen.processorId, ours, seen.currency)
  const [held, fees] = [heldBy(seen), feesOf(seen)]
  return [
    ...differs(about, 'status', [ours.status, seen.status], seen.amountMinor),
    ...differs(
      about,
      'amount',
      [ours.amountMinor, seen.amountMinor],
      seen.amountMinor - ours.amountMinor,
    ),
    ...differs(about, 'held', [ours.heldMinor, held], held - ours.heldMinor),
    ...differs(about, 'fee', [ours.feeMinor, fees], fees - ours.feeMinor),
  ]
}

/** The fields of a mirrored subscription that are held against the processor's, as texts. */
export const mirroredFields = (copy: Subscription): Partial<Record<DriftField, string>> => ({
  status: copy.status,
  plan: copy.planCode,
  quantity: String(copy.quantity),
  period_end: toIso(copy.currentPeriodEnd),
  cancels_at_period_end: String(copy.cancelAtPeriodEnd),
})

/**
 * What differs between our copy of a subscription and what a copy made now would say; null: the processor
 * does not know it any more. At stake is the price of a period there.
 */
export function compareMirrored(
  ours: Subscription,
  now: { readonly copy: Subscription; readonly periodMinor: number } | null,
): Difference[] {
  const about = aboutOf('subscription', ours.processorId ?? '', ours, ours.currency)
  if (now === null) return differs(about, 'missing_there', [ours.status, null], 0)
  const [here, there] = [mirroredFields(ours), mirroredFields(now.copy)]
  return (Object.keys(here) as DriftField[]).flatMap(field =>
    differs(about, field, [here[field] ?? null, there[field] ?? null], now.periodMinor),
  )
}

/** One kind of money in one currency, counted and added up on both sides. */
export interface Tally {
  readonly kind: 'payments' | 'fees' | 'refunds' | 'disputes' | 'dispute_fees' | 'payouts'
  readonly currency: Currency
  readonly ours: { readonly count: number; readonly sumMinor: number }
  readonly theirs: { readonly count: number; readonly sumMinor: number }
}

type Side = 'ours' | 'theirs'

/** Adds up both sides as objects are compared. */
export function tallies() {
  const rows = new Map<string, Tally>()
  const none = { count: 0, sumMinor: 0 }
  return {
    add(side: Side, kind: Tally['kind'], currency: Currency, amountMinor: number): void {
      const key = `${kind}:${currency}`
      const row = rows.get(key) ?? { kind, currency, ours: none, theirs: none }
      const { count, sumMinor } = row[side]
      rows.set(key, {
        ...row,
        [side]: { count: count + 1, sumMinor: sumMinor + amountMinor },
      })
    },
    list: (): Tally[] => [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row),
  }
}

/** The proof that a month's money is the same on both sides, or by what it is not. */
export interface Certificate {
  /** Such as `2026-11`. */
  readonly id: string
  readonly startsAt: Instant
  readonly endsAt: Instant
  readonly agrees: boolean
  readonly tallies: readonly Tally[]
  /** At most 1,000; `differenceCount` counts all. */
  readonly differences: readonly Difference[]
  readonly differenceCount: number
  /** Objects of the account that name nothing of ours. */
  readonly foreignCount: number
  readonly events: { readonly delivered: number; readonly found: number; readonly dead: number }
  readonly issuedAt: Instant
  readonly issuedBy: string
  readonly version: number
}
