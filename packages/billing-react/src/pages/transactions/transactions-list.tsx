// Money that moved: payments, refunds, adjustments, fees. Filters narrow the list and its export
// alike.

import { type ReactNode, useState } from 'react'
import { type Billing, useBilling } from '../../billing-context.ts'
import {
  type TransactionFilters,
  transactionStatuses,
  transactionTypes,
  usePaymentMethods,
  useTransactions,
} from '../../data/read.ts'
import type { TransactionWire } from '../../data/wire.ts'
import { tableTime, unknownValue } from '../../formats.ts'
import { Button, PageLink } from '../../parts/button.tsx'
import { Choices } from '../../parts/choices.tsx'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { LockedPage } from '../../parts/locked-page.tsx'
import { Money } from '../../parts/money.tsx'
import { DoneNotice, EmptyTeach, ErrorCard } from '../../parts/notices.tsx'
import { Page } from '../../parts/section.tsx'
import { TableSkeleton } from '../../parts/skeletons.tsx'
import { StatusChip } from '../../parts/status-chip.tsx'
import {
  declineKey,
  signedAmount,
  transactionChip,
  transactionTypeKey,
} from '../../states/transaction-state.ts'
import { methodName } from '../../words/names.ts'
import { oneCurrency } from '../invoices/invoice-table.tsx'
import { ExportButtons } from './export-buttons.tsx'

interface Lookup {
  readonly currency: string | null
  readonly methodOf: (id: string | null) => string
}

function typeWord(row: TransactionWire, { t }: Billing): string {
  const key = transactionTypeKey(row.type)
  return key ? t(key) : row.type
}

function firstColumns(billing: Billing): Column<TransactionWire>[] {
  const { t, reader } = billing
  return [
    {
      key: 'time',
      header: t('transactions.time'),
      slot: 'note',
      cell: row => tableTime(row.processedAt ?? row.createdAt, reader),
      value: row => row.processedAt ?? row.createdAt,
    },
    {
      key: 'type',
      header: t('transactions.type'),
      slot: 'title',
      cell: row => <span className="qt-strong">{typeWord(row, billing)}</span>,
      value: row => typeWord(row, billing),
    },
    {
      key: 'status',
      header: t('transactions.status'),
      slot: 'status',
      cell: row => (
        <>
          <StatusChip chip={transactionChip(row)} />
          {row.status === 'failed' ? (
            <span className="qt-secondary qt-small qt-block">{t(declineKey(row.declineCode))}</span>
          ) : null}
        </>
      ),
      value: row => billing.say(transactionChip(row).word),
    },
  ]
}

function columnsFor(billing: Billing, { currency, methodOf }: Lookup): Column<TransactionWire>[] {
  const { t, links } = billing
  const amount = t('invoices.amount')
  return [
    ...firstColumns(billing),
    {
      key: 'method',
      header: t('transactions.method'),
      cell: row => methodOf(row.paymentMethodId),
      value: row => methodOf(row.paymentMethodId),
    },
    {
      key: 'invoice',
      header: t('transactions.invoice'),
      cell: ({ invoiceId }) =>
        invoiceId && links.invoice ? (
          <PageLink href={links.invoice(invoiceId)}>{t('transactions.seeInvoice')}</PageLink>
        ) : (
          unknownValue
        ),
    },
    {
      key: 'amount',
      header: currency ? t('common.amountIn', { currency }) : amount,
      figures: true,
      slot: 'amount',
      unit: currency,
      cell: row => (
        <Money
          value={signedAmount(row)}
          currency={row.currency}
          style={currency ? 'figures' : 'code'}
        />
      ),
      value: row => row.amount,
    },
  ]
}

interface ListProps {
  readonly filters: TransactionFilters
  readonly onFiltersChange: (filters: TransactionFilters) => void
}

function without<K extends keyof TransactionFilters>(filters: TransactionFilters, key: K) {
  const { [key]: _, ...others } = filters
  return others
}

function Filters({ filters, onFiltersChange }: ListProps): ReactNode {
  const { t } = useBilling()
  return (
    <div className="qt-filters">
      <Choices
        legendHidden
        legend={t('transactions.type')}
        value={filters.type ?? 'all'}
        onChange={type =>
          onFiltersChange(type === 'all' ? without(filters, 'type') : { ...filters, type })
        }
        choices={(['all', ...transactionTypes] as const).map(value => ({
          value,
          label: value === 'all' ? t('common.all') : t(`transaction.type.${value}`),
        }))}
      />
      <Choices
        legendHidden
        legend={t('transactions.status')}
        value={transactionStatuses.find(each => each === filters.status) ?? 'all'}
        onChange={status =>
          onFiltersChange(status === 'all' ? without(filters, 'status') : { ...filters, status })
        }
        choices={(['all', ...transactionStatuses] as const).map(value => ({
          value,
          label: value === 'all' ? t('transactions.anyStatus') : t(`transaction.chip.${value}`),
        }))}
      />
    </div>
  )
}

function EmptyTransactions({ filters, onFiltersChange }: ListProps): ReactNode {
  const { t } = useBilling()
  if (filters.type || filters.status) {
    return (
      <EmptyTeach title={t('transactions.emptyFilter')}>
        <Button onClick={() => onFiltersChange({})}>{t('transactions.clearFilter')}</Button>
      </EmptyTeach>
    )
  }
  return <EmptyTeach title={t('transactions.empty')} hint={t('transactions.emptyHint')} />
}

function List(props: ListProps): ReactNode {
  const billing = useBilling()
  const { t } = billing
  const [done, setDone] = useState<string | null>(null)
  const transactions = useTransactions(props.filters)
  const methods = usePaymentMethods()
  const { items } = transactions
  const methodOf = (id: string | null): string => {
    const method = methods.data?.find(each => each.id === id)
    return method ? methodName(method, t) : unknownValue
  }
  return (
    <Page
      title={t('transactions.title')}
      actions={<ExportButtons filters={props.filters} onDone={setDone} />}
    >
      <DoneNotice text={done} />
      <Filters {...props} />
      {transactions.isPending ? <TableSkeleton rows={8} /> : null}
      {transactions.isError ? (
        <ErrorCard error={transactions.error} onRetry={() => transactions.refetch()} />
      ) : null}
      {items?.length === 0 ? <EmptyTransactions {...props} /> : null}
      {items && items.length > 0 ? (
        <DataTable
          caption={t('transactions.title')}
          columns={columnsFor(billing, { currency: oneCurrency(items), methodOf })}
          rows={items}
          rowKey={row => row.id}
        />
      ) : null}
      {transactions.hasNextPage ? (
        <Button busy={transactions.isFetchingNextPage} onClick={() => transactions.fetchNextPage()}>
          {t('common.more')}
        </Button>
      ) : null}
    </Page>
  )
}

export interface TransactionsListProps {
  /** Where the host keeps the filters (in its address); left out, they are kept here. */
  readonly filters?: TransactionFilters
  readonly onFiltersChange?: (filters: TransactionFilters) => void
}

/** The transactions of a tenant, for those who may read them. */
export function TransactionsList(props: TransactionsListProps): ReactNode {
  const { t, may } = useBilling()
  const [kept, setKept] = useState<TransactionFilters>({})
  if (!may('transactions.read')) return <LockedPage title={t('transactions.title')} />
  return <List filters={props.filters ?? kept} onFiltersChange={props.onFiltersChange ?? setKept} />
}
