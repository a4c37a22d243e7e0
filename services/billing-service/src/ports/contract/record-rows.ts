// Rows for the store's contract: events, audit lines, answers, reservations, keys.
import type { DataKey } from '../../core/data-key.ts'
import type { AuditLine, DomainEvent, IdempotentAnswer, Reservation } from '../../core/records.ts'
import { dayMs, newYear, serial } from './rows.ts'

export const eventRow = (tenantId: string, more: Partial<DomainEvent> = {}): DomainEvent => ({
  tenantId,
  id: `evt_${serial()}`,
  type: 'invoice.finalized',
  objectId: `inv_${serial()}`,
  data: {},
  occurredAt: newYear,
  recordedAt: newYear,
  ...more,
})

export const auditRow = (tenantId: string, more: Partial<AuditLine> = {}): AuditLine => ({
  tenantId,
  id: `aud_${serial()}`,
  actor: 'ada',
  role: 'admin',
  action: 'invoice.void',
  objectId: `inv_${serial()}`,
  changes: {},
  requestId: `req_${serial()}`,
  reason: null,
  ipAddress: null,
  recordedAt: newYear,
  ...more,
})

export const answerRow = (
  tenantId: string,
  more: Partial<IdempotentAnswer> = {},
): IdempotentAnswer => ({
  tenantId,
  id: `hash-${serial()}`,
  requestHash: 'hash of the body',
  state: 'running',
  status: null,
  body: null,
  createdAt: newYear,
  expiresAt: newYear + dayMs,
  version: 1,
  ...more,
})

export const reservationRow = (tenantId: string, more: Partial<Reservation> = {}): Reservation => ({
  tenantId,
  id: `card:${serial()}`,
  holder: `req_${serial()}`,
  heldUntil: newYear,
  version: 1,
  ...more,
})

export const dataKeyRow = (tenantId: string, more: Partial<DataKey> = {}): DataKey => ({
  tenantId,
  id: `key-${serial()}`,
  purpose: 'erasable',
  masterId: 'one',
  wrapped: 'wrapped bytes',
  createdAt: newYear,
  destroyedAt: null,
  version: 1,
  ...more,
})
