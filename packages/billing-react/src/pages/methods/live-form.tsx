// Adding a method with a real key: Stripe's Payment Element, themed by the tokens of the page. What it answers is a
// name for the method, and only that is sent to our service.
import { type ReactNode, type SubmitEvent, useEffect, useRef, useState } from 'react'
import { useBilling } from '../../billing-context.ts'
import { useWrite } from '../../data/write.ts'
import { Button } from '../../parts/button.tsx'
import { Choices } from '../../parts/choices.tsx'
import { ErrorCard } from '../../parts/notices.tsx'
import { LinesSkeleton } from '../../parts/skeletons.tsx'
import {
  appearanceAt,
  methodOf,
  openStripe,
  type Stripe,
  type StripeElements,
} from './stripe-js.ts'
import type { AddMethodProps } from './test-method-form.tsx'

interface OpenForm {
  readonly stripe: Stripe
  readonly elements: StripeElements
}

type Kind = 'card' | 'bank_account'

/** Prepares a set-up, loads the script and mounts the element; undone when the kind changes. */
function useElement(kind: Kind) {
  const { client, reader } = useBilling()
  const place = useRef<HTMLDivElement>(null)
  const [form, setForm] = useState<OpenForm | null>(null)
  const [failure, setFailure] = useState<unknown>(null)
  const [attempt, setAttempt] = useState(0)
  const { language } = reader
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt starts afresh
  useEffect(() => {
    let isOver = false
    let close = () => {}
    const open = async () => {
      const setup = await client.createSetupIntent({ type: kind })
      const stripe = await openStripe(setup.publishableKey ?? '', language)
      const element = place.current
      if (isOver || element === null) return
      const appearance = appearanceAt(element)
      const elements = stripe.elements({ clientSecret: setup.clientSecret, appearance })
      const payment = elements.create('payment', { layout: 'tabs' })
      payment.mount(element)
      close = () => payment.destroy()
      setForm({ stripe, elements })
    }
    setForm(null)
    setFailure(null)
    open().catch(error => {
      if (!isOver) setFailure(error)
    })
    return () => {
      isOver = true
      close()
    }
  }, [client, kind, language, attempt])
  return { place, form, failure, retry: () => setAttempt(count => count + 1) }
}

function useAdd({ onAdded, onClose }: AddMethodProps) {
  return useWrite(
    (client, input: { readonly paymentMethodId: string }, options) =>
      client.addPaymentMethod(input, options),
    added => {
      onAdded(added)
      onClose()
    },
  )
}

/** The payer is back from the bank: the set-up is read once more and its method is added. */
function useReturned(secret: string | null, add: ReturnType<typeof useAdd>, form: OpenForm | null) {
  const [problem, setProblem] = useState<string | null>(null)
  const taken = useRef(false)
  const { mutate } = add
  useEffect(() => {
    if (secret === null || form === null || taken.current) return
    taken.current = true
    form.stripe.retrieveSetupIntent(secret).then(
      result => {
        const paymentMethodId = methodOf(result)
        if (paymentMethodId) mutate({ paymentMethodId })
        else setProblem(result.error?.message ?? null)
      },
      (error: unknown) => setProblem(String(error)),
    )
  }, [secret, form, mutate])
  return problem
}

export interface LiveFormProps extends AddMethodProps {
  /** The client secret of a set-up that was finished at a bank. */
  readonly returnedSetup: string | null
}

function useSubmit(form: OpenForm | null, add: ReturnType<typeof useAdd>) {
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    if (!form || isBusy || add.isPending) return
    setBusy(true)
    setProblem(null)
    const result = await form.stripe.confirmSetup({
      elements: form.elements,
      redirect: 'if_required',
      confirmParams: { return_url: location.href },
    })
    setBusy(false)
    const paymentMethodId = methodOf(result)
    if (paymentMethodId) add.mutate({ paymentMethodId })
    else setProblem(result.error?.message ?? null)
  }
  return { submit, isBusy: isBusy || add.isPending, problem }
}

export function LiveForm(props: LiveFormProps): ReactNode {
  const { t } = useBilling()
  const [kind, setKind] = useState<Kind>('card')
  const { place, form, failure, retry } = useElement(kind)
  const add = useAdd(props)
  const returned = useReturned(props.returnedSetup, add, form)
  const { submit, isBusy, problem } = useSubmit(form, add)
  return (
    <form className="qt-form" onSubmit={submit}>
      <Choices
        look="switch"
        legendHidden
        legend={t('methods.kind')}
        value={kind}
        onChange={setKind}
        choices={[
          { value: 'card', label: t('methods.kind.card') },
          { value: 'bank_account', label: t('methods.kind.bank') },
        ]}
      />
      <p className="qt-secondary">{t('methods.live.body')}</p>
      {form === null && failure === null ? <LinesSkeleton lines={4} /> : null}
      <div ref={place} />
      {kind === 'bank_account' ? (
        <p>{t('methods.mandate', { issuer: t('methods.mandateIssuer') })}</p>
      ) : null}
      {failure ? <ErrorCard error={failure} onRetry={retry} /> : null}
      {add.error ? <ErrorCard of="action" error={add.error} /> : null}
      <p role="alert" className="qt-problem">
        {problem ?? returned}
      </p>
      <div className="qt-row-actions">
        <Button type="submit" kind="primary" busy={isBusy} disabled={form === null}>
          {t('methods.live.save')}
        </Button>
        <Button onClick={props.onClose}>{t('common.close')}</Button>
      </div>
    </form>
  )
}
