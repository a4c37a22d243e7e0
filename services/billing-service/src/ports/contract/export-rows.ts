// Rows of files made in the background, for the tests of stores.
import type { FileExport, FileExportPart } from '../../core/file-export.ts'
import { newYear, serial } from './rows.ts'

/** One row of each of the collections. */
export const exportRows = (
  tenantId: string,
): { readonly exports: FileExport; readonly exportParts: FileExportPart } => {
  const id = `exp_${serial()}` as const
  return {
    exports: {
      tenantId,
      id,
      noun: 'invoices',
      format: 'csv',
      language: 'en',
      filters: { where: {}, from: null, to: null },
      state: 'running',
      requestedBy: 'ada',
      attempts: 1,
      rowsDone: 1,
      rowsTotal: 2,
      bytes: 3,
      parts: 1,
      contentType: 'text/csv',
      filename: 'invoices.csv',
      failure: null,
      dueAt: newYear,
      expiresAt: null,
      createdAt: newYear,
      updatedAt: newYear,
      version: 1,
    },
    exportParts: {
      tenantId,
      exportId: id,
      sequence: 1,
      content: 'YSxi',
      ofPack: false,
      createdAt: newYear,
    },
  }
}
