// The spreadsheet half of the renderer port. PDF is another adapter's.
import type { SheetRenderer } from '../../ports/renderer.ts'
import { writeCsv } from './csv.ts'
import { writeXlsx } from './xlsx.ts'

/** Workbooks and CSV; needs no opening and holds nothing. */
export const sheets: SheetRenderer = { xlsx: writeXlsx, csv: writeCsv }
