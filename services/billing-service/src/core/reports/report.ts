// A report as declared data: what it is called, what it counts, its columns, what it is made from, and the
// accounts of the ledger that it equals. API, CSV, workbook, PDF and console all come from this.
import type { Account, PostingKind } from '../ledger.ts'
import type { Currency } from '../money.ts'
import type { Instant } from '../time.ts'
import type { Facts } from './facts.ts'

/** The same in both languages. */
export interface Words {
  readonly en: string
  readonly 'zh-CN': string
}

export const words = (en: string, zh: string): Words => ({ en, 'zh-CN': zh })

/** Amounts are minor units, percentages parts per million, instants epoch milliseconds, decimals strings. */
export type ReportValue = string | number | null
export type ReportRow = Readonly<Record<string, ReportValue>>

export interface ReportColumn {
  readonly code: string
  /** Amounts are in the currency of the row's column `currency`. */
  readonly kind: 'text' | 'money' | 'integer' | 'percent' | 'decimal' | 'instant'
  readonly label: Words
  /** Whether it is added up for each currency. */
  readonly total?: true
  /** What the codes in a text column mean, for readers. */
  readonly names?: Readonly<Record<string, Words>>
}

/** What was asked for. */
export interface Asked {
  readonly from: Instant
  readonly to: Instant
  /** The zone in which days and months are counted. */
  readonly zone: string
}

/** Takes facts one by one and answers the rows. */
export interface Fold<F> {
  add(fact: F): void
  rows(): ReportRow[]
}

/** The ledger lines that a column adds up to: `sign` is -1 where credits count as positive. */
export interface LedgerSide {
  readonly column: string
  readonly accounts: readonly Account[]
  /** Absent: postings of every kind. */
  readonly kinds?: readonly PostingKind[]
  readonly sign: 1 | -1
}

export interface Report<S extends keyof Facts> {
  readonly code: string
  readonly title: Words
  /** One sentence: what is counted, and when. */
  readonly definition: Words
  /** `tenant`: a tenant may read its own; `issuer`: it speaks of the whole business. */
  readonly scope: 'tenant' | 'issuer'
  /** `period`: what happened from one instant to another; `moment`: how things stand at the later one. */
  readonly time: 'period' | 'moment'
  readonly columns: readonly ReportColumn[]
  readonly source: S
  readonly ledger?: LedgerSide
  /** Where the rows behind its figures are listed. */
  readonly opens?: string
  readonly fold: (asked: Asked) => Fold<Facts[S]>
}

/** A report of any source. */
export type AnyReport = { [S in keyof Facts]: Report<S> }[keyof Facts]

export const report = <S extends keyof Facts>(definition: Report<S>): Report<S> => definition

/** The column every amount needs. */
export const currencyColumn: ReportColumn = {
  code: 'currency',
  kind: 'text',
  label: words('Currency', '币种'),
}

export const textColumn = (
  code: string,
  label: Words,
  names?: ReportColumn['names'],
): ReportColumn => ({ code, kind: 'text', label, ...(names === undefined ? {} : { names }) })

/** An amount that is added up for each currency. */
export const moneyColumn = (code: string, label: Words): ReportColumn => ({
  code,
  kind: 'money',
  label,
  total: true,
})

export const countColumn = (code: string, label: Words): ReportColumn => ({
  code,
  kind: 'integer',
  label,
})

/** Sums of the columns that are added up, by currency. */
export function totalsOf(
  columns: readonly ReportColumn[],
  rows: readonly ReportRow[],
): { readonly currency: Currency; readonly sums: Readonly<Record<string, number>> }[] {
  const summed = columns.filter(({ total }) => total === true).map(({ code }) => code)
  const byCurrency = new Map<Currency, Record<string, number>>()
  for (const row of rows) {
    if (summed.length === 0 || typeof row.currency !== 'string') continue
    const sums = byCurrency.get(row.currency) ?? Object.fromEntries(summed.map(code => [code, 0]))
    byCurrency.set(row.currency, sums)
    for (const code of summed) sums[code] = (sums[code] ?? 0) + Number(row[code] ?? 0)
  }
  return [...byCurrency]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([currency, sums]) => ({ currency, sums }))
}
