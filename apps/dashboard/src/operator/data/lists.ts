// What the console reads over all tenants, page by page.
import { usePages, useRead } from '@quittance/billing-react/data/read'
import type { Search } from '../address.ts'
import { spanOf } from '../parts/filters.tsx'
import type { InvoiceRow, SubscriptionRow, TenantRow, TransactionRow } from './wire.ts'

const pageSize = 50

const after = (cursor: string | undefined) => (cursor === undefined ? {} : { cursor })

/** The parts of the address that a list takes. */
function picked<K extends string>(
  search: Search,
  ...names: readonly K[]
): Partial<Record<K, string>> {
  const found = names.flatMap(name => (search[name] ? [[name, search[name]] as const] : []))
  return Object.fromEntries(found) as Partial<Record<K, string>>
}

export const useTenants = (search: Search) =>
  usePages<TenantRow>(['issuer', 'tenants', search.q, spanOf(search)], (client, cursor, options) =>
    client.listTenants(
      { limit: pageSize, ...picked(search, 'q'), ...spanOf(search), ...after(cursor) },
      options,
    ),
  )

/** One tenant; null when there is none with this id. */
export const useTenant = (tenantId: string) =>
  useRead<TenantRow | null>(['issuer', 'tenant', tenantId], async (client, options) => {
    const { data } = await client.listTenants({ q: tenantId, limit: 1 }, options)
    return data.find(each => each.tenantId === tenantId) ?? null
  })

export const useIssuerSubscriptions = (search: Search) => {
  const query = { ...picked(search, 'status', 'planCode', 'tenantId'), ...spanOf(search) }
  return usePages<SubscriptionRow>(['issuer', 'subscriptions', query], (client, cursor, options) =>
    client.listIssuerSubscriptions({ limit: pageSize, ...query, ...after(cursor) }, options),
  )
}

export const useIssuerInvoices = (search: Search) => {
  const query = { ...picked(search, 'status', 'invoiceNumber', 'tenantId'), ...spanOf(search) }
  return usePages<InvoiceRow>(['issuer', 'invoices', query], (client, cursor, options) =>
    client.listIssuerInvoices({ limit: pageSize, ...query, ...after(cursor) }, options),
  )
}

export const useIssuerTransactions = (search: Search) => {
  const query = { ...picked(search, 'status', 'type', 'tenantId'), ...spanOf(search) }
  return usePages<TransactionRow>(['issuer', 'transactions', query], (client, cursor, options) =>
    client.listIssuerTransactions({ limit: pageSize, ...query, ...after(cursor) }, options),
  )
}
