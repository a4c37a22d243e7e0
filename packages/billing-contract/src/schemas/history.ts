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

const FieldChange = Type.Union([
  Type.Object({ from: Type.Unknown(), to: Type.Unknown() }),
  Type.Object({ hidden: Type.Literal(true) }, { description: 'It changed; its value is not told' }),
])

export const AuditLine = Type.Object({
  id: Type.String(),
  tenantId: Nullable(Type.String({ description: 'Null: of the issuer itself' })),
  actor: Type.String({ description: 'Subject of the token; `job:<name>` for our own work' }),
  role: Type.String(),
  action: Type.String(),
  objectId: Type.String(),
  changes: Type.Record(Type.String(), Type.Unknown()),
  changed: Type.Record(Type.String(), FieldChange, {
    description:
      'Each field before and after. Personal data and secrets are only said to have changed, because nothing is ever taken out of the audit log.',
  }),
  requestId: Type.String(),
  reason: Nullable(Type.String({ description: 'Of `X-Reason`, or the `reason` of the request' })),
  ipAddress: Nullable(Type.String()),
  recordedAt: Time,
})

export type DomainEventWire = Static<typeof DomainEvent>
export type AuditLineWire = Static<typeof AuditLine>
