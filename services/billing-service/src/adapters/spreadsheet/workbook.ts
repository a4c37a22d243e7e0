// Several tables as the sheets of one workbook. It is put together in memory, so each sheet has a limit; the
// whole of a longer table is a file of its own.
import { type Cell, type WriteSheet, writeXlsx } from 'hucre/xlsx'
import { columnHeading } from '../../documents/print-table.ts'
import type { TableRows, TableView } from '../../documents/table.ts'
import { fill, wordsOf } from '../../documents/words.ts'
import { sheetRowsMax } from '../../ports/renderer.ts'
import { headingStyle, sheetName, sheetRows } from './xlsx.ts'

export interface SheetTable {
  readonly table: TableView<unknown>
  readonly rows: TableRows<unknown>
}

async function sheetOf({ table, rows }: SheetTable): Promise<WriteSheet> {
  const cells = new Map<string, Partial<Cell>>()
  const values: WriteSheet['rows'] = [table.columns.map(column => columnHeading(table, column))]
  const put = (row: number, column: number, cell: Partial<Cell>) =>
    cells.set(`${row},${column}`, cell)
  for (const [index, column] of table.columns.entries()) {
    put(0, index, { value: columnHeading(table, column), style: headingStyle(column) })
  }
  for await (const { values: row, styles } of sheetRows(table, rows)) {
    if (values.length > sheetRowsMax) {
      values.push([fill(wordsOf(table.language).moreRows, { count: String(sheetRowsMax) })])
      break
    }
    for (const [index, style] of styles.entries()) {
      put(values.length, index, { value: row[index] ?? null, style })
    }
    values.push(row)
  }
  return {
    name: sheetName(table.title),
    columns: table.columns.map(({ width }) => ({ width: width + 2 })),
    rows: values,
    cells,
    freezePane: { rows: 1 },
  }
}

/** The workbook; `at` stands in it as the time it was made. */
export async function writeWorkbook(
  tables: readonly SheetTable[],
  at: number,
): Promise<Uint8Array> {
  const sheets: WriteSheet[] = []
  for (const each of tables) sheets.push(await sheetOf(each))
  const made = new Date(at)
  return writeXlsx({ sheets, properties: { created: made, modified: made } })
}
