// A table whose rows become two-line cards where the container is narrow. Not a data grid: order
// and totals come from the API.
import type { ReactNode } from 'react'

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
}

export interface DataTableProps<Row> {
  readonly caption: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly rowKey: (row: Row) => string
}

export function DataTable<Row>(props: DataTableProps<Row>): ReactNode {
  return (
    <table className="qt-table">
      <caption className="qt-hidden">{props.caption}</caption>
      <thead>
        <tr>
          {props.columns.map(column => (
            <th key={column.key} scope="col" className={column.figures ? 'qt-figures' : ''}>
              {column.header}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {props.rows.map(row => (
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
  )
}
