// The frame of a page: its title, and sections whose heads stand in the margin as in a ledger.
import { type ReactNode, useId } from 'react'
import { useBilling } from '../billing-context.ts'
import { zoneName } from '../formats.ts'
import { PastDueBanner } from './past-due-banner.tsx'

export interface PageProps {
  readonly title: string
  readonly actions?: ReactNode
  /** The invoice that the page is about: the banner does not repeat it. */
  readonly invoiceId?: string
  readonly children: ReactNode
}

/**
 * A page with its one heading and what is overdue; the zone of all its dates stands in its foot.
 */
export function Page({ title, actions, invoiceId, children }: PageProps): ReactNode {
  const { t, reader } = useBilling()
  return (
    <div className="qt-page">
      <PastDueBanner exceptInvoiceId={invoiceId} />
      <header className="qt-head">
        <h1 className="qt-title">{title}</h1>
        {actions ? <div className="qt-actions">{actions}</div> : null}
      </header>
      {children}
      <footer className="qt-foot">{t('common.zone', { zone: zoneName(reader) })}</footer>
    </div>
  )
}

export interface SectionProps {
  readonly title: string
  readonly note?: ReactNode
  readonly children: ReactNode
}

export function Section({ title, note, children }: SectionProps): ReactNode {
  const id = useId()
  return (
    <section className="qt-section" aria-labelledby={id}>
      <div className="qt-margin">
        <h2 id={id} className="qt-section-title">
          {title}
        </h2>
        {note ? <p className="qt-secondary qt-small">{note}</p> : null}
      </div>
      <div className="qt-section-body">{children}</div>
    </section>
  )
}

export interface Fact {
  readonly name: string
  readonly value: ReactNode
}

/** Names and values, one pair a line. */
export function Facts({ facts }: { readonly facts: readonly Fact[] }): ReactNode {
  return (
    <dl className="qt-facts">
      {facts.map(fact => (
        <div key={fact.name} className="qt-fact">
          <dt>{fact.name}</dt>
          <dd>{fact.value}</dd>
        </div>
      ))}
    </dl>
  )
}
