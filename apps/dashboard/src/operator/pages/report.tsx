// One report: what it counts, its rows and sums as the API says them, beside the ledger where it ties to it.
import { ErrorCard, LinesSkeleton, useBilling } from '@quittance/billing-react/billing-react'
import { dateTime, money } from '@quittance/billing-react/formats'
import { useParams } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { type Search, useAddress } from '../address.ts'
import { type ReportAsked, useReport } from '../data/reports.ts'
import type { ReportWire } from '../data/wire.ts'
import { ConsolePage } from '../parts/console-page.tsx'
import { FilterSelect, FilterText } from '../parts/filters.tsx'
import { ReportFiles } from '../parts/report-files.tsx'
import { ReportTable } from '../parts/report-table.tsx'
import { spanText, written } from '../parts/report-values.ts'
import { ToneChip } from '../parts/tone-chip.tsx'
import { useWords } from '../words/words.ts'

const periods = ['month', 'quarter', 'year'] as const

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

function Shown({ report }: { readonly report: ReportWire }): ReactNode {
  const t = useWords()
  const { reader } = useBilling()
  return (
    <>
      <p className="qt-secondary">
        {t('report.span', { span: spanText(report, reader), zone: report.zone })} ·{' '}
        {t('report.made', { at: dateTime(report.generatedAt, reader) })}
      </p>
      <Totals report={report} />
      <ReportTable report={report} rows={report.rows} />
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
      actions={<ReportFiles code={code} asked={asked} />}
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
