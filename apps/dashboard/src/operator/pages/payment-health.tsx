// How well payments go: the rates of a span, by day, method, brand and reason, and what was told of it.
import { ErrorCard, LinesSkeleton, useBilling } from '@quittance/billing-react/billing-react'
import { share, tableTime } from '@quittance/billing-react/formats'
import { declineKey } from '@quittance/billing-react/states/transaction-state'
import { brandName } from '@quittance/billing-react/words/names'
import type { Translate } from '@quittance/billing-react/words/words'
import { type ReactNode, useMemo } from 'react'
import { useAddress } from '../address.ts'
import { usePaymentHealth } from '../data/operations.ts'
import type { HealthWire } from '../data/wire.ts'
import { ConsolePage } from '../parts/console-page.tsx'
import { Figures } from '../parts/figures.tsx'
import { FilterDay } from '../parts/filters.tsx'
import { type Column, RecordList } from '../parts/record-list.tsx'
import { ToneChip } from '../parts/tone-chip.tsx'
import { useWords } from '../words/words.ts'

type Slice = HealthWire['byDay'][number]

const same = (name: string): string => name

function methodKind(kind: string, t: Translate): string {
  if (kind === 'card') return t('methods.kind.card')
  return kind === 'us_bank_account' ? t('methods.kind.bank') : kind
}

function Slices({
  title,
  rows,
  name,
  written = same,
}: {
  readonly title: string
  /** How a row's name reads. */
  readonly written?: (name: string, t: Translate) => string
  readonly rows: readonly Slice[]
  readonly name: string
}): ReactNode {
  const t = useWords()
  const { t: say, reader } = useBilling()
  const columns = useMemo<readonly Column<Slice>[]>(() => {
    const count = (key: 'attempts' | 'succeeded' | 'failed', slot?: 'note'): Column<Slice> => ({
      key,
      header: t(`health.${key}`),
      figures: true,
      cell: row => row[key],
      card: row => `${t(`health.${key}`)} ${row[key]}`,
      plain: row => row[key],
      ...(slot ? { slot } : {}),
    })
    return [
      {
        key: 'name',
        header: name,
        slot: 'title',
        cell: row => written(row.name, say),
        plain: row => row.name,
      },
      count('attempts', 'note'),
      count('succeeded'),
      count('failed'),
      {
        key: 'rate',
        header: t('health.rate'),
        slot: 'amount',
        figures: true,
        cell: row => (row.successRate === null ? '—' : share(row.successRate, reader.language)),
        plain: row => row.successRate,
      },
    ]
  }, [t, say, name, written, reader.language])
  return (
    <section aria-label={title}>
      <h2 className="qt-section-title">{title}</h2>
      <RecordList
        caption={title}
        pages={{ items: rows, error: null, refetch: () => undefined }}
        columns={columns}
        rowKey={row => row.name}
        exportName="payment-health"
        empty={{ title: t('health.none') }}
      />
    </section>
  )
}

function Reasons({ health }: { readonly health: HealthWire }): ReactNode {
  const t = useWords()
  const { t: say } = useBilling()
  if (health.byReason.length === 0) return <p className="qt-secondary">{t('health.noFailure')}</p>
  return (
    <ul className="op-cards">
      {health.byReason.map(({ code, count }) => (
        <li key={code} className="op-card op-card-line">
          <span>
            {say(declineKey(code))} <code className="qt-code qt-secondary">{code}</code>
          </span>
          <span>{count}</span>
        </li>
      ))}
    </ul>
  )
}

function Alerts({ health }: { readonly health: HealthWire }): ReactNode {
  const t = useWords()
  const { reader } = useBilling()
  const rates = ['failure_rate', 'refund_rate', 'dispute_rate'] as const
  const nameOf = (name: string) => {
    const known = rates.find(each => each === name)
    return known ? t(`health.${known}`) : name
  }
  return (
    <ul className="op-cards">
      {health.told.map(alert => (
        <li key={`${alert.name} ${alert.at}`} className="op-card op-card-line">
          <span>
            {nameOf(alert.name)} {share(alert.rate, reader.language)} ·{' '}
            {t('health.threshold', { rate: share(alert.threshold, reader.language) })}
          </span>
          <span className="qt-secondary">{tableTime(alert.at, reader)}</span>
        </li>
      ))}
    </ul>
  )
}

function Health({ health }: { readonly health: HealthWire }): ReactNode {
  const t = useWords()
  const { reader } = useBilling()
  const rate = (value: number | null) => (value === null ? '—' : share(value, reader.language))
  return (
    <>
      {health.alerts.length > 0 ? (
        <p className="op-state">
          <ToneChip tone="bad">{t('health.alert', { count: health.alerts.length })}</ToneChip>
        </p>
      ) : null}
      <Figures
        figures={[
          {
            name: t('health.rate'),
            value: rate(health.total.successRate),
            hint: t('health.rateHint'),
          },
          {
            name: t('health.attempts'),
            value: health.total.attempts,
            hint: t('health.attemptsHint'),
          },
          {
            name: t('health.refund_rate'),
            value: rate(health.refunds.rate),
            hint: t('health.refundHint'),
          },
          {
            name: t('health.dispute_rate'),
            value: rate(health.disputes.rate),
            hint: t('health.disputeHint'),
          },
        ]}
      />
      <Slices title={t('health.byDay')} name={t('health.day')} rows={health.byDay} />
      <Slices
        title={t('health.byMethod')}
        name={t('health.method')}
        rows={health.byMethod}
        written={methodKind}
      />
      <Slices
        title={t('health.byBrand')}
        name={t('health.brand')}
        rows={health.byBrand}
        written={brandName}
      />
      <section aria-label={t('health.byReason')}>
        <h2 className="qt-section-title">{t('health.byReason')}</h2>
        <Reasons health={health} />
      </section>
      {health.told.length > 0 ? (
        <section aria-label={t('health.told')}>
          <h2 className="qt-section-title">{t('health.told')}</h2>
          <Alerts health={health} />
        </section>
      ) : null}
    </>
  )
}

export function PaymentHealthPage(): ReactNode {
  const t = useWords()
  const { search } = useAddress()
  const { data, error, refetch } = usePaymentHealth(search)
  return (
    <ConsolePage title={t('health.title')} intro={t('health.intro')}>
      <search className="op-filters" aria-label={t('list.filters')}>
        <FilterDay name="from" label={t('list.from')} />
        <FilterDay name="to" label={t('list.to')} />
      </search>
      {error ? <ErrorCard error={error} onRetry={() => refetch()} /> : null}
      {data ? <Health health={data} /> : null}
      {!data && !error ? <LinesSkeleton lines={10} /> : null}
    </ConsolePage>
  )
}
