// A report as a table for export, in one language: the same columns and figures as over HTTP.
import type { Currency } from '../core/money.ts'
import type { AnyReport, Asked, ReportColumn, ReportRow } from '../core/reports/report.ts'
import type { Instant } from '../core/time.ts'
import { tableTime } from './format.ts'
import type { Column, TableView } from './table.ts'
import { fill, type Language, wordsOf } from './words.ts'

export interface ReportTableContext extends Asked {
  readonly language: Language
  readonly tenantId: string | null
  readonly issuerName: string
  readonly generatedAt: Instant
}

const widths = { text: 14, money: 15, integer: 10, percent: 9, decimal: 12, instant: 17 } as const

const currencyOf = (row: ReportRow): Currency | null =>
  row.currency == null ? null : String(row.currency)

function columnOf(column: ReportColumn, language: Language): Column<ReportRow> {
  const { code, kind } = column
  const frame = { label: column.label[language], width: widths[kind] }
  if (kind === 'money') {
    return {
      ...frame,
      kind,
      currency: currencyOf,
      ...(column.total ? { total: () => true } : {}),
      value: row => (row[code] == null ? null : Number(row[code])),
    }
  }
  if (kind === 'text') {
    const named = (value: string) => column.names?.[value]?.[language] ?? value
    return { ...frame, kind, value: row => (row[code] == null ? null : named(String(row[code]))) }
  }
  if (kind === 'decimal') {
    return { ...frame, kind, value: row => (row[code] == null ? null : String(row[code])) }
  }
  return { ...frame, kind, value: row => (row[code] == null ? null : Number(row[code])) }
}

/** Declares the columns and says what the report counts. */
export function reportTable(report: AnyReport, context: ReportTableContext): TableView<ReportRow> {
  const { language, zone, from, to, tenantId } = context
  const printed = wordsOf(language)
  const span =
    report.time === 'moment'
      ? fill(printed.asOf, { time: tableTime(to, zone) })
      : `${tableTime(from, zone)} – ${tableTime(to, zone)}`
  return {
    title: report.title[language],
    language,
    zone,
    definition: report.definition[language],
    filters: [span, ...(tenantId === null ? [] : [tenantId])].join(' · '),
    issuerName: context.issuerName,
    generatedAt: context.generatedAt,
    paper: 'a4',
    columns: report.columns.map(column => columnOf(column, language)),
  }
}
