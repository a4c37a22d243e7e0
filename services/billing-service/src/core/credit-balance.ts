// What a customer has in credit, per currency: an account that is only ever added to and is spent oldest
// first. Not the documents and postings that go with it.
import { assert } from './assert.ts'
import type { CustomerId, Id, TenantId } from './ids.ts'
import type { Currency } from './money.ts'
import { assertChargeable, chargeableMinor, minimumChargeMinor } from './money.ts'
import type { Instant } from './time.ts'

/** Why the balance moved. */
export type CreditKind =
  /** Granted or taken back by the operator. */
  | 'adjustment'
  /** Money that arrived for an invoice that no longer needed it. */
  | 'surplus'
  /** Part of a credit note that was neither owed nor refunded. */
  | 'credit_note'
  /** More unused time than the new plan costs. */
  | 'unused_time'
  /** A refund that did not arrive. */
  | 'refund_failed'
  /** Balance paid out with a refund. */
  | 'refunded'
  /** Used by an invoice, or a small debt carried from it. */
  | 'applied'
  /** A carried debt collected with an invoice. */
  | 'collected'
  /** Given back by an invoice that was withdrawn. */
  | 'returned'

/** What is left of one entry that gave credit. */
export interface CreditLot {
  readonly entryId: Id<'creditEntry'>
  readonly leftMinor: number
}

/** The balance of a customer in one currency: the row that every movement of it locks. */
export interface CreditBalance {
  readonly tenantId: TenantId
  /** `<customer>:<currency>`. */
  readonly id: string
  readonly customerId: CustomerId
  readonly currency: Currency
  /** Positive is the customer's; negative is a small debt carried to the next invoice. */
  readonly balanceMinor: number
  /** Entries that still have credit in them, oldest first; they add up to a positive balance. */
  readonly lots: readonly CreditLot[]
  readonly createdAt: Instant
  readonly updatedAt: Instant
  readonly version: number
}

/** One movement. `cause` is unique per tenant: what caused it moves the balance once. */
export interface CreditEntry {
  readonly tenantId: TenantId
  readonly id: Id<'creditEntry'>
  readonly balanceId: string
  readonly customerId: CustomerId
  readonly currency: Currency
  readonly kind: CreditKind
  /** Positive gives credit, negative uses it. */
  readonly amountMinor: number
  /** The entries that a use was taken from, oldest first. */
  readonly used: readonly { readonly entryId: Id<'creditEntry'>; readonly amountMinor: number }[]
  readonly cause: string
  readonly invoiceId: string | null
  readonly transactionId: string | null
  readonly creditNoteId: string | null
  readonly reason: string | null
  readonly createdAt: Instant
  readonly recordedAt: Instant
}

export const balanceIdOf = (customerId: string, currency: Currency): string =>
  `${customerId}:${currency}`

/**
 * Moves a balance. Credit first pays a carried debt, and the rest becomes a lot; a use empties the oldest
 * lots first, and what they do not hold is carried as a debt.
 */
export function moveBalance(
  balance: CreditBalance,
  entryId: Id<'creditEntry'>,
  amountMinor: number,
  at: Instant,
): { readonly balance: CreditBalance; readonly used: CreditEntry['used'] } {
  assert(amountMinor !== 0, 'a movement moves something')
  const balanceMinor = balance.balanceMinor + amountMinor
  const moved = amountMinor > 0 ? give(balance, entryId, amountMinor) : use(balance, -amountMinor)
  const held = moved.lots.reduce((sum, lot) => sum + lot.leftMinor, 0)
  assert(held === Math.max(0, balanceMinor), 'the lots add up to the balance')
  return {
    balance: { ...balance, balanceMinor, lots: moved.lots, updatedAt: at },
    used: moved.used,
  }
}

interface Moved {
  readonly lots: readonly CreditLot[]
  readonly used: CreditEntry['used']
}

function give(balance: CreditBalance, entryId: Id<'creditEntry'>, amountMinor: number): Moved {
  const leftMinor = amountMinor - Math.min(amountMinor, Math.max(0, -balance.balanceMinor))
  return {
    lots: leftMinor > 0 ? [...balance.lots, { entryId, leftMinor }] : balance.lots,
    used: [],
  }
}

function use(balance: CreditBalance, amountMinor: number): Moved {
  let wanted = amountMinor
  const used: { entryId: Id<'creditEntry'>; amountMinor: number }[] = []
  const lots: CreditLot[] = []
  for (const lot of balance.lots) {
    const taken = Math.min(lot.leftMinor, wanted)
    wanted -= taken
    if (taken > 0) used.push({ entryId: lot.entryId, amountMinor: taken })
    if (taken < lot.leftMinor) lots.push({ ...lot, leftMinor: lot.leftMinor - taken })
  }
  return { lots, used }
}

/**
 * What an invoice takes from the balance when it is issued, after tax (choice 30). Negative collects a
 * debt carried before. An automatic invoice that is left below the smallest charge carries its rest as a
 * debt (choice 31b), and so does the part that a card cannot be charged. Refuses `amount_too_large`.
 */
export function fromBalance(
  invoice: {
    readonly totalMinor: number
    readonly currency: Currency
    readonly collection: 'automatic' | 'manual'
  },
  balanceMinor: number,
): number {
  const { totalMinor, currency, collection } = invoice
  if (totalMinor === 0) return 0
  const takenMinor = Math.min(totalMinor, balanceMinor)
  const dueMinor = totalMinor - takenMinor
  if (collection === 'manual') return takenMinor
  assertChargeable(dueMinor, currency)
  const below = dueMinor < minimumChargeMinor(currency)
  const chargedMinor = below ? 0 : chargeableMinor(dueMinor, currency)
  return totalMinor - chargedMinor
}
