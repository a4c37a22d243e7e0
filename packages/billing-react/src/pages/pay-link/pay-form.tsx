// Paying what a link asks for: a test card in the sandbox, with a real key the page of the processor.
import type { PayLinkClient } from '@quittance/billing-client/pay-link'
import { type ReactNode, type SubmitEvent, useState } from 'react'
import { useBilling } from '../../billing-context.ts'
import type { PayByLinkInput, PayLinkView } from '../../data/pay-link.ts'
import { useWrite } from '../../data/write.ts'
import { Button } from '../../parts/button.tsx'
import { ErrorCard } from '../../parts/notices.tsx'
import { TestCardChoices } from '../methods/test-card-choices.tsx'
import { testCards } from '../methods/test-cards.ts'
import { LastTry } from './last-try.tsx'

export interface PayFormProps {
  readonly view: PayLinkView
  readonly client: PayLinkClient
  /** Opens a page of the processor or of a bank in this tab. */
  readonly leave: (address: string) => void
}

function useCheckout({ client, leave }: PayFormProps) {
  return useWrite(
    (_, __: Record<never, never>) => client.checkout(),
    ({ url }) => leave(url),
  )
}

/** With a real key: card data belongs into the processor's own page. */
function HostedForm(props: PayFormProps): ReactNode {
  const { t } = useBilling()
  const { view } = props
  const checkout = useCheckout(props)
  const amount = { money: view.amountDue, currency: view.currency }
  return (
    <div className="qt-pay-form">
      {checkout.error ? null : <LastTry view={view} />}
      <p className="qt-secondary">{t('pay.live')}</p>
      {checkout.error ? <ErrorCard of="action" error={checkout.error} /> : null}
      <div className="qt-pay-bar">
        <Button kind="primary" busy={checkout.isPending} onClick={() => checkout.mutate({})}>
          {t('invoice.pay', { amount })}
        </Button>
      </div>
    </div>
  )
}

function useSandboxForm(props: PayFormProps) {
  const { view, client, leave } = props
  const [token, setToken] = useState(testCards[0].token)
  const [isKept, setKept] = useState(true)
  const checkout = useCheckout(props)
  const pay = useWrite(
    (_, input: PayByLinkInput) => client.pay(input),
    ({ payment }) => {
      const address = payment?.status === 'requires_action' ? payment.nextActionUrl : null
      if (address) leave(address)
    },
  )
  const busy = pay.isPending || checkout.isPending
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    if (busy) return
    checkout.reset()
    pay.mutate({
      paymentMethodId: token,
      ...(view.purpose === 'fix' ? { setDefault: isKept } : {}),
    })
  }
  const openCheckout = () => {
    if (busy) return
    pay.reset()
    checkout.mutate({})
  }
  const error = pay.error ?? checkout.error
  return { token, setToken, isKept, setKept, pay, checkout, submit, openCheckout, error }
}

function SandboxForm(props: PayFormProps): ReactNode {
  const { t } = useBilling()
  const { view } = props
  const form = useSandboxForm(props)
  const amount = { money: view.amountDue, currency: view.currency }
  return (
    <form className="qt-pay-form" onSubmit={form.submit}>
      {form.error ? <ErrorCard of="action" error={form.error} /> : <LastTry view={view} />}
      <div className="qt-test-frame">
        <TestCardChoices value={form.token} onChange={form.setToken} />
      </div>
      <div className="qt-pay-bar">
        {view.purpose === 'fix' ? (
          <label className="qt-check">
            <input
              type="checkbox"
              checked={form.isKept}
              onChange={event => form.setKept(event.target.checked)}
            />
            {t('pay.keep')}
          </label>
        ) : null}
        <Button type="submit" kind="primary" busy={form.pay.isPending}>
          {t('invoice.pay', { amount })}
        </Button>
      </div>
      <div className="qt-pay-other">
        <Button busy={form.checkout.isPending} onClick={form.openCheckout}>
          {t('pay.other')}
        </Button>
        <p className="qt-secondary qt-small">{t('pay.otherHint')}</p>
      </div>
    </form>
  )
}

/** Where cards are given decides which form is shown. */
export function PayForm(props: PayFormProps): ReactNode {
  return props.view.processor === 'sandbox' ? <SandboxForm {...props} /> : <HostedForm {...props} />
}
