import type {
  WebhookEventDetailWire,
  WebhookEventWire,
} from '@quittance/billing-contract/schemas/webhook-event'
import type { InboxEvent } from '../../core/inbox.ts'
import { toIso } from '../../core/time.ts'

const isoOrNull = (at: number | null): string | null => (at === null ? null : toIso(at))

export const webhookEventToWire = (event: InboxEvent): WebhookEventWire => ({
  id: event.id,
  type: event.type,
  objectId: event.objectId,
  subject: event.subject === '' ? null : event.subject,
  apiVersion: event.apiVersion,
  source: event.source,
  status: event.state,
  attempts: event.attempts,
  reason: event.reason,
  tenantId: event.tenantId,
  occurredAt: toIso(event.occurredAt),
  receivedAt: toIso(event.receivedAt),
  nextAttempt: isoOrNull(event.dueAt),
  processedAt: isoOrNull(event.processedAt),
  replays: event.replays,
  replayedBy: event.replayedBy,
})

export const webhookEventDetailToWire = (event: InboxEvent): WebhookEventDetailWire => ({
  ...webhookEventToWire(event),
  payload: event.payload,
})
