// A table as it stands on paper: headings and cells as final strings. Pure; the rows come from outside.
import * as format from './format.ts'
import type { PrintedFooter } from './printed.ts'
import { type Column, currencyOf, type TableView } from './table.ts'
import { type TableTotals, totalLabel } from './table-totals.ts'
import { fill, wordsOf } from './words.ts'

export interface PrintedTable {
  readonly lang: string
  readonly region: string
  readonly paper: 'a4' | 'us-letter'
  readonly title: string
  readonly author: string
  readonly createdAtSeconds: number
  readonly facts: readonly { readonly label: string; readonly value: string }[]
  readonly columns: readonly {
    readonly label: string
    readonly align: 'left' | 'right'
    readonly width: number
  }[]
  readonly rows: readonly (readonly string[])[]
  readonly totals: readonly (readonly string[])[]
  readonly footer: PrintedFooter
}

/** The heading of a column with its unit: `Amount USD`, `Time (Asia/Shanghai)`. */
export function columnHeading<Row>(table: TableView<Row>, column: Column<Row>): string {
  if (column.kind === 'money' && typeof column.currency === 'string') {
    return `${column.label} ${column.currency}`
  }
  if (column.kind !== 'instant') return column.label
  return fill(wordsOf(table.language).inZone, { label: column.label, zone: table.zone })
}

/** The table as paper shows it: without the columns that only bare numbers need. */
export function onPaper<Row>(table: TableView<Row>): TableView<Row> {
  return { ...table, columns: table.columns.filter(column => !column.sheetOnly) }
}

/** One cell for the eye. What is unknown is a dash, never a zero. */
export function printCell<Row>(table: TableView<Row>, column: Column<Row>, row: Row): string {
  const value = column.value(row)
  if (value === null) return wordsOf(table.language).none
  switch (column.kind) {
    case 'text':
      return String(value)
    case 'decimal':
      return format.quantity(String(value))
    case 'integer':
      return format.quantity(String(value))
    case 'percent':
      return format.percent(Number(value))
    case 'instant':
      return format.tableTime(Number(value), table.zone)
    case 'money':
      return printMoney(column.value(row) ?? 0, currencyOf(column, row), column.currency)
  }
}

function printMoney(amountMinor: number, currency: string | null, declared: unknown): string {
  if (currency === null) return String(amountMinor)
  return typeof declared === 'string'
    ? format.money(amountMinor, currency)
    : format.moneyWithCode(amountMinor, currency)
}

const isNumeric = <Row>(column: Column<Row>): boolean =>
  column.kind !== 'text' && column.kind !== 'instant'

/** One row of sums for each currency; the first column names it. */
function printTotals<Row>(table: TableView<Row>, totals: TableTotals<Row>): string[][] {
  return totals.sums().map(({ currency, byColumn }) =>
    table.columns.map((_, index) => {
      const amountMinor = byColumn.get(index)
      if (amountMinor !== undefined) return format.money(amountMinor, currency)
      return index === 0 ? totalLabel(table, currency) : ''
    }),
  )
}

/** The whole table as printed strings; `rows` are cells already printed by `printCell`. */
export function printTable<Row>(
  table: TableView<Row>,
  rows: readonly (readonly string[])[],
  totals: TableTotals<Row>,
): PrintedTable {
  const words = wordsOf(table.language)
  const zone = format.zoneName(table.zone, table.generatedAt)
  const count = rows.length === 1 ? words.rowsCountOne : words.rowsCount
  const facts = [
    { label: '', value: table.definition ?? '' },
    { label: words.filters, value: table.filters ?? '' },
    { label: words.generated, value: format.tableTime(table.generatedAt, table.zone) },
    { label: '', value: fill(count, { count: format.quantity(String(rows.length)) }) },
  ]
  return {
    lang: table.language === 'en' ? 'en' : 'zh',
    region: table.language === 'en' ? 'us' : 'cn',
    paper: table.paper,
    title: table.title,
    author: table.issuerName,
    createdAtSeconds: Math.floor(table.generatedAt / 1000),
    facts: facts.filter(fact => fact.value !== ''),
    columns: table.columns.map(column => ({
      label: columnHeading(table, column),
      align: isNumeric(column) ? 'right' : 'left',
      width: column.width,
    })),
    rows,
    totals: printTotals(table, totals),
    footer: {
      left: `${table.title} · ${table.issuerName}`,
      zone: fill(words.zoneLine, { zone }),
      note: null,
      warning: null,
      running: `${table.title} · ${words.continued}`,
      pages: words.pageOf,
    },
  }
}
