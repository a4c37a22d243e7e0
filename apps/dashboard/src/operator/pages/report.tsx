// One report: what it counts, its rows and sums as the API says them, beside the ledger where it ties to it.
import { ErrorCard, LinesSkeleton, useBilling } from '@quittance/billing-react/billing-react'
import { saveFile, useDownload } from '@quittance/billing-react/data/download'
import { dateTime, money } from '@quittance/billing-react/formats'
import { useParams } from '@tanstack/react-router'
import { Button } from 'antd'
import { type ReactNode, useMemo } from 'react'
import { type Search, useAddress } from '../address.ts'
import { type ReportAsked, useReport } from '../data/reports.ts'
import type { ReportWire } from '../data/wire.ts'
import { ConsolePage } from '../parts/console-page.tsx'
import { FilterSelect, FilterText } from '../parts/filters.tsx'
import { type Column, RecordList } from '../parts/record-list.tsx'
import { isFigure, type ReportRow, spanText, written } from '../parts/report-values.ts'
import { ToneChip } from '../parts/tone-chip.tsx'
import { useWords } from '../words/words.ts'

const periods = ['month', 'quarter', 'year'] as const

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
        ...(index > 0 && index < 7 ? { slot: 'note' as const } : {}),
      })),
    [report, reader],
  )
}

/** The sums of the API, a line for each currency. */
function Totals({ report }: { readonly report: ReportWire }): ReactNode {
  const { reader } = useBilling()
  const summed = report.columns.filter(column => column.total)
  if (summed.length === 0 || report.totals.length === 0) return null
  return (
    <dl className="op-figure-row">
      {report.totals.flatMap(({ currency, sums }) =>
        summed
          .filter(column => sums[column.code] !== undefined)
          .map(column => (
            <div key={`${currency} ${column.code}`} className="op-figure">
              <dt>{column.label}</dt>
              <dd className="op-figure-value">
                {column.kind === 'money'
                  ? money(sums[column.code], currency, reader.language, 'code')
                  : written(column, { ...sums, currency }, reader)}
              </dd>
            </div>
          )),
      )}
    </dl>
  )
}

/** Whether the report and the ledger say the same, where they must. */
function Tie({ report }: { readonly report: ReportWire }): ReactNode {
  const t = useWords()
  const { reader } = useBilling()
  return report.ledger.map(({ currency, report: ours, ledger }) => (
    <p key={currency} className="op-state">
      <ToneChip tone={ours === ledger ? 'good' : 'bad'}>
        {t(ours === ledger ? 'report.ties' : 'report.differs')}
      </ToneChip>
      <span className="qt-secondary">
        {t('report.ledger', {
          amount: money(ledger, currency, reader.language, 'code'),
        })}
      </span>
    </p>
  ))
}

function Files({ code, asked }: { readonly code: string; readonly asked: ReportAsked }): ReactNode {
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

function Shown({ report }: { readonly report: ReportWire }): ReactNode {
  const t = useWords()
  const { reader } = useBilling()
  const rows = report.rows.map((row, index) => ({ key: String(index), row }))
  return (
    <>
      <p className="qt-secondary">
        {t('report.span', { span: spanText(report, reader), zone: report.zone })} ·{' '}
        {t('report.made', { at: dateTime(report.generatedAt, reader) })}
      </p>
      <Totals report={report} />
      <RecordList
        caption={report.title}
        pages={{ items: rows, error: null, refetch: () => undefined }}
        columns={useColumns(report)}
        rowKey={({ key }) => key}
        exportName={report.code}
        empty={{ title: t('report.empty'), hint: t('report.emptyHint') }}
      />
      {report.truncated ? (
        <p role="status">{t('report.truncated', { count: report.rowCount })}</p>
      ) : null}
      <Tie report={report} />
    </>
  )
}

const askedOf = ({ period, currency }: Search): ReportAsked => ({
  ...(period ? { period } : {}),
  ...(currency && /^[A-Za-z]{3}$/.test(currency) ? { currency: currency.toUpperCase() } : {}),
})

export function ReportPage(): ReactNode {
  const t = useWords()
  const { search } = useAddress()
  const { code = '' } = useParams({ strict: false })
  const asked = askedOf(search)
  const { data, error, refetch } = useReport(code, asked)
  return (
    <ConsolePage
      title={data?.title ?? t('report.all')}
      intro={data?.definition}
      actions={<Files code={code} asked={asked} />}
    >
      <search className="op-filters" aria-label={t('list.filters')}>
        <FilterSelect
          name="period"
          label={t('report.period')}
          all={t('report.period.twelve')}
          choices={periods.map(value => ({ value, label: t(`report.period.${value}`) }))}
        />
        <FilterText name="currency" label={t('tenant.currency')} />
      </search>
      {error ? <ErrorCard error={error} onRetry={() => refetch()} /> : null}
      {data ? <Shown report={data} /> : null}
      {!data && !error ? <LinesSkeleton lines={10} /> : null}
    </ConsolePage>
  )
}
