// The files of a report, to save.
import { useBilling } from '@quittance/billing-react/billing-react'
import type { ReactNode } from 'react'
import type { ReportAsked } from '../data/reports.ts'
import { FileButtons } from './file-buttons.tsx'

export function ReportFiles({
  code,
  asked,
}: {
  readonly code: string
  readonly asked: ReportAsked
}): ReactNode {
  const { client, reader } = useBilling()
  return (
    <FileButtons
      name={code}
      formats={['csv', 'xlsx', 'pdf']}
      fetchFile={format => client.exportReport(code, format, { ...asked, lang: reader.language })}
    />
  )
}
