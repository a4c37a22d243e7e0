// The lines of the next invoice so far, as the API prices them, and usage that comes on top of them.
import type { ReactNode } from 'react'
import { useBilling } from '../../billing-context.ts'
import { useUpcoming } from '../../data/read.ts'
import type { SubscriptionUsageWire, SubscriptionWire } from '../../data/wire.ts'
import { quantity } from '../../formats.ts'
import { Money } from '../../parts/money.tsx'
import { LinesSkeleton } from '../../parts/skeletons.tsx'

interface RowProps {
  readonly name: ReactNode
  readonly value: number | null | undefined
  readonly currency: string
  readonly look?: 'line' | 'sum'
}

function Row({ name, value, currency, look }: RowProps): ReactNode {
  return (
    <tr className={look ? `qt-${look}-row` : ''}>
      {look === 'line' ? <td>{name}</td> : <th scope="row">{name}</th>}
      <td className="qt-figures">
        <Money value={value} currency={currency} style="figures" />
      </td>
    </tr>
  )
}

type Upcoming = NonNullable<ReturnType<typeof useUpcoming>['data']>

/** The sums before usage; those that are nil are left out, so that the rows visibly add up. */
function Sums({ upcoming }: { readonly upcoming: Upcoming }): ReactNode {
  const { t } = useBilling()
  const { currency, discount, tax, total, amountDue } = upcoming
  return (
    <>
      {discount === 0 ? null : (
        <Row name={t('invoice.discount')} value={-discount} currency={currency} />
      )}
      {tax === 0 ? null : <Row name={t('invoice.tax')} value={tax} currency={currency} />}
      <Row name={t('overview.next.fixed')} value={total} currency={currency} look="sum" />
      {amountDue === total ? null : (
        <Row name={t('overview.next.credit')} value={amountDue} currency={currency} />
      )}
    </>
  )
}

function Lines({ upcoming }: { readonly upcoming: Upcoming }): ReactNode {
  const { reader } = useBilling()
  return upcoming.lineItems.map(line => (
    <Row
      key={line.id}
      look="line"
      currency={upcoming.currency}
      value={line.amount}
      name={
        <>
          <span className="qt-block">
            {line.description}
            {line.quantity === 1 ? '' : ` × ${quantity(line.quantity, reader.language)}`}
          </span>
          {line.explanation ? (
            <span className="qt-secondary qt-small qt-block">{line.explanation}</span>
          ) : null}
        </>
      }
    />
  ))
}

export interface UpcomingLinesProps {
  readonly subscription: SubscriptionWire
  readonly usage: SubscriptionUsageWire | undefined
  /** Only usage is still invoiced. */
  readonly isFinal: boolean
}

export function UpcomingLines({ subscription, usage, isFinal }: UpcomingLinesProps): ReactNode {
  const { t } = useBilling()
  const upcoming = useUpcoming(subscription.id, !isFinal)
  const { currency } = subscription
  if (upcoming.isLoading) return <LinesSkeleton lines={3} />
  return (
    <table className="qt-lines">
      <caption className="qt-hidden">{t('overview.next.renewal')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('invoice.description')}</th>
          <th scope="col" className="qt-figures">
            {t('common.amountIn', { currency })}
          </th>
        </tr>
      </thead>
      <tbody>{upcoming.data ? <Lines upcoming={upcoming.data} /> : null}</tbody>
      <tfoot>
        {upcoming.data ? <Sums upcoming={upcoming.data} /> : null}
        <Row name={t('overview.next.usageSoFar')} value={usage?.amount} currency={currency} />
      </tfoot>
    </table>
  )
}
