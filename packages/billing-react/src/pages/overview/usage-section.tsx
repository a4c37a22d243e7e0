// Usage of the current billing period, by metric.

import type { ReactNode } from 'react'
import { useBilling } from '../../billing-context.ts'
import { useUsage } from '../../data/read.ts'
import type { SubscriptionUsageWire } from '../../data/wire.ts'
import { PageLink } from '../../parts/button.tsx'
import { EmptyTeach, ErrorCard } from '../../parts/notices.tsx'
import { QuotaMeter } from '../../parts/quota-meter.tsx'
import { Section } from '../../parts/section.tsx'
import { LinesSkeleton } from '../../parts/skeletons.tsx'

type Metrics = SubscriptionUsageWire['metrics']

/** How close a metric is to its limit, for the order only. Unlimited ones come last. */
function closeness({ quantity, included }: Metrics[string]): number {
  if (included === null) return -1
  return included === 0 ? Number(quantity > 0) : quantity / included
}

/** Metrics with the one nearest to its limit first. */
const byCloseness = (metrics: Metrics): [string, Metrics[string]][] =>
  Object.entries(metrics).sort(([, a], [, b]) => closeness(b) - closeness(a))

function Meters({ usage, most }: MetersProps): ReactNode {
  const { t } = useBilling()
  const metrics = byCloseness(usage.metrics).slice(0, most)
  if (metrics.length === 0) return <EmptyTeach title={t('usage.none')} />
  const isUnused = metrics.every(([, metric]) => metric.quantity === 0)
  return (
    <>
      {isUnused ? <p className="qt-secondary">{t('usage.empty')}</p> : null}
      <div className="qt-meters">
        {metrics.map(([name, metric]) => (
          <QuotaMeter
            key={name}
            metric={name}
            used={metric.quantity}
            included={metric.included}
            overage={metric.overage}
            amount={metric.amount}
            unitAmount={metric.unitAmount}
            currency={usage.currency}
          />
        ))}
      </div>
    </>
  )
}

interface MetersProps {
  readonly usage: SubscriptionUsageWire
  readonly most: number
}

export interface UsageSectionProps {
  readonly subscriptionId: string
  /** How many metrics; default all. */
  readonly most?: number
}

export function UsageSection({ subscriptionId, most = 100 }: UsageSectionProps): ReactNode {
  const { t, links } = useBilling()
  const usage = useUsage(subscriptionId)
  const note = usage.data
    ? t('usage.period', { period: { period: [usage.data.periodStart, usage.data.periodEnd] } })
    : null
  return (
    <Section title={t('usage.title')} note={note}>
      {usage.data ? <Meters usage={usage.data} most={most} /> : null}
      {usage.data && links.usage ? (
        <PageLink href={links.usage}>{t('overview.seeUsage')}</PageLink>
      ) : null}
      {usage.isPending ? <LinesSkeleton lines={3} /> : null}
      {usage.isError ? <ErrorCard error={usage.error} onRetry={() => usage.refetch()} /> : null}
    </Section>
  )
}
