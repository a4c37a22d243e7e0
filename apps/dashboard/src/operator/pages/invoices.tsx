// Invoices of all tenants.
import { invoiceState, StatusChip, useBilling } from '@quittance/billing-react/billing-react'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useMemo } from 'react'
import { useAddress } from '../address.ts'
import { useIssuerInvoices } from '../data/lists.ts'
import type { InvoiceRow } from '../data/wire.ts'
import { amountColumn, currencyColumn, dayColumn, tenantColumn } from '../parts/columns.tsx'
import { ConsolePage } from '../parts/console-page.tsx'
import { FilterDay, FilterSelect, FilterText } from '../parts/filters.tsx'
import { type Column, RecordList } from '../parts/record-list.tsx'
import { useWords } from '../words/words.ts'

const statuses = ['draft', 'open', 'paid', 'void', 'uncollectible'] as const

/** A link to the page of an invoice, named by its number. */
export function InvoiceLink({
  invoice,
}: {
  readonly invoice: Pick<InvoiceRow, 'id' | 'tenantId' | 'invoiceNumber' | 'status'>
}): ReactNode {
  const t = useWords()
  return (
    <Link
      className={invoice.status === 'void' ? 'qt-link op-nowrap qt-struck' : 'qt-link op-nowrap'}
      to="/operator/tenants/$tenantId/invoices/$invoiceId"
      params={{ tenantId: invoice.tenantId, invoiceId: invoice.id }}
    >
      {invoice.invoiceNumber ?? t('invoices.draft')}
    </Link>
  )
}

export function useInvoiceColumns(): readonly Column<InvoiceRow>[] {
  const t = useWords()
  const { say, reader } = useBilling()
  return useMemo<readonly Column<InvoiceRow>[]>(
    () => [
      {
        key: 'number',
        header: t('invoices.number'),
        slot: 'title',
        cell: row => <InvoiceLink invoice={row} />,
        plain: row => row.invoiceNumber,
      },
      tenantColumn(t('invoices.tenant')),
      dayColumn('issued', t('invoices.issued'), row => row.issuedAt),
      {
        key: 'state',
        header: t('invoices.state'),
        slot: 'status',
        cell: row => <StatusChip chip={invoiceState(row, reader).chip} />,
        plain: row => say(invoiceState(row, reader).chip.word),
      },
      currencyColumn(t('tenant.currency')),
      amountColumn('total', t('invoices.total'), row => row.total, 'amount'),
      amountColumn('due', t('invoices.due'), row => row.amountDue),
      dayColumn('dueDate', t('invoices.dueDate'), row => row.dueDate),
      {
        key: 'attempts',
        header: t('invoices.attempts'),
        figures: true,
        cell: row => row.attempts,
        plain: row => row.attempts,
      },
      dayColumn('next', t('invoices.next'), row => row.nextPaymentAttempt),
      {
        key: 'owner',
        header: t('subscriptions.owner'),
        cell: row => t(`owner.${row.billedBy}`),
        plain: row => row.billedBy,
      },
    ],
    [t, say, reader],
  )
}

export function InvoicesPage(): ReactNode {
  const t = useWords()
  const { search } = useAddress()
  const pages = useIssuerInvoices(search)
  const columns = useInvoiceColumns()
  const { status, invoiceNumber, tenantId, from, to } = search
  const isFiltered = Boolean(status ?? invoiceNumber ?? tenantId ?? from ?? to)
  return (
    <ConsolePage title={t('invoices.title')} intro={t('invoices.intro')}>
      <search className="op-filters" aria-label={t('list.filters')}>
        <FilterSelect
          name="status"
          label={t('list.status')}
          choices={statuses.map(value => ({ value, label: t(`status.invoice.${value}`) }))}
        />
        <FilterText name="invoiceNumber" label={t('invoices.number')} />
        <FilterText name="tenantId" label={t('tenants.id')} />
        <FilterDay name="from" label={t('list.from')} />
        <FilterDay name="to" label={t('list.to')} />
      </search>
      <RecordList
        caption={t('invoices.title')}
        pages={pages}
        columns={columns}
        rowKey={row => row.id}
        exportName="invoices"
        empty={
          isFiltered
            ? { title: t('list.none'), hint: t('list.noneHint') }
            : { title: t('invoices.empty'), hint: t('invoices.emptyHint') }
        }
      />
    </ConsolePage>
  )
}
