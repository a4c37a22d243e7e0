// What happened to a tenant's records, and who did it.
import { Type } from 'typebox'
import { route } from '../route.ts'
import { AuditLine, DomainEvent } from '../schemas/history.ts'
import { listOf } from '../schemas/values.ts'
import { recordedQuery, strict } from './list-query.ts'

const text = Type.Optional(Type.String({ minLength: 1, maxLength: 128 }))

/** What audit lines can be narrowed by, besides their time. */
export const auditQuery = { actor: text, action: text, objectId: text, requestId: text }

export const historyRoutes = {
  listEvents: route({
    method: 'GET',
    path: '/events',
    tag: 'History',
    summary: 'The domain events of a tenant, newest first',
    permission: 'history.read',
    tenant: true,
    query: Type.Object({ ...recordedQuery, type: text, objectId: text }, strict),
    status: 200,
    reply: listOf(DomainEvent),
    refusals: ['invalid_cursor'],
  }),
  listAuditLog: route({
    method: 'GET',
    path: '/audit-log',
    tag: 'History',
    summary: 'Who changed what, newest first',
    permission: 'history.read',
    tenant: true,
    query: Type.Object({ ...recordedQuery, ...auditQuery }, strict),
    status: 200,
    reply: listOf(AuditLine),
    refusals: ['invalid_cursor'],
  }),
  listIssuerAuditLog: route({
    method: 'GET',
    path: '/issuer/audit-log',
    tag: 'Issuer',
    summary: 'Who changed what, of all tenants and of the issuer itself, newest first',
    description:
      'What belongs to no tenant (plans, coupons, tax rates, branding, keys and endpoints of the issuer) has `tenantId` null.',
    permission: 'issuer.read',
    tenant: false,
    query: Type.Object({ ...recordedQuery, tenantId: text, ...auditQuery }, strict),
    status: 200,
    reply: listOf(AuditLine),
    refusals: ['invalid_cursor'],
  }),
} as const
