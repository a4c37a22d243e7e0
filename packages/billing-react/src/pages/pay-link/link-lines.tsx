// What the invoice behind a link is for: its lines and sums as the API gives them, folded until asked for.
import type { ReactNode } from 'react'
import { useBilling } from '../../billing-context.ts'
import type { PayLinkView } from '../../data/pay-link.ts'
import { period, quantity } from '../../formats.ts'
import { Money } from '../../parts/money.tsx'

type Line = PayLinkView['lineItems'][number]

function LineRow({ line, currency }: { readonly line: Line; readonly currency: string }) {
  const { reader } = useBilling()
  const { periodStart, periodEnd } = line
  return (
    <tr className="qt-line-row">
      <td>
        <span className="qt-block">
          {line.description}
          {line.quantity === 1 ? '' : ` × ${quantity(line.quantity, reader.language)}`}
        </span>
        {periodStart && periodEnd ? (
          <span className="qt-secondary qt-small qt-block">
            {period(periodStart, periodEnd, reader)}
          </span>
        ) : null}
      </td>
      <td className="qt-figures">
        <Money value={line.amount} currency={currency} style="figures" />
      </td>
    </tr>
  )
}

interface SumProps {
  readonly name: 'invoice.discount' | 'invoice.tax' | 'invoice.total'
  readonly value: number
  readonly currency: string
  readonly isTotal?: boolean
}

function Sum({ name, value, currency, isTotal = false }: SumProps): ReactNode {
  const { t } = useBilling()
  return (
    <tr className={isTotal ? 'qt-sum-row' : ''}>
      <th scope="row">{t(name)}</th>
      <td className="qt-figures">
        <Money value={value} currency={currency} style="figures" />
      </td>
    </tr>
  )
}

export function LinkLines({ view }: { readonly view: PayLinkView }): ReactNode {
  const { t } = useBilling()
  const { currency } = view
  return (
    <details className="qt-fold">
      <summary>{t('pay.lines')}</summary>
      <table className="qt-lines">
        <caption className="qt-hidden">{t('pay.lines')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('invoice.description')}</th>
            <th scope="col" className="qt-figures">
              {t('invoice.amount', { currency })}
            </th>
          </tr>
        </thead>
        <tbody>
          {view.lineItems.map((line, index) => (
            // Lines of an issued invoice never move.
            // biome-ignore lint/suspicious/noArrayIndexKey: see above
            <LineRow key={index} line={line} currency={currency} />
          ))}
        </tbody>
        <tfoot>
          {view.discount === 0 ? null : (
            <Sum name="invoice.discount" value={-view.discount} currency={currency} />
          )}
          {view.tax === 0 ? null : <Sum name="invoice.tax" value={view.tax} currency={currency} />}
          <Sum name="invoice.total" value={view.total} currency={currency} isTotal />
        </tfoot>
      </table>
    </details>
  )
}
