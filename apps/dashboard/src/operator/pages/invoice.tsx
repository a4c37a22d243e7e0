// One invoice as the issuer's staff sees it: lines with their reasons, totals, what moved, what happened.
import {
  EmptyTeach,
  ErrorCard,
  invoiceState,
  LinesSkeleton,
  Money,
  StatusChip,
  transactionChip,
  useBilling,
} from '@quittance/billing-react/billing-react'
import { saveFile } from '@quittance/billing-react/data/download'
import { period, quantity, unitPrice } from '@quittance/billing-react/formats'
import { signedAmount } from '@quittance/billing-react/states/transaction-state'
import { Link, useParams } from '@tanstack/react-router'
import { Button } from 'antd'
import { type ReactNode, useState } from 'react'
import { CreditNoteAct, FinalizeAct, VoidAct, WriteOffAct } from '../acts/invoice-acts.tsx'
import { useActs } from '../acts/use-acts.tsx'
import {
  useInvoiceCredits,
  useInvoiceMovements,
  useObjectEvents,
  useTenantInvoice,
} from '../data/tenant.ts'
import type { InvoiceWire } from '../data/wire.ts'
import { Day, Id, TenantLink, Time, useTypeName } from '../parts/columns.tsx'
import { ConsolePage } from '../parts/console-page.tsx'
import { FactList } from '../parts/fact-list.tsx'
import { ReadTimeline } from '../parts/timeline.tsx'
import { useWords } from '../words/words.ts'

type Line = InvoiceWire['lineItems'][number]

function LineRow({ line, currency }: { readonly line: Line; readonly currency: string }) {
  const t = useWords()
  const { reader } = useBilling()
  return (
    <li className="op-card">
      <div className="op-card-line">
        <span className="op-card-title">{line.description}</span>
        <Money value={line.amount} currency={currency} style="figures" />
      </div>
      <div className="op-card-line qt-secondary qt-small">
        <span className="op-card-title">
          {quantity(line.quantity, reader.language)} ×{' '}
          {unitPrice(line.unitAmount, currency, reader.language)}
          {line.periodStart && line.periodEnd
            ? ` · ${period(line.periodStart, line.periodEnd, reader)}`
            : null}
        </span>
        {line.credited > 0 ? (
          <span>
            {t('invoice.credited')} <Money value={line.credited} currency={currency} />
          </span>
        ) : null}
      </div>
      {line.explanation ? <p className="qt-small qt-secondary">{line.explanation}</p> : null}
    </li>
  )
}

function Totals({ invoice }: { readonly invoice: InvoiceWire }): ReactNode {
  const t = useWords()
  const { currency } = invoice
  const rows = [
    ['invoice.subtotal', invoice.subtotal],
    ['invoice.discount', invoice.discount],
    ['invoice.tax', invoice.tax.amount],
    ['invoice.total', invoice.total],
    ['invoice.credited', invoice.amountCredited],
    ['invoice.fromBalance', invoice.amountFromBalance],
    ['invoice.paid', invoice.amountPaid],
    ['invoice.due', invoice.amountDue],
  ] as const
  const always = ['invoice.subtotal', 'invoice.total', 'invoice.paid', 'invoice.due']
  return (
    <dl className="op-totals">
      {rows
        .filter(([key, value]) => value !== 0 || always.includes(key))
        .map(([key, value]) => (
          <div key={key}>
            <dt>{t(key)}</dt>
            <dd>
              <Money value={value} currency={currency} style="code" />
            </dd>
          </div>
        ))}
    </dl>
  )
}

function Movements({ invoice }: { readonly invoice: InvoiceWire }): ReactNode {
  const t = useWords()
  const typeName = useTypeName()
  const { data, error, refetch } = useInvoiceMovements(invoice.tenantId, invoice.id)
  if (error) return <ErrorCard error={error} onRetry={() => refetch()} />
  if (!data) return <LinesSkeleton />
  if (data.length === 0) return <EmptyTeach title={t('invoice.noMovements')} />
  return (
    <ul className="op-cards">
      {data.map(each => (
        <li key={each.id} className="op-card op-card-line">
          <span className="op-card-title">
            <Link
              className="qt-link"
              to="/operator/tenants/$tenantId/transactions/$transactionId"
              params={{ tenantId: each.tenantId, transactionId: each.id }}
            >
              {typeName(each.type)} · <Time at={each.processedAt ?? each.createdAt} />
            </Link>
            <StatusChip chip={transactionChip(each)} />
          </span>
          <Money value={signedAmount(each)} currency={each.currency} style="code" />
        </li>
      ))}
    </ul>
  )
}

