// Tables as CSV: plain values for machines and spreadsheets, no totals and no typography.
import { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import { stringify } from 'csv-stringify/sync'
import { toDecimalString } from '../../core/money.ts'
import { secondTime } from '../../documents/format.ts'
import { columnHeading } from '../../documents/print-table.ts'
import { type Column, currencyOf, type TableRows, type TableView } from '../../documents/table.ts'

const asWritten = { record_delimiter: 'windows' } as const

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

const quotable = /[",\r\n]/

/** Lines of CSV (RFC 4180). The library quotes what has to be; a row without any of it is its cells and commas. */
export function csvLines(rows: readonly (readonly string[])[]): string {
  let text = ''
  for (const cells of rows) {
    const plain = !cells.some(cell => quotable.test(cell))
    text += plain ? `${cells.join(',')}\r\n` : stringify([cells], asWritten)
  }
  return text
}

/**
 * Rows are written as text in batches: one piece of the answer for many rows, not one for each. Between two pieces
 * others are served; the page of rows that comes next is among them.
 */
const rowsPerPiece = 500

async function* pieces<Row>(
  table: TableView<Row>,
  rows: TableRows<Row>,
): AsyncGenerator<Uint8Array> {
  const { columns } = table
  const heading = columns.map(column => asText(columnHeading(table, column)))
  yield Buffer.from(`\uFEFF${csvLines([heading])}`)
  let batch: string[][] = []
  for await (const row of rows) {
    batch.push(columns.map(column => cellText(table, column, row)))
    if (batch.length < rowsPerPiece) continue
    yield Buffer.from(csvLines(batch))
    batch = []
    await setImmediate()
  }
  if (batch.length > 0) yield Buffer.from(csvLines(batch))
}

/** Streams a table as CSV. Errors of the rows destroy the stream; closing the stream closes the rows. */
export const writeCsv = <Row>(table: TableView<Row>, rows: TableRows<Row>): Readable =>
  Readable.from(pieces(table, rows), { highWaterMark: 4 })
