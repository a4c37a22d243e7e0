// The audit log as a table for export: who changed what, each field before and after.
import type { Changed } from '../core/changed.ts'
import type { AuditLine } from '../core/records.ts'
import { issuerTenant } from '../core/webhook.ts'
import { instant, sheetOnly, text } from './columns.ts'
import { frameOf, type TableContext, type TableView } from './table.ts'
import { tableWords } from './table-words.ts'

/** What the columns read of a line. */
export const auditLogFields = [
  'tenantId',
  'id',
  'actor',
  'role',
  'action',
  'objectId',
  'changes',
  'requestId',
  'reason',
  'ipAddress',
  'recordedAt',
] as const

type LineShown = Pick<AuditLine, (typeof auditLogFields)[number]>

const shown = (value: unknown): string =>
  value === null || value === undefined
    ? '–'
    : typeof value === 'string'
      ? value
      : JSON.stringify(value)

/** `currency: USD → EUR; name: changed`. */
const changedText = (changed: Changed, hidden: string): string =>
  Object.entries(changed)
    .map(([field, change]) =>
      'hidden' in change
        ? `${field}: ${hidden}`
        : `${field}: ${shown(change.from)} → ${shown(change.to)}`,
    )
    .join('; ')

/** What else is told of a change, as JSON; empty where nothing is. */
function toldText({ changes: { changed: _, ...told } }: LineShown): string | null {
  return Object.keys(told).length === 0 ? null : JSON.stringify(told)
}

/** Declares the columns; the rows come newest first. */
export function auditLogTable(context: TableContext): TableView<LineShown> {
  const words = tableWords(context.language)
  const tenant = (row: LineShown) => (row.tenantId === issuerTenant ? null : row.tenantId)
  return {
    title: words.auditLog,
    ...frameOf(context),
    columns: [
      instant(words.recorded, row => row.recordedAt),
      ...(context.ofAllTenants ? [text(words.tenant, 16, tenant)] : []),
      text(words.actor, 18, row => row.actor),
      text(words.role, 9, row => row.role),
      text(words.action, 24, row => row.action),
      text(words.object, 31, row => row.objectId),
      text(words.beforeAndAfter, 40, row =>
        changedText(row.changes.changed ?? {}, words.valueNotTold),
      ),
      sheetOnly(text(words.details, 40, toldText)),
      text(words.reason, 20, row => row.reason),
      sheetOnly(text(words.ipAddress, 15, row => row.ipAddress)),
      sheetOnly(text(words.requestId, 31, row => row.requestId)),
      sheetOnly(text(words.lineId, 31, row => row.id)),
    ],
  }
}
