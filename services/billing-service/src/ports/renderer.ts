// Documents and exports as files. A renderer gets views, never records: it reads nothing, decides nothing
// and knows no money rule. PDF comes from one adapter, workbooks and CSV from another.
import type { TableRows, TableView } from '../documents/table.ts'
import type { CreditNoteView, InvoiceView, ReceiptView, StatementView } from '../documents/views.ts'

/** A PDF lays out its whole table before the first byte, so its rows are bounded. */
export const pdfRowsMax = 2_000

/**
 * The same view gives the same bytes, for ever: creation time is the issue time. All methods refuse
 * `unavailable` when too many documents wait already or the renderer does not answer in time.
 */
export interface PdfRenderer {
  readonly invoicePdf: (view: InvoiceView) => Promise<Uint8Array>
  readonly creditNotePdf: (view: CreditNoteView) => Promise<Uint8Array>
  readonly receiptPdf: (view: ReceiptView) => Promise<Uint8Array>
  readonly statementPdf: (view: StatementView) => Promise<Uint8Array>
  /** Refuses `invalid_request` with `rowsMax` beyond `pdfRowsMax` rows; the other formats have no end. */
  readonly tablePdf: <Row>(table: TableView<Row>, rows: TableRows<Row>) => Promise<Uint8Array>
  /** Stops what runs beside the process. Waiting documents are refused. */
  readonly close: () => Promise<void>
}

/** Bytes as they are made; the reader sets the pace. */
export type ByteStream = AsyncIterable<Uint8Array>

/**
 * Bytes flow as the reader takes them; memory does not grow with the number of rows. When the reader goes
 * away the rows are closed (`return` of their iterator); when the rows fail, so does the stream.
 */
export interface SheetRenderer {
  /** Typed cells, frozen heading, formats by currency, a row of sums for each currency. */
  readonly xlsx: <Row>(table: TableView<Row>, rows: TableRows<Row>) => ByteStream
  /** UTF-8 with byte order mark, CRLF; amounts plain with an ASCII minus; texts never read as formulas. */
  readonly csv: <Row>(table: TableView<Row>, rows: TableRows<Row>) => ByteStream
}

export type Renderer = PdfRenderer & SheetRenderer
