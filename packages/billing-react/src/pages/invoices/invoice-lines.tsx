// The lines of an invoice, each with its "why", and the totals in the order of the document.

import { type ReactNode, useId, useState } from 'react'
import { useBilling } from '../../billing-context.ts'
import type { InvoiceLineWire, InvoiceWire } from '../../data/wire.ts'
import { money, percent, period, quantity, unitPrice } from '../../formats.ts'
import { Button } from '../../parts/button.tsx'
import { Money } from '../../parts/money.tsx'

interface LineProps {
  readonly line: InvoiceLineWire
  readonly currency: string
}

/** A sentence first, then the figures that the API gives; nothing is worked out here. */
function Why({ line, currency }: LineProps): ReactNode {
  const { t, reader } = useBilling()
  const { language } = reader
  const written = (value: number) => money(value, currency, language, 'figures')
  const sum = t('invoice.whySum', {
    quantity: quantity(line.quantity, language),
    unit: unitPrice(line.unitAmount, currency, language),
    amount: written(line.amount),
  })
  return (
    <div className="qt-why">
      <p>{line.explanation ?? t('invoice.whyUnknown')}</p>
      <p className="qt-code">{sum}</p>
      {line.discount === 0 ? null : (
        <p>{t('invoice.whyDiscount', { amount: { money: -line.discount, currency } })}</p>
      )}
      {line.tax === 0 ? null : (
        <p>{t('invoice.whyTax', { amount: { money: line.tax, currency } })}</p>
      )}
    </div>
  )
}

function LineRows({ line, currency }: LineProps): ReactNode {
  const { t, reader } = useBilling()
  const [isOpen, setOpen] = useState(false)
  const id = useId()
  const { periodStart, periodEnd } = line
  return (
    <>
      <tr className="qt-line-row">
        <td data-slot="title">
          <span className="qt-block">{line.description}</span>
          {periodStart && periodEnd ? (
            <span className="qt-secondary qt-small qt-block">
              {period(periodStart, periodEnd, reader)}
            </span>
          ) : null}
          <Button
            kind="text"
            expanded={isOpen}
            controls={id}
            label={t('invoice.whyOf', { line: line.description })}
            onClick={() => setOpen(!isOpen)}
          >
            {t('invoice.why')}
          </Button>
        </td>
        <td className="qt-figures" data-slot="note">
          {quantity(line.quantity, reader.language)}
        </td>
        <td className="qt-figures" data-slot="none">
          {unitPrice(line.unitAmount, currency, reader.language)}
        </td>
        <td className="qt-figures" data-slot="amount">
          <Money value={line.amount} currency={currency} style="figures" />
        </td>
      </tr>
      <tr id={id} hidden={!isOpen} className="qt-why-row">
        <td colSpan={4}>{isOpen ? <Why line={line} currency={currency} /> : null}</td>
      </tr>
    </>
  )
}

interface TotalRowProps {
  readonly name: string
  readonly value: number
  readonly currency: string
  readonly look?: 'sum' | 'due'
}

function TotalRow({ name, value, currency, look }: TotalRowProps): ReactNode {
  return (
    <tr className={look ? `qt-${look}-row` : ''}>
      <th scope="row">{name}</th>
      <td className="qt-figures">
        <Money value={value} currency={currency} style={look === 'due' ? 'code' : 'figures'} />
      </td>
    </tr>
  )
}

/** Figures that lower the total carry their minus; rows that are nil and optional are left out. */
function Totals({ invoice }: { readonly invoice: InvoiceWire }): ReactNode {
  const { t, reader } = useBilling()
  const { currency, tax } = invoice
  const row = (name: string, value: number, look?: TotalRowProps['look']) => (
    <TotalRow key={name} name={name} value={value} currency={currency} {...(look && { look })} />
  )
  return (
    <table className="qt-lines qt-totals">
      <caption className="qt-hidden">{t('invoice.total')}</caption>
      <tbody>
        {row(t('invoice.subtotal'), invoice.subtotal)}
        {invoice.discount === 0 ? null : row(t('invoice.discount'), -invoice.discount)}
        {tax.lines.map(line => {
          const rate = percent(line.rate, reader.language)
          const base = money(line.taxable, currency, reader.language, 'figures')
          return row(t('invoice.taxOn', { rate, base }), line.amount)
        })}
        {tax.lines.length === 0 ? row(t('invoice.tax'), tax.amount) : null}
        {row(t('invoice.total'), invoice.total, 'sum')}
        {invoice.amountCredited === 0 ? null : row(t('invoice.credited'), -invoice.amountCredited)}
        {invoice.amountPaid === 0 ? null : row(t('invoice.paid'), -invoice.amountPaid)}
        {row(t('invoice.due'), invoice.amountDue, 'due')}
      </tbody>
    </table>
  )
}

/** Lines and totals of one invoice. */
export function InvoiceLines({ invoice }: { readonly invoice: InvoiceWire }): ReactNode {
  const { t } = useBilling()
  const { currency } = invoice
  return (
    <>
      <table className="qt-lines qt-invoice-lines">
        <caption className="qt-hidden">{t('invoice.lines')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('invoice.description')}</th>
            <th scope="col" className="qt-figures">
              {t('invoice.quantity')}
            </th>
            <th scope="col" className="qt-figures">
              {t('invoice.unitPrice')}
            </th>
            <th scope="col" className="qt-figures">
              {t('invoice.amount', { currency })}
            </th>
          </tr>
        </thead>
        <tbody>
          {invoice.lineItems.map(line => (
            <LineRows key={line.id} line={line} currency={currency} />
          ))}
        </tbody>
      </table>
      <Totals invoice={invoice} />
    </>
  )
}
