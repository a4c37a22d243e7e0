// The payment methods of a tenant: which one pays, adding, choosing, removing.

import { type ReactNode, useState } from 'react'
import { useBilling } from '../../billing-context.ts'
import { usePaymentMethods, usePlans, useSubscription } from '../../data/read.ts'
import type { PaymentMethodWire } from '../../data/wire.ts'
import { useWrite } from '../../data/write.ts'
import { Button } from '../../parts/button.tsx'
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx'
import { LockedPage } from '../../parts/locked-page.tsx'
import { DoneNotice, EmptyTeach, ErrorCard } from '../../parts/notices.tsx'
import { Page, Section } from '../../parts/section.tsx'
import { LinesSkeleton } from '../../parts/skeletons.tsx'
import { isUsable, payingMethod } from '../../states/method-state.ts'
import { isEnded } from '../../states/subscription-state.ts'
import { methodName } from '../../words/names.ts'
import { planNameIn } from '../plan/current-plan.tsx'
import { AddMethod } from './add-method.tsx'
import { MethodLine } from './method-line.tsx'

interface MethodProps {
  readonly paysFor?: string | undefined
  readonly method: PaymentMethodWire
  readonly onDone: (text: string) => void
}

function RemoveDialog({ method, onDone, onClose }: MethodProps & { readonly onClose: () => void }) {
  const { t } = useBilling()
  const name = { method: methodName(method, t) }
  const write = useWrite(
    (client, id: string, options) => client.removePaymentMethod(id, options),
    () => {
      onDone(t('methods.removed', name))
      onClose()
    },
  )
  return (
    <ConfirmDialog
      danger
      title={t('methods.removeTitle', name)}
      confirm={t('methods.removeConfirm', name)}
      busy={write.isPending}
      error={write.error}
      onConfirm={() => write.mutate(method.id)}
      onClose={onClose}
    >
      <p>{t(method.isDefault ? 'methods.removeDefaultBody' : 'methods.removeBody')}</p>
    </ConfirmDialog>
  )
}

function MethodRow({ method, paysFor, onDone }: MethodProps): ReactNode {
  const { t, reader } = useBilling()
  const [removing, setRemoving] = useState(false)
  const name = { method: methodName(method, t) }
  const makeDefault = useWrite(
    (client, id: string, options) => client.setDefaultPaymentMethod(id, options),
    () => onDone(t('methods.madeDefault', name)),
  )
  return (
    <li className="qt-method-row">
      <MethodLine method={method} markDefault paysFor={paysFor} />
      <div className="qt-row-actions">
        {method.isDefault || !isUsable(method, reader) ? null : (
          <Button
            kind="text"
            busy={makeDefault.isPending}
            label={`${t('methods.makeDefault')}: ${name.method}`}
            onClick={() => makeDefault.mutate(method.id)}
          >
            {t('methods.makeDefault')}
          </Button>
        )}
        <Button
          kind="text"
          label={t('methods.removeTitle', name)}
          onClick={() => setRemoving(true)}
        >
          {t('methods.remove')}
        </Button>
      </div>
      {makeDefault.error ? <ErrorCard of="action" error={makeDefault.error} /> : null}
      {removing ? (
        <RemoveDialog method={method} onDone={onDone} onClose={() => setRemoving(false)} />
      ) : null}
    </li>
  )
}

/** Which method is charged for the plan in force, and the plan's name. */
function usePaidPlan(methods: readonly PaymentMethodWire[] = []) {
  const subscription = useSubscription().data
  const plans = usePlans().data ?? []
  if (!subscription || isEnded(subscription)) return null
  const method = payingMethod(methods, subscription)
  return method ? { id: method.id, plan: planNameIn(plans)(subscription.plan) } : null
}

function MethodList(): ReactNode {
  const { t } = useBilling()
  const methods = usePaymentMethods()
  const [adding, setAdding] = useState(false)
  const [done, setDone] = useState<string | null>(null)
  const paid = usePaidPlan(methods.data)
  const add = adding ? null : (
    <Button kind="primary" onClick={() => setAdding(true)}>
      {t('methods.add')}
    </Button>
  )
  return (
    <Page title={t('methods.title')} actions={methods.data?.length === 0 ? null : add}>
      <DoneNotice text={done} />
      {adding ? (
        <Section title={t('methods.addTitle')}>
          <AddMethod onDone={setDone} onClose={() => setAdding(false)} />
        </Section>
      ) : null}
      {methods.isPending ? <LinesSkeleton lines={3} /> : null}
      {methods.isError ? (
        <ErrorCard error={methods.error} onRetry={() => methods.refetch()} />
      ) : null}
      {methods.data?.length === 0 && !adding ? (
        <EmptyTeach title={t('methods.empty')} hint={t('methods.emptyHint')}>
          {add}
        </EmptyTeach>
      ) : null}
      {methods.data && methods.data.length > 0 ? (
        <ul className="qt-methods">
          {methods.data.map(method => (
            <MethodRow
              key={method.id}
              method={method}
              paysFor={method.id === paid?.id ? paid.plan : undefined}
              onDone={setDone}
            />
          ))}
        </ul>
      ) : null}
    </Page>
  )
}

/** The payment methods of a tenant, for those who may manage them. */
export function PaymentMethods(): ReactNode {
  const { t, may } = useBilling()
  if (may('payment-methods.manage')) return <MethodList />
  return <LockedPage title={t('methods.title')} />
}
