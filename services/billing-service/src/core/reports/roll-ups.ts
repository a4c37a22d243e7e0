// Daily sums of the ledger and of transactions, and what a change adds to them. Days are UTC, so that a sum
// over any span of any zone is made of whole days and of the rows at its two ends.
import type { TenantId } from '../ids.ts'
import type { Account, LedgerEntry, PostingKind } from '../ledger.ts'
import type { Currency } from '../money.ts'
import type { Transaction, TransactionType } from '../payment.ts'
import { type Instant, toIso } from '../time.ts'

/** Ledger lines of one day, account, kind and currency. */
export interface LedgerTotal {
  readonly tenantId: TenantId
  /** `YYYY-MM-DD`, UTC, of `bookedAt`. */
  readonly day: string
  readonly account: Account
  readonly kind: PostingKind
  readonly currency: Currency
  readonly debitMinor: number
  readonly creditMinor: number
  readonly entries: number
}

/** `payment_fee` is what the processor kept of payments, in the currency it settled in. */
export type TotalledType = TransactionType | 'payment_fee'

/** Transactions that succeeded, by the day on which they were begun. */
export interface TransactionTotal {
  readonly tenantId: TenantId
  /** `YYYY-MM-DD`, UTC, of `createdAt`. */
  readonly day: string
  readonly type: TotalledType
  readonly currency: Currency
  readonly amountMinor: number
  readonly transactions: number
}

export const utcDay = (at: Instant): string => toIso(at).slice(0, 10)

export const ledgerTotalOf = (entry: LedgerEntry): LedgerTotal => ({
  tenantId: entry.tenantId,
  day: utcDay(entry.bookedAt),
  account: entry.account,
  kind: entry.kind,
  currency: entry.currency,
  debitMinor: Math.max(0, entry.amountMinor),
  creditMinor: Math.max(0, -entry.amountMinor),
  entries: 1,
})

/** What a transaction counts for; nothing unless it succeeded. */
export function transactionTotalsOf(transaction: Transaction | null): TransactionTotal[] {
  if (transaction?.status !== 'succeeded') return []
  const { tenantId, type, currency, amountMinor, feeMinor, settlementCurrency } = transaction
  const day = utcDay(transaction.createdAt)
  const own = { tenantId, day, type, currency, amountMinor, transactions: 1 }
  if (type !== 'payment' || feeMinor === null) return [own]
  const fee = { type: 'payment_fee', currency: settlementCurrency ?? currency } as const
  return [own, { tenantId, day, ...fee, amountMinor: feeMinor, transactions: 1 }]
}

export const negated = (total: TransactionTotal): TransactionTotal => ({
  ...total,
  amountMinor: -total.amountMinor,
  transactions: -total.transactions,
})

/** Rows of one key added up; what comes to nothing is left out. */
export function addedUp<R extends object>(rows: readonly R[], counted: readonly (keyof R)[]): R[] {
  const byKey = new Map<string, R>()
  const fields = Object.keys(rows[0] ?? {}) as (keyof R)[]
  const named = fields.filter(field => !counted.includes(field))
  for (const row of rows) {
    const key = JSON.stringify(named.map(field => row[field]))
    const known = byKey.get(key)
    const sums = counted.map(field => [field, Number(known?.[field] ?? 0) + Number(row[field])])
    byKey.set(key, { ...row, ...Object.fromEntries(sums) })
  }
  return [...byKey.values()].filter(row => counted.some(field => row[field] !== 0))
}

export const ledgerCounters = ['debitMinor', 'creditMinor', 'entries'] as const
export const transactionCounters = ['amountMinor', 'transactions'] as const
