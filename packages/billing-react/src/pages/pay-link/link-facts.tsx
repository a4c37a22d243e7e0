// The heading of a link's page and what it is about: who asks, who pays, which invoice, until when.
import { type ReactNode, useEffect } from 'react'
import { useBilling } from '../../billing-context.ts'
import type { PayLinkView } from '../../data/pay-link.ts'
import { date } from '../../formats.ts'
import { Icon } from '../../parts/icon.tsx'
import { Money } from '../../parts/money.tsx'

export interface LinkTitleProps {
  readonly icon?: 'check-circle'
  readonly children: string
}

/** The heading, which names the document too. */
export function LinkTitle({ icon, children }: LinkTitleProps): ReactNode {
  useEffect(() => {
    document.title = children
  }, [children])
  return (
    <h1 tabIndex={-1} className={icon ? 'qt-title qt-pay-done' : 'qt-title'}>
      {icon ? <Icon name={icon} /> : null}
      {children}
    </h1>
  )
}

type FactName =
  | 'pay.from'
  | 'pay.for'
  | 'pay.number'
  | 'invoices.dueDate'
  | 'invoice.paid'
  | 'pay.paid.on'
  | 'method.other'

interface FactProps {
  readonly name: FactName
  readonly children: ReactNode
}

function Fact({ name, children }: FactProps): ReactNode {
  const { t } = useBilling()
  return (
    <div className="qt-fact">
      <dt>{t(name)}</dt>
      <dd>{children}</dd>
    </div>
  )
}

export interface LinkFactsProps {
  readonly view: PayLinkView
  /** Of a receipt: when it was paid and with what. */
  readonly paid?: { readonly at: string | null; readonly method: string | null }
  readonly isOver?: boolean
}

export function LinkFacts({ view, paid, isOver = false }: LinkFactsProps): ReactNode {
  const { reader } = useBilling()
  const isDue = paid === undefined && !isOver
  return (
    <dl className="qt-facts">
      {view.issuerName ? (
        <Fact name="pay.from">
          <bdi>{view.issuerName}</bdi>
        </Fact>
      ) : null}
      {view.buyerName ? (
        <Fact name="pay.for">
          <bdi>{view.buyerName}</bdi>
        </Fact>
      ) : null}
      {view.invoiceNumber ? (
        <Fact name="pay.number">
          <span className={view.status === 'void' ? 'qt-code qt-struck' : 'qt-code'}>
            {view.invoiceNumber}
          </span>
        </Fact>
      ) : null}
      {isDue && view.dueDate ? (
        <Fact name="invoices.dueDate">{date(view.dueDate, reader)}</Fact>
      ) : null}
      {isDue && view.amountPaid > 0 ? (
        <Fact name="invoice.paid">
          <Money value={view.amountPaid} currency={view.currency} />
        </Fact>
      ) : null}
      {paid?.at ? <Fact name="pay.paid.on">{date(paid.at, reader)}</Fact> : null}
      {paid?.method ? <Fact name="method.other">{paid.method}</Fact> : null}
    </dl>
  )
}
