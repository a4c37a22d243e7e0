// Cancelling: when it ends and what stops. The end of the paid period is chosen beforehand.

import { type ReactNode, useId, useState } from 'react'
import { useBilling } from '../../billing-context.ts'
import type { SubscriptionWire } from '../../data/wire.ts'
import { useWrite } from '../../data/write.ts'
import { Choices } from '../../parts/choices.tsx'
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx'
import { isEnded } from '../../states/subscription-state.ts'

/** What the API takes: when it ends, and what becomes of unused time. */
type When = 'period_end' | 'now' | 'credit_now'

interface CancelInput {
  readonly when: 'period_end' | 'now'
  readonly refund?: 'credit'
  readonly reason?: string
}

function inputOf(when: When, reason: string): CancelInput {
  return {
    when: when === 'period_end' ? when : 'now',
    ...(when === 'credit_now' ? { refund: 'credit' } : {}),
    ...(reason === '' ? {} : { reason }),
  }
}

interface ReasonProps {
  readonly value: string
  readonly onChange: (value: string) => void
}

function ReasonField({ value, onChange }: ReasonProps): ReactNode {
  const { t } = useBilling()
  const id = useId()
  return (
    <div className="qt-field">
      <label className="qt-label" htmlFor={id}>
        {t('plan.cancel.reason')} <span className="qt-secondary">{t('common.optional')}</span>
      </label>
      <textarea
        id={id}
        className="qt-input"
        rows={2}
        maxLength={500}
        value={value}
        onChange={event => onChange(event.target.value)}
      />
    </div>
  )
}

export interface CancelDialogProps {
  readonly subscription: SubscriptionWire
  readonly planName: string
  readonly onDone: (text: string) => void
  readonly onClose: () => void
}

export function CancelDialog(props: CancelDialogProps): ReactNode {
  const { t } = useBilling()
  const { subscription, planName: plan } = props
  const [when, setWhen] = useState<When>('period_end')
  const [reason, setReason] = useState('')
  const trialEnd = subscription.status === 'trialing' ? subscription.trialEnd : null
  const day = { day: trialEnd ?? subscription.currentPeriodEnd }
  const write = useWrite(
    (client, input: CancelInput, options) =>
      client.cancelSubscription(subscription.id, input, options),
    after => {
      props.onDone(
        isEnded(after) ? t('plan.cancel.doneNow', { plan }) : t('plan.cancel.done', { plan, day }),
      )
      props.onClose()
    },
  )
  return (
    <ConfirmDialog
      danger
      title={t('plan.cancel.title', { plan })}
      confirm={
        when === 'period_end'
          ? t('plan.cancel.confirmLater', { plan, day })
          : t('plan.cancel.confirmNow', { plan })
      }
      keep={t('plan.cancel.keep', { plan })}
      busy={write.isPending}
      error={write.error}
      onConfirm={() => write.mutate(inputOf(when, reason))}
      onClose={props.onClose}
    >
      <Choices
        look="lines"
        legend={t('plan.cancel.when')}
        value={when}
        onChange={setWhen}
        choices={[
          {
            value: 'period_end',
            label: t('plan.cancel.periodEnd', { day }),
            hint: t('plan.cancel.periodEndHint'),
          },
          {
            value: 'credit_now',
            label: t('plan.cancel.creditNow'),
            hint: t('plan.cancel.creditNowHint'),
          },
          { value: 'now', label: t('plan.cancel.now'), hint: t('plan.cancel.nowHint') },
        ]}
      />
      <ReasonField value={reason} onChange={setReason} />
    </ConfirmDialog>
  )
}
