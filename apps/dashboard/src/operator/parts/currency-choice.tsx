// Reports of several currencies are shown one currency at a time.
import { Select } from 'antd'
import { type ReactNode, useId } from 'react'
import { useAddress } from '../address.ts'
import type { ReportWire } from '../data/wire.ts'
import { useWords } from '../words/words.ts'

/** The rows of one currency; nothing is converted. */
export const rowsOf = (report: ReportWire | undefined, currency: string | undefined) =>
  report?.rows.filter(row => row.currency === currency) ?? []

export const currenciesOf = (...reports: readonly (ReportWire | undefined)[]): string[] => [
  ...new Set(reports.flatMap(report => report?.rows.map(row => String(row.currency ?? '')) ?? [])),
]

export function CurrencyChoice({
  currencies,
  value,
}: {
  readonly currencies: readonly string[]
  readonly value: string
}): ReactNode {
  const t = useWords()
  const { change } = useAddress()
  const id = useId()
  return (
    <div className="op-filter">
      <label className="qt-label" htmlFor={id}>
        {t('tenant.currency')}
      </label>
      <Select
        id={id}
        value={value}
        options={currencies.map(each => ({ value: each, label: each }))}
        onChange={currency => change({ currency })}
      />
    </div>
  )
}
