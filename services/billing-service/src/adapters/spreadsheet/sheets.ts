// The spreadsheet half of the renderer port. PDF is another adapter's.
import type { SheetRenderer } from '../../ports/renderer.ts'
import { writeCsv } from './csv.ts'
import { writeWorkbook } from './workbook.ts'
import { writeXlsx } from './xlsx.ts'
import { writeZip } from './zip.ts'

/** Workbooks, CSV and archives; needs no opening and holds nothing. */
export const sheets: SheetRenderer = {
  xlsx: (table, rows) => writeXlsx(table, rows),
  csv: writeCsv,
  workbook: writeWorkbook,
  zip: writeZip,
}
