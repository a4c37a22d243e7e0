// The overview: am I fine, what will I pay, what must I do. A member, who may not read invoices,
// gets a page of plan and usage of its own.

import type { ReactNode } from 'react'
import { useBilling } from '../../billing-context.ts'
import {
  useLatestInvoices,
  useOpenInvoices,
  usePlans,
  useSubscription,
  useUsage,
} from '../../data/read.ts'
import type { PlanWire, SubscriptionWire } from '../../data/wire.ts'
import { PageLink } from '../../parts/button.tsx'
import { EmptyTeach, ErrorCard } from '../../parts/notices.tsx'
import { Page, Section } from '../../parts/section.tsx'
import { LinesSkeleton, TableSkeleton } from '../../parts/skeletons.tsx'
import { InvoiceTable } from '../invoices/invoice-table.tsx'
import { PlanLine } from '../plan/current-plan.tsx'
import { nextTerms, priceOf } from '../plan/plan-facts.ts'
import { Alerts } from './alerts.tsx'
import { Charge } from './next-charge.tsx'
import { PaymentSection } from './payment-section.tsx'
import { UsageSection } from './usage-section.tsx'

/** What the overview shows of many metrics; the rest stands on the plan page. */
const metricsMost = 3

interface PlanSectionProps extends KnownProps {
  /** Nothing else waits to be done, so changing the plan is the page's first action. */
  readonly isFirstAction: boolean
}

function PlanSection({ subscription, plans, isFirstAction }: PlanSectionProps): ReactNode {
  const { t, links, may } = useBilling()
  const look = isFirstAction ? 'qt-button qt-button-primary' : 'qt-button qt-button-plain'
  return (
    <Section title={t('overview.plan')}>
      {subscription ? (
        <PlanLine subscription={subscription} plans={plans} />
      ) : (
        <EmptyTeach title={t('overview.noPlan')} />
      )}
      {links.plan && may('subscriptions.manage') ? (
        <p className="qt-row-actions">
          <PageLink className={look} href={links.plan}>
            {t(subscription ? 'overview.changePlan' : 'overview.choosePlan')}
          </PageLink>
        </p>
      ) : null}
    </Section>
  )
}

function LatestInvoices({ subscription }: Pick<KnownProps, 'subscription'>): ReactNode {
  const { t, links } = useBilling()
  const latest = useLatestInvoices()
  return (
    <Section title={t('overview.latest')}>
      {latest.isPending ? <TableSkeleton /> : null}
      {latest.isError ? <ErrorCard error={latest.error} onRetry={() => latest.refetch()} /> : null}
      {latest.data?.length === 0 ? (
        <EmptyTeach
          title={
            subscription
              ? t('invoices.emptyNext', { day: { day: subscription.currentPeriodEnd } })
              : t('invoices.empty')
          }
        />
      ) : null}
      {latest.data && latest.data.length > 0 ? (
        <>
          <InvoiceTable invoices={latest.data} />
          {links.invoices ? (
            <PageLink href={links.invoices}>{t('overview.allInvoices')}</PageLink>
          ) : null}
        </>
      ) : null}
    </Section>
  )
}

interface KnownProps {
  readonly subscription: SubscriptionWire | null
  readonly plans: readonly PlanWire[]
}

function AdminOverview({ subscription, plans }: KnownProps): ReactNode {
  const open = useOpenInvoices()
  const usage = useUsage(subscription?.id)
  const terms = subscription ? nextTerms(subscription) : null
  const price = terms
    ? priceOf(
        plans.find(plan => plan.code === terms.plan),
        terms.billingCycle,
        subscription?.currency,
      )
    : null
  return (
    <>
      <Alerts
        usage={usage.data}
        needsMethod={subscription !== null && (price === null || price.amount > 0)}
      />
      {open.isError ? <ErrorCard error={open.error} onRetry={() => open.refetch()} /> : null}
      {open.isPending ? <LinesSkeleton lines={4} /> : null}
      {open.data ? (
        <Charge open={open.data} subscription={subscription} plans={plans} usage={usage.data} />
      ) : null}
      <PlanSection
        subscription={subscription}
        plans={plans}
        isFirstAction={open.data?.length === 0}
      />
      {subscription ? <UsageSection subscriptionId={subscription.id} most={metricsMost} /> : null}
      <PaymentSection subscription={subscription} needed={price === null || price.amount > 0} />
      <LatestInvoices subscription={subscription} />
    </>
  )
}

function MemberOverview({ subscription, plans }: KnownProps): ReactNode {
  return (
    <>
      <PlanSection subscription={subscription} plans={plans} isFirstAction={false} />
      {subscription ? <UsageSection subscriptionId={subscription.id} /> : null}
    </>
  )
}

/** The overview of a tenant. */
export function BillingDashboard(): ReactNode {
  const { t, may } = useBilling()
  const subscription = useSubscription()
  const plans = usePlans()
  const failed = subscription.isError ? subscription : plans.isError ? plans : null
  const known = { subscription: subscription.data ?? null, plans: plans.data ?? [] }
  const isReady = subscription.data !== undefined && plans.data !== undefined
  return (
    <Page title={t('overview.title')}>
      {failed ? <ErrorCard error={failed.error} onRetry={() => failed.refetch()} /> : null}
      {!failed && !isReady ? <LinesSkeleton lines={6} /> : null}
      {isReady && may('invoices.read') ? <AdminOverview {...known} /> : null}
      {isReady && !may('invoices.read') ? <MemberOverview {...known} /> : null}
    </Page>
  )
}
