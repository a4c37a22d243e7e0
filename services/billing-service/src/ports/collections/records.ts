// What changes leave behind, and what keeps requests from being done twice.
import type {
  AuditLine,
  DomainEvent,
  IdempotentAnswer,
  Notice,
  Reservation,
} from '../../core/records.ts'
import { declare } from './declare.ts'

export const recordsCollections = {
  events: declare<DomainEvent>({
    scope: 'tenant',
    table: 'events',
    fields: {
      tenantId: 'text',
      id: 'text',
      type: 'text',
      objectId: 'text',
      data: 'json',
      occurredAt: 'instant',
      recordedAt: 'instant',
    },
    key: ['id'],
    indexes: [
      ['recordedAt', 'id'],
      ['objectId', 'recordedAt', 'id'],
    ],
    systemIndexes: [['recordedAt', 'tenantId', 'id']],
    appendOnly: true,
    retained: { fields: ['data'], basis: 'accountability' },
  }),
  auditLines: declare<AuditLine>({
    scope: 'tenant',
    table: 'audit_lines',
    fields: {
      tenantId: 'text',
      id: 'text',
      actor: 'text',
      role: 'text',
      action: 'text',
      objectId: 'text',
      changes: 'json',
      requestId: 'text',
      reason: 'text?',
      ipAddress: 'text?',
      recordedAt: 'instant',
    },
    key: ['id'],
    indexes: [
      ['recordedAt', 'id'],
      ['objectId', 'recordedAt', 'id'],
    ],
    systemIndexes: [
      ['recordedAt', 'tenantId', 'id'],
      ['actor', 'recordedAt', 'tenantId', 'id'],
      ['action', 'recordedAt', 'tenantId', 'id'],
      ['requestId', 'recordedAt', 'tenantId', 'id'],
    ],
    appendOnly: true,
    inClear: {
      actor: 'the audit log is asked by it; the name that the identity provider gives a caller',
    },
    retained: { fields: ['actor', 'changes', 'reason', 'ipAddress'], basis: 'accountability' },
  }),
  idempotentAnswers: declare<IdempotentAnswer>({
    scope: 'tenant',
    table: 'idempotent_answers',
    fields: {
      tenantId: 'text',
      id: 'text',
      requestHash: 'text',
      state: 'text',
      status: 'integer?',
      body: 'json?',
      createdAt: 'instant',
      expiresAt: 'instant',
      version: 'integer',
    },
    key: ['id'],
    systemIndexes: [['expiresAt', 'tenantId', 'id']],
    removable: ['body'],
  }),
  reservations: declare<Reservation>({
    scope: 'tenant',
    table: 'reservations',
    fields: {
      tenantId: 'text',
      id: 'text',
      holder: 'text',
      heldUntil: 'instant',
      version: 'integer',
    },
    key: ['id'],
  }),
  notices: declare<Notice>({
    scope: 'tenant',
    table: 'notices',
    fields: { tenantId: 'text', id: 'text', objectId: 'text', createdAt: 'instant' },
    key: ['id'],
    appendOnly: true,
  }),
} as const
