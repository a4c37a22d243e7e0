// What a link shows when there is nothing to pay on it now: under way, paid, withdrawn, no longer valid.
import type { ReactNode } from 'react'
import { useBilling } from '../../billing-context.ts'
import type { PayLinkView } from '../../data/pay-link.ts'
import { Money } from '../../parts/money.tsx'
import { confirmAddress } from '../../states/pay-link-state.ts'
import { triedMethod } from './last-try.tsx'
import { LinkFacts, LinkTitle } from './link-facts.tsx'
import { LinkLines } from './link-lines.tsx'

interface OutcomeProps {
  readonly view: PayLinkView
}

function DueAmount({ view }: OutcomeProps): ReactNode {
  return <Money value={view.amountDue} currency={view.currency} size="large" />
}

/** A try that its payer confirms at the bank. */
export function ToConfirm({ view }: OutcomeProps): ReactNode {
  const { t } = useBilling()
  const amount = { money: view.amountDue, currency: view.currency }
  return (
    <>
      <LinkTitle>{t('pay.confirm.title')}</LinkTitle>
      <DueAmount view={view} />
      <p>{t('pay.confirm.body', { amount })}</p>
      <LinkFacts view={view} />
      <div className="qt-pay-bar">
        <a
          className="qt-button qt-button-primary"
          href={confirmAddress(view) ?? ''}
          rel="noreferrer"
        >
          {t('pay.confirm.go', { amount })}
        </a>
      </div>
    </>
  )
}

/** A try whose answer is not there yet, or a bank debit on its way. */
export function UnderWay({
  view,
  isDebit,
}: OutcomeProps & { readonly isDebit: boolean }): ReactNode {
  const { t } = useBilling()
  return (
    <>
      <LinkTitle>{t(isDebit ? 'pay.processing.title' : 'pay.pending.title')}</LinkTitle>
      <DueAmount view={view} />
      <p>{t(isDebit ? 'invoice.state.processing' : 'pay.pending.body')}</p>
      <LinkFacts view={view} />
    </>
  )
}

export function PaidLink({ view }: OutcomeProps): ReactNode {
  const { t } = useBilling()
  const method = view.lastTry?.status === 'succeeded' ? triedMethod(view, t) : null
  const paidAt = view.lastTry?.status === 'succeeded' ? view.lastTry.at : null
  return (
    <>
      <LinkTitle icon="check-circle">{t('pay.paid.title')}</LinkTitle>
      {view.amountPaid > 0 ? (
        <Money value={view.amountPaid} currency={view.currency} size="large" />
      ) : null}
      <p>{t('pay.paid.body', { number: view.invoiceNumber ?? '' })}</p>
      <h2 className="qt-section-title">{t('pay.receipt')}</h2>
      <LinkFacts view={view} paid={{ at: paidAt, method }} />
      <LinkLines view={view} />
    </>
  )
}

export function WithdrawnLink({ view }: OutcomeProps): ReactNode {
  const { t } = useBilling()
  return (
    <>
      <LinkTitle>{t('pay.withdrawn.title', { number: view.invoiceNumber ?? '' })}</LinkTitle>
      <p>{t('pay.withdrawn.body', { issuer: view.issuerName ?? t('pay.issuer') })}</p>
      <LinkFacts view={view} isOver />
    </>
  )
}

/** Wrong, old and forged links look alike. */
export function DeadLink(): ReactNode {
  const { t } = useBilling()
  return (
    <>
      <LinkTitle>{t('pay.dead.title')}</LinkTitle>
      <p>{t('pay.dead.body')}</p>
    </>
  )
}
