// The choice of a test card in the sandbox. Numbers are shown to recognise a case by, never typed or sent.
import type { ReactNode } from 'react'
import { useBilling } from '../../billing-context.ts'
import { Choices } from '../../parts/choices.tsx'
import { testCards } from './test-cards.ts'

export interface TestCardChoicesProps {
  /** The token of the chosen card. */
  readonly value: string
  readonly onChange: (token: string) => void
}

export function TestCardChoices({ value, onChange }: TestCardChoicesProps): ReactNode {
  const { t } = useBilling()
  return (
    <>
      <p className="qt-secondary">{t('methods.test.hint')}</p>
      <Choices
        look="lines"
        legend={t('methods.test.title')}
        value={value}
        onChange={onChange}
        choices={testCards.map(each => ({
          value: each.token,
          label: <span className="qt-code">{each.number}</span>,
          hint: t(each.says),
        }))}
      />
    </>
  )
}
