// What happened to a tenant's records, and who did it.
import { Type } from 'typebox'
import { route } from '../route.ts'
import { AuditLine, DomainEvent } from '../schemas/history.ts'
import { listOf } from '../schemas/values.ts'
import { recordedQuery, strict } from './list-query.ts'

const text = Type.Optional(Type.String({ minLength: 1, maxLength: 128 }))

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
    query: Type.Object({ ...recordedQuery, action: text, objectId: text, actor: text }, strict),
    status: 200,
    reply: listOf(AuditLine),
    refusals: ['invalid_cursor'],
  }),
} as const
