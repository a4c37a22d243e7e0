// The order of the rows that are shown. A list is read newest first; another order is of what was read.
import type { CsvValue } from '../csv.ts'

export interface Order {
  readonly key: string
  readonly direction: 'ascend' | 'descend'
}

interface Sortable<Row> {
  readonly key: string
  readonly plain: ((row: Row) => CsvValue) | null
}

/** `amount` or `-amount` as the address says it; null: as it was read. */
export function orderOf(
  text: string | undefined,
  columns: readonly { readonly key: string }[],
): Order | null {
  const key = text?.replace(/^-/, '')
  if (!columns.some(column => column.key === key)) return null
  return { key: key!, direction: text!.startsWith('-') ? 'descend' : 'ascend' }
}

function compare(a: CsvValue, b: CsvValue, language: string): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null)
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return String(a).localeCompare(String(b), language, { numeric: true })
}

/** The rows in order. What is not known comes last when rising. */
export function sorted<Row>(
  rows: readonly Row[],
  order: Order | null,
  columns: readonly Sortable<Row>[],
  language: string,
): Row[] {
  const column = columns.find(each => each.key === order?.key)
  const plain = column?.plain
  if (!order || !plain) return [...rows]
  const sign = order.direction === 'descend' ? -1 : 1
  return rows.toSorted((a, b) => sign * compare(plain(a), plain(b), language))
}
