// What the issuer does with a subscription: end, pause, resume, take a planned end back.
import { Radio } from 'antd'
import { type ReactNode, useState } from 'react'
import type { SubscriptionRow } from '../data/wire.ts'
import { useWords } from '../words/words.ts'
import { ActDrawer, Field } from './act-drawer.tsx'
import type { ActProps } from './act-props.ts'
import { useAct } from './use-act.ts'

interface SubscriptionActProps extends ActProps {
  readonly subscription: SubscriptionRow
}

type When = 'period_end' | 'now'
type Return = 'none' | 'credit' | 'refund'

interface CancelInput {
  readonly when: When
  readonly refund?: Return
  readonly reason?: string
}

export function CancelAct({ subscription, onDone, onClose }: SubscriptionActProps): ReactNode {
  const t = useWords()
  const [when, setWhen] = useState<When>('period_end')
  const [back, setBack] = useState<Return>('none')
  const [reason, setReason] = useState('')
  const { plan } = subscription
  const day = { day: subscription.currentPeriodEnd }
  const act = useAct(
    subscription.tenantId,
    (client, input: CancelInput, options) =>
      client.cancelSubscription(subscription.id, input, options),
    () => onDone(when === 'now' ? t('cancel.doneNow', { plan }) : t('cancel.done', { plan, day })),
  )
  return (
    <ActDrawer
      title={t('cancel.title', { plan })}
      confirm={
        when === 'now' ? t('cancel.confirmNow', { plan }) : t('cancel.confirm', { plan, day })
      }
      danger
      ready
      effects={
        when === 'now'
          ? [t('cancel.effectNow')]
          : [t('cancel.effectEnd', { day }), t('cancel.undo')]
      }
      busy={act.isPending}
      error={act.error}
      onConfirm={() =>
        act.mutate({
          when,
          ...(when === 'now' ? { refund: back } : {}),
          ...(reason ? { reason } : {}),
        })
      }
      onClose={onClose}
    >
      <fieldset className="op-field">
        <legend className="qt-label">{t('cancel.when')}</legend>
        <Radio.Group
          className="op-choices"
          value={when}
          onChange={event => setWhen(event.target.value as When)}
          options={[
            { value: 'period_end', label: t('cancel.when.end', { day }) },
            { value: 'now', label: t('cancel.when.now') },
          ]}
        />
      </fieldset>
      {when === 'now' ? (
        <fieldset className="op-field">
          <legend className="qt-label">{t('cancel.back')}</legend>
          <Radio.Group
            className="op-choices"
            value={back}
            onChange={event => setBack(event.target.value as Return)}
            options={(['none', 'credit', 'refund'] as const).map(value => ({
              value,
              label: t(`cancel.back.${value}`),
            }))}
          />
        </fieldset>
      ) : null}
      <Field label={t('act.reason')} optional lines={2} value={reason} onChange={setReason} />
    </ActDrawer>
  )
}

type Pause = 'service' | 'void' | 'keep_as_draft' | 'mark_uncollectible'

export function PauseAct({ subscription, onDone, onClose }: SubscriptionActProps): ReactNode {
  const t = useWords()
  const [kind, setKind] = useState<Pause>('service')
  const [reason, setReason] = useState('')
  const { plan } = subscription
  const day = { day: subscription.currentPeriodEnd }
  const act = useAct(
    subscription.tenantId,
    (client, input: Pause, options) =>
      client.pauseSubscription(
        subscription.id,
        input === 'service' ? {} : { collection: input },
        options,
      ),
    () => onDone(kind === 'service' ? t('pause.done', { plan, day }) : t('pause.doneCollecting')),
    reason,
  )
  return (
    <ActDrawer
      title={t('pause.title', { plan })}
      confirm={kind === 'service' ? t('pause.confirm', { day }) : t('pause.confirmCollecting')}
      ready
      effects={[kind === 'service' ? t('pause.effect', { day }) : t('pause.effectCollecting')]}
      busy={act.isPending}
      error={act.error}
      onConfirm={() => act.mutate(kind)}
      onClose={onClose}
    >
      <fieldset className="op-field">
        <legend className="qt-label">{t('pause.what')}</legend>
        <Radio.Group
          className="op-choices"
          value={kind}
          onChange={event => setKind(event.target.value as Pause)}
          options={(['service', 'void', 'keep_as_draft', 'mark_uncollectible'] as const).map(
            value => ({ value, label: t(`pause.what.${value}`) }),
          )}
        />
      </fieldset>
      <Field label={t('act.reason')} optional lines={2} value={reason} onChange={setReason} />
    </ActDrawer>
  )
}

/** Taking a pause or a planned end back. */
export function BackAct({
  kind,
  subscription,
  onDone,
  onClose,
}: SubscriptionActProps & { readonly kind: 'resume' | 'reactivate' }): ReactNode {
  const t = useWords()
  const { plan } = subscription
  const [reason, setReason] = useState('')
  const act = useAct(
    subscription.tenantId,
    (client, _: null, options) =>
      kind === 'resume'
        ? client.resumeSubscription(subscription.id, {}, options)
        : client.reactivateSubscription(subscription.id, options),
    () => onDone(t(`${kind}.done`, { plan })),
    reason,
  )
  return (
    <ActDrawer
      title={t(`${kind}.title`, { plan })}
      confirm={t(`${kind}.title`, { plan })}
      ready
      effects={[t(`${kind}.effect`)]}
      busy={act.isPending}
      error={act.error}
      onConfirm={() => act.mutate(null)}
      onClose={onClose}
    >
      <Field label={t('act.reason')} optional lines={2} value={reason} onChange={setReason} />
    </ActDrawer>
  )
}
