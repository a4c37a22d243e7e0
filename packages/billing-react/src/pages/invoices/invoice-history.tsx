// The invoices of a tenant, and one of them in detail. They stay here when the subscription has
// ended.
import { type ReactNode, useMemo, useState } from 'react'
import { BillingContext, useBilling } from '../../billing-context.ts'
import { useInvoices, useSubscription } from '../../data/read.ts'
import { Button } from '../../parts/button.tsx'
import { Choices } from '../../parts/choices.tsx'
import { LockedPage } from '../../parts/locked-page.tsx'
import { EmptyTeach, ErrorCard } from '../../parts/notices.tsx'
import { Page } from '../../parts/section.tsx'
import { TableSkeleton } from '../../parts/skeletons.tsx'
import { isEnded } from '../../states/subscription-state.ts'
import { CreditNotes } from './credit-notes.tsx'
import { InvoiceDetail } from './invoice-detail.tsx'
import { InvoiceTable } from './invoice-table.tsx'

export const invoiceFilters = ['all', 'open', 'paid', 'draft', 'void', 'uncollectible'] as const
export type InvoiceView = 'invoices' | 'credit-notes'
export type InvoiceFilter = (typeof invoiceFilters)[number]

interface ListProps {
  readonly filter: InvoiceFilter
  readonly onFilterChange: (filter: InvoiceFilter) => void
  readonly view: InvoiceView
  readonly onViewChange: (view: InvoiceView) => void
}

type FilterProps = Pick<ListProps, 'filter' | 'onFilterChange'>

function EmptyInvoices({ filter, onFilterChange }: FilterProps): ReactNode {
  const { t } = useBilling()
  const subscription = useSubscription()
  if (filter !== 'all') {
    return (
      <EmptyTeach title={t('invoices.emptyFilter')}>
        <Button onClick={() => onFilterChange('all')}>{t('invoices.clearFilter')}</Button>
      </EmptyTeach>
    )
  }
  const current = subscription.data
  const day = current && !isEnded(current) ? { day: current.currentPeriodEnd } : null
  return <EmptyTeach title={day ? t('invoices.emptyNext', { day }) : t('invoices.empty')} />
}

function Invoices({ filter, onFilterChange }: FilterProps): ReactNode {
  const { t } = useBilling()
  const invoices = useInvoices(filter === 'all' ? undefined : filter)
  const { items } = invoices
  return (
    <>
      <Choices
        legendHidden
        legend={t('invoices.filter')}
        value={filter}
        onChange={onFilterChange}
        choices={invoiceFilters.map(value => ({
          value,
          label: value === 'all' ? t('common.all') : t(`invoices.filter.${value}`),
        }))}
      />
      {invoices.isPending ? <TableSkeleton rows={8} /> : null}
      {invoices.isError ? (
        <ErrorCard error={invoices.error} onRetry={() => invoices.refetch()} />
      ) : null}
      {items?.length === 0 ? (
        <EmptyInvoices filter={filter} onFilterChange={onFilterChange} />
      ) : null}
      {items && items.length > 0 ? <InvoiceTable invoices={items} exportAs="invoices" /> : null}
      {invoices.hasNextPage ? (
        <Button busy={invoices.isFetchingNextPage} onClick={() => invoices.fetchNextPage()}>
          {t('common.more')}
        </Button>
      ) : null}
    </>
  )
}

function InvoiceList({ view, onViewChange, ...filter }: ListProps): ReactNode {
  const { t } = useBilling()
  return (
    <Page title={t('invoices.title')}>
      <Choices
        look="switch"
        legendHidden
        legend={t('invoices.title')}
        value={view}
        onChange={onViewChange}
        choices={[
          { value: 'invoices', label: t('invoices.tab.invoices') },
          { value: 'credit-notes', label: t('invoices.tab.credit') },
        ]}
      />
      {view === 'invoices' ? <Invoices {...filter} /> : <CreditNotes />}
    </Page>
  )
}

export interface InvoiceHistoryProps {
  /** The invoice to show; left out or null shows the list. */
  readonly invoiceId?: string | null
  /** Where the host keeps the filter (in its address); left out, it is kept here. */
  readonly filter?: InvoiceFilter
  readonly onFilterChange?: (filter: InvoiceFilter) => void
  /** Invoices or credit notes; left out, it is kept here. */
  readonly view?: InvoiceView
  readonly onViewChange?: (view: InvoiceView) => void
}

const detailPrefix = '#quittance-invoice='

/** Without pages of the host an invoice opens in place, and the back link returns to the list. */
function SelfContained(props: ListProps): ReactNode {
  const billing = useBilling()
  const [opened, setOpened] = useState<string | null>(null)
  const own = useMemo(
    () => ({
      ...billing,
      links: {
        ...billing.links,
        invoices: '#',
        invoice: (id: string) => `${detailPrefix}${id}`,
      },
      navigate: (href: string) => {
        setOpened(href.startsWith(detailPrefix) ? href.slice(detailPrefix.length) : null)
      },
    }),
    [billing],
  )
  return (
    <BillingContext value={own}>
      {opened ? <InvoiceDetail invoiceId={opened} /> : <InvoiceList {...props} />}
    </BillingContext>
  )
}

/** The invoices of a tenant, for those who may read them. */
export function InvoiceHistory(props: InvoiceHistoryProps): ReactNode {
  const { t, may, links } = useBilling()
  const [kept, setKept] = useState<InvoiceFilter>('all')
  const [view, setView] = useState<InvoiceView>('invoices')
  if (!may('invoices.read')) return <LockedPage title={t('invoices.title')} />
  if (props.invoiceId) return <InvoiceDetail invoiceId={props.invoiceId} />
  const list = {
    filter: props.filter ?? kept,
    onFilterChange: props.onFilterChange ?? setKept,
    view: props.view ?? view,
    onViewChange: props.onViewChange ?? setView,
  }
  return links.invoice ? <InvoiceList {...list} /> : <SelfContained {...list} />
}
