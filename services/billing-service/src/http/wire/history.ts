import type { AuditLineWire, DomainEventWire } from '@quittance/billing-contract/schemas/history'
import type { AuditLine, DomainEvent } from '../../core/records.ts'
import { toIso } from '../../core/time.ts'
import { issuerTenant } from '../../core/webhook.ts'

export const eventToWire = (event: DomainEvent): DomainEventWire => ({
  id: event.id,
  tenantId: event.tenantId,
  type: event.type,
  objectId: event.objectId,
  data: { ...event.data },
  occurredAt: toIso(event.occurredAt),
  recordedAt: toIso(event.recordedAt),
})

function changesOf({ changes: { changed = {}, ...changes } }: AuditLine) {
  return { changes, changed: { ...changed } }
}

export const auditLineToWire = (line: AuditLine): AuditLineWire => ({
  id: line.id,
  tenantId: line.tenantId === issuerTenant ? null : line.tenantId,
  actor: line.actor,
  role: line.role,
  action: line.action,
  objectId: line.objectId,
  ...changesOf(line),
  requestId: line.requestId,
  reason: line.reason,
  ipAddress: line.ipAddress,
  recordedAt: toIso(line.recordedAt),
})
