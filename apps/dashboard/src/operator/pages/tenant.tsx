// One tenant from all sides: facts, timeline of everything, subscriptions, money, methods.
import {
  EmptyTeach,
  ErrorCard,
  LinesSkeleton,
  Money,
  methodChip,
  StatusChip,
  useBilling,
} from '@quittance/billing-react/billing-react'
import { methodName } from '@quittance/billing-react/words/names'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { Button, Tabs } from 'antd'
import type { ReactNode } from 'react'
import { openTenant } from '../../session.ts'
import { CreateInvoiceAct, GiveCreditAct } from '../acts/tenant-acts.tsx'
import { useActs } from '../acts/use-acts.tsx'
import { useAddress } from '../address.ts'
import {
  useIssuerInvoices,
  useIssuerSubscriptions,
  useIssuerTransactions,
  useTenant,
} from '../data/lists.ts'
import {
  useTenantAudit,
  useTenantCredit,
  useTenantEvents,
  useTenantMethods,
} from '../data/tenant.ts'
import type { TenantRow } from '../data/wire.ts'
import { Day, Id, Time } from '../parts/columns.tsx'
import { ConsolePage } from '../parts/console-page.tsx'
import { type Fact, FactList } from '../parts/fact-list.tsx'
import { usePeek } from '../parts/peek.tsx'
import { RecordList } from '../parts/record-list.tsx'
import { ReadTimeline } from '../parts/timeline.tsx'
import { useWords } from '../words/words.ts'
import { useInvoiceColumns } from './invoices.tsx'
import { SubscriptionPeek } from './subscription-peek.tsx'
import { useSubscriptionColumns } from './subscriptions.tsx'
import { TenantTerms } from './tenant-terms.tsx'
import { DueAmounts } from './tenants.tsx'
import { useTransactionColumns } from './transactions.tsx'

const withoutTenant = <C extends { readonly key: string }>(columns: readonly C[]) =>
  columns.filter(column => column.key !== 'tenant')

function Subscriptions({ tenantId }: TenantProps): ReactNode {
  const t = useWords()
  const columns = useSubscriptionColumns().map(column =>
    column.key === 'plan' ? { ...column, slot: 'title' as const } : column,
  )
  const pages = useIssuerSubscriptions({ tenantId })
  const peek = usePeek()
  return (
    <>
      <SubscriptionPeek rows={pages.items ?? []} />
      <RecordList
        caption={t('subscriptions.title')}
        pages={pages}
        columns={withoutTenant(columns)}
        rowKey={row => row.id}
        onOpen={row => peek.open(row.id)}
        exportName={`subscriptions-${tenantId}`}
        empty={{ title: t('subscriptions.empty'), hint: t('subscriptions.emptyHint') }}
      />
    </>
  )
}

function Invoices({ tenantId }: TenantProps): ReactNode {
  const t = useWords()
  return (
    <RecordList
      caption={t('invoices.title')}
      pages={useIssuerInvoices({ tenantId })}
      columns={withoutTenant(useInvoiceColumns())}
      rowKey={row => row.id}
      exportName={`invoices-${tenantId}`}
      empty={{ title: t('invoices.empty'), hint: t('invoices.emptyHint') }}
    />
  )
}

function Transactions({ tenantId }: TenantProps): ReactNode {
  const t = useWords()
  return (
    <RecordList
      caption={t('transactions.title')}
      pages={useIssuerTransactions({ tenantId })}
      columns={withoutTenant(useTransactionColumns())}
      rowKey={row => row.id}
      exportName={`transactions-${tenantId}`}
      empty={{ title: t('transactions.empty'), hint: t('transactions.emptyHint') }}
    />
  )
}

function Methods({ tenantId }: TenantProps): ReactNode {
  const t = useWords()
  const { t: say, reader } = useBilling()
  const { data, error, refetch } = useTenantMethods(tenantId)
  if (error) return <ErrorCard error={error} onRetry={() => refetch()} />
  if (!data) return <LinesSkeleton />
  if (data.length === 0) {
    return <EmptyTeach title={t('tenant.methodsEmpty')} hint={t('tenant.methodsEmptyHint')} />
  }
  return (
    <ul className="op-cards">
      {data.map(method => {
        const chip = methodChip(method, reader)
        return (
          <li key={method.id} className="op-card op-card-line">
            <span className="op-card-title">
              {methodName(method, say)}
              {method.isDefault ? <span className="qt-mark">{t('tenant.default')}</span> : null}
              {chip ? <StatusChip chip={chip} /> : null}
            </span>
            <Id text={method.id} />
          </li>
        )
      })}
    </ul>
  )
}

interface TenantProps {
  readonly tenantId: string
}

