// The credit notes of a tenant: what was taken back, of which invoice, and where it went.
import type { ReactNode } from 'react'
import { type Billing, useBilling } from '../../billing-context.ts'
import { saveFile, useDownload } from '../../data/download.ts'
import { useCreditNotes } from '../../data/read.ts'
import type { CreditNoteWire } from '../../data/wire.ts'
import { tableDate } from '../../formats.ts'
import { Button, PageLink } from '../../parts/button.tsx'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { Money } from '../../parts/money.tsx'
import { EmptyTeach, ErrorCard } from '../../parts/notices.tsx'
import { TableSkeleton } from '../../parts/skeletons.tsx'
import { oneCurrency } from './invoice-table.tsx'

/** Where its amount went; only what is not nil. */
function usedAs(note: CreditNoteWire, { t, reader }: Billing): string {
  const { currency, lowersInvoice, refunded, toBalance } = note
  const amount = (money: number) => ({ amount: { money, currency } })
  const parts = [
    ...(lowersInvoice > 0 ? [t('creditNotes.lowers', amount(lowersInvoice))] : []),
    ...(refunded > 0 ? [t('creditNotes.refunded', amount(refunded))] : []),
    ...(toBalance > 0 ? [t('creditNotes.balance', amount(toBalance))] : []),
  ]
  return parts.join(reader.language === 'en' ? ', ' : '、')
}

function PdfButton({ note }: { readonly note: CreditNoteWire }): ReactNode {
  const { t, reader, client } = useBilling()
  const number = note.creditNoteNumber
  const download = useDownload(async (id: string) => {
    const bytes = await client.getCreditNotePdf(id, { lang: reader.language })
    saveFile(new Uint8Array(bytes), 'application/pdf', `${number}.pdf`)
  })
  return (
    <Button
      kind="text"
      label={t('creditNotes.pdf', { number })}
      busy={download.isPending}
      onClick={() => download.mutate(note.id)}
    >
      {download.isError ? t('common.retry') : 'PDF'}
    </Button>
  )
}

function firstColumns(billing: Billing): Column<CreditNoteWire>[] {
  const { t, reader, links } = billing
  return [
    {
      key: 'number',
      header: t('creditNotes.number'),
      slot: 'title',
      cell: note => (
        <>
          <span className="qt-code">{note.creditNoteNumber}</span> <PdfButton note={note} />
        </>
      ),
      value: note => note.creditNoteNumber,
    },
    {
      key: 'issued',
      header: t('creditNotes.issued'),
      slot: 'note',
      cell: note => tableDate(note.issuedAt, reader),
      value: note => note.issuedAt,
    },
    {
      key: 'invoice',
      header: t('creditNotes.for'),
      cell: note => (
        <PageLink href={links.invoice?.(note.invoiceId)}>
          <span className="qt-code">{note.invoiceNumber}</span>
        </PageLink>
      ),
      value: note => note.invoiceNumber,
    },
  ]
}

function columnsFor(billing: Billing, currency: string | null): Column<CreditNoteWire>[] {
  const { t } = billing
  return [
    ...firstColumns(billing),
    {
      key: 'usedAs',
      header: t('creditNotes.usedAs'),
      slot: 'status',
      cell: note => usedAs(note, billing),
      value: note => usedAs(note, billing),
    },
    {
      key: 'reason',
      header: t('creditNotes.reason'),
      cell: note => note.reason,
      value: note => note.reason,
    },
    {
      key: 'amount',
      header: currency ? t('common.amountIn', { currency }) : t('creditNotes.amount'),
      figures: true,
      slot: 'amount',
      unit: currency,
      cell: note => (
        <Money value={-note.total} currency={note.currency} style={currency ? 'figures' : 'code'} />
      ),
      value: note => -note.total,
    },
  ]
}

export function CreditNotes(): ReactNode {
  const billing = useBilling()
  const { t } = billing
  const notes = useCreditNotes()
  const { items } = notes
  return (
    <>
      {notes.isPending ? <TableSkeleton rows={3} /> : null}
      {notes.isError ? <ErrorCard error={notes.error} onRetry={() => notes.refetch()} /> : null}
      {items?.length === 0 ? <EmptyTeach title={t('creditNotes.empty')} /> : null}
      {items && items.length > 0 ? (
        <DataTable
          caption={t('creditNotes.title')}
          columns={columnsFor(billing, oneCurrency(items))}
          rows={items}
          rowKey={note => note.id}
          exportAs="credit-notes"
        />
      ) : null}
      {notes.hasNextPage ? (
        <Button busy={notes.isFetchingNextPage} onClick={() => notes.fetchNextPage()}>
          {t('common.more')}
        </Button>
      ) : null}
    </>
  )
}
