// Adding a method in the sandbox: a test case is chosen and named by its token. No number is typed or sent.
import { type ReactNode, type SubmitEvent, useState } from 'react'
import { useBilling } from '../../billing-context.ts'
import type { PaymentMethodWire } from '../../data/wire.ts'
import { useWrite } from '../../data/write.ts'
import { Button } from '../../parts/button.tsx'
import { Choices } from '../../parts/choices.tsx'
import { ErrorCard } from '../../parts/notices.tsx'
import { brandName } from '../../words/names.ts'
import { testAccounts } from './test-accounts.ts'
import { TestCardChoices } from './test-card-choices.tsx'
import { testCards } from './test-cards.ts'

export interface AddMethodProps {
  readonly onAdded: (method: PaymentMethodWire) => void
  readonly onClose: () => void
}

interface NewMethod {
  readonly paymentMethodId: string
  readonly setDefault?: true
}

type Kind = 'card' | 'bank'

interface AccountChoicesProps {
  readonly value: string
  readonly onChange: (token: string) => void
}

function AccountChoices({ value, onChange }: AccountChoicesProps): ReactNode {
  const { t } = useBilling()
  return (
    <>
      <p className="qt-secondary">{t('methods.test.accountsHint')}</p>
      <Choices
        look="lines"
        legend={t('methods.test.accounts')}
        value={value}
        onChange={onChange}
        choices={testAccounts.map(each => ({
          value: each.token,
          label: <span className="qt-code">{each.number}</span>,
          hint: t(each.says),
        }))}
      />
      <p>{t('methods.mandate', { issuer: t('methods.mandateIssuer') })}</p>
    </>
  )
}

function KindSwitch({ value, onChange }: { value: Kind; onChange: (kind: Kind) => void }) {
  const { t } = useBilling()
  return (
    <Choices
      look="switch"
      legendHidden
      legend={t('methods.kind')}
      value={value}
      onChange={onChange}
      choices={[
        { value: 'card', label: t('methods.kind.card') },
        { value: 'bank', label: t('methods.kind.bank') },
      ]}
    />
  )
}

/** How the chosen case is called on the button. */
function useMethodWords(kind: Kind, token: string): string {
  const { t } = useBilling()
  if (kind === 'bank') {
    const account = testAccounts.find(each => each.token === token) ?? testAccounts[0]
    return t('method.bank', { bank: t('method.bankAccount'), last4: account.number.slice(-4) })
  }
  const card = testCards.find(each => each.token === token) ?? testCards[0]
  return t('method.card', { brand: brandName(card.brand, t), last4: card.number.slice(-4) })
}

export function TestMethodForm({ onAdded, onClose }: AddMethodProps): ReactNode {
  const { t } = useBilling()
  const [kind, setKind] = useState<Kind>('card')
  const [card, setCard] = useState(testCards[0].token)
  const [account, setAccount] = useState(testAccounts[0].token)
  const [isDefault, setDefault] = useState(false)
  const token = kind === 'card' ? card : account
  const method = useMethodWords(kind, token)
  const write = useWrite(
    (client, input: NewMethod, options) => client.addPaymentMethod(input, options),
    added => {
      onAdded(added)
      onClose()
    },
  )
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const chosen = { paymentMethodId: token }
    if (!write.isPending) write.mutate(isDefault ? { ...chosen, setDefault: true } : chosen)
  }
  return (
    <form className="qt-test-frame" onSubmit={submit}>
      <KindSwitch value={kind} onChange={setKind} />
      {kind === 'card' ? (
        <TestCardChoices value={card} onChange={setCard} />
      ) : (
        <AccountChoices value={account} onChange={setAccount} />
      )}
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
