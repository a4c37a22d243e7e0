// The lists that can be taken away as files, each as data: its columns, and how its rows stream.
import type { Subscription } from '../../core/subscription.ts'
import type { Instant } from '../../core/time.ts'
import { auditLogFields, auditLogTable } from '../../documents/audit-log-table.ts'
import { creditNoteFields, creditNotesTable } from '../../documents/credit-notes-table.ts'
import { customerFields, customersTable } from '../../documents/customers-table.ts'
import { invoiceFields, invoicesTable } from '../../documents/invoices-table.ts'
import type { TableContext, TableView } from '../../documents/table.ts'
import { transactionFields, transactionsTable } from '../../documents/transactions-table.ts'
import { usageFields, usageTable } from '../../documents/usage-table.ts'
import type { CollectionName, RowOf } from '../../ports/collections.ts'
import type { Field, Reads, Where } from '../../ports/store.ts'

export interface ExportInput {
  /** Equality by field, as the list takes it. */
  readonly where: Readonly<Record<string, string>>
  /** Epoch milliseconds: created (usage: recorded) at or after, and before. */
  readonly from?: Instant | undefined
  readonly to?: Instant | undefined
}

type Source = Pick<Reads<CollectionName>, 'stream' | 'streamFields' | 'count'>

export interface ListNoun<Row> {
  readonly table: (context: TableContext) => TableView<Row>
  readonly rows: (source: Source, input: ExportInput) => AsyncIterable<Row>
  readonly count: (source: Source, input: ExportInput) => Promise<number>
}

type Listed = 'transactions' | 'invoices' | 'creditNotes' | 'customers' | 'auditLines'

const spanOf = <F extends string>(field: F, { from, to }: ExportInput) =>
  from === undefined && to === undefined
    ? {}
    : {
        range: {
          field,
          ...(from === undefined ? {} : { from }),
          ...(to === undefined ? {} : { to }),
        },
      }

/** A collection as its list shows it, newest first. */
function newestFirst<C extends Listed, F extends Field<C>>(
  collection: C,
  fields: readonly F[],
  table: ListNoun<Pick<RowOf<C>, F>>['table'],
  time: 'createdAt' | 'recordedAt' = 'createdAt',
): ListNoun<Pick<RowOf<C>, F>> {
  const field = time as Field<C>
  return {
    table,
    rows: (source, input) =>
      source.streamFields<C, F>(collection, fields, {
        where: input.where as Where<C>,
        ...spanOf(field, input),
        order: { field, direction: 'desc' },
      }),
    count: (source, input) =>
      source.count<C>(collection, {
        where: input.where as Where<C>,
        // The order of the list leads to the rows, whatever narrows them.
        range: {
          field,
          from: input.from ?? 0,
          ...(input.to === undefined ? {} : { to: input.to }),
        },
      }),
  }
}

/**
 * Events stand in the order of their subscription, which is how they are indexed: recording usage has no other
 * index to keep for the sake of a file.
 */
async function* usageFilters(source: Source, input: ExportInput) {
  const { subscriptionId: id, metric, tenantId } = input.where
  const subscriptions = source.stream('subscriptions', {
    where: {
      ...(id !== undefined && { id: id as Subscription['id'] }),
      ...(tenantId !== undefined && { tenantId }),
    },
    order: { field: 'createdAt', direction: 'desc' },
  })
  for await (const subscription of subscriptions) {
    const where = {
      tenantId: subscription.tenantId,
      subscriptionId: subscription.id,
      ...(metric !== undefined && { metric }),
    }
    yield { where, ...spanOf('recordedAt', input) }
  }
}

async function* usageRows(source: Source, input: ExportInput) {
  const order = { field: 'recordedAt', direction: 'desc' } as const
  for await (const filter of usageFilters(source, input)) {
    yield* source.streamFields('usageEvents', usageFields, { ...filter, order })
  }
}

async function countUsage(source: Source, input: ExportInput): Promise<number> {
  let events = 0
  for await (const filter of usageFilters(source, input)) {
    events += await source.count('usageEvents', filter)
  }
  return events
}

export const listNouns = {
  transactions: newestFirst('transactions', transactionFields, transactionsTable),
  invoices: newestFirst('invoices', invoiceFields, invoicesTable),
  'credit-notes': newestFirst('creditNotes', creditNoteFields, creditNotesTable),
  customers: newestFirst('customers', customerFields, customersTable),
  usage: { table: usageTable, rows: usageRows, count: countUsage },
  'audit-log': newestFirst('auditLines', auditLogFields, auditLogTable, 'recordedAt'),
} as const

export type ExportNoun = keyof typeof listNouns

/** A table with its rows; what a row is, the columns alone know. */
export interface OpenTable {
  readonly table: TableView<unknown>
  readonly rows: AsyncIterable<unknown>
}

/** Declares the table of a noun and starts its rows; nothing is read before they are asked for. */
export function openList(
  noun: ExportNoun,
  source: Source,
  context: TableContext,
  input: ExportInput,
): OpenTable {
  const { table, rows } = listNouns[noun] as unknown as ListNoun<unknown>
  return { table: table(context), rows: rows(source, input) }
}
