// Tables as CSV: plain values for machines and spreadsheets, no totals and no typography.
import { pipeline, Readable } from 'node:stream'
import { stringify } from 'csv-stringify'
import { toDecimalString } from '../../core/money.ts'
import { secondTime } from '../../documents/format.ts'
import { columnHeading } from '../../documents/print-table.ts'
import { type Column, currencyOf, type TableRows, type TableView } from '../../documents/table.ts'

/** How a spreadsheet would start a formula, blanks in front or not, full-width forms included. */
const formulaStart = /^(?:\s*[=+\-@＝＋－＠]|[\t\r\n])/u

/**
 * A text that a spreadsheet must not run as a formula gets an apostrophe in front, which spreadsheets
 * hide. Amounts do not pass here: their minus is theirs.
 */
const asText = (text: string): string => (formulaStart.test(text) ? `'${text}` : text)

function cellText<Row>(table: TableView<Row>, column: Column<Row>, row: Row): string {
  if (column.kind === 'money') {
    const amountMinor = column.value(row)
    const currency = currencyOf(column, row)
    return amountMinor === null || currency === null ? '' : toDecimalString(amountMinor, currency)
  }
  const value = column.value(row)
  if (value === null) return ''
  if (column.kind === 'text') return asText(String(value))
  if (column.kind === 'percent') return String(Number(value) / 10_000)
  if (column.kind !== 'instant') return String(value)
  return secondTime(Number(value), table.zone)
}

async function* cells<Row>(table: TableView<Row>, rows: TableRows<Row>): AsyncGenerator<string[]> {
  for await (const row of rows) yield table.columns.map(column => cellText(table, column, row))
}

/** Streams a table as CSV. Errors of the rows destroy the stream; closing the stream closes the rows. */
export function writeCsv<Row>(table: TableView<Row>, rows: TableRows<Row>): Readable {
  const writer = stringify({
    bom: true,
    header: true,
    columns: table.columns.map((column, index) => ({
      key: String(index),
      header: asText(columnHeading(table, column)),
    })),
    record_delimiter: 'windows',
  })
  // The reader of `writer` sees the error; there is nobody else to tell.
  pipeline(Readable.from(cells(table, rows)), writer, () => {})
  return writer
}
