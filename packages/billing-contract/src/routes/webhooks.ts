// Where the processor delivers its events, and what operators see and do about them.
import { Type } from 'typebox'
import { route } from '../route.ts'
import { listOf } from '../schemas/values.ts'
import { Replayed, WebhookEvent, WebhookEventDetail } from '../schemas/webhook-event.ts'
import { recordedQuery, strict } from './list-query.ts'

const text = Type.Optional(Type.String({ minLength: 1, maxLength: 255 }))
const status = Type.Enum(['received', 'applied', 'ignored', 'failed', 'dead'])
const filters = { type: text, objectId: text, tenantId: text, status: Type.Optional(status) }

export const webhookRoutes = {
  receiveStripeWebhook: route({
    method: 'POST',
    path: '/webhooks/stripe',
    tag: 'Webhooks',
    summary: 'Where Stripe delivers its events',
    description:
      'Takes the raw body with its Stripe-Signature header; answers 200 when the event is stored, and 200 again for a repetition.',
    permission: null,
    tenant: false,
    status: 200,
    reply: Type.Object({ received: Type.Boolean() }),
    refusals: ['invalid_signature', 'unavailable'],
  }),
  listWebhookEvents: route({
    method: 'GET',
    path: '/webhook-events',
    tag: 'Webhooks',
    summary: 'The events of Stripe that arrived, newest first, with what became of them',
    permission: 'operations.manage',
    tenant: false,
    query: Type.Object({ ...recordedQuery, ...filters }, strict),
    status: 200,
    reply: listOf(WebhookEvent),
    refusals: ['invalid_cursor', 'invalid_timestamp'],
  }),
  getWebhookEvent: route({
    method: 'GET',
    path: '/webhook-events/:id',
    tag: 'Webhooks',
    summary: 'One event with its payload',
    permission: 'operations.manage',
    tenant: false,
    status: 200,
    reply: WebhookEventDetail,
    refusals: [],
  }),
  replayWebhookEvent: route({
    method: 'POST',
    path: '/webhook-events/:id/replay',
    tag: 'Webhooks',
    summary: 'Apply an event again: its object is read afresh and settled',
    description: 'Harmless at any time: what is known already is not booked again.',
    permission: 'operations.manage',
    tenant: false,
    status: 200,
    reply: WebhookEvent,
    refusals: [],
  }),
  replayWebhookEvents: route({
    method: 'POST',
    path: '/webhook-events/replay',
    tag: 'Webhooks',
    summary: 'Apply all events of a filter again, such as everything given up since yesterday',
    description: 'At most 1,000 events a call; `hasMore` says whether to call again.',
    permission: 'operations.manage',
    tenant: false,
    body: Type.Object(
      { ...filters, from: recordedQuery.from, to: recordedQuery.to },
      { ...strict, minProperties: 1 },
    ),
    status: 200,
    reply: Replayed,
    refusals: ['invalid_timestamp'],
  }),
} as const
