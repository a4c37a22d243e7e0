// Files made in the background, and their pieces.
import type { FileExport, FileExportPart } from '../../core/file-export.ts'
import { declare, erasedText, stamps } from './declare.ts'

export const exportsCollections = {
  exports: declare<FileExport>({
    scope: 'tenant',
    table: 'exports',
    fields: {
      tenantId: 'text',
      id: 'text',
      noun: 'text',
      format: 'text',
      language: 'text',
      filters: 'json',
      state: 'text',
      requestedBy: 'text',
      attempts: 'integer',
      rowsDone: 'integer',
      rowsTotal: 'integer?',
      bytes: 'integer',
      parts: 'integer',
      contentType: 'text?',
      filename: 'text?',
      failure: 'text?',
      dueAt: 'instant?',
      expiresAt: 'instant?',
      ...stamps,
    },
    key: ['id'],
    indexes: [
      ['createdAt', 'id'],
      ['state', 'createdAt', 'id'],
    ],
    systemIndexes: [['dueAt', 'tenantId', 'id']],
    personal: { requestedBy: erasedText },
  }),
  exportParts: declare<FileExportPart>({
    scope: 'tenant',
    table: 'export_parts',
    fields: {
      tenantId: 'text',
      exportId: 'text',
      sequence: 'integer',
      content: 'text',
      ofPack: 'boolean',
      createdAt: 'instant',
    },
    key: ['exportId', 'sequence'],
    references: { exportId: 'exports' },
    opaque: { field: 'content', keptWhen: 'ofPack' },
  }),
} as const
