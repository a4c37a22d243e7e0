// What is overdue, on every page: amount, invoice, reason, next try, what still works. One banner,
// for the oldest debt; it cannot be closed while something can be done.

import type { ReactNode } from 'react'
import { useBilling } from '../billing-context.ts'
import { useInvoiceTransactions, useOpenInvoices, useSubscription } from '../data/read.ts'
import type { InvoiceWire, SubscriptionWire } from '../data/wire.ts'
import { daysOverdue, hasFailedTry } from '../states/invoice-state.ts'
import { isPastDue } from '../states/subscription-state.ts'
import { declineKey } from '../states/transaction-state.ts'
import type { BillingSentence } from '../words/words.ts'
import { PageLink } from './button.tsx'
import { Icon } from './icon.tsx'

/** Chinese sentences end in a full-width stop, which brings its own gap. */
const useSentenceGap = (): string => (useBilling().reader.language === 'en' ? ' ' : '')

interface BannerProps {
  readonly subscription: SubscriptionWire | null | undefined
}

/** Members learn that something is overdue, but not how much: they may not read invoices. */
function MemberBanner({ subscription }: BannerProps): ReactNode {
  const { t } = useBilling()
  const gap = useSentenceGap()
  if (!subscription || !isPastDue(subscription)) return null
  const state = t(subscription.status === 'unpaid' ? 'banner.suspended' : 'banner.works')
  const sentences = [state, t('banner.memberBody')]
  return (
    <div className="qt-banner qt-tone-warn" role="status">
      <Icon name="warning" />
      <div>
        <p className="qt-strong">{t('banner.member')}</p>
        <p>{sentences.join(gap)}</p>
      </div>
    </div>
  )
}

function headline(invoice: InvoiceWire, isLate: boolean, number: string): BillingSentence {
  const amount = { money: invoice.amountDue, currency: invoice.currency }
  const values = { amount, number }
  return isLate ? { key: 'banner.overdue', values } : { key: 'banner.failed', values }
}

interface DebtProps extends BannerProps {
  readonly invoice: InvoiceWire
}

function DebtBanner({ invoice, subscription }: DebtProps): ReactNode {
  const { t, say, reader, links } = useBilling()
  const tries = useInvoiceTransactions(invoice.id)
  const failed = tries.data?.find(transaction => transaction.status === 'failed')
  const isLate = daysOverdue(invoice, reader) > 0
  const number = invoice.invoiceNumber ?? ''
  const next = invoice.nextPaymentAttempt
  const suspended = subscription?.status === 'unpaid'
  const gap = useSentenceGap()
  const sentences = [
    ...(failed ? [t('banner.reason', { reason: t(declineKey(failed.declineCode)) })] : []),
    next ? t('banner.next', { day: { day: next } }) : t('banner.noNext'),
    ...(subscription ? [t(suspended ? 'banner.suspended' : 'banner.works')] : []),
  ]
  return (
    <div className={`qt-banner ${suspended ? 'qt-tone-bad' : 'qt-tone-warn'}`} role="status">
      <Icon name="warning" />
      <div>
        <p className="qt-strong">{say(headline(invoice, isLate, number))}</p>
        <p>{sentences.join(gap)}</p>
      </div>
      {links.invoice ? (
        <PageLink className="qt-button qt-button-plain" href={links.invoice(invoice.id)}>
          {t('banner.settle', { number })}
        </PageLink>
      ) : null}
    </div>
  )
}

function AdminBanner({ exceptInvoiceId }: PastDueBannerProps): ReactNode {
  const { reader } = useBilling()
  const subscription = useSubscription()
  const open = useOpenInvoices()
  const worst = open.data?.find(
    invoice => daysOverdue(invoice, reader) > 0 || hasFailedTry(invoice),
  )
  if (!worst || worst.id === exceptInvoiceId) return null
  return <DebtBanner invoice={worst} subscription={subscription.data} />
}

export interface PastDueBannerProps {
  /** The invoice that the page is about already. */
  readonly exceptInvoiceId?: string | undefined
}

/** The oldest debt of the tenant, or nothing. */
export function PastDueBanner(props: PastDueBannerProps): ReactNode {
  const { may } = useBilling()
  const subscription = useSubscription()
  if (may('invoices.read')) return <AdminBanner {...props} />
  return <MemberBanner subscription={subscription.data} />
}
