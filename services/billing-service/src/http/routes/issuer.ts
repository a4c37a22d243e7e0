import { issuerList, listTenants } from '../../actions/issuer/issuer-lists.ts'
import type { Invoice } from '../../core/invoice.ts'
import type { Transaction } from '../../core/payment.ts'
import type { Subscription } from '../../core/subscription.ts'
import { listInput, pageToWire, whereOf } from '../list-input.ts'
import { serve } from '../serve.ts'
import type { Server } from '../server.ts'
import { invoiceToWire } from '../wire/invoice.ts'
import { tenantToWire } from '../wire/issuer.ts'
import { transactionToWire } from '../wire/records.ts'
import { agreementToWire } from '../wire/subscription.ts'

export function issuerRoutes(server: Server): void {
  const { deps } = server

  serve(server, 'listTenants', async ({ query }) => {
    const page = await listTenants(deps, query.q, listInput(query))
    return pageToWire(page, tenantToWire)
  })
  serve(server, 'listIssuerSubscriptions', async ({ query }) => {
    const where = whereOf(query, ['tenantId', 'status', 'planCode']) as Partial<Subscription>
    const page = await issuerList(deps, 'subscriptions', where, listInput(query))
    return pageToWire(page, ({ row, customerName }) => ({
      ...agreementToWire(row),
      customerName,
    }))
  })
  serve(server, 'listIssuerInvoices', async ({ query, bearer }) => {
    const where = whereOf(query, ['tenantId', 'status', 'invoiceNumber']) as Partial<Invoice>
    const page = await issuerList(deps, 'invoices', where, listInput(query))
    return pageToWire(page, ({ row, customerName }) => ({
      ...invoiceToWire(row, bearer.language),
      customerName,
    }))
  })
  serve(server, 'listIssuerTransactions', async ({ query }) => {
    const where = whereOf(query, ['tenantId', 'status', 'type']) as Partial<Transaction>
    const page = await issuerList(deps, 'transactions', where, listInput(query))
    return pageToWire(page, ({ row, customerName }) => ({
      ...transactionToWire(row),
      customerName,
    }))
  })
}
