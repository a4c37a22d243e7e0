// Lists over all tenants, for the issuer's staff.
import { Type } from 'typebox'
import { route } from '../route.ts'
import {
  IssuerInvoice,
  IssuerSubscription,
  IssuerTenant,
  IssuerTransaction,
} from '../schemas/issuer.ts'
import { listOf } from '../schemas/values.ts'
import { listQuery, strict } from './list-query.ts'

const text = Type.Optional(Type.String({ minLength: 1, maxLength: 128 }))
const { limit, cursor, from, to, status } = listQuery
const paged = { limit, cursor, from, to, tenantId: text }

export const issuerRoutes = {
  listTenants: route({
    method: 'GET',
    path: '/issuer/tenants',
    tag: 'Issuer',
    summary: 'All tenants, newest first; with `q` those whose id begins with it, in order of ids',
    permission: 'issuer.read',
    tenant: false,
    query: Type.Object({ limit, cursor, from, to, q: text }, strict),
    status: 200,
    reply: listOf(IssuerTenant),
    refusals: ['invalid_cursor'],
  }),
  listIssuerSubscriptions: route({
    method: 'GET',
    path: '/issuer/subscriptions',
    tag: 'Issuer',
    summary: 'Subscriptions of all tenants, newest first',
    permission: 'issuer.read',
    tenant: false,
    query: Type.Object({ ...paged, status, planCode: text }, strict),
    status: 200,
    reply: listOf(IssuerSubscription),
    refusals: ['invalid_cursor'],
  }),
  listIssuerInvoices: route({
    method: 'GET',
    path: '/issuer/invoices',
    tag: 'Issuer',
    summary: 'Invoices of all tenants, newest first',
    permission: 'issuer.read',
    tenant: false,
    query: Type.Object({ ...paged, status, invoiceNumber: text }, strict),
    status: 200,
    reply: listOf(IssuerInvoice),
    refusals: ['invalid_cursor'],
  }),
  listIssuerTransactions: route({
    method: 'GET',
    path: '/issuer/transactions',
    tag: 'Issuer',
    summary: 'Transactions of all tenants, newest first',
    permission: 'issuer.read',
    tenant: false,
    query: Type.Object({ ...paged, status, type: text }, strict),
    status: 200,
    reply: listOf(IssuerTransaction),
    refusals: ['invalid_cursor'],
  }),
} as const
