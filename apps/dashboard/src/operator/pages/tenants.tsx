// All tenants of the issuer.
import { Money, StatusChip, subscriptionState } from '@quittance/billing-react/billing-react'
import { Tag } from 'antd'
import { type ReactNode, useMemo } from 'react'
import { useAddress } from '../address.ts'
import { useTenants } from '../data/lists.ts'
import type { TenantRow } from '../data/wire.ts'
import { dayColumn, Id, TenantLink } from '../parts/columns.tsx'
import { ConsolePage } from '../parts/console-page.tsx'
import { FilterDay, FilterText } from '../parts/filters.tsx'
import { type Column, RecordList } from '../parts/record-list.tsx'
import { useWords } from '../words/words.ts'

/** What is due, an amount for each currency. */
export function DueAmounts({ tenant }: { readonly tenant: TenantRow }): ReactNode {
  const t = useWords()
  if (tenant.amountDue.length === 0)
    return <span className="qt-secondary">{t('tenants.noDue')}</span>
  return tenant.amountDue.map(({ currency, amount }) => (
    <span key={currency} className="op-line">
      <Money value={amount} currency={currency} style="code" />
    </span>
  ))
}

/** The chip of what a list of tenants tells of a subscription. */
export const chipOf = (subscription: TenantRow['subscriptions'][number]) =>
  subscriptionState({
    ...subscription,
    trialEnd: null,
    cancelAtPeriodEnd: false,
    canceledAt: null,
    endedAt: null,
    pendingChange: null,
  }).chip

export function useTenantColumns(): readonly Column<TenantRow>[] {
  const t = useWords()
  return useMemo<readonly Column<TenantRow>[]>(
    () => [
      {
        key: 'name',
        header: t('tenants.name'),
        slot: 'title',
        cell: row => (
          <>
            <TenantLink tenantId={row.tenantId} name={row.name} />
            {row.kind === 'test' ? <Tag className="op-test">{t('tenants.test')}</Tag> : null}
          </>
        ),
        plain: row => row.name ?? t('tenants.unnamed'),
      },
      {
        key: 'id',
        header: t('tenants.id'),
        slot: 'note',
        cell: row => <Id text={row.tenantId} />,
        plain: row => row.tenantId,
      },
      {
        key: 'plan',
        header: t('tenants.plan'),
        cell: row => row.subscriptions.map(each => each.plan).join(', ') || t('tenants.noPlan'),
        plain: row => row.subscriptions.map(each => each.plan).join(', '),
      },
      {
        key: 'state',
        header: t('tenants.state'),
        slot: 'status',
        cell: row =>
          row.subscriptions.map(each => <StatusChip key={each.id} chip={chipOf(each)} />),
        plain: row => row.subscriptions.map(each => each.status).join(', '),
      },
      {
        key: 'due',
        header: t('tenants.due'),
        slot: 'amount',
        figures: true,
        cell: row => <DueAmounts tenant={row} />,
        plain: row => row.amountDue.map(each => `${each.currency} ${each.amount}`).join(', '),
      },
      {
        key: 'country',
        header: t('tenants.country'),
        cell: row => row.country ?? '—',
        plain: row => row.country,
      },
      dayColumn('created', t('tenants.created'), row => row.createdAt),
    ],
    [t],
  )
}

export function TenantsPage(): ReactNode {
  const t = useWords()
  const { search } = useAddress()
  const pages = useTenants(search)
  const columns = useTenantColumns()
  const isFiltered = Boolean(search.q ?? search.from ?? search.to)
  return (
    <ConsolePage title={t('tenants.title')} intro={t('tenants.intro')}>
      <search className="op-filters" aria-label={t('list.filters')}>
        <FilterText name="q" label={t('tenants.find')} />
        <FilterDay name="from" label={t('list.from')} />
        <FilterDay name="to" label={t('list.to')} />
      </search>
      <RecordList
        caption={t('tenants.title')}
        pages={pages}
        columns={columns}
        rowKey={row => row.tenantId}
        exportName="tenants"
        empty={
          isFiltered
            ? { title: t('list.none'), hint: t('list.noneHint') }
            : { title: t('tenants.empty'), hint: t('tenants.emptyHint') }
        }
      />
    </ConsolePage>
  )
}
