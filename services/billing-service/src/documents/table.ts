// A report as declared data: columns with a kind and a way to read them from a row. Any list becomes a
// PDF, a workbook or CSV by declaring this once. Not the fetching of its rows.
import type { Currency } from '../core/money.ts'
import type { Instant } from '../core/time.ts'
import type { Paper } from './views.ts'
import type { Language } from './words.ts'

interface ColumnFrame {
  /** In the language of the table, without unit or currency. */
  readonly label: string
  /** Share of the width, in characters that should fit; narrower text wraps on paper. */
  readonly width: number
  /** Left out on paper, as a column of currency codes is where amounts carry their own. */
  readonly sheetOnly?: boolean
}

export interface TextColumn<Row> extends ColumnFrame {
  readonly kind: 'text'
  readonly value: (row: Row) => string | null
}

/**
 * Minor units. With one `currency` it stands in the heading; where rows differ, the table must also have
 * a text column that names the currency of each row, for readers that see bare numbers (CSV, workbook).
 */
export interface MoneyColumn<Row> extends ColumnFrame {
  readonly kind: 'money'
  readonly currency: Currency | ((row: Row) => Currency | null)
  readonly value: (row: Row) => number | null
  /** Which rows count in the sums under the table, one sum for each currency; absent: no sums. */
  readonly total?: (row: Row) => boolean
}

export interface InstantColumn<Row> extends ColumnFrame {
  /** Printed to the minute in the zone of the table, which the heading names. */
  readonly kind: 'instant'
  readonly value: (row: Row) => Instant | null
}

export interface NumberColumn<Row> extends ColumnFrame {
  /** `percent` reads parts per million. */
  readonly kind: 'integer' | 'percent'
  readonly value: (row: Row) => number | null
}

export interface DecimalColumn<Row> extends ColumnFrame {
  /** Decimal strings, such as usage quantities. */
  readonly kind: 'decimal'
  readonly value: (row: Row) => string | null
}

export type Column<Row> =
  | TextColumn<Row>
  | MoneyColumn<Row>
  | InstantColumn<Row>
  | NumberColumn<Row>
  | DecimalColumn<Row>

/** What every declared table is made for. */
export interface TableContext {
  readonly language: Language
  readonly zone: string
  readonly filters: string | null
  readonly issuerName: string
  readonly generatedAt: Instant
  readonly paper?: Paper
  /** Rows of all tenants, each named; absent: of one. */
  readonly ofAllTenants?: boolean
}

export interface TableView<Row> {
  readonly title: string
  readonly language: Language
  /** IANA name; all times of the table are local times of this zone. */
  readonly zone: string
  /** What the table counts, in a sentence; absent where its title says it. */
  readonly definition?: string
  /** What was asked for, in a line; null when it is everything. */
  readonly filters: string | null
  readonly issuerName: string
  readonly generatedAt: Instant
  readonly paper: Paper
  readonly columns: readonly Column<Row>[]
  /** What the sums count, such as "succeeded"; absent when they count every row. */
  readonly totalNote?: string
}

export type TableRows<Row> = AsyncIterable<Row> | Iterable<Row>

/** The currency of a money cell; null when the row has none. */
export const currencyOf = <Row>(column: MoneyColumn<Row>, row: Row): Currency | null =>
  typeof column.currency === 'string' ? column.currency : column.currency(row)

/** The frame of a table, for its columns to be put into. */
export const frameOf = ({
  language,
  zone,
  filters,
  issuerName,
  generatedAt,
  paper,
}: TableContext) => ({
  language,
  zone,
  filters,
  issuerName,
  generatedAt,
  paper: paper ?? ('a4' as const),
})
