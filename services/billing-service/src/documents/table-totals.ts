// Sums of the money columns of a table, kept while its rows stream by. One sum per currency, because
// amounts add only within one.

import type { Currency } from '../core/money.ts'
import { sumMinor } from '../core/money.ts'
import { currencyOf, type TableView } from './table.ts'
import { fill, wordsOf } from './words.ts'

export interface TableTotals<Row> {
  readonly add: (row: Row) => void
  /** For each currency seen, in order of its code, the sums by column index. */
  readonly sums: () => readonly {
    readonly currency: Currency
    readonly byColumn: ReadonlyMap<number, number>
  }[]
}

/** The heading of a row of sums: its currency, and what was counted. */
export function totalLabel<Row>(table: TableView<Row>, currency: Currency): string {
  const words = wordsOf(table.language)
  return table.totalNote === undefined
    ? fill(words.totalOf, { currency })
    : fill(words.totalOfNoted, { currency, note: table.totalNote })
}

/** Starts empty sums for the columns that ask for a total. */
export function openTotals<Row>(table: TableView<Row>): TableTotals<Row> {
  const byCurrency = new Map<Currency, Map<number, number>>()
  const summed = [...table.columns.entries()].flatMap(([index, column]) =>
    column.kind === 'money' && column.total ? [{ index, column }] : [],
  )
  return {
    add(row) {
      for (const { index, column } of summed) {
        if (!column.total?.(row)) continue
        const currency = currencyOf(column, row)
        const amountMinor = column.value(row)
        if (currency === null || amountMinor === null) continue
        const sums = byCurrency.get(currency) ?? new Map<number, number>()
        byCurrency.set(currency, sums)
        sums.set(index, sumMinor([sums.get(index) ?? 0, amountMinor]))
      }
    },
    sums: () =>
      [...byCurrency.entries()]
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([currency, byColumn]) => ({ currency, byColumn })),
  }
}
