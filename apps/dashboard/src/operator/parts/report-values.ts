// How the values of a report are written: by the kind of their column, in the currency of their row.
import {
  date,
  money,
  quantity,
  type Reader,
  share,
  tableDate,
  unknownValue,
} from '@quittance/billing-react/formats'
import type { ReportWire } from '../data/wire.ts'

export type ReportColumn = ReportWire['columns'][number]
export type ReportRow = ReportWire['rows'][number]

export const isFigure = ({ kind }: ReportColumn): boolean => kind !== 'text' && kind !== 'instant'

/** A value as a reader sees it; what is not known is a dash, never 0. */
export function written(column: ReportColumn, row: ReportRow, reader: Reader): string {
  const value = row[column.code] ?? null
  if (value === null) return unknownValue
  switch (column.kind) {
    case 'money':
      return money(value, String(row.currency ?? ''), reader.language, 'figures')
    case 'percent':
      return share(Number(value), reader.language)
    case 'integer':
    case 'decimal':
      return quantity(value, reader.language)
    case 'instant':
      return tableDate(String(value), reader)
    default:
      return column.names[String(value)] ?? String(value)
  }
}

/** The span of a report by its first and last instant; of a moment only that. */
export function spanText(report: ReportWire, reader: Reader): string {
  const zoned = { ...reader, zone: report.zone }
  const to = date(report.to, zoned)
  if (report.from === null) return to
  return `${date(report.from, zoned)}${reader.language === 'en' ? ' – ' : '至'}${to}`
}
