// A table as a file to take away, in any of the formats: one answer for lists and reports alike.
import { refuse } from '../../core/refusal.ts'
import type { Deps } from '../../deps.ts'
import type { TableRows, TableView } from '../../documents/table.ts'
import type { ByteStream } from '../../ports/renderer.ts'

export interface ExportedFile {
  readonly contentType: string
  readonly filename: string
  readonly content: ByteStream | Uint8Array
}

export type TableFormat = 'csv' | 'xlsx' | 'pdf'

const formats: Readonly<Record<string, TableFormat>> = {
  csv: 'csv',
  xlsx: 'xlsx',
  excel: 'xlsx',
  pdf: 'pdf',
}

const contentTypes: Readonly<Record<TableFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pdf: 'application/pdf',
}

/** The format of that name. Refuses `not_found` for one that does not exist. */
export const tableFormat = (name: string): TableFormat =>
  (Object.hasOwn(formats, name) ? formats[name] : undefined) ??
  refuse('not_found', { noun: 'export format', nounZh: '导出格式' })

/** Streams the rows in the format; a PDF is laid out whole. `name` is the file's without its ending. */
export async function tableFile<Row>(
  deps: Pick<Deps, 'renderer'>,
  format: TableFormat,
  name: string,
  table: TableView<Row>,
  rows: TableRows<Row>,
): Promise<ExportedFile> {
  const content =
    format === 'pdf'
      ? await deps.renderer.tablePdf(table, rows)
      : deps.renderer[format](table, rows)
  return { contentType: contentTypes[format], filename: `${name}.${format}`, content }
}
