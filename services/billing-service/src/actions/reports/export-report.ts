// A report as a file.
import type { AnyReport } from '../../core/reports/report.ts'
import { localDate } from '../../core/time.ts'
import type { Deps } from '../../deps.ts'
import { reportTable } from '../../documents/report-table.ts'
import { type ExportedFile, tableFile, tableFormat } from '../exports/table-file.ts'
import { type ReportInput, runReport } from './run-report.ts'

/** Refuses `not_found` for a format that does not exist, and what `runReport` refuses. */
export async function exportReport(
  deps: Deps,
  report: AnyReport,
  formatName: string,
  input: ReportInput & { readonly language: 'en' | 'zh-CN' },
): Promise<ExportedFile> {
  const format = tableFormat(formatName)
  const result = await runReport(deps, report, input)
  const { from, to, zone } = result
  const days = [...(report.time === 'moment' ? [] : [from]), to - 1].map(at => localDate(at, zone))
  const table = reportTable(report, {
    ...result,
    language: input.language,
    issuerName: deps.issuer.name ?? '',
  })
  return tableFile(deps, format, [report.code, ...days].join('-'), table, result.rows)
}
