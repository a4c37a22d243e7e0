// A subscription at the side of its list: its facts, what happens next, and what the issuer can do.
import { StatusChip, subscriptionState, useBilling } from '@quittance/billing-react/billing-react'
import { isEnded } from '@quittance/billing-react/states/subscription-state'
import { Button } from 'antd'
import type { ReactNode } from 'react'
import { BackAct, CancelAct, PauseAct } from '../acts/subscription-acts.tsx'
import { useActs } from '../acts/use-acts.tsx'
import type { SubscriptionRow } from '../data/wire.ts'
import { Day, Id, TenantLink } from '../parts/columns.tsx'
import { FactList } from '../parts/fact-list.tsx'
import { PeekDrawer, usePeek } from '../parts/peek.tsx'
import { useWords } from '../words/words.ts'

type ActName = 'pause' | 'resume' | 'reactivate' | 'cancel'

/** What can be done in its state. What Stripe runs is done at Stripe. */
function actsOf(subscription: SubscriptionRow): readonly ActName[] {
  const { status, billedBy, cancelAtPeriodEnd, pauseAtPeriodEnd, collectionPause } = subscription
  if (billedBy === 'stripe' || isEnded(subscription)) return []
  const isPaused = status === 'paused' || pauseAtPeriodEnd || collectionPause !== null
  const canPause = !isPaused && !cancelAtPeriodEnd && status === 'active'
  return [
    ...(isPaused ? (['resume'] as const) : []),
    ...(canPause ? (['pause'] as const) : []),
    ...(cancelAtPeriodEnd ? (['reactivate'] as const) : []),
    'cancel',
  ]
}

function Facts({ subscription }: { readonly subscription: SubscriptionRow }): ReactNode {
  const t = useWords()
  const { t: say } = useBilling()
  return (
    <FactList
      facts={[
        {
          name: t('invoices.tenant'),
          value: <TenantLink tenantId={subscription.tenantId} name={subscription.customerName} />,
        },
        { name: t('subscriptions.cycle'), value: say(`cycle.${subscription.billingCycle}`) },
        { name: t('subscriptions.quantity'), value: subscription.quantity },
        { name: t('tenant.currency'), value: subscription.currency },
        { name: t('subscription.periodEnd'), value: <Day at={subscription.currentPeriodEnd} /> },
        { name: t('subscriptions.owner'), value: t(`owner.${subscription.billedBy}`) },
        { name: t('subscriptions.started'), value: <Day at={subscription.createdAt} /> },
        { name: t('subscription.id'), value: <Id text={subscription.id} /> },
      ]}
    />
  )
}

function Open({ subscription }: { readonly subscription: SubscriptionRow }): ReactNode {
  const t = useWords()
  const { say } = useBilling()
  const peek = usePeek()
  const acts = useActs<ActName>()
  const { chip, sentence } = subscriptionState(subscription)
  return (
    <PeekDrawer title={subscription.plan} onClose={peek.close}>
      <p className="op-state">
        <StatusChip chip={chip} />
        {sentence ? <span className="qt-secondary">{say(sentence)}</span> : null}
      </p>
      {acts.told}
      <div className="qt-actions">
        {actsOf(subscription).map(name => (
          <Button key={name} danger={name === 'cancel'} onClick={() => acts.open(name)}>
            {t(`${name}.open`)}
          </Button>
        ))}
      </div>
      <Facts subscription={subscription} />
      {acts.draw((name, props) => {
        if (name === 'cancel') return <CancelAct subscription={subscription} {...props} />
        if (name === 'pause') return <PauseAct subscription={subscription} {...props} />
        return <BackAct kind={name} subscription={subscription} {...props} />
      })}
    </PeekDrawer>
  )
}

/** The subscription that the address names, among those that were read. */
export function SubscriptionPeek({ rows }: { readonly rows: readonly SubscriptionRow[] }) {
  const { id } = usePeek()
  const subscription = rows.find(row => row.id === id)
  return subscription ? <Open key={subscription.id} subscription={subscription} /> : null
}
