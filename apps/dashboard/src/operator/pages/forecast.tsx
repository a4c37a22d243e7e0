// The forecast: the next twelve months with their range as a chart and a table, and how far off forecasts were.
import { ErrorCard, LinesSkeleton, useBilling } from '@quittance/billing-react/billing-react'
import { money } from '@quittance/billing-react/formats'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useAddress } from '../address.ts'
import { useReport } from '../data/reports.ts'
import type { ReportWire } from '../data/wire.ts'
import { BarChart, type ChartPlace } from '../parts/bar-chart.tsx'
import { ConsolePage } from '../parts/console-page.tsx'
import { CurrencyChoice, currenciesOf, rowsOf } from '../parts/currency-choice.tsx'
import { ReportFiles } from '../parts/report-files.tsx'
import { ReportTable } from '../parts/report-table.tsx'
import type { ReportRow } from '../parts/report-values.ts'
import { useWords } from '../words/words.ts'

const series = ['contracted', 'usage', 'atRisk'] as const

interface OfCurrency {
  readonly report: ReportWire
  readonly rows: readonly ReportRow[]
  readonly currency: string
}

function Chart({ report, rows, currency }: OfCurrency): ReactNode {
  const t = useWords()
  const { reader } = useBilling()
  const label = (code: string) => report.columns.find(column => column.code === code)?.label ?? code
  const amount = (row: ReportRow, code: string) =>
    money(row[code], currency, reader.language, 'figures')
  const places = rows.map(
    (row): ChartPlace => ({
      label: String(row.month ?? ''),
      values: Object.fromEntries(series.map(key => [key, Number(row[key] ?? 0)])),
      texts: Object.fromEntries(series.map(key => [key, amount(row, key)])),
      range: {
        low: Number(row.low ?? 0),
        middle: Number(row.expected ?? 0),
        high: Number(row.high ?? 0),
        text: t('forecast.range', {
          expected: amount(row, 'expected'),
          low: amount(row, 'low'),
          high: amount(row, 'high'),
        }),
      },
    }),
  )
  return (
    <BarChart
      title={t('forecast.chart', { currency })}
      summary={t('forecast.summary', { currency })}
      series={series.map(key => ({ key, name: label(key), hatched: key === 'atRisk' }))}
      places={places}
      rangeName={t('forecast.rangeName')}
    />
  )
}

const behind = ['forecast-backtest', 'renewal-risk'] as const

/** How far off forecasts were, and where the figures behind it are. */
function Accuracy({ currency }: { readonly currency: string }): ReactNode {
  const t = useWords()
  const { data, error, refetch } = useReport('forecast-accuracy')
  if (error) return <ErrorCard error={error} onRetry={() => refetch()} />
  if (!data) return <LinesSkeleton lines={6} />
  const rows = rowsOf(data, currency)
  return (
    <section aria-label={data.title}>
      <h2 className="qt-section-title">{data.title}</h2>
      <p className="qt-secondary op-definition">{data.definition}</p>
      {rows.length === 0 ? (
        <p>{t('forecast.untested')}</p>
      ) : (
        <ReportTable report={data} rows={rows} />
      )}
      <ul className="op-cards">
        {behind.map(code => (
          <li key={code} className="op-card">
            <Link className="qt-link" to="/operator/reports/$code" params={{ code }}>
              {t(`forecast.${code}`)}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Shown({ report }: { readonly report: ReportWire }): ReactNode {
  const t = useWords()
  const { search } = useAddress()
  const currencies = currenciesOf(report)
  const currency = currencies.find(each => each === search.currency) ?? currencies[0]
  if (currency === undefined) return <p className="qt-secondary">{t('forecast.nothing')}</p>
  const rows = rowsOf(report, currency)
  return (
    <>
      {currencies.length > 1 ? <CurrencyChoice currencies={currencies} value={currency} /> : null}
      <section aria-label={t('forecast.chart', { currency })}>
        <h2 className="qt-section-title">{t('forecast.chart', { currency })}</h2>
        <Chart report={report} rows={rows} currency={currency} />
      </section>
      <ReportTable report={report} rows={rows} />
      <Accuracy currency={currency} />
    </>
  )
}

export function ForecastPage(): ReactNode {
  const t = useWords()
  const { data, error, refetch } = useReport('forecast')
  return (
    <ConsolePage
      title={t('forecast.title')}
      intro={data?.definition}
      actions={<ReportFiles code="forecast" asked={{}} />}
    >
      {error ? <ErrorCard error={error} onRetry={() => refetch()} /> : null}
      {data ? <Shown report={data} /> : null}
      {!data && !error ? <LinesSkeleton lines={10} /> : null}
    </ConsolePage>
  )
}
