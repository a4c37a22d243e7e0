// A table whose rows become two-line cards where the container is narrow. It sorts and exports the rows that it
// shows; which rows these are, and every total, comes from the API.
import { type ReactNode, useMemo, useState } from 'react'
import { useBilling } from '../billing-context.ts'
import { saveFile } from '../data/download.ts'
import { csvOf, fileDay } from '../data/shown-rows.ts'
import { Button } from './button.tsx'

/** Where a cell goes on a card: two lines with a left and a right end; `none` leaves it out. */
export type CardSlot = 'title' | 'amount' | 'note' | 'status' | 'none'

export interface Column<Row> {
  readonly key: string
  readonly header: string
  /** Figures and quantities are right-aligned, everything else left. */
  readonly figures?: boolean
  readonly slot?: CardSlot
  /**
   * What the header names on behalf of the figures; cards have no header and show it beside them.
   */
  readonly unit?: string | null
  readonly cell: (row: Row) => ReactNode
  /** What it is sorted and exported by; without it the column is neither. */
  readonly value?: (row: Row) => string | number | null
}

export interface DataTableProps<Row> {
  readonly caption: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly rowKey: (row: Row) => string
  /** Name of the exported file without its ending; without it there is no export here. */
  readonly exportAs?: string | undefined
}

interface Order {
  readonly key: string
  readonly isDescending: boolean
}

type Value = string | number | null

function compare(a: Value, b: Value): number {
  if (a === b) return 0
  if (a === null) return 1
  if (b === null) return -1
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return String(a).localeCompare(String(b))
}

function useOrder<Row>({ columns, rows }: DataTableProps<Row>) {
  const [order, setOrder] = useState<Order | null>(null)
  const sorted = useMemo(() => {
    const value = columns.find(column => column.key === order?.key)?.value
    if (!value || !order) return rows
    const sign = order.isDescending ? -1 : 1
    return [...rows].sort((a, b) => sign * compare(value(a), value(b)))
  }, [columns, rows, order])
  /** Ascending, then descending, then as it came. */
  const press = (key: string) => {
    if (order?.key !== key) setOrder({ key, isDescending: false })
    else setOrder(order.isDescending ? null : { key, isDescending: true })
  }
  return { order, press, sorted }
}

const ariaSort = (order: Order | null, key: string) => {
  if (order?.key !== key) return 'none'
  return order.isDescending ? 'descending' : 'ascending'
}

interface HeadProps<Row> extends Pick<ReturnType<typeof useOrder>, 'order' | 'press'> {
  readonly column: Column<Row>
}

function Head<Row>({ column, order, press }: HeadProps<Row>): ReactNode {
  const className = column.figures ? 'qt-figures' : ''
  if (!column.value) {
    return (
      <th scope="col" className={className}>
        {column.header}
      </th>
    )
  }
  return (
    <th scope="col" className={className} aria-sort={ariaSort(order, column.key)}>
      <button type="button" className="qt-sort" onClick={() => press(column.key)}>
        {column.header}
      </button>
    </th>
  )
}

function ExportShown<Row>({ columns, rows, exportAs }: DataTableProps<Row>): ReactNode {
  const { t, reader } = useBilling()
  if (exportAs === undefined) return null
  const told = columns.filter(column => column.value)
  const save = () => {
    const lines = rows.map(row => told.map(column => column.value?.(row) ?? null))
    const text = csvOf([told.map(column => column.header), ...lines])
    saveFile(text, 'text/csv;charset=utf-8', `${exportAs}-${fileDay(reader.at)}.csv`)
  }
  return (
    <p className="qt-row-actions">
      <Button onClick={save}>{t('common.export', { count: rows.length })}</Button>
    </p>
  )
}

export function DataTable<Row>(props: DataTableProps<Row>): ReactNode {
  const { order, press, sorted } = useOrder(props)
  return (
    <>
      <table className="qt-table">
        <caption className="qt-hidden">{props.caption}</caption>
        <thead>
          <tr>
            {props.columns.map(column => (
              <Head key={column.key} column={column} order={order} press={press} />
            ))}
          </tr>
        </thead>
        <tbody>
          {sorted.map(row => (
            <tr key={props.rowKey(row)}>
              {props.columns.map(column => (
                <td
                  key={column.key}
                  className={column.figures ? 'qt-figures' : ''}
                  data-slot={column.slot ?? 'none'}
                  data-unit={column.unit ?? undefined}
                >
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <ExportShown {...props} rows={sorted} />
    </>
  )
}
