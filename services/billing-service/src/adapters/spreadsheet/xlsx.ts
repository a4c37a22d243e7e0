// Tables as Excel workbooks: typed cells that add up and sort, one sheet per million rows.
import { Readable } from 'node:stream'
import type { CellStyle, CellValue } from 'hucre'
import type { Currency } from '../../core/money.ts'
import { exponentOf, toDecimalString } from '../../core/money.ts'
import { wallClock } from '../../documents/format.ts'
import { columnHeading } from '../../documents/print-table.ts'
import { type Column, currencyOf, type TableRows, type TableView } from '../../documents/table.ts'
import { openTotals, totalLabel } from '../../documents/table-totals.ts'
import { sheetFrame } from './sheet-frame.ts'
import { rowWriter } from './sheet-xml.ts'
import { type ArchivePart, archived } from './xlsx-stream.ts'

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

const plainMoney = {
  0: { numFmt: moneyFormats[0], alignment: right },
  2: { numFmt: moneyFormats[2], alignment: right },
  3: { numFmt: moneyFormats[3], alignment: right },
} as const satisfies Record<number, CellStyle>
const bold: CellStyle = { font: { bold: true } }
const boldMoney = {
  0: { ...plainMoney[0], ...bold },
  2: { ...plainMoney[2], ...bold },
  3: { ...plainMoney[3], ...bold },
} as const satisfies Record<number, CellStyle>

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
  return currency === null ? textStyle : plainMoney[exponentOf(currency)]
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
  return {
    values: table.columns.map((_, index) => {
      const amountMinor = byColumn.get(index)
      if (amountMinor === undefined) return index === 0 ? label : null
      return asNumber(toDecimalString(amountMinor, currency))
    }),
    styles: table.columns.map((_, index) =>
      byColumn.has(index) ? boldMoney[exponentOf(currency)] : bold,
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

/** Every look that a cell below the heading may have. */
const looks: readonly CellStyle[] = [
  bold,
  ...Object.values(otherStyles),
  ...Object.values(plainMoney),
  ...Object.values(boldMoney),
]

/** The most rows of a sheet that programs open, its heading among them. */
const rowsPerSheetMax = 1_048_576
/** Rows are handed on in pieces of about so many characters. */
const pieceLength = 65_536

/** The sheets of a table and the parts around them. */
async function* workbookParts<Row>(
  table: TableView<Row>,
  rows: TableRows<Row>,
  rowsPerSheet: number,
): AsyncGenerator<ArchivePart> {
  const options = {
    name: sheetName(table.title),
    columns: table.columns.map(column => ({
      header: columnHeading(table, column),
      width: column.width + 2,
    })),
    headings: table.columns.map(headingStyle),
    looks,
  }
  const frame = await sheetFrame({ ...options, sheets: 1 })
  const numbers = new Map(looks.map((look, at) => [look, frame.lookNumbers[at] ?? 0]))
  const source = sheetRows(table, rows)
  const written = rowWriter(table.columns.length)
  let coming = await source.next()
  async function* sheet() {
    let [piece, row] = [frame.opening, 2]
    for (; !coming.done && row <= rowsPerSheet; coming = await source.next()) {
      const { values, styles } = coming.value
      piece += written(
        row,
        values,
        styles.map(style => numbers.get(style) ?? 0),
      )
      row += 1
      if (piece.length < pieceLength) continue
      yield piece
      piece = ''
    }
    yield piece + frame.closing
  }
  let sheets = 0
  try {
    do {
      sheets += 1
      yield { name: `xl/worksheets/sheet${sheets}.xml`, text: sheet() }
    } while (!coming.done)
  } finally {
    await source.return(undefined)
  }
  const { parts } = sheets === 1 ? frame : await sheetFrame({ ...options, sheets })
  for (const [name, text] of parts) yield { name, text }
}

/** Streams a table as a workbook. Errors of the rows destroy the stream; closing it closes the rows. */
export const writeXlsx = <Row>(
  table: TableView<Row>,
  rows: TableRows<Row>,
  rowsPerSheet = rowsPerSheetMax,
): Readable =>
  Readable.from(archived(workbookParts(table, rows, rowsPerSheet)), { highWaterMark: 4 })
