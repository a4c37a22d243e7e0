// The files of a report, to save.
import { ErrorCard, useBilling } from '@quittance/billing-react/billing-react'
import { saveFile, useDownload } from '@quittance/billing-react/data/download'
import { Button } from 'antd'
import type { ReactNode } from 'react'
import type { ReportAsked } from '../data/reports.ts'
import { useWords } from '../words/words.ts'

export function ReportFiles({
  code,
  asked,
}: {
  readonly code: string
  readonly asked: ReportAsked
}): ReactNode {
  const t = useWords()
  const { client, reader } = useBilling()
  const save = useDownload(async (format: string) => {
    const answer = await client.exportReport(code, format, { ...asked, lang: reader.language })
    saveFile(await answer.blob(), answer.headers.get('content-type') ?? '', `${code}.${format}`)
  })
  return (
    <>
      {['csv', 'xlsx', 'pdf'].map(format => (
        <Button
          key={format}
          loading={save.isPending && save.variables === format}
          onClick={() => save.mutate(format)}
        >
          {t('report.save', { format: format.toUpperCase() })}
        </Button>
      ))}
      {save.error ? <ErrorCard of="action" error={save.error} /> : null}
    </>
  )
}
