// Rows for the store's contract: events, audit lines, approvals, answers, reservations, keys.
import type { Approval } from '../../core/approval.ts'
import type { Customer } from '../../core/customer.ts'
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

/** A refund of 600 that waits for a second person. */
export const approvalRow = (
  { tenantId, id: customerId }: Customer,
  more: Partial<Approval> = {},
): Approval => ({
  tenantId,
  id: `apr_${serial()}`,
  kind: 'refund',
  state: 'waiting',
  objectId: `txn_${serial()}`,
  customerId,
  currency: 'USD',
  amountMinor: 60_000,
  input: { amountMinor: 60_000 },
  requestedBy: 'ada',
  reason: null,
  requestKey: null,
  decidedBy: null,
  decisionReason: null,
  decidedAt: null,
  resultId: null,
  refusal: null,
  expiresAt: newYear + dayMs,
  createdAt: newYear,
  updatedAt: newYear,
  version: 1,
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
