// Buttons that save a file in one of some formats; what went wrong stands beside them.
import { ErrorCard } from '@quittance/billing-react/billing-react'
import { saveFile, useDownload } from '@quittance/billing-react/data/download'
import { Button } from 'antd'
import type { ReactNode } from 'react'
import { useWords } from '../words/words.ts'

export interface FileButtonsProps {
  /** The file's name without its ending. */
  readonly name: string
  readonly formats: readonly string[]
  readonly fetchFile: (format: string) => Promise<Response>
}

export function FileButtons({ name, formats, fetchFile }: FileButtonsProps): ReactNode {
  const t = useWords()
  const save = useDownload(async (format: string) => {
    const answer = await fetchFile(format)
    const type = answer.headers.get('content-type') ?? ''
    saveFile(await answer.blob(), type, `${name}.${format}`)
  })
  return (
    <>
      {formats.map(format => (
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
