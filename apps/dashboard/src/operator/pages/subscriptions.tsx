// Subscriptions of all tenants.
import { StatusChip, subscriptionState, useBilling } from '@quittance/billing-react/billing-react'
import { type ReactNode, useMemo } from 'react'
import { useAddress } from '../address.ts'
import { useIssuerSubscriptions } from '../data/lists.ts'
import type { SubscriptionRow } from '../data/wire.ts'
import { dayColumn, tenantColumn } from '../parts/columns.tsx'
import { ConsolePage } from '../parts/console-page.tsx'
import { FilterDay, FilterSelect, FilterText } from '../parts/filters.tsx'
import { PeekButton, usePeek } from '../parts/peek.tsx'
import { type Column, RecordList } from '../parts/record-list.tsx'
import { useWords } from '../words/words.ts'
import { SubscriptionPeek } from './subscription-peek.tsx'

const statuses = [
  'trialing',
  'active',
  'past_due',
  'unpaid',
  'paused',
  'incomplete',
  'incomplete_expired',
  'canceled',
] as const

/** The columns of subscriptions; the page of one tenant leaves the tenant out. */
export function useSubscriptionColumns(): readonly Column<SubscriptionRow>[] {
  const t = useWords()
  const billing = useBilling()
  return useMemo<readonly Column<SubscriptionRow>[]>(
    () => [
      { ...tenantColumn<SubscriptionRow>(t('invoices.tenant')), slot: 'title' },
      {
        key: 'plan',
        header: t('subscriptions.plan'),
        slot: 'note',
        cell: row => <PeekButton id={row.id}>{row.plan}</PeekButton>,
        plain: row => row.plan,
      },
      {
        key: 'cycle',
        header: t('subscriptions.cycle'),
        slot: 'amount',
        cell: row => billing.t(`cycle.${row.billingCycle}`),
        plain: row => row.billingCycle,
      },
      {
        key: 'quantity',
        header: t('subscriptions.quantity'),
        figures: true,
        cell: row => row.quantity,
        plain: row => row.quantity,
      },
      {
        key: 'state',
        header: t('subscriptions.state'),
        slot: 'status',
        cell: row => <StatusChip chip={subscriptionState(row).chip} />,
        plain: row => row.status,
      },
      {
        key: 'next',
        header: t('subscriptions.next'),
        cell: row => {
          const { sentence } = subscriptionState(row)
          return sentence ? <span className="op-sentence">{billing.say(sentence)}</span> : '—'
        },
        plain: row => {
          const { sentence } = subscriptionState(row)
          return sentence ? billing.say(sentence) : null
        },
      },
      {
        key: 'owner',
        header: t('subscriptions.owner'),
        cell: row => t(`owner.${row.billedBy}`),
        plain: row => row.billedBy,
      },
      dayColumn('started', t('subscriptions.started'), row => row.createdAt),
    ],
    [t, billing],
  )
}

export function SubscriptionsPage(): ReactNode {
  const t = useWords()
  const { search } = useAddress()
  const pages = useIssuerSubscriptions(search)
  const columns = useSubscriptionColumns()
  const peek = usePeek()
  const { status, planCode, tenantId, from, to } = search
  const isFiltered = Boolean(status ?? planCode ?? tenantId ?? from ?? to)
  return (
    <ConsolePage title={t('subscriptions.title')} intro={t('subscriptions.intro')}>
      <search className="op-filters" aria-label={t('list.filters')}>
        <FilterSelect
          name="status"
          label={t('list.status')}
          choices={statuses.map(value => ({ value, label: t(`status.subscription.${value}`) }))}
        />
        <FilterText name="planCode" label={t('subscriptions.planCode')} />
        <FilterText name="tenantId" label={t('tenants.id')} />
        <FilterDay name="from" label={t('list.from')} />
        <FilterDay name="to" label={t('list.to')} />
      </search>
      <SubscriptionPeek rows={pages.items ?? []} />
      <RecordList
        caption={t('subscriptions.title')}
        pages={pages}
        columns={columns}
        rowKey={row => row.id}
        onOpen={row => peek.open(row.id)}
        exportName="subscriptions"
        empty={
          isFiltered
            ? { title: t('list.none'), hint: t('list.noneHint') }
            : { title: t('subscriptions.empty'), hint: t('subscriptions.emptyHint') }
        }
      />
    </ConsolePage>
  )
}
