// What happened to an invoice, newest first: created, issued, tries with their reason, paid.

import type { ReactNode } from 'react'
import { type Billing, useBilling } from '../../billing-context.ts'
import { useInvoiceTransactions, usePaymentMethods } from '../../data/read.ts'
import type { InvoiceWire, PaymentMethodWire, TransactionWire } from '../../data/wire.ts'
import { dateTime } from '../../formats.ts'
import { Icon } from '../../parts/icon.tsx'
import { ErrorCard } from '../../parts/notices.tsx'
import { LinesSkeleton } from '../../parts/skeletons.tsx'
import type { Chip } from '../../states/state.ts'
import { declineKey, signedAmount, transactionChip } from '../../states/transaction-state.ts'
import { methodName } from '../../words/names.ts'

interface TimelineEvent {
  readonly key: string
  readonly at: string
  readonly title: string
  readonly note?: string
  readonly chip?: Chip
}

type Methods = readonly PaymentMethodWire[]

const eventKeys = {
  payment: 'invoice.event.payment',
  refund: 'invoice.event.refund',
  adjustment: 'invoice.event.adjustment',
  fee: 'invoice.event.fee',
} as const

function transactionNote(row: TransactionWire, methods: Methods, { t, say }: Billing): string {
  const state = say(transactionChip(row).word)
  if (row.status === 'failed') {
    return t('invoice.event.because', { state, reason: t(declineKey(row.declineCode)) })
  }
  const method = methods.find(each => each.id === row.paymentMethodId)
  return method ? t('invoice.event.with', { state, method: methodName(method, t) }) : state
}

function transactionEvent(row: TransactionWire, methods: Methods, billing: Billing): TimelineEvent {
  const amount = { money: signedAmount(row), currency: row.currency }
  const key = eventKeys[row.type as keyof typeof eventKeys] ?? eventKeys.adjustment
  return {
    key: row.id,
    at: row.processedAt ?? row.createdAt,
    title: billing.t(key, { amount }),
    note: transactionNote(row, methods, billing),
    chip: transactionChip(row),
  }
}

function dates(invoice: InvoiceWire, { t }: Billing): TimelineEvent[] {
  const known: [string, string | null][] = [
    [t('invoice.event.paid'), invoice.paidAt],
    [t('invoice.event.issued'), invoice.issuedAt],
    [t('invoice.event.created'), invoice.createdAt],
    [t('invoice.event.next'), invoice.status === 'open' ? invoice.nextPaymentAttempt : null],
  ]
  return known.flatMap(([title, at]) => (at ? [{ key: title, at, title }] : []))
}

/** The history of one invoice. */
export function InvoiceTimeline({ invoice }: { readonly invoice: InvoiceWire }): ReactNode {
  const billing = useBilling()
  const rows = useInvoiceTransactions(invoice.id)
  const methods = usePaymentMethods()
  const tries = (rows.data ?? []).map(row => transactionEvent(row, methods.data ?? [], billing))
  const events = [...dates(invoice, billing), ...tries].sort((a, b) => b.at.localeCompare(a.at))
  return (
    <>
      {rows.isError ? <ErrorCard error={rows.error} onRetry={() => rows.refetch()} /> : null}
      {rows.isPending ? <LinesSkeleton lines={2} /> : null}
      <ol className="qt-timeline">
        {events.map(event => (
          <li key={event.key} className={event.chip ? `qt-tone-${event.chip.tone}` : ''}>
            {event.chip ? <Icon name={event.chip.icon} /> : <span className="qt-dot" />}
            <div>
              <p>{event.title}</p>
              {event.note ? <p className="qt-secondary">{event.note}</p> : null}
              <p className="qt-secondary qt-small">{dateTime(event.at, billing.reader)}</p>
            </div>
          </li>
        ))}
      </ol>
    </>
  )
}
