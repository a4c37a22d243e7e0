// Invoices as rows: number, period, one status word, amounts under one currency each.

import type { ReactNode } from 'react'
import { type Billing, useBilling } from '../../billing-context.ts'
import type { InvoiceWire } from '../../data/wire.ts'
import { period, tableDate, unknownValue } from '../../formats.ts'
import { PageLink } from '../../parts/button.tsx'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { Money } from '../../parts/money.tsx'
import { StatusChip } from '../../parts/status-chip.tsx'
import { invoiceState } from '../../states/invoice-state.ts'

export interface InvoiceTableProps {
  readonly invoices: readonly InvoiceWire[]
  /** Name of the exported file; without it there is no export. */
  readonly exportAs?: string
}

function NumberLink({ invoice }: { readonly invoice: InvoiceWire }): ReactNode {
  const { t, links } = useBilling()
  const number = invoice.invoiceNumber ?? t('invoices.draftNumber')
  const look = invoice.status === 'void' ? 'qt-code qt-struck' : 'qt-code'
  return (
    <PageLink className="qt-link qt-row-link" href={links.invoice?.(invoice.id)}>
      <span className={look}>{number}</span>
    </PageLink>
  )
}

/** With one currency its code stands in the header, with several beside each amount. */
function columnsFor(billing: Billing, currency: string | null): Column<InvoiceWire>[] {
  const { t, reader } = billing
  const day = (iso: string | null) => (iso ? tableDate(iso, reader) : unknownValue)
  const header = (name: string) => (currency ? `${name} ${currency}` : name)
  const style = currency ? 'figures' : 'code'
  return [
    {
      key: 'number',
      header: t('invoices.number'),
      slot: 'title',
      cell: invoice => <NumberLink invoice={invoice} />,
      value: invoice => invoice.invoiceNumber,
    },
    {
      key: 'issued',
      header: t('invoices.issued'),
      slot: 'note',
      cell: invoice => day(invoice.issuedAt),
      value: invoice => invoice.issuedAt,
    },
    {
      key: 'period',
      header: t('invoices.period'),
      cell: ({ periodStart, periodEnd }) =>
        periodStart && periodEnd ? period(periodStart, periodEnd, reader) : unknownValue,
      value: invoice => invoice.periodStart,
    },
    {
      key: 'status',
      header: t('invoices.status'),
      slot: 'status',
      cell: invoice => <StatusChip chip={invoiceState(invoice, reader).chip} />,
      value: invoice => billing.say(invoiceState(invoice, reader).chip.word),
    },
    {
      key: 'dueDate',
      header: t('invoices.dueDate'),
      cell: invoice => day(invoice.dueDate),
      value: invoice => invoice.dueDate,
    },
    {
      key: 'amount',
      header: header(t('invoices.amount')),
      figures: true,
      slot: 'amount',
      unit: currency,
      cell: invoice => <Money value={invoice.total} currency={invoice.currency} style={style} />,
      value: invoice => invoice.total,
    },
    {
      key: 'due',
      header: header(t('invoices.due')),
      figures: true,
      cell: invoice => (
        <Money value={invoice.amountDue} currency={invoice.currency} style={style} />
      ),
      value: invoice => invoice.amountDue,
    },
  ]
}

/** The currency of all rows, or null where they differ. */
export function oneCurrency(rows: readonly { readonly currency: string }[]): string | null {
  const first = rows[0]?.currency ?? null
  return rows.every(row => row.currency === first) ? first : null
}

export function InvoiceTable({ invoices, exportAs }: InvoiceTableProps): ReactNode {
  const billing = useBilling()
  return (
    <DataTable
      caption={billing.t('invoices.title')}
      columns={columnsFor(billing, oneCurrency(invoices))}
      rows={invoices}
      rowKey={invoice => invoice.id}
      exportAs={exportAs}
    />
  )
}
