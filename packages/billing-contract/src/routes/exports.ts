// Lists as files: with the filters of the list, streamed.
import { type TSchema, Type } from 'typebox'
import type { Permission } from '../permissions.ts'
import { route } from '../route.ts'
import { auditQuery } from './history.ts'
import { listQuery, strict } from './list-query.ts'

const { limit, cursor, from, to, status, customerId } = listQuery
const id = Type.Optional(Type.String({ maxLength: 64 }))
const name = Type.Optional(Type.String({ minLength: 1, maxLength: 128 }))
const lang = Type.Optional(Type.Union([Type.Literal('en'), Type.Literal('zh-CN')]))
const type = Type.Optional(
  Type.Union([
    Type.Literal('payment'),
    Type.Literal('refund'),
    Type.Literal('adjustment'),
    Type.Literal('fee'),
  ]),
)

/** What the list takes may stand in the address; pages mean nothing to a file. */
const paged = { limit, cursor, from, to, lang }
const transactions = { ...paged, status, customerId, type, invoiceId: id }
const invoices = { ...paged, status, customerId, subscriptionId: id }
const creditNotes = { ...paged, customerId, invoiceId: id }
const usage = { ...paged, subscriptionId: id, metric: name }
const auditLog = { ...paged, ...auditQuery }

const exported = <
  const P extends string,
  const M extends Permission,
  const T extends boolean,
  Q extends Record<string, TSchema>,
>(
  path: P,
  what: { tag: string; summary: string; permission: M; tenant: T; query: Q },
) =>
  route({
    method: 'GET',
    path,
    tag: what.tag,
    summary: `${what.summary} as csv, xlsx (or excel) or pdf, streamed`,
    permission: what.permission,
    tenant: what.tenant,
    query: Type.Object(what.query, strict),
    status: 200,
    reply: null,
    media: 'text/csv',
    refusals: ['not_found', 'invalid_timestamp'],
  })

const ofTenant = <
  const P extends string,
  const M extends Permission,
  Q extends Record<string, TSchema>,
>(
  path: P,
  tag: string,
  summary: string,
  permission: M,
  query: Q,
) => exported(path, { tag, summary, permission, tenant: true, query })

const ofAll = <const P extends string, Q extends Record<string, TSchema>>(
  path: P,
  summary: string,
  query: Q,
) =>
  exported(path, {
    tag: 'Issuer',
    summary,
    permission: 'issuer.read',
    tenant: false,
    query: { ...query, tenantId: name },
  })

export const exportRoutes = {
  exportTransactions: ofTenant(
    '/transactions/export/:format',
    'Transactions',
    'All matching transactions',
    'transactions.read',
    transactions,
  ),
  exportInvoices: ofTenant(
    '/invoices/export/:format',
    'Invoices',
    'All matching invoices',
    'invoices.read',
    invoices,
  ),
  exportCreditNotes: ofTenant(
    '/credit-notes/export/:format',
    'Credit notes',
    'All matching credit notes',
    'invoices.read',
    creditNotes,
  ),
  exportCustomers: ofTenant(
    '/customers/export/:format',
    'Customers',
    'All billing accounts',
    'customers.read',
    paged,
  ),
  exportUsage: ofTenant(
    '/usage/export/:format',
    'Usage',
    'Single usage events of all subscriptions or of one',
    'usage.audit',
    usage,
  ),
  exportAuditLog: ofTenant(
    '/audit-log/export/:format',
    'History',
    'Who changed what',
    'history.read',
    auditLog,
  ),
  exportIssuerTransactions: ofAll(
    '/issuer/transactions/export/:format',
    'Transactions of all tenants',
    transactions,
  ),
  exportIssuerInvoices: ofAll('/issuer/invoices/export/:format', 'Invoices of all tenants', {
    ...invoices,
    invoiceNumber: name,
  }),
  exportIssuerCreditNotes: ofAll(
    '/issuer/credit-notes/export/:format',
    'Credit notes of all tenants',
    creditNotes,
  ),
  exportIssuerCustomers: ofAll(
    '/issuer/customers/export/:format',
    'Billing accounts of all tenants',
    paged,
  ),
  exportIssuerUsage: ofAll(
    '/issuer/usage/export/:format',
    'Single usage events of all tenants',
    usage,
  ),
  exportIssuerAuditLog: ofAll(
    '/issuer/audit-log/export/:format',
    'Who changed what, of all tenants and of the issuer itself,',
    auditLog,
  ),
} as const
