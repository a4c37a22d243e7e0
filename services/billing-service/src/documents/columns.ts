// Short ways to declare the columns of a table: what a column is, before how wide.
import type { Currency } from '../core/money.ts'
import type { Instant } from '../core/time.ts'
import type {
  DecimalColumn,
  InstantColumn,
  MoneyColumn,
  TableContext,
  TextColumn,
} from './table.ts'
import { tableWords } from './table-words.ts'

export const text = <Row>(
  label: string,
  width: number,
  value: (row: Row) => string | null,
): TextColumn<Row> => ({ kind: 'text', label, width, value })

export const instant = <Row>(
  label: string,
  value: (row: Row) => Instant | null,
): InstantColumn<Row> => ({ kind: 'instant', label, width: 17, value })

export const decimal = <Row>(
  label: string,
  value: (row: Row) => string | null,
): DecimalColumn<Row> => ({ kind: 'decimal', label, width: 14, value })

/** Amounts in the currency of their row; with `total` those rows are added up by currency. */
export const money = <Row extends { readonly currency: Currency }>(
  label: string,
  value: (row: Row) => number | null,
  total?: (row: Row) => boolean,
): MoneyColumn<Row> => ({
  kind: 'money',
  label,
  width: 14,
  currency: row => row.currency,
  value,
  ...(total === undefined ? {} : { total }),
})

/** Keeps a column for CSV and workbooks: paper has no room for it. */
export const sheetOnly = <C extends { readonly label: string }>(column: C): C => ({
  ...column,
  sheetOnly: true,
})

/** The column that names the tenant, in tables over all of them. */
export const tenantColumns = <Row extends { readonly tenantId: string }>(
  context: TableContext,
): TextColumn<Row>[] =>
  context.ofAllTenants
    ? [text(tableWords(context.language).tenant, 16, (row: Row) => row.tenantId)]
    : []
