// Home: what waits for somebody, then how the business stands. Every figure says what it counts and opens
// its rows.
import { ErrorCard, LinesSkeleton, useBilling } from '@quittance/billing-react/billing-react'
import { money, share } from '@quittance/billing-react/formats'
import { Link, type LinkProps } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useAddress } from '../address.ts'
import { usePaymentHealth } from '../data/operations.ts'
import { useReport, useWaiting, type Waiting } from '../data/reports.ts'
import type { ReportWire } from '../data/wire.ts'
import { BarChart } from '../parts/bar-chart.tsx'
import { ConsolePage } from '../parts/console-page.tsx'
import { CurrencyChoice, currenciesOf, rowsOf } from '../parts/currency-choice.tsx'
import { type Figure, Figures } from '../parts/figures.tsx'
import type { ReportRow } from '../parts/report-values.ts'
import { ToneChip } from '../parts/tone-chip.tsx'
import { useWords } from '../words/words.ts'

function Queue(): ReactNode {
  const t = useWords()
  const { data, error, refetch } = useWaiting()
  if (error) return <ErrorCard error={error} onRetry={() => refetch()} />
  if (!data) return <LinesSkeleton lines={3} />
  const entries = [
    ['home.dueNotBilled', data.dueNotBilled, '/operator/jobs', {}],
    ['home.drift', data.drift, '/operator/drift', {}],
    ['home.dead', data.dead, '/operator/webhooks', { status: 'dead' }],
    ['home.failed', data.failed, '/operator/webhooks', { status: 'failed' }],
    ['home.disputes', data.disputes, '/operator/disputes', { status: 'needs_response' }],
    ['home.approvals', data.approvals, '/operator/approvals', {}],
    ['home.failedJobs', data.failedJobs, '/operator/jobs', {}],
  ] as const
  const waiting = entries.filter(([, { count }]) => count > 0)
  if (waiting.length === 0) {
    return (
      <p className="op-state">
        <ToneChip tone="good">{t('home.nothing')}</ToneChip>
        <span className="qt-secondary">{t('home.nothingHint')}</span>
      </p>
    )
  }
  return (
    <ul className="op-cards">
      {waiting.map(([word, each, to, search]) => (
        <li key={word} className="op-card">
          <Link className="qt-link" to={to as LinkProps['to']} search={search as never}>
            {t(word, { count: each.count })}
            {more(each)}
          </Link>
        </li>
      ))}
    </ul>
  )
}

const more = ({ isMore }: Waiting): string => (isMore ? ' +' : '')

const movementSeries = ['newBusiness', 'expansion', 'reactivation', 'contraction', 'churn'] as const

function Movements({
  report,
  rows,
  currency,
}: {
  readonly report: ReportWire
  readonly rows: readonly ReportRow[]
  readonly currency: string
}): ReactNode {
  const t = useWords()
  const { reader } = useBilling()
  const label = (code: string) => report.columns.find(column => column.code === code)?.label ?? code
  return (
    <BarChart
      title={t('home.movements', { currency })}
      summary={t('home.movementsSummary', { currency })}
      series={movementSeries.map(key => ({
        key,
        name: label(key),
        hatched: key === 'churn',
      }))}
      places={rows.map(row => ({
        label: String(row.month ?? ''),
        values: Object.fromEntries(movementSeries.map(key => [key, Number(row[key] ?? 0)])),
        texts: Object.fromEntries(
          movementSeries.map(key => [key, money(row[key], currency, reader.language, 'figures')]),
        ),
      }))}
    />
  )
}

