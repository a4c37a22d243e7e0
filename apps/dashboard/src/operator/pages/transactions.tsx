// Transactions of all tenants.
import { StatusChip, transactionChip, useBilling } from '@quittance/billing-react/billing-react'
import { signedAmount } from '@quittance/billing-react/states/transaction-state'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useMemo } from 'react'
import { useAddress } from '../address.ts'
import { useIssuerTransactions } from '../data/lists.ts'
import type { TransactionRow } from '../data/wire.ts'
import { amountColumn, currencyColumn, Time, tenantColumn, useTypeName } from '../parts/columns.tsx'
import { ConsolePage } from '../parts/console-page.tsx'
import { FilterDay, FilterSelect, FilterText } from '../parts/filters.tsx'
import { type Column, RecordList } from '../parts/record-list.tsx'
import { useWords } from '../words/words.ts'

const types = ['payment', 'refund', 'adjustment', 'fee'] as const
const statuses = [
  'pending',
  'processing',
  'requires_action',
  'succeeded',
  'failed',
  'canceled',
] as const

export function useTransactionColumns(): readonly Column<TransactionRow>[] {
  const t = useWords()
  const { say } = useBilling()
  const typeName = useTypeName()
  return useMemo<readonly Column<TransactionRow>[]>(
    () => [
      {
        key: 'time',
        header: t('transactions.time'),
        cell: row => (
          <Link
            className="qt-link"
            to="/operator/tenants/$tenantId/transactions/$transactionId"
            params={{ tenantId: row.tenantId, transactionId: row.id }}
          >
            <Time at={row.processedAt ?? row.createdAt} />
          </Link>
        ),
        slot: 'title',
        plain: row => row.processedAt ?? row.createdAt,
      },
      tenantColumn(t('invoices.tenant')),
      {
        key: 'type',
        header: t('transactions.type'),
        cell: row => typeName(row.type),
        plain: row => row.type,
      },
      {
        key: 'state',
        header: t('transactions.state'),
        slot: 'status',
        cell: row => <StatusChip chip={transactionChip(row)} />,
        plain: row => say(transactionChip(row).word),
      },
      currencyColumn(t('tenant.currency')),
      amountColumn('amount', t('transactions.amount'), row => Number(signedAmount(row)), 'amount'),
      amountColumn('fee', t('transactions.fee'), row => row.fee),
      amountColumn('net', t('transactions.net'), row => row.net),
      {
        key: 'invoice',
        header: t('transactions.invoice'),
        cell: row =>
          row.invoiceId ? (
            <Link
              className="qt-link op-nowrap"
              to="/operator/tenants/$tenantId/invoices/$invoiceId"
              params={{ tenantId: row.tenantId, invoiceId: row.invoiceId }}
            >
              {t('transactions.toInvoice')}
            </Link>
          ) : (
            '—'
          ),
        plain: row => row.invoiceId,
      },
    ],
    [t, say, typeName],
  )
}

export function TransactionsPage(): ReactNode {
  const t = useWords()
  const { search } = useAddress()
  const pages = useIssuerTransactions(search)
  const columns = useTransactionColumns()
  const { status, type, tenantId, from, to } = search
  const isFiltered = Boolean(status ?? type ?? tenantId ?? from ?? to)
  return (
    <ConsolePage title={t('transactions.title')} intro={t('transactions.intro')}>
      <search className="op-filters" aria-label={t('list.filters')}>
        <FilterSelect
          name="type"
          label={t('transactions.type')}
          choices={types.map(value => ({ value, label: t(`type.${value}`) }))}
        />
        <FilterSelect
          name="status"
          label={t('list.status')}
          choices={statuses.map(value => ({ value, label: t(`status.transaction.${value}`) }))}
        />
        <FilterText name="tenantId" label={t('tenants.id')} />
        <FilterDay name="from" label={t('list.from')} />
        <FilterDay name="to" label={t('list.to')} />
      </search>
      <RecordList
        caption={t('transactions.title')}
        pages={pages}
        columns={columns}
        rowKey={row => row.id}
        exportName="transactions"
        empty={
          isFiltered
            ? { title: t('list.none'), hint: t('list.noneHint') }
            : { title: t('transactions.empty'), hint: t('transactions.emptyHint') }
        }
      />
    </ConsolePage>
  )
}
