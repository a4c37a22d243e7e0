// A payment method in one line: icon, name, expiry, state.

import type { ReactNode } from 'react'
import { useBilling } from '../../billing-context.ts'
import type { PaymentMethodWire } from '../../data/wire.ts'
import { Icon } from '../../parts/icon.tsx'
import { StatusChip } from '../../parts/status-chip.tsx'
import { expiryMonth, methodChip } from '../../states/method-state.ts'
import { methodName } from '../../words/names.ts'

export interface MethodLineProps {
  readonly method: PaymentMethodWire
  /** Where several methods stand, the default one is marked. */
  readonly markDefault?: boolean
  /** The plan that this method is charged for. */
  readonly paysFor?: string | undefined
}

export function MethodLine({ method, markDefault = false, paysFor }: MethodLineProps): ReactNode {
  const { t, reader } = useBilling()
  const chip = methodChip(method, reader)
  const month = expiryMonth(method)
  return (
    <p className="qt-method">
      <Icon name={method.bankAccount ? 'bank' : 'card'} />
      <span className="qt-strong">{methodName(method, t)}</span>
      {month && !chip ? (
        <span className="qt-secondary">{t('method.expires', { month })}</span>
      ) : null}
      {chip ? <StatusChip chip={chip} /> : null}
      {markDefault && method.isDefault ? (
        <span className="qt-mark">{t('methods.default')}</span>
      ) : null}
      {paysFor ? (
        <span className="qt-secondary">{t('methods.paysFor', { plan: paysFor })}</span>
      ) : null}
    </p>
  )
}
