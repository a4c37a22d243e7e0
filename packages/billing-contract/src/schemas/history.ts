// Events and audit lines as callers see them.
import { type Static, Type } from 'typebox'
import { Nullable, Time } from './values.ts'

export const DomainEvent = Type.Object({
  id: Type.String(),
  tenantId: Type.String(),
  type: Type.String({ description: '`<noun>.<what happened>`, such as `invoice.paid`' }),
  objectId: Type.String(),
  data: Type.Record(Type.String(), Type.Unknown()),
  occurredAt: Time,
  recordedAt: Time,
})

export const AuditLine = Type.Object({
  id: Type.String(),
  tenantId: Type.String(),
  actor: Type.String({ description: 'Subject of the token; `job:<name>` for our own work' }),
  role: Type.String(),
  action: Type.String(),
  objectId: Type.String(),
  changes: Type.Record(Type.String(), Type.Unknown()),
  requestId: Type.String(),
  reason: Nullable(Type.String({ description: 'Of `X-Reason`, or the `reason` of the request' })),
  ipAddress: Nullable(Type.String()),
  recordedAt: Time,
})

export type DomainEventWire = Static<typeof DomainEvent>
export type AuditLineWire = Static<typeof AuditLine>