function CreditNotes({ invoice }: { readonly invoice: InvoiceWire }): ReactNode {
  const t = useWords()
  const { data } = useInvoiceCredits(invoice.tenantId, invoice.id)
  if (!data || data.length === 0) return <p className="qt-secondary">{t('invoice.noCredits')}</p>
  return (
    <ul className="op-cards">
      {data.map(note => (
        <li key={note.id} className="op-card">
          <div className="op-card-line">
            <span className="op-card-title">{note.creditNoteNumber}</span>
            <Money value={`-${note.total}`} currency={note.currency} style="code" />
          </div>
          <div className="op-card-line qt-secondary qt-small">
            <span className="op-card-title">
              <Day at={note.issuedAt} />
              {note.reason ? (
                <>
                  {' · '}
                  <bdi>{note.reason}</bdi>
                </>
              ) : null}
            </span>
          </div>
        </li>
      ))}
    </ul>
  )
}

function PdfButton({ invoice }: { readonly invoice: InvoiceWire }): ReactNode {
  const t = useWords()
  const { client, reader } = useBilling()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>(null)
  const save = async () => {
    setBusy(true)
    setProblem(null)
    try {
      const options = { tenantId: invoice.tenantId }
      const bytes = await client.getInvoicePdf(invoice.id, { lang: reader.language }, options)
      saveFile(
        new Blob([new Uint8Array(bytes)]),
        'application/pdf',
        `${invoice.invoiceNumber ?? invoice.id}.pdf`,
      )
    } catch (error) {
      setProblem(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <Button loading={busy} onClick={save}>
        {t('invoice.pdf')}
      </Button>
      {problem ? <ErrorCard of="action" error={problem} /> : null}
    </>
  )
}

type ActName = 'finalize' | 'creditNote' | 'void' | 'writeOff'

/** What the issuer may do with it; what Stripe runs is done at Stripe. */
function actsOf({ status, billedBy, total, amountCredited }: InvoiceWire): readonly ActName[] {
  if (billedBy === 'stripe') return []
  if (status === 'draft') return ['finalize']
  const canCredit = status !== 'void' && amountCredited < total
  return [
    ...(canCredit ? (['creditNote'] as const) : []),
    ...(status === 'open' ? (['void', 'writeOff'] as const) : []),
  ]
}

const actViews = {
  finalize: FinalizeAct,
  creditNote: CreditNoteAct,
  void: VoidAct,
  writeOff: WriteOffAct,
} as const

function InvoiceView({ invoice }: { readonly invoice: InvoiceWire }): ReactNode {
  const t = useWords()
  const { reader } = useBilling()
  const acts = useActs<ActName>()
  return (
    <ConsolePage
      title={invoice.invoiceNumber ?? t('invoices.draft')}
      actions={
        <>
          <PdfButton invoice={invoice} />
          {actsOf(invoice).map(name => (
            <Button key={name} onClick={() => acts.open(name)}>
              {t(`${name}.open`)}
            </Button>
          ))}
        </>
      }
    >
      {acts.told}
      {acts.draw((name, props) => {
        const Act = actViews[name]
        return <Act invoice={invoice} {...props} />
      })}
      <p className="op-state">
        <StatusChip chip={invoiceState(invoice, reader).chip} />
      </p>
      <FactList
        facts={[
          { name: t('invoices.tenant'), value: <TenantLink tenantId={invoice.tenantId} /> },
          { name: t('invoices.issued'), value: <Day at={invoice.issuedAt} /> },
          { name: t('invoices.dueDate'), value: <Day at={invoice.dueDate} /> },
          { name: t('subscriptions.owner'), value: t(`owner.${invoice.billedBy}`) },
          { name: t('invoices.attempts'), value: invoice.attempts },
          { name: t('invoices.next'), value: <Day at={invoice.nextPaymentAttempt} /> },
          { name: t('invoice.id'), value: <Id text={invoice.id} /> },
        ]}
      />
      <div className="op-halves">
        <section aria-label={t('invoice.lines')}>
          <h2 className="qt-section-title">{t('invoice.lines')}</h2>
          <ul className="op-cards">
            {invoice.lineItems.map(line => (
              <LineRow key={line.id} line={line} currency={invoice.currency} />
            ))}
          </ul>
          <Totals invoice={invoice} />
          <h2 className="qt-section-title">{t('transactions.title')}</h2>
          <Movements invoice={invoice} />
          <h2 className="qt-section-title">{t('invoice.credits')}</h2>
          <CreditNotes invoice={invoice} />
        </section>
        <section aria-label={t('tenant.timeline')}>
          <h2 className="qt-section-title">{t('tenant.timeline')}</h2>
          <ReadTimeline pages={useObjectEvents(invoice.tenantId, invoice.id)} />
        </section>
      </div>
    </ConsolePage>
  )
}

export function InvoicePage(): ReactNode {
  const t = useWords()
  const { tenantId = '', invoiceId = '' } = useParams({ strict: false })
  const { data, error, refetch } = useTenantInvoice(tenantId, invoiceId)
  if (data) return <InvoiceView invoice={data} />
  return (
    <ConsolePage title={t('invoices.title')}>
      {error ? <ErrorCard error={error} onRetry={() => refetch()} /> : <LinesSkeleton lines={10} />}
    </ConsolePage>
  )
}
