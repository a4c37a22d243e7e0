// The plan page: what I have, what else there is, and how to end or keep it.

import { type ReactNode, useState } from 'react'
import { useBilling } from '../../billing-context.ts'
import { usePlans, useSubscription } from '../../data/read.ts'
import type { PlanWire, SubscriptionWire } from '../../data/wire.ts'
import { useWrite } from '../../data/write.ts'
import { Button, PageLink } from '../../parts/button.tsx'
import { Choices } from '../../parts/choices.tsx'
import { DoneNotice, EmptyTeach, ErrorCard } from '../../parts/notices.tsx'
import { Page, Section } from '../../parts/section.tsx'
import { LinesSkeleton } from '../../parts/skeletons.tsx'
import { isEnded } from '../../states/subscription-state.ts'
import { UsageSection } from '../overview/usage-section.tsx'
import { CancelDialog } from './cancel-dialog.tsx'
import { ChangeDialog, type Choice } from './change-dialog.tsx'
import { CurrentPlan, planNameIn } from './current-plan.tsx'
import { PauseActions } from './pause-actions.tsx'
import type { Cycle } from './plan-facts.ts'
import { PlanGrid } from './plan-grid.tsx'

interface PlanPageProps {
  readonly subscription: SubscriptionWire | null
  readonly plans: readonly PlanWire[]
}

interface ActionProps {
  readonly subscription: SubscriptionWire
  readonly planName: string
  readonly onDone: (text: string) => void
}

/** Takes back a scheduled end; it stands in the place where cancelling stood. */
function Reactivate({ subscription, planName: plan, onDone }: ActionProps): ReactNode {
  const { t } = useBilling()
  const write = useWrite(
    (client, id: string, options) => client.reactivateSubscription(id, options),
    after => {
      const day = { day: after.currentPeriodEnd }
      onDone(t('plan.reactivated', { plan, day }))
    },
  )
  return (
    <>
      {write.error ? <ErrorCard of="action" error={write.error} /> : null}
      <Button kind="primary" busy={write.isPending} onClick={() => write.mutate(subscription.id)}>
        {t('plan.reactivate', { plan })}
      </Button>
    </>
  )
}

/** What stands between the plan and its service, where something is owed. */
function InvoiceToPay({ subscription }: Pick<ActionProps, 'subscription'>): ReactNode {
  const { t, links } = useBilling()
  const { latestInvoiceId: id, status } = subscription
  const owes = ['incomplete', 'past_due', 'unpaid'].includes(status)
  if (!owes || id === null || !links.invoice) return null
  return (
    <PageLink className="qt-button qt-button-primary" href={links.invoice(id)}>
      {t('plan.toInvoice')}
    </PageLink>
  )
}

function PlanActions(props: ActionProps): ReactNode {
  const { t, may } = useBilling()
  const [cancelling, setCancelling] = useState(false)
  if (!may('subscriptions.manage')) return <p className="qt-secondary">{t('plan.locked')}</p>
  if (isEnded(props.subscription)) return null
  return (
    <div className="qt-row-actions">
      <InvoiceToPay {...props} />
      <PauseActions {...props} />
      {props.subscription.cancelAtPeriodEnd ? (
        <Reactivate {...props} />
      ) : (
        <Button kind="text" onClick={() => setCancelling(true)}>
          {t('plan.cancel.open')}
        </Button>
      )}
      {cancelling ? <CancelDialog {...props} onClose={() => setCancelling(false)} /> : null}
    </div>
  )
}

interface OfferProps extends PlanPageProps {
  readonly onDone: (text: string) => void
}

function Offer({ subscription, plans, onDone }: OfferProps): ReactNode {
  const { t, may } = useBilling()
  const [cycle, setCycle] = useState<Cycle>(subscription?.billingCycle ?? 'monthly')
  const [choice, setChoice] = useState<Choice | null>(null)
  const pending = subscription?.pendingChange != null
  const isOpen = may('subscriptions.manage') && !pending
  return (
    <section className="qt-offer">
      <div className="qt-offer-head">
        <h2 className="qt-section-title">{t('plan.choose')}</h2>
        <Choices
          look="switch"
          legendHidden
          legend={t('plan.cycle')}
          value={cycle}
          onChange={setCycle}
          choices={[
            { value: 'monthly', label: t('cycle.monthly') },
            { value: 'yearly', label: t('cycle.yearly') },
          ]}
        />
      </div>
      {pending ? <p className="qt-secondary">{t('plan.pendingLocked')}</p> : null}
      <PlanGrid
        plans={plans}
        subscription={subscription}
        billingCycle={cycle}
        isOpen={isOpen}
        onChoose={(plan, move) => setChoice({ plan, move, billingCycle: cycle })}
      />
      {choice ? (
        <ChangeDialog
          choice={choice}
          subscription={subscription}
          plans={plans}
          onDone={onDone}
          onClose={() => setChoice(null)}
        />
      ) : null}
    </section>
  )
}

function PlanPage({ subscription, plans }: PlanPageProps): ReactNode {
  const { t } = useBilling()
  const [done, setDone] = useState<string | null>(null)
  const live = subscription && !isEnded(subscription) ? subscription : null
  return (
    <>
      <DoneNotice text={done} />
      <Section title={t('plan.current')}>
        {subscription ? (
          <>
            <CurrentPlan subscription={subscription} plans={plans} />
            <PlanActions
              subscription={subscription}
              planName={planNameIn(plans)(subscription.plan)}
              onDone={setDone}
            />
          </>
        ) : (
          <EmptyTeach title={t('plan.none')} />
        )}
      </Section>
      {live ? <UsageSection subscriptionId={live.id} /> : null}
      <Offer subscription={live} plans={plans} onDone={setDone} />
    </>
  )
}

/** The plan of a tenant: read by members, changed by admins. */
export function SubscriptionManager(): ReactNode {
  const { t } = useBilling()
  const subscription = useSubscription()
  const plans = usePlans()
  const failed = subscription.isError ? subscription : plans.isError ? plans : null
  return (
    <Page title={t('plan.title')}>
      {failed ? <ErrorCard error={failed.error} onRetry={() => failed.refetch()} /> : null}
      {!failed && (subscription.isPending || plans.isPending) ? <LinesSkeleton lines={8} /> : null}
      {subscription.data !== undefined && plans.data ? (
        <PlanPage subscription={subscription.data} plans={plans.data} />
      ) : null}
    </Page>
  )
}
