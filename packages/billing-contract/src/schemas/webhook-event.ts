// An event of the processor as an operator sees it.
import { type Static, Type } from 'typebox'
import { Nullable, Time } from './values.ts'

export const WebhookEvent = Type.Object({
  id: Type.String(),
  type: Type.String(),
  objectId: Type.String({ description: 'The object that the event is about' }),
  subject: Nullable(
    Type.String({ description: 'What is read afresh, as `<type>:<id>`; null: nothing is' }),
  ),
  apiVersion: Nullable(Type.String()),
  source: Type.String({ description: 'webhook | backfill' }),
  status: Type.String({ description: 'received | applied | ignored | failed | dead' }),
  attempts: Type.Integer(),
  reason: Nullable(Type.String({ description: 'Why it was ignored, failed or given up' })),
  tenantId: Nullable(Type.String({ description: 'Whose record it changed' })),
  occurredAt: Time,
  receivedAt: Time,
  nextAttempt: Nullable(Time),
  processedAt: Nullable(Time),
  replays: Type.Integer(),
  replayedBy: Nullable(Type.String()),
})

export const WebhookEventDetail = Type.Object({
  ...WebhookEvent.properties,
  payload: Type.Unknown({ description: 'The event as it arrived' }),
})

export const Replayed = Type.Object({
  replayed: Type.Integer(),
  hasMore: Type.Boolean({ description: 'The limit of one call was met: call again' }),
})

export type WebhookEventWire = Static<typeof WebhookEvent>
export type WebhookEventDetailWire = Static<typeof WebhookEventDetail>
