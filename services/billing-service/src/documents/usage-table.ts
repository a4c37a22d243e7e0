// Single usage events as a table for export, as they were recorded.
import type { UsageEvent } from '../core/usage.ts'
import { decimal, instant, sheetOnly, tenantColumns, text } from './columns.ts'
import { frameOf, type TableContext, type TableView } from './table.ts'
import { tableWords } from './table-words.ts'

/** What the columns read of a row. */
export const usageFields = [
  'tenantId',
  'idempotencyKey',
  'occurredAt',
  'metric',
  'quantity',
  'subscriptionId',
  'periodStart',
  'late',
  'corrects',
  'recordedAt',
] as const satisfies readonly (keyof UsageEvent)[]

type Listed = Pick<UsageEvent, (typeof usageFields)[number]>

/** Declares the columns; the rows come subscription by subscription, the last recorded first. */
export function usageTable(context: TableContext): TableView<Listed> {
  const words = tableWords(context.language)
  return {
    title: words.usage,
    ...frameOf(context),
    columns: [
      ...tenantColumns<Listed>(context),
      instant(words.occurred, row => row.occurredAt),
      text(words.metric, 18, row => row.metric),
      decimal(words.quantity, row => row.quantity),
      text(words.subscriptionId, 31, row => row.subscriptionId),
      instant(words.usagePeriod, row => row.periodStart),
      sheetOnly(text(words.late, 8, row => (row.late ? words.yes : words.no))),
      sheetOnly(text(words.corrects, 31, row => row.corrects)),
      sheetOnly(instant(words.recorded, row => row.recordedAt)),
      text(words.eventKey, 31, row => row.idempotencyKey),
    ],
  }
}
