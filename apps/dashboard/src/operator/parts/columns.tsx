// Columns that several lists share: amounts beside their currency, times, tenants.
import { Money, useBilling } from '@quittance/billing-react/billing-react'
import { tableDate, tableTime } from '@quittance/billing-react/formats'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useCallback } from 'react'
import { useWords } from '../words/words.ts'
import type { Column } from './record-list.tsx'

/** An amount as figures; its currency stands in a column of its own, and on a card beside it. */
export function amountColumn<Row extends { readonly currency: string }>(
  key: string,
  header: string,
  amount: (row: Row) => number | null,
  slot?: 'amount',
): Column<Row> {
  return {
    key,
    header,
    figures: true,
    cell: row => <Money value={amount(row)} currency={row.currency} style="figures" />,
    card: row => <Money value={amount(row)} currency={row.currency} style="code" />,
    plain: amount,
    ...(slot ? { slot } : {}),
  }
}

export const currencyColumn = <Row extends { readonly currency: string }>(
  header: string,
): Column<Row> => ({
  key: 'currency',
  header,
  cell: row => row.currency,
  plain: row => row.currency,
})

/** A day, or a dash while there is none. */
export function Day({ at }: { readonly at: string | null }): ReactNode {
  const { reader } = useBilling()
  return <span className="op-nowrap">{at === null ? '—' : tableDate(at, reader)}</span>
}

/** Day and time, or a dash while there is none. */
export function Time({ at }: { readonly at: string | null }): ReactNode {
  const { reader } = useBilling()
  return <span className="op-nowrap">{at === null ? '—' : tableTime(at, reader)}</span>
}

export const dayColumn = <Row,>(
  key: string,
  header: string,
  at: (row: Row) => string | null,
): Column<Row> => ({ key, header, cell: row => <Day at={at(row)} />, plain: at })

/** A tenant by its name, as text whatever it holds; leads to its page. */
export function TenantLink({
  tenantId,
  name,
}: {
  readonly tenantId: string
  readonly name?: string | null
}): ReactNode {
  return (
    <Link className="qt-link op-name" to="/operator/tenants/$tenantId" params={{ tenantId }}>
      <bdi>{name ?? tenantId}</bdi>
    </Link>
  )
}

export const tenantColumn = <
  Row extends { readonly tenantId: string; readonly customerName?: string | null },
>(
  header: string,
): Column<Row> => ({
  key: 'tenant',
  header,
  slot: 'note',
  cell: row => <TenantLink tenantId={row.tenantId} name={row.customerName ?? null} />,
  plain: row => row.customerName ?? row.tenantId,
})

/** An id, whole, in the face of ids. */
export function Id({ text }: { readonly text: string }): ReactNode {
  return <code className="qt-code op-id">{text}</code>
}

/** A type of the API as people say it; a type that this version does not know as it is. */
export function useTypeName(): (type: string) => string {
  const t = useWords()
  return useCallback(
    type =>
      type === 'payment' || type === 'refund' || type === 'adjustment' || type === 'fee'
        ? t(`type.${type}`)
        : type,
    [t],
  )
}
