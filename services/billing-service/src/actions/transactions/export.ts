// All matching transactions as a file, streamed: memory does not grow with their number.
import type { Caller } from '../../core/caller.ts'
import type { Transaction } from '../../core/payment.ts'
import { localDate } from '../../core/time.ts'
import type { Deps } from '../../deps.ts'
import { transactionsTable } from '../../documents/transactions-table.ts'
import type { Where } from '../../ports/store.ts'
import { enter } from '../enter.ts'
import { type ExportedFile, tableFile, tableFormat } from '../exports/table-file.ts'

export interface ExportInput {
  readonly where: Where<'transactions'>
  readonly from?: number | undefined
  readonly to?: number | undefined
  readonly language: 'en' | 'zh-CN' | null
}

/** Refuses `not_found` for a format that does not exist. */
export async function exportTransactions(
  deps: Deps,
  caller: Caller,
  formatName: string,
  input: ExportInput,
): Promise<ExportedFile> {
  const format = tableFormat(formatName)
  const { settings, at } = await enter(deps, caller)
  const table = transactionsTable({
    language: input.language ?? caller.language,
    filters: null,
    zone: settings.zone,
    issuerName: deps.issuer.name ?? '',
    generatedAt: at,
  })
  const name = `transactions-${localDate(at, settings.zone)}`
  return tableFile(deps, format, name, table, rowsOf(deps, caller, input))
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
