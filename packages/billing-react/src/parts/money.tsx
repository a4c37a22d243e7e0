// An amount on the page. It writes what the API sent and never calculates.
import type { ReactNode } from 'react'
import { useBilling } from '../billing-context.ts'
import { type AmountValue, type MoneyStyle, money, unknownValue } from '../formats.ts'

export interface MoneyProps {
  /** Major units as the API sends them; null is shown as a dash, never as 0. */
  readonly value: AmountValue
  readonly currency: string
  readonly style?: MoneyStyle
  readonly size?: 'body' | 'large'
}

/** An amount with its sign and decimals, on one line. */
export function Money({ value, currency, style = 'symbol', size = 'body' }: MoneyProps): ReactNode {
  const { reader, t } = useBilling()
  const text = money(value, currency, reader.language, style)
  const className = size === 'large' ? 'qt-money qt-money-large' : 'qt-money'
  if (text !== unknownValue) return <span className={className}>{text}</span>
  return (
    <span className={className}>
      <span aria-hidden="true">{text}</span>
      <span className="qt-hidden">{t('common.unknown')}</span>
    </span>
  )
}
