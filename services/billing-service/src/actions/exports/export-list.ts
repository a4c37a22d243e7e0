// A list as a file: of one tenant, or of all for the issuer's staff. Rows stream, so memory does not grow with
// their number.
import { localDate, toIso } from '../../core/time.ts'
import type { Deps } from '../../deps.ts'
import type { TableContext } from '../../documents/table.ts'
import { tableWords } from '../../documents/table-words.ts'
import type { Language } from '../../documents/words.ts'
import { enter } from '../enter.ts'
import { type ExportInput, type ExportNoun, type OpenTable, openList } from './nouns.ts'
import { type ExportedFile, tableFile, tableFormat } from './table-file.ts'

export interface ListExport extends ExportInput {
  readonly noun: ExportNoun
  /** Null: of all tenants. */
  readonly tenantId: string | null
  readonly language: Language
}

/** Refuses `not_found` for a format that does not exist, and a PDF of too many rows. */
export async function exportList(
  deps: Deps,
  formatName: string,
  asked: ListExport,
): Promise<ExportedFile> {
  const format = tableFormat(formatName)
  const { table, rows } = await openExport(deps, asked)
  return tableFile(deps, format, fileNameOf(asked, table), table, rows)
}

/** `invoices-2026-11-30`, in the zone of the table. */
export const fileNameOf = ({ noun }: ListExport, { generatedAt, zone }: OpenTable['table']) =>
  `${noun}-${localDate(generatedAt, zone)}`

/** The table of a list and its rows. */
export async function openExport(deps: Deps, asked: ListExport): Promise<OpenTable> {
  const { noun, tenantId, language } = asked
  const frame = { language, filters: filtersOf(asked), issuerName: deps.issuer.name ?? '' }
  if (tenantId === null) {
    const context: TableContext = {
      ...frame,
      zone: deps.settings.zone,
      generatedAt: deps.clock.real(),
      ofAllTenants: true,
    }
    return openList(noun, deps.store.system, context, asked)
  }
  const { settings, at } = await enter(deps, { tenantId })
  const context: TableContext = { ...frame, zone: settings.zone, generatedAt: at }
  return openList(noun, deps.store.of(tenantId), context, asked)
}

/** What was asked for, in a line: `status open · From 2026-11-01T00:00:00.000Z`. */
function filtersOf({ where, from, to, language }: ListExport): string | null {
  const words = tableWords(language)
  const parts = [
    ...Object.entries(where).map(([field, value]) => `${field} ${value}`),
    ...(from === undefined ? [] : [`${words.from} ${toIso(from)}`]),
    ...(to === undefined ? [] : [`${words.to} ${toIso(to)}`]),
  ]
  return parts.length === 0 ? null : parts.join(' · ')
}