function useFigures(currency: string | undefined): readonly Figure[] {
  const t = useWords()
  const { reader } = useBilling()
  const mrr = rowsOf(useReport('mrr').data, currency).at(-1)
  const retention = rowsOf(useReport('retention').data, currency).at(-1)
  const ageing = useReport('receivables-ageing').data
  const health = usePaymentHealth({}).data
  const amount = (value: ReportRow[string] | undefined) =>
    money(value, currency ?? 'USD', reader.language, 'code')
  const rate = (value: ReportRow[string] | undefined) =>
    value === null || value === undefined ? '—' : share(Number(value), reader.language)
  const owed = ageing?.totals.find(each => each.currency === currency)?.sums.owed
  return [
    { name: t('home.mrr'), value: amount(mrr?.closing), hint: t('home.mrrHint'), report: 'mrr' },
    { name: t('home.arr'), value: amount(mrr?.arr), hint: t('home.arrHint'), report: 'mrr' },
    {
      name: t('home.customers'),
      value: mrr?.customers ?? '—',
      hint: t('home.customersHint'),
      report: 'mrr',
    },
    {
      name: t('home.churn'),
      value: rate(retention?.grossChurn),
      hint: t('home.churnHint'),
      report: 'retention',
    },
    {
      name: t('home.owed'),
      value: amount(owed),
      hint: t('home.owedHint'),
      report: 'receivables-ageing',
    },
    {
      name: t('health.rate'),
      value: rate(health?.total.successRate),
      hint: t('health.rateHint'),
      to: '/operator/payment-health' as const,
    },
  ]
}

function Dunning({
  rows,
  currency,
}: {
  readonly rows: readonly ReportRow[]
  readonly currency: string
}) {
  const t = useWords()
  const { reader } = useBilling()
  if (rows.length === 0) return <p className="qt-secondary">{t('home.noDunning')}</p>
  const amount = (value: ReportRow[string] | undefined) =>
    money(value, currency, reader.language, 'figures')
  const series = ['recovered', 'open', 'lost'] as const
  return (
    <BarChart
      title={t('home.dunning', { currency })}
      summary={t('home.dunningSummary', { currency })}
      series={series.map(key => ({ key, name: t(`home.${key}`), hatched: key === 'lost' }))}
      places={rows.map(row => ({
        label: String(row.month ?? ''),
        values: Object.fromEntries(series.map(key => [key, Number(row[key] ?? 0)])),
        texts: Object.fromEntries(series.map(key => [key, amount(row[key])])),
      }))}
    />
  )
}

function Standing(): ReactNode {
  const t = useWords()
  const { search } = useAddress()
  const mrr = useReport('mrr')
  const dunning = useReport('dunning-recovery')
  const currencies = currenciesOf(mrr.data, dunning.data)
  const currency = currencies.find(each => each === search.currency) ?? currencies[0]
  const figures = useFigures(currency)
  if (mrr.error) return <ErrorCard error={mrr.error} onRetry={() => mrr.refetch()} />
  if (!mrr.data) return <LinesSkeleton lines={6} />
  return (
    <>
      {currencies.length > 1 && currency ? (
        <CurrencyChoice currencies={currencies} value={currency} />
      ) : null}
      <Figures figures={figures} />
      {currency ? (
        <div className="op-halves">
          <section aria-label={t('home.movements', { currency })}>
            <h2 className="qt-section-title">{t('home.movements', { currency })}</h2>
            <Movements report={mrr.data} rows={rowsOf(mrr.data, currency)} currency={currency} />
          </section>
          <section aria-label={t('home.dunning', { currency })}>
            <h2 className="qt-section-title">{t('home.dunning', { currency })}</h2>
            <Dunning rows={rowsOf(dunning.data, currency)} currency={currency} />
          </section>
        </div>
      ) : (
        <p className="qt-secondary">{t('home.noRevenue')}</p>
      )}
    </>
  )
}

export function HomePage(): ReactNode {
  const t = useWords()
  return (
    <ConsolePage title={t('home.title')}>
      <section aria-label={t('home.waiting')}>
        <h2 className="qt-section-title">{t('home.waiting')}</h2>
        <Queue />
      </section>
      <Standing />
    </ConsolePage>
  )
}