function Story({ tenantId }: TenantProps): ReactNode {
  const t = useWords()
  const audit = useTenantAudit(tenantId)
  return (
    <>
      <p className="qt-secondary">{t('tenant.timelineHint')}</p>
      <ReadTimeline pages={useTenantEvents(tenantId)} audit={audit.items} />
    </>
  )
}

function Credit({ tenantId }: TenantProps): ReactNode {
  const t = useWords()
  const { data } = useTenantCredit(tenantId)
  const balances = data?.balances ?? []
  if (!data) return '—'
  if (balances.length === 0) return t('tenant.noCredit')
  return balances.map(({ currency, balance }) => (
    <span key={currency} className="op-line">
      <Money value={balance} currency={currency} style="code" />
    </span>
  ))
}

function factsOf(tenant: TenantRow, t: ReturnType<typeof useWords>): readonly Fact[] {
  return [
    { name: t('tenants.id'), value: <Id text={tenant.tenantId} /> },
    { name: t('tenant.email'), value: tenant.email ?? '—' },
    { name: t('tenants.country'), value: tenant.country ?? '—' },
    { name: t('tenant.currency'), value: tenant.currency },
    { name: t('tenants.due'), value: <DueAmounts tenant={tenant} /> },
    { name: t('tenant.credit'), value: <Credit tenantId={tenant.tenantId} /> },
    { name: t('tenants.created'), value: <Day at={tenant.createdAt} /> },
    ...(tenant.kind === 'test'
      ? [{ name: t('tenant.clock'), value: <Time at={tenant.clockAt} /> }]
      : []),
  ]
}

function TenantView({ tenant }: { readonly tenant: TenantRow }): ReactNode {
  const t = useWords()
  const navigate = useNavigate()
  const { search, change } = useAddress()
  const { tenantId } = tenant
  const acts = useActs<'invoice' | 'credit'>()
  const view = () => {
    openTenant(tenantId)
    void navigate({ to: '/overview' })
  }
  return (
    <ConsolePage
      title={tenant.name ?? tenantId}
      actions={
        <>
          <Button onClick={() => acts.open('invoice')}>{t('newInvoice.open')}</Button>
          <Button onClick={() => acts.open('credit')}>{t('credit.open')}</Button>
          <Button title={t('tenant.viewHint')} onClick={view}>
            {t('tenant.view')}
          </Button>
        </>
      }
    >
      {acts.told}
      {acts.draw((name, props) =>
        name === 'invoice' ? (
          <CreateInvoiceAct tenant={tenant} {...props} />
        ) : (
          <GiveCreditAct tenant={tenant} {...props} />
        ),
      )}
      {tenant.kind === 'test' ? <p className="op-test-note">{t('tenants.test')}</p> : null}
      <section aria-label={t('tenant.facts')}>
        <FactList facts={factsOf(tenant, t)} />
      </section>
      <Tabs
        activeKey={search.tab ?? 'timeline'}
        onChange={tab => change({ tab: tab === 'timeline' ? null : tab, sort: null })}
        destroyOnHidden
        items={[
          {
            key: 'timeline',
            label: t('tenant.timeline'),
            children: <Story tenantId={tenantId} />,
          },
          {
            key: 'subscriptions',
            label: t('subscriptions.title'),
            children: <Subscriptions tenantId={tenantId} />,
          },
          {
            key: 'invoices',
            label: t('invoices.title'),
            children: <Invoices tenantId={tenantId} />,
          },
          {
            key: 'transactions',
            label: t('transactions.title'),
            children: <Transactions tenantId={tenantId} />,
          },
          {
            key: 'methods',
            label: t('tenant.methods'),
            children: <Methods tenantId={tenantId} />,
          },
          {
            key: 'settings',
            label: t('terms.title'),
            children: <TenantTerms tenantId={tenantId} />,
          },
        ]}
      />
    </ConsolePage>
  )
}

export function TenantPage(): ReactNode {
  const t = useWords()
  const { tenantId = '' } = useParams({ strict: false })
  const { data, error, refetch } = useTenant(tenantId)
  if (data) return <TenantView key={tenantId} tenant={data} />
  return (
    <ConsolePage title={tenantId}>
      {error ? <ErrorCard error={error} onRetry={() => refetch()} /> : null}
      {data === null ? (
        <EmptyTeach title={t('tenant.missing')} hint={t('tenant.missingHint')}>
          <Link className="qt-link" to="/operator/tenants">
            {t('tenants.title')}
          </Link>
        </EmptyTeach>
      ) : null}
      {data === undefined && !error ? <LinesSkeleton lines={8} /> : null}
    </ConsolePage>
  )
}
