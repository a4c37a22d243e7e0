// Rows of a report as a table, each value by the kind of its column.
import { useBilling } from '@quittance/billing-react/billing-react'
import { type ReactNode, useMemo } from 'react'
import type { ReportWire } from '../data/wire.ts'
import { useWords } from '../words/words.ts'
import { type Column, RecordList } from './record-list.tsx'
import { isFigure, type ReportRow, written } from './report-values.ts'

interface Numbered {
  readonly key: string
  readonly row: ReportRow
}

function useColumns(report: ReportWire): readonly Column<Numbered>[] {
  const { reader } = useBilling()
  return useMemo(
    () =>
      report.columns.map((column, index) => ({
        key: column.code,
        header: column.label,
        figures: isFigure(column),
        cell: ({ row }: Numbered) => written(column, row, reader),
        card: ({ row }: Numbered) =>
          index === 0
            ? written(column, row, reader)
            : `${column.label} ${written(column, row, reader)}`,
        plain: ({ row }: Numbered) => row[column.code] ?? null,
        ...(index === 0 ? { slot: 'title' as const } : {}),
        ...(index > 0 && index < 8 ? { slot: 'note' as const } : {}),
      })),
    [report, reader],
  )
}

export function ReportTable({
  report,
  rows,
}: {
  readonly report: ReportWire
  readonly rows: readonly ReportRow[]
}): ReactNode {
  const t = useWords()
  const items = rows.map((row, index) => ({ key: String(index), row }))
  return (
    <RecordList
      caption={report.title}
      pages={{ items, error: null, refetch: () => undefined }}
      columns={useColumns(report)}
      rowKey={({ key }) => key}
      exportName={report.code}
      empty={{ title: t('report.empty'), hint: t('report.emptyHint') }}
    />
  )
}
