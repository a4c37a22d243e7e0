// Lists as files: the tenant's own, and those over all tenants for the issuer's staff.
import { exportList } from '../../actions/exports/export-list.ts'
import type { ExportInput, ExportNoun } from '../../actions/exports/nouns.ts'
import type { Caller } from '../../core/caller.ts'
import { listInput, whereOf } from '../list-input.ts'
import { sendFile } from '../send-file.ts'
import { serveFile } from '../serve.ts'
import type { Server } from '../server.ts'
import { auditFilters } from './history.ts'

type Query = Parameters<typeof listInput>[0] & Readonly<Record<string, unknown>>

/** What each list can be narrowed by, besides its time. */
const filters = {
  transactions: ['status', 'customerId', 'type', 'invoiceId'],
  invoices: ['status', 'customerId', 'subscriptionId', 'invoiceNumber'],
  'credit-notes': ['customerId', 'invoiceId'],
  customers: [],
  usage: ['subscriptionId', 'metric'],
  'audit-log': auditFilters,
} as const satisfies Record<ExportNoun, readonly string[]>

/** What a noun can be narrowed by; nothing where it is no list. */
export const filtersOf = (noun: string): readonly string[] =>
  noun in filters ? filters[noun as ExportNoun] : []

/** The filters of a list, read. Refuses `invalid_timestamp`. */
export function exportInput(known: readonly string[], query: Query): ExportInput {
  const { from, to } = listInput(query)
  const where = whereOf(query, ['tenantId', ...known]) as Record<string, string>
  return { where, from, to }
}

export function exportRoutes(server: Server): void {
  const { deps } = server

  const tenantExports = {
    transactions: 'exportTransactions',
    invoices: 'exportInvoices',
    'credit-notes': 'exportCreditNotes',
    customers: 'exportCustomers',
    usage: 'exportUsage',
    'audit-log': 'exportAuditLog',
  } as const
  const issuerExports = {
    transactions: 'exportIssuerTransactions',
    invoices: 'exportIssuerInvoices',
    'credit-notes': 'exportIssuerCreditNotes',
    customers: 'exportIssuerCustomers',
    usage: 'exportIssuerUsage',
    'audit-log': 'exportIssuerAuditLog',
  } as const

  for (const noun of Object.keys(filters) as ExportNoun[]) {
    for (const name of [tenantExports[noun], issuerExports[noun]]) {
      serveFile(server, name, async ({ caller, bearer, params, query, reply }) => {
        const file = await exportList(deps, params.format, {
          noun,
          tenantId: (caller as Caller | null)?.tenantId ?? null,
          language: query.lang ?? bearer.language,
          ...exportInput(filters[noun], query),
        })
        return sendFile(reply, file)
      })
    }
  }
}
