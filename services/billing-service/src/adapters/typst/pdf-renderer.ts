// The PDF half of the renderer port, by Typst. The views are printed here and laid out by our own
// templates; an issuer's own template is compiled in a process apart.
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
import { type BrandedDocument, type PdfRenderer, pdfRowsMax } from '../../ports/renderer.ts'
import { type Compilation, type CompileMode, openCompilation } from './compile-thread.ts'
import type { CompileJob } from './compiler.ts'
import documentTemplate from './document.typ'
import { logoFrom } from './logo.ts'
import pageTemplate from './page.typ'
import tableTemplate from './table.typ'
import { openTemplateProcess } from './template-process.ts'

const documentSource = `${pageTemplate}\n${documentTemplate}`
const tableSource = `${pageTemplate}\n${tableTemplate}`

/** Opens the renderer. Nothing is loaded before the first document. */
export function openPdfRenderer(mode: CompileMode, templateChild?: URL): PdfRenderer {
  const compilation = openCompilation(mode)
  const compileTemplate =
    templateChild === undefined
      ? async () => ({ failure: 'templates cannot be laid out in this process' })
      : openTemplateProcess(templateChild)
  const pdf = (document: PrintedDocument, logo: Logo | null) =>
    compilation.compile(documentJob(document, logo))
  return {
    invoicePdf: async view => pdf(printInvoice(view), view.logo),
    creditNotePdf: async view => pdf(printCreditNote(view), view.logo),
    receiptPdf: async view => pdf(printReceipt(view), view.logo),
    statementPdf: async view => pdf(printStatement(view), view.logo),
    templatePdf: async (source, branded) => {
      const { view } = branded
      return compileTemplate({ ...documentJob(printed(branded), view.logo), source })
    },
    checkedLogo: async base64 => logoFrom(base64),
    tablePdf: (table, rows) => tablePdf(compilation, table, rows),
    close: compilation.close,
  }
}

function printed(branded: BrandedDocument): PrintedDocument {
  if (branded.kind === 'invoice') return printInvoice(branded.view)
  if (branded.kind === 'credit_note') return printCreditNote(branded.view)
  return printReceipt(branded.view)
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
