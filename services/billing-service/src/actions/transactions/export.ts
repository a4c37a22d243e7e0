// All matching transactions as a file, streamed: memory does not grow with their number.
import type { Caller } from '../../core/caller.ts'
import type { Transaction } from '../../core/payment.ts'
import { refuse } from '../../core/refusal.ts'
import { localDate } from '../../core/time.ts'
import type { Deps } from '../../deps.ts'
import { transactionsTable } from '../../documents/transactions-table.ts'
import type { ByteStream } from '../../ports/renderer.ts'
import type { Where } from '../../ports/store.ts'
import { enter } from '../enter.ts'

export interface ExportInput {
  readonly where: Where<'transactions'>
  readonly from?: number | undefined
  readonly to?: number | undefined
  readonly language: 'en' | 'zh-CN' | null
}

export interface ExportedFile {
  readonly contentType: string
  readonly filename: string
  readonly content: ByteStream | Uint8Array
}

const formats = new Map<string, 'csv' | 'xlsx' | 'pdf'>([
  ['csv', 'csv'],
  ['xlsx', 'xlsx'],
  ['excel', 'xlsx'],
  ['pdf', 'pdf'],
])

const contentTypes = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pdf: 'application/pdf',
} as const

/** Refuses `not_found` for a format that does not exist. */
export async function exportTransactions(
  deps: Deps,
  caller: Caller,
  formatName: string,
  input: ExportInput,
): Promise<ExportedFile> {
  const format = formats.get(formatName)
  if (format === undefined) refuse('not_found', { noun: 'export format', nounZh: '导出格式' })
  const { settings, at } = await enter(deps, caller)
  const table = transactionsTable({
    language: input.language ?? caller.language,
    filters: null,
    zone: settings.zone,
    issuerName: deps.issuer.name ?? '',
    generatedAt: at,
  })
  const rows = rowsOf(deps, caller, input)
  const filename = `transactions-${localDate(at, settings.zone)}.${format}`
  const contentType = contentTypes[format]
  if (format === 'pdf') {
    const pdf = await deps.renderer.tablePdf(table, rows)
    return { contentType, filename, content: pdf }
  }
  return { contentType, filename, content: deps.renderer[format](table, rows) }
}

function rowsOf(deps: Deps, caller: Caller, input: ExportInput): AsyncIterable<Transaction> {
  const { from, to, where } = input
  const bounded = from !== undefined || to !== undefined
  return deps.store.of(caller.tenantId).stream('transactions', {
    where,
    order: { field: 'createdAt', direction: 'desc' },
    ...(bounded
      ? {
          range: {
            field: 'createdAt',
            ...(from === undefined ? {} : { from }),
            ...(to === undefined ? {} : { to }),
          },
        }
      : {}),
  })
}
