// The payment methods of a tenant: which one pays, adding, choosing, removing.

import { type ReactNode, useState } from 'react'
import { type Billing, useBilling } from '../../billing-context.ts'
import { usePaymentMethods, usePlans, useSubscription } from '../../data/read.ts'
import type { PaymentMethodWire } from '../../data/wire.ts'
import { useWrite } from '../../data/write.ts'
import { Button, PageLink } from '../../parts/button.tsx'
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx'
import { Icon } from '../../parts/icon.tsx'
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
import { takeReturnedSetup } from './stripe-js.ts'
import { VerifyMethod } from './verify-method.tsx'

interface MethodProps {
  readonly paysFor?: string | undefined
  readonly method: PaymentMethodWire
  readonly onDone: (text: string) => void
  readonly onVerify: (id: string) => void
}

function RemoveDialog({
  method,
  onDone,
  onClose,
}: Pick<MethodProps, 'method' | 'onDone'> & { readonly onClose: () => void }): ReactNode {
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

/** Opens the page or the form that asks for what arrived on the account. */
function VerifyAction({ method, onVerify }: Pick<MethodProps, 'method' | 'onVerify'>): ReactNode {
  const { t, links } = useBilling()
  const label = t('methods.verifyOf', { method: methodName(method, t) })
  if (method.status !== 'pending_verification') return null
  if (links.verifyMethod) {
    return (
      <PageLink className="qt-button qt-button-plain" href={links.verifyMethod(method.id)}>
        <span aria-hidden="true">{t('methods.verify')}</span>
        <span className="qt-hidden">{label}</span>
      </PageLink>
    )
  }
  return (
    <Button label={label} onClick={() => onVerify(method.id)}>
      {t('methods.verify')}
    </Button>
  )
}

function MethodRow({ method, paysFor, onDone, onVerify }: MethodProps): ReactNode {
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
        <VerifyAction method={method} onVerify={onVerify} />
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

const addedWords = (method: PaymentMethodWire, { t }: Billing): string =>
  t(method.status === 'pending_verification' ? 'methods.addedToVerify' : 'methods.added', {
    method: methodName(method, t),
  })

/** The page with nothing but the verification of one account. */
function VerifyPage({ id }: { readonly id: string }): ReactNode {
  const { t, links, navigate } = useBilling()
  const methods = usePaymentMethods()
  const [done, setDone] = useState<string | null>(null)
  const method = methods.data?.find(each => each.id === id)
  const name = method ? methodName(method, t) : t('method.bankAccount')
  return (
    <Page title={t('verify.title', { method: name })}>
      {links.paymentMethods ? (
        <p className="qt-back">
          <PageLink href={links.paymentMethods}>
            <Icon name="rollback" /> {t('methods.title')}
          </PageLink>
        </p>
      ) : null}
      <DoneNotice text={done} />
      {methods.isPending ? <LinesSkeleton lines={5} /> : null}
      {methods.isError ? (
        <ErrorCard error={methods.error} onRetry={() => methods.refetch()} />
      ) : null}
      {methods.data && !method ? <EmptyTeach title={t('methods.unknown')} /> : null}
      {method && done === null ? (
        <VerifyMethod
          method={method}
          onDone={setDone}
          onClose={() => links.paymentMethods && navigate?.(links.paymentMethods)}
        />
      ) : null}
    </Page>
  )
}

interface MethodsProps {
  readonly methods: readonly PaymentMethodWire[]
  readonly onDone: (text: string) => void
}

function Methods({ methods, onDone }: MethodsProps): ReactNode {
  const paid = usePaidPlan(methods)
  const [verifyId, setVerifyId] = useState<string | null>(null)
  const close = () => setVerifyId(null)
  const verified = (text: string) => {
    onDone(text)
    close()
  }
  const waiting = methods.find(method => method.id === verifyId)
  return (
    <>
      <ul className="qt-methods">
        {methods.map(method => (
          <MethodRow
            key={method.id}
            method={method}
            paysFor={method.id === paid?.id ? paid.plan : undefined}
            onDone={onDone}
            onVerify={setVerifyId}
          />
        ))}
      </ul>
      {waiting ? <VerifyMethod method={waiting} onDone={verified} onClose={close} /> : null}
    </>
  )
}

function MethodList(): ReactNode {
  const billing = useBilling()
  const { t } = billing
  const methods = usePaymentMethods()
  const [returnedSetup] = useState(takeReturnedSetup)
  const [adding, setAdding] = useState(returnedSetup !== null)
  const [done, setDone] = useState<string | null>(null)
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
          <AddMethod
            returnedSetup={returnedSetup}
            onAdded={method => setDone(addedWords(method, billing))}
            onClose={() => setAdding(false)}
          />
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
        <Methods methods={methods.data} onDone={setDone} />
      ) : null}
    </Page>
  )
}

export interface PaymentMethodsProps {
  /** The bank account to verify; left out or null shows the list. */
  readonly verifyId?: string | null
}

/** The payment methods of a tenant, for those who may manage them. */
export function PaymentMethods({ verifyId }: PaymentMethodsProps): ReactNode {
  const { t, may } = useBilling()
  if (!may('payment-methods.manage')) return <LockedPage title={t('methods.title')} />
  return verifyId ? <VerifyPage key={verifyId} id={verifyId} /> : <MethodList />
}
