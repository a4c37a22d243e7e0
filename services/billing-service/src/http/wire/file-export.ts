import type { FileExport as WireExport } from '@quittance/billing-contract/schemas/file-export'
import type { Static } from 'typebox'
import type { ExportSeen } from '../../actions/exports/file-exports.ts'
import { toIso } from '../../core/time.ts'

export const fileExportToWire = ({ row, download }: ExportSeen): Static<typeof WireExport> => ({
  id: row.id,
  noun: row.noun as Static<typeof WireExport>['noun'],
  format: row.format,
  status: row.state,
  progress: { rows: row.rowsDone, total: row.rowsTotal, bytes: row.bytes },
  filename: row.filename,
  error: row.failure,
  download: download === null ? null : { url: download.url, expiresAt: toIso(download.expiresAt) },
  expiresAt: row.expiresAt === null ? null : toIso(row.expiresAt),
  createdAt: toIso(row.createdAt),
})
