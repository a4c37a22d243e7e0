// What drives the amount: one metric of the current billing period by day, against its quota, with its cost so far.
// Usage stays readable in every state of the subscription.
import { type ReactNode, useState } from 'react'
import { useBilling } from '../../billing-context.ts'
import { useSubscription, useUsage } from '../../data/read.ts'
import type { SubscriptionUsageWire } from '../../data/wire.ts'
import { quantity, unitPrice } from '../../formats.ts'
import { Choices } from '../../parts/choices.tsx'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { DayBars } from '../../parts/day-bars.tsx'
import { Money } from '../../parts/money.tsx'
import { EmptyTeach, ErrorCard } from '../../parts/notices.tsx'
import { type Fact, Facts, Page, Section } from '../../parts/section.tsx'
import { LinesSkeleton } from '../../parts/skeletons.tsx'
import { type DayOfUsage, daysOfUsage } from '../../states/usage-state.ts'
import { metricName } from '../../words/names.ts'
import { UsageEvents } from './usage-events.tsx'

type Metric = SubscriptionUsageWire['metrics'][string]

interface MetricProps {
  readonly name: string
  readonly metric: Metric
  readonly usage: SubscriptionUsageWire
}

function useMetricFacts({ metric, usage }: MetricProps): Fact[] {
  const { t, reader } = useBilling()
  const { language } = reader
  const { currency } = usage
  const { included, unitAmount } = metric
  return [
    { name: t('usage.total'), value: quantity(metric.quantity, language) },
    {
      name: t('usage.included'),
      value: included === null ? t('plan.unlimited') : quantity(included, language),
    },
    { name: t('usage.overageFact'), value: quantity(metric.overage, language) },
    ...(unitAmount === null
      ? []
      : [
          {
            name: t('usage.unitPrice'),
            value: `${currency} ${unitPrice(unitAmount, currency, language)}`,
          },
        ]),
    { name: t('usage.costFact'), value: <Money value={metric.amount} currency={currency} /> },
  ]
}

function useDayColumns(): Column<DayOfUsage>[] {
  const { t, reader } = useBilling()
  const figures = (key: 'quantity' | 'cumulative' | 'beyond', header: string, slot?: 'amount') => ({
    key,
    header,
    figures: true,
    ...(slot && { slot }),
    cell: (row: DayOfUsage) => quantity(row[key], reader.language),
    value: (row: DayOfUsage) => row[key],
  })
  return [
    {
      key: 'day',
      header: t('usage.day'),
      slot: 'title',
      cell: row => row.day,
      value: row => row.day,
    },
    figures('quantity', t('usage.quantity'), 'amount'),
    figures('cumulative', t('usage.cumulative')),
    figures('beyond', t('usage.overageFact')),
  ]
}

type Look = 'chart' | 'table'

function MetricDays({ name, metric, usage }: MetricProps): ReactNode {
  const { t, reader } = useBilling()
  const [look, setLook] = useState<Look>('chart')
  const columns = useDayColumns()
  const days = daysOfUsage(metric)
  if (days.length === 0) return <EmptyTeach title={t('usage.empty')} />
  const written = (value: number) => quantity(value, reader.language)
  const period = [usage.periodStart, usage.periodEnd] as const
  const title = t('usage.chart', { metric: metricName(name, t), period: { period } })
  const summary = t('usage.chartSummary', {
    total: written(metric.quantity),
    count: days.length,
    most: written(Math.max(...days.map(day => day.quantity))),
  })
  return (
    <>
      <Choices
        look="switch"
        legendHidden
        legend={t('usage.chartAs')}
        value={look}
        onChange={setLook}
        choices={[
          { value: 'chart', label: t('usage.asChart') },
          { value: 'table', label: t('usage.asTable') },
        ]}
      />
      {look === 'chart' ? (
        <DayBars title={title} summary={summary} days={days} period={period} />
      ) : (
        <DataTable
          caption={title}
          columns={columns}
          rows={days}
          rowKey={row => row.day}
          exportAs={`usage-${name}`}
        />
      )}
    </>
  )
}

function MetricSection(props: MetricProps): ReactNode {
  const { t, may } = useBilling()
  const { name, usage } = props
  const facts = useMetricFacts(props)
  const note = t('usage.period', { period: { period: [usage.periodStart, usage.periodEnd] } })
  return (
    <>
      <Section title={metricName(name, t)} note={note}>
        <Facts facts={facts} />
        <MetricDays {...props} />
      </Section>
      {may('usage.audit') ? (
        <UsageEvents subscriptionId={usage.subscriptionId} metric={name} />
      ) : null}
    </>
  )
}

interface ChosenProps {
  readonly metric: string | undefined
  readonly onMetricChange: (metric: string) => void
}

function Explorer({ usage, metric, onMetricChange }: ChosenProps & Pick<MetricProps, 'usage'>) {
  const { t } = useBilling()
  const names = Object.keys(usage.metrics).sort((a, b) => a.localeCompare(b))
  const used = names.find(each => (usage.metrics[each]?.quantity ?? 0) > 0)
  const name = names.find(each => each === metric) ?? used ?? names[0]
  const chosen = name === undefined ? undefined : usage.metrics[name]
  if (name === undefined || chosen === undefined) return <EmptyTeach title={t('usage.none')} />
  return (
    <>
      <Choices
        legendHidden
        legend={t('usage.metric')}
        value={name}
        onChange={onMetricChange}
        choices={names.map(value => ({ value, label: metricName(value, t) }))}
      />
      <MetricSection key={name} name={name} metric={chosen} usage={usage} />
    </>
  )
}

export interface UsageExplorerProps {
  /** Where the host keeps the metric (in its address); left out, it is kept here. */
  readonly metric?: string | undefined
  readonly onMetricChange?: (metric: string) => void
}

/** The usage of the current period, for everybody of the tenant. */
export function UsageExplorer(props: UsageExplorerProps): ReactNode {
  const { t } = useBilling()
  const [kept, setKept] = useState<string | undefined>()
  const subscription = useSubscription()
  const usage = useUsage(subscription.data?.id)
  const failed = subscription.isError ? subscription : usage.isError ? usage : null
  return (
    <Page title={t('usage.title')}>
      {failed ? <ErrorCard error={failed.error} onRetry={() => failed.refetch()} /> : null}
      {subscription.isPending || usage.isLoading ? <LinesSkeleton lines={8} /> : null}
      {subscription.data === null ? <EmptyTeach title={t('usage.noPlan')} /> : null}
      {usage.data ? (
        <Explorer
          usage={usage.data}
          metric={props.metric ?? kept}
          onMetricChange={props.onMetricChange ?? setKept}
        />
      ) : null}
    </Page>
  )
}
