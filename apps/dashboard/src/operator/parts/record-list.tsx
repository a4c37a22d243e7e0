// A list of records page by page: sorted, exported as shown, cards on phones.
import {
  EmptyTeach,
  ErrorCard,
  TableSkeleton,
  useBilling,
} from '@quittance/billing-react/billing-react'
import { saveFile } from '@quittance/billing-react/data/download'
import { Button, Table } from 'antd'
import type { ColumnType } from 'antd/es/table'
import { type MouseEvent, type ReactNode, useMemo } from 'react'
import { useIsNarrow } from '../../media.ts'
import { useAddress } from '../address.ts'
import { type CsvValue, csvFile } from '../csv.ts'
import { useWords } from '../words/words.ts'
import { type Order, orderOf, sorted } from './order.ts'

export interface Column<Row> {
  readonly key: string
  readonly header: string
  readonly cell: (row: Row) => ReactNode
  /** As it is exported and put in order; null: a column of buttons, with nothing to say. */
  readonly plain: ((row: Row) => CsvValue) | null
  /** Figures are right-aligned. */
  readonly figures?: boolean
  /** Where it stands on a card; left out of cards by default. */
  readonly slot?: 'title' | 'amount' | 'note' | 'status'
  /** What a card shows where a cell relies on its header or its neighbour. */
  readonly card?: (row: Row) => ReactNode
}

/** The part of a read list that is needed here. */
export interface RecordPages<Row> {
  readonly items: readonly Row[] | undefined
  readonly error: unknown
  readonly hasNextPage?: boolean
  readonly isFetchingNextPage?: boolean
  readonly fetchNextPage?: () => unknown
  readonly refetch: () => unknown
}

export interface RecordListProps<Row> {
  /** Names the table, and the file of an export. */
  readonly caption: string
  readonly pages: RecordPages<Row>
  readonly columns: readonly Column<Row>[]
  readonly rowKey: (row: Row) => string
  readonly empty: { readonly title: string; readonly hint?: string }
  readonly onOpen?: (row: Row) => void
  readonly exportName: string
}

const isOfControl = (event: MouseEvent): boolean =>
  event.target instanceof Element && event.target.closest('a, button, input, label') !== null

function useAntColumns<Row>(
  columns: readonly Column<Row>[],
  order: Order | null,
): ColumnType<Row>[] {
  return useMemo(
    () =>
      columns.map(column => ({
        key: column.key,
        title: column.header,
        align: column.figures ? ('right' as const) : ('left' as const),
        sorter: column.plain !== null,
        showSorterTooltip: false,
        sortOrder: order?.key === column.key ? order.direction : null,
        className: column.figures ? 'op-figures' : '',
        render: (_: unknown, row: Row) => column.cell(row),
      })),
    [columns, order],
  )
}

function Cards<Row>({ caption, columns, rows, rowKey }: CardsProps<Row>): ReactNode {
  const inSlot = (row: Row, slot: Column<Row>['slot']) =>
    columns
      .filter(column => column.slot === slot)
      .map(column => <span key={column.key}>{(column.card ?? column.cell)(row)}</span>)
  return (
    <ul className="op-cards" aria-label={caption}>
      {rows.map(row => (
        <li key={rowKey(row)} className="op-card">
          <div className="op-card-line">
            <div className="op-card-title">{inSlot(row, 'title')}</div>
            <div className="op-figures">{inSlot(row, 'amount')}</div>
          </div>
          <div className="op-card-line qt-secondary">
            <div className="op-card-title">{inSlot(row, 'note')}</div>
            <div>{inSlot(row, 'status')}</div>
          </div>
        </li>
      ))}
    </ul>
  )
}

interface CardsProps<Row> {
  readonly caption: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly rowKey: (row: Row) => string
}

/** The rows that were read, and what can be done with them as a whole. */
function Shown<Row>(props: RecordListProps<Row> & { readonly rows: readonly Row[] }): ReactNode {
  const t = useWords()
  const { reader } = useBilling()
  const { search, change } = useAddress()
  const isNarrow = useIsNarrow()
  const order = orderOf(search.sort, props.columns)
  const antColumns = useAntColumns(props.columns, order)
  const rows = useMemo(
    () => sorted(props.rows, order, props.columns, reader.language),
    [props.rows, order, props.columns, reader.language],
  )
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = props.pages
  const save = () => {
    const told = props.columns.filter(column => column.plain !== null)
    const file = csvFile(
      told.map(column => column.header),
      rows.map(row => told.map(column => column.plain?.(row) ?? null)),
    )
    saveFile(file, 'text/csv;charset=utf-8', `${props.exportName}.csv`)
  }
  return (
    <>
      {isNarrow ? (
        <Cards {...props} rows={rows} />
      ) : (
        <section className="op-table" aria-label={props.caption}>
          <Table<Row>
            size="small"
            columns={antColumns}
            dataSource={rows}
            rowKey={props.rowKey}
            pagination={false}
            tableLayout="auto"
            scroll={{ x: 'max-content' }}
            sortDirections={['ascend', 'descend']}
            onChange={(_, __, sorter) => {
              const chosen = Array.isArray(sorter) ? sorter[0] : sorter
              const key = String(chosen?.columnKey ?? '')
              const sign = chosen?.order === 'descend' ? '-' : ''
              change({ sort: chosen?.order ? `${sign}${key}` : null })
            }}
            {...(props.onOpen
              ? {
                  onRow: row => ({
                    className: 'op-opens',
                    onClick: event => {
                      if (!isOfControl(event)) props.onOpen?.(row)
                    },
                  }),
                }
              : {})}
          />
        </section>
      )}
      <div className="op-below">
        <p className="qt-secondary qt-small" role="status">
          {t(hasNextPage ? 'list.shownOfMore' : 'list.shown', { count: rows.length })}
        </p>
        {hasNextPage ? (
          <Button loading={isFetchingNextPage ?? false} onClick={() => fetchNextPage?.()}>
            {t('list.more')}
          </Button>
        ) : null}
        <Button onClick={save}>{t('list.export', { count: rows.length })}</Button>
      </div>
    </>
  )
}

/** Skeleton, error, teaching words or rows. */
export function RecordList<Row>(props: RecordListProps<Row>): ReactNode {
  const { items, error, refetch } = props.pages
  if (error && items === undefined) return <ErrorCard error={error} onRetry={() => refetch()} />
  if (items === undefined) return <TableSkeleton rows={8} />
  if (items.length === 0) return <EmptyTeach {...props.empty} />
  return <Shown {...props} rows={items} />
}
