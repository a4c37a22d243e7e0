// Pausing a plan at the end of its paid period, taking that back, and resuming a paused one.
import { type ReactNode, useState } from 'react'
import { useBilling } from '../../billing-context.ts'
import type { SubscriptionWire } from '../../data/wire.ts'
import { useWrite } from '../../data/write.ts'
import { Button } from '../../parts/button.tsx'
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx'
import { ErrorCard } from '../../parts/notices.tsx'

export interface PauseActionsProps {
  readonly subscription: SubscriptionWire
  readonly planName: string
  readonly onDone: (text: string) => void
}

function PauseDialog(props: PauseActionsProps & { readonly onClose: () => void }): ReactNode {
  const { t } = useBilling()
  const { subscription, planName: plan } = props
  const day = { day: subscription.currentPeriodEnd }
  const write = useWrite(
    (client, id: string, options) => client.pauseSubscription(id, {}, options),
    () => {
      props.onDone(t('plan.pause.done', { plan, day }))
      props.onClose()
    },
  )
  return (
    <ConfirmDialog
      title={t('plan.pause.title', { plan })}
      confirm={t('plan.pause.confirm', { plan, day })}
      busy={write.isPending}
      error={write.error}
      onConfirm={() => write.mutate(subscription.id)}
      onClose={props.onClose}
    >
      <p>{t('plan.pause.body', { day })}</p>
    </ConfirmDialog>
  )
}

function Resume({ subscription, planName: plan, onDone }: PauseActionsProps): ReactNode {
  const { t } = useBilling()
  const isPaused = subscription.status === 'paused'
  const write = useWrite(
    (client, id: string, options) => client.resumeSubscription(id, {}, options),
    () => onDone(t('plan.resumed', { plan })),
  )
  return (
    <>
      {write.error ? <ErrorCard of="action" error={write.error} /> : null}
      <Button kind="primary" busy={write.isPending} onClick={() => write.mutate(subscription.id)}>
        {t(isPaused ? 'plan.resume' : 'plan.resumeKeep', { plan })}
      </Button>
      <span className="qt-secondary">
        {isPaused
          ? t('plan.resumeHint')
          : t('plan.pause.scheduled', { day: { day: subscription.currentPeriodEnd } })}
      </span>
    </>
  )
}

/** What can be done about pausing in the state of the subscription; nothing where it does not apply. */
export function PauseActions(props: PauseActionsProps): ReactNode {
  const { t } = useBilling()
  const [pausing, setPausing] = useState(false)
  const { status, pauseAtPeriodEnd, cancelAtPeriodEnd, billedBy } = props.subscription
  if (billedBy !== 'engine') return null
  if (pauseAtPeriodEnd || status === 'paused') return <Resume {...props} />
  if (status !== 'active' || cancelAtPeriodEnd) return null
  return (
    <>
      <Button kind="text" onClick={() => setPausing(true)}>
        {t('plan.pause.open')}
      </Button>
      {pausing ? <PauseDialog {...props} onClose={() => setPausing(false)} /> : null}
    </>
  )
}
