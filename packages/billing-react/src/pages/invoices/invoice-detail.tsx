// One invoice: what is due and what happens next, its lines and totals, its history, its document.

import { type ReactNode, useState } from 'react'
import { useBilling } from '../../billing-context.ts'
import { useConfirmation, waitsForPayer } from '../../data/bank-confirmation.ts'
import { saveFile, useDownload } from '../../data/download.ts'
import { useInvoice, useInvoiceTransactions } from '../../data/read.ts'
import type { InvoiceWire } from '../../data/wire.ts'
import { date, period } from '../../formats.ts'
import { Button, PageLink } from '../../parts/button.tsx'
import { Icon } from '../../parts/icon.tsx'
import { Money } from '../../parts/money.tsx'
import { DoneNotice, ErrorCard } from '../../parts/notices.tsx'
import { type Fact, Facts, Page, Section } from '../../parts/section.tsx'
import { LinesSkeleton } from '../../parts/skeletons.tsx'
import { StateSentence, StatusChip } from '../../parts/status-chip.tsx'
import { invoiceState } from '../../states/invoice-state.ts'
import { InvoiceLines } from './invoice-lines.tsx'
import { InvoiceTimeline } from './invoice-timeline.tsx'
import { PayDialog } from './pay-dialog.tsx'

interface InvoiceProps {
  readonly invoice: InvoiceWire
}

function DownloadButton({ invoice }: InvoiceProps): ReactNode {
  const { t, reader, client } = useBilling()
  const download = useDownload(async (id: string) => {
    const bytes = await client.getInvoicePdf(id, { lang: reader.language })
    saveFile(new Uint8Array(bytes), 'application/pdf', `${invoice.invoiceNumber ?? id}.pdf`)
  })
  return (
    <>
      <Button busy={download.isPending} onClick={() => download.mutate(invoice.id)}>
        {t('invoice.download')}
      </Button>
      {download.error ? <ErrorCard error={download.error} /> : null}
    </>
  )
}

/** A try waits for its payer: the way to the bank stands where paying stood. */
function ConfirmButton({ invoice }: InvoiceProps): ReactNode {
  const { t } = useBilling()
  const confirm = useConfirmation(invoice)
  return (
    <>
      <Button kind="primary" busy={confirm.isPending} onClick={() => confirm.mutate({})}>
        {t('common.confirmBank')}
      </Button>
      {confirm.error ? <ErrorCard of="action" error={confirm.error} /> : null}
    </>
  )
}

interface HeadProps extends InvoiceProps {
  readonly onDone: (text: string) => void
}

function Head({ invoice, onDone }: HeadProps): ReactNode {
  const { t, reader, may } = useBilling()
  const [paying, setPaying] = useState(false)
  const state = invoiceState(invoice, reader)
  const isOpen = invoice.status === 'open'
  const tries = useInvoiceTransactions(isOpen ? invoice.id : undefined)
  const isWaiting = isOpen && waitsForPayer(tries.data)
  const canPay = isOpen && may('invoices.pay') && state.chip.icon !== 'sync'
  const value = isOpen ? invoice.amountDue : invoice.total
  const amount = { money: invoice.amountDue, currency: invoice.currency }
  return (
    <>
      <p className="qt-hero">
        <Money value={value} currency={invoice.currency} size="large" />
        <StatusChip chip={state.chip} />
      </p>
      <p>{isWaiting ? t('invoice.state.confirm') : <StateSentence sentence={state.sentence} />}</p>
      <div className="qt-row-actions">
        {canPay && isWaiting ? <ConfirmButton invoice={invoice} /> : null}
        {canPay && !isWaiting ? (
          <Button kind="primary" onClick={() => setPaying(true)}>
            {t('invoice.pay', { amount })}
          </Button>
        ) : null}
        <DownloadButton invoice={invoice} />
      </div>
      {paying ? (
        <PayDialog invoice={invoice} onDone={onDone} onClose={() => setPaying(false)} />
      ) : null}
    </>
  )
}

function useInvoiceFacts(invoice: InvoiceWire): Fact[] {
  const { t, reader } = useBilling()
  const { periodStart, periodEnd, issuedAt, dueDate } = invoice
  const facts: Fact[] = []
  if (issuedAt) facts.push({ name: t('invoices.issued'), value: date(issuedAt, reader) })
  if (dueDate) facts.push({ name: t('invoices.dueDate'), value: date(dueDate, reader) })
  if (periodStart && periodEnd) {
    facts.push({ name: t('invoices.period'), value: period(periodStart, periodEnd, reader) })
  }
  return facts
}

function Detail({ invoice }: InvoiceProps): ReactNode {
  const { t, links } = useBilling()
  const [done, setDone] = useState<string | null>(null)
  const facts = useInvoiceFacts(invoice)
  const number = invoice.invoiceNumber
  const title = number ? t('invoice.title', { number }) : t('invoice.titleDraft')
  return (
    <Page title={title} invoiceId={invoice.id}>
      {links.invoices ? (
        <p className="qt-back">
          <PageLink href={links.invoices}>
            <Icon name="rollback" /> {t('overview.allInvoices')}
          </PageLink>
        </p>
      ) : null}
      <DoneNotice text={done} />
      <Section title={t(invoice.status === 'open' ? 'invoice.due' : 'invoice.total')}>
        <Head invoice={invoice} onDone={setDone} />
        <Facts facts={facts} />
      </Section>
      <Section title={t('invoice.lines')}>
        <InvoiceLines invoice={invoice} />
      </Section>
      <Section title={t('invoice.history')}>
        <InvoiceTimeline invoice={invoice} />
      </Section>
    </Page>
  )
}

/** One invoice by its id. */
export function InvoiceDetail({ invoiceId }: { readonly invoiceId: string }): ReactNode {
  const { t } = useBilling()
  const invoice = useInvoice(invoiceId)
  if (invoice.data) return <Detail invoice={invoice.data} />
  return (
    <Page title={t('invoices.title')}>
      {invoice.isError ? (
        <ErrorCard error={invoice.error} onRetry={() => invoice.refetch()} />
      ) : (
        <LinesSkeleton lines={8} />
      )}
    </Page>
  )
}
