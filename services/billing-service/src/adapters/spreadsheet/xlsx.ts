// Tables as Excel workbooks: typed cells that add up and sort, one sheet per million rows.
import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import type { CellStyle, CellValue, ColumnDef } from 'hucre'
import { writeXlsxStream } from 'hucre/xlsx'
import type { Currency } from '../../core/money.ts'
import { exponentOf, toDecimalString } from '../../core/money.ts'
import { wallClock } from '../../documents/format.ts'
import { columnHeading } from '../../documents/print-table.ts'
import { type Column, currencyOf, type TableRows, type TableView } from '../../documents/table.ts'
import { openTotals, totalLabel } from '../../documents/table-totals.ts'

/** Excel keeps fifteen digits of a number; longer ones are written as text rather than altered. */
const digitsMax = 15

/** The most characters that Excel takes in a cell. */
const charactersMax = 32_767

interface SheetRow {
  readonly values: CellValue[]
  readonly styles: readonly CellStyle[]
}

const right = { horizontal: 'right' } as const
const textStyle: CellStyle = { numFmt: '@' }
const moneyFormats = { 0: '#,##0', 2: '#,##0.00', 3: '#,##0.000' } as const

// Made once per look; a row has one style for each cell.
const moneyStyles = new Map<string, CellStyle>()
function moneyStyle(currency: Currency, bold = false): CellStyle {
  const key = `${currency} ${bold}`
  const known = moneyStyles.get(key)
  if (known) return known
  const numFmt = moneyFormats[exponentOf(currency)]
  const style: CellStyle = { numFmt, alignment: right, ...(bold ? { font: { bold: true } } : {}) }
  moneyStyles.set(key, style)
  return style
}

const otherStyles: Readonly<Record<Exclude<Column<unknown>['kind'], 'money'>, CellStyle>> = {
  text: textStyle,
  instant: { numFmt: 'yyyy-mm-dd hh:mm:ss', alignment: { horizontal: 'left' } },
  integer: { numFmt: '#,##0', alignment: right },
  percent: { numFmt: '0.0##%', alignment: right },
  decimal: { numFmt: '#,##0.############', alignment: right },
}

const asNumber = (decimal: string): number | string =>
  decimal.replace(/\D/g, '').length > digitsMax ? decimal : Number(decimal)

function cellOf<Row>(table: TableView<Row>, column: Column<Row>, row: Row): CellValue {
  if (column.kind === 'money') {
    const amountMinor = column.value(row)
    const currency = currencyOf(column, row)
    if (amountMinor === null || currency === null) return null
    return asNumber(toDecimalString(amountMinor, currency))
  }
  const value = column.value(row)
  if (value === null) return null
  switch (column.kind) {
    case 'text':
      return String(value).slice(0, charactersMax)
    case 'instant':
      return new Date(wallClock(Number(value), table.zone))
    case 'percent':
      return Number(value) / 1_000_000
    default:
      return asNumber(String(value))
  }
}

function styleOf<Row>(column: Column<Row>, row: Row): CellStyle {
  if (column.kind !== 'money') return otherStyles[column.kind]
  const currency = currencyOf(column, row)
  return currency === null ? textStyle : moneyStyle(currency)
}

/** The rows of a table as typed cells, its sums at the end. */
export async function* sheetRows<Row>(
  table: TableView<Row>,
  rows: TableRows<Row>,
): AsyncGenerator<SheetRow> {
  const totals = openTotals(table)
  for await (const row of rows) {
    totals.add(row)
    yield {
      values: table.columns.map(column => cellOf(table, column, row)),
      styles: table.columns.map(column => styleOf(column, row)),
    }
  }
  for (const { currency, byColumn } of totals.sums()) yield totalRow(table, currency, byColumn)
}

function totalRow<Row>(
  table: TableView<Row>,
  currency: Currency,
  byColumn: ReadonlyMap<number, number>,
): SheetRow {
  const label = totalLabel(table, currency)
  const bold: CellStyle = { font: { bold: true } }
  return {
    values: table.columns.map((_, index) => {
      const amountMinor = byColumn.get(index)
      if (amountMinor === undefined) return index === 0 ? label : null
      return asNumber(toDecimalString(amountMinor, currency))
    }),
    styles: table.columns.map((_, index) =>
      byColumn.has(index) ? moneyStyle(currency, true) : bold,
    ),
  }
}

export function headingStyle<Row>(column: Column<Row>): CellStyle {
  const numeric = column.kind !== 'text' && column.kind !== 'instant'
  return {
    font: { bold: true },
    border: { bottom: { style: 'thin' } },
    alignment: { horizontal: numeric ? 'right' : 'left' },
  }
}

/** Names of sheets may not hold these, nor be longer than 31 characters. */
export const sheetName = (title: string): string =>
  title
    .replace(/[\\/?*[\]:']/g, ' ')
    .trim()
    .slice(0, 28) || 'Sheet'

/** Streams a table as a workbook. Errors of the rows destroy the stream; closing it closes the rows. */
export function writeXlsx<Row>(table: TableView<Row>, rows: TableRows<Row>): Readable {
  let styles = table.columns.map(headingStyle)
  async function* values() {
    for await (const row of sheetRows(table, rows)) {
      // The writer asks a column for its style at each row, so the style can follow the row: that is
      // how amounts in yen and in dollars have their own decimals in one column.
      styles = [...row.styles]
      yield row.values
    }
  }
  const columns = table.columns.map(
    (column, index): ColumnDef => ({
      header: columnHeading(table, column),
      width: column.width + 2,
      get style() {
        return styles[index]
      },
    }),
  )
  const source = values()
  const stream = writeXlsxStream(source, {
    name: sheetName(table.title),
    columns,
    freezePane: { rows: 1 },
  })
  const workbook = Readable.fromWeb(stream as ReadableStream<Uint8Array>)
  // The writer lets go of a cancelled stream without closing its rows; a cursor may hang on them.
  workbook.once('close', () => {
    source.return().catch(() => {})
  })
  return workbook
}
