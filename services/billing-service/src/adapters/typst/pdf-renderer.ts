// The PDF half of the renderer port, by Typst. The views are printed here and laid out by our own
// templates; templates come from this code base alone, so nothing foreign is ever compiled.
import { refuse } from '../../core/refusal.ts'
import { printCreditNote } from '../../documents/print-credit-note.ts'
import { printInvoice } from '../../documents/print-invoice.ts'
import { printReceipt } from '../../documents/print-receipt.ts'
import { printStatement } from '../../documents/print-statement.ts'
import { onPaper, printCell, printTable } from '../../documents/print-table.ts'
import type { PrintedDocument } from '../../documents/printed.ts'
import type { TableRows, TableView } from '../../documents/table.ts'
import { openTotals } from '../../documents/table-totals.ts'
import type { Logo } from '../../documents/views.ts'
import { type PdfRenderer, pdfRowsMax } from '../../ports/renderer.ts'
import { type Compilation, type CompileMode, openCompilation } from './compile-thread.ts'
import type { CompileJob } from './compiler.ts'
import documentTemplate from './document.typ'
import pageTemplate from './page.typ'
import tableTemplate from './table.typ'

const documentSource = `${pageTemplate}\n${documentTemplate}`
const tableSource = `${pageTemplate}\n${tableTemplate}`

/** Opens the renderer. Nothing is loaded before the first document. */
export function openPdfRenderer(mode: CompileMode): PdfRenderer {
  const compilation = openCompilation(mode)
  const pdf = (document: PrintedDocument, logo: Logo | null) =>
    compilation.compile(documentJob(document, logo))
  return {
    invoicePdf: async view => pdf(printInvoice(view), view.logo),
    creditNotePdf: async view => pdf(printCreditNote(view), view.logo),
    receiptPdf: async view => pdf(printReceipt(view), view.logo),
    statementPdf: async view => pdf(printStatement(view), view.logo),
    tablePdf: (table, rows) => tablePdf(compilation, table, rows),
    close: compilation.close,
  }
}

function documentJob(document: PrintedDocument, logo: Logo | null): CompileJob {
  const inputs: Record<string, string> = { document: JSON.stringify(document) }
  const files: Record<string, Uint8Array> = {}
  if (logo) {
    inputs.logo = `logo.${logo.format}`
    files[inputs.logo] = logo.bytes
  }
  const codeText = document.band?.link?.url ?? null
  const { createdAtSeconds } = document
  return { source: documentSource, inputs, files, codeText, createdAtSeconds }
}

async function tablePdf<Row>(
  compilation: Compilation,
  declared: TableView<Row>,
  rows: TableRows<Row>,
): Promise<Uint8Array> {
  const table = onPaper(declared)
  const totals = openTotals(table)
  const printed: string[][] = []
  for await (const row of rows) {
    if (printed.length === pdfRowsMax) refuse('invalid_request', { rowsMax: pdfRowsMax })
    totals.add(row)
    printed.push(table.columns.map(column => printCell(table, column, row)))
  }
  const document = printTable(table, printed, totals)
  return compilation.compile({
    source: tableSource,
    inputs: { document: JSON.stringify(document) },
    files: {},
    codeText: null,
    createdAtSeconds: document.createdAtSeconds,
  })
}
