// Exports what the list shows, with the same filters, as a file of the API.
import type { ReactNode } from 'react'
import { useBilling } from '../../billing-context.ts'
import { saveFile, useDownload } from '../../data/download.ts'
import type { TransactionFilters } from '../../data/read.ts'
import { fileDay } from '../../data/shown-rows.ts'
import { Button } from '../../parts/button.tsx'
import { ErrorCard } from '../../parts/notices.tsx'

const formats = [
  { name: 'CSV', ending: 'csv' },
  { name: 'Excel', ending: 'xlsx' },
  { name: 'PDF', ending: 'pdf' },
] as const

export interface ExportButtonsProps {
  readonly filters: TransactionFilters
  readonly onDone: (text: string) => void
}

export function ExportButtons({ filters, onDone }: ExportButtonsProps): ReactNode {
  const { t, reader, client } = useBilling()
  const save = useDownload(
    async ({ ending }: (typeof formats)[number]) => {
      const query = { ...filters, lang: reader.language }
      const answer = await client.exportTransactions(ending, query)
      const type = answer.headers.get('content-type') ?? 'application/octet-stream'
      saveFile(await answer.arrayBuffer(), type, `transactions-${fileDay(reader.at)}.${ending}`)
    },
    ({ name }) => onDone(t('transactions.exported', { format: name })),
  )
  return (
    <>
      <fieldset className="qt-row-actions qt-plain-set">
        <legend className="qt-hidden">{t('transactions.export')}</legend>
        {formats.map(format => (
          <Button
            key={format.ending}
            busy={save.isPending && save.variables.ending === format.ending}
            onClick={() => save.mutate(format)}
          >
            {t('transactions.exportAs', { format: format.name })}
          </Button>
        ))}
      </fieldset>
      {save.error ? <ErrorCard error={save.error} /> : null}
    </>
  )
}
