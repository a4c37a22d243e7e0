// Documents and exports as files. A renderer gets views, never records: it reads nothing, decides nothing
// and knows no money rule. PDF comes from one adapter, workbooks and CSV from another.
import type { BrandingLogo } from '../core/branding.ts'
import type { Element } from '../documents/e-invoice.ts'
import type { TableRows, TableView } from '../documents/table.ts'
import type { CreditNoteView, InvoiceView, ReceiptView, StatementView } from '../documents/views.ts'

/** A PDF lays out its whole table before the first byte, so its rows are bounded. */
export const pdfRowsMax = 2_000

/** A document that an issuer's own template may lay out. */
export type BrandedDocument =
  | { readonly kind: 'invoice'; readonly view: InvoiceView }
  | { readonly kind: 'credit_note'; readonly view: CreditNoteView }
  | { readonly kind: 'receipt'; readonly view: ReceiptView }

/**
 * The same view gives the same bytes, for ever: creation time is the issue time. All methods refuse
 * `unavailable` when too many documents wait already or the renderer does not answer in time.
 */
export interface PdfRenderer {
  readonly invoicePdf: (view: InvoiceView) => Promise<Uint8Array>
  readonly creditNotePdf: (view: CreditNoteView) => Promise<Uint8Array>
  readonly receiptPdf: (view: ReceiptView) => Promise<Uint8Array>
  readonly statementPdf: (view: StatementView) => Promise<Uint8Array>
  /**
   * Lays a document out by foreign source, apart from everything of ours: 5 s, 512 MB, no file but the logo, no
   * network. A failure is an answer.
   */
  readonly templatePdf: (
    template: string,
    document: BrandedDocument,
  ) => Promise<{ readonly pdf: Uint8Array } | { readonly failure: string }>
  /**
   * A logo from the base64 of a file: PNG within 2,000 × 2,000 and 256 KB, or SVG within 128 KB, freed of
   * everything that is not drawing. Refuses `invalid_request`.
   */
  readonly checkedLogo: (base64: string) => Promise<BrandingLogo>
  /** Refuses `invalid_request` with `rowsMax` beyond `pdfRowsMax` rows; the other formats have no end. */
  readonly tablePdf: <Row>(table: TableView<Row>, rows: TableRows<Row>) => Promise<Uint8Array>
  /** Stops what runs beside the process. Waiting documents are refused. */
  readonly close: () => Promise<void>
}

/** Rows that a sheet of a workbook of several takes, since that is put together in memory. */
export const sheetRowsMax = 50_000

/** A file of an archive. */
export interface ArchivedFile {
  readonly name: string
  readonly bytes: Uint8Array
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
  /**
   * Several tables as sheets of one workbook, made at `at`; beyond `sheetRowsMax` rows a sheet ends and says
   * so. The same tables give the same bytes.
   */
  readonly workbook: (
    tables: readonly { readonly table: TableView<unknown>; readonly rows: TableRows<unknown> }[],
    at: number,
  ) => Promise<Uint8Array>
  /** Files as one ZIP, each dated `at`. The same files give the same bytes. */
  readonly zip: (files: AsyncIterable<ArchivedFile>, at: number) => ByteStream
}

export interface XmlRenderer {
  /** UTF-8 with its declaration; undefined elements are left out. */
  readonly xml: (root: Element) => string
}

export type Renderer = PdfRenderer & SheetRenderer & XmlRenderer
