// Adding a card. In the sandbox a test case is chosen; with a real key card data belongs into the
// processor's own form, which this version does not show.
import { type ReactNode, type SubmitEvent, useState } from 'react'
import { useBilling } from '../../billing-context.ts'
import { useEnvironment } from '../../data/read.ts'
import { useWrite } from '../../data/write.ts'
import { Button } from '../../parts/button.tsx'
import { Icon } from '../../parts/icon.tsx'
import { ErrorCard } from '../../parts/notices.tsx'
import { LinesSkeleton } from '../../parts/skeletons.tsx'
import { brandName, methodName } from '../../words/names.ts'
import { TestCardChoices } from './test-card-choices.tsx'
import { testCards } from './test-cards.ts'

export interface AddMethodProps {
  readonly onDone: (text: string) => void
  readonly onClose: () => void
}

interface NewMethod {
  readonly paymentMethodId: string
  readonly setDefault?: true
}

function TestCardForm({ onDone, onClose }: AddMethodProps): ReactNode {
  const { t } = useBilling()
  const [token, setToken] = useState(testCards[0].token)
  const [isDefault, setDefault] = useState(false)
  const card = testCards.find(each => each.token === token) ?? testCards[0]
  const write = useWrite(
    (client, input: NewMethod, options) => client.addPaymentMethod(input, options),
    method => {
      onDone(t('methods.added', { method: methodName(method, t) }))
      onClose()
    },
  )
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const chosen = { paymentMethodId: token }
    if (!write.isPending) write.mutate(isDefault ? { ...chosen, setDefault: true } : chosen)
  }
  const last4 = card.number.slice(-4)
  const method = t('method.card', { brand: brandName(card.brand), last4 })
  return (
    <form className="qt-test-frame" onSubmit={submit}>
      <TestCardChoices value={token} onChange={setToken} />
      <label className="qt-check">
        <input
          type="checkbox"
          checked={isDefault}
          onChange={event => setDefault(event.target.checked)}
        />
        {t('methods.test.asDefault')}
      </label>
      {write.error ? <ErrorCard of="action" error={write.error} /> : null}
      <div className="qt-row-actions">
        <Button type="submit" kind="primary" busy={write.isPending}>
          {t('methods.addCard', { method })}
        </Button>
        <Button onClick={onClose}>{t('common.close')}</Button>
      </div>
    </form>
  )
}

function LiveNotice({ onClose }: Pick<AddMethodProps, 'onClose'>): ReactNode {
  const { t } = useBilling()
  return (
    <div className="qt-locked">
      <Icon name="card" />
      <div>
        <p className="qt-strong">{t('methods.live.title')}</p>
        <p className="qt-secondary">{t('methods.live.body')}</p>
        <Button kind="text" onClick={onClose}>
          {t('common.close')}
        </Button>
      </div>
    </div>
  )
}

/** Where cards come from decides what is shown. */
export function AddMethod(props: AddMethodProps): ReactNode {
  const environment = useEnvironment()
  if (environment === undefined) return <LinesSkeleton lines={4} />
  return environment === 'sandbox' ? <TestCardForm {...props} /> : <LiveNotice {...props} />
}
