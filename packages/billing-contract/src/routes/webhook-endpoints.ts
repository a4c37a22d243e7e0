// Where events are delivered to, and what became of it. Without a tenant: the issuer's own endpoints.
import { Type } from 'typebox'
import { route } from '../route.ts'
import { listOf } from '../schemas/values.ts'
import {
  EventTypes,
  SecretRotation,
  WebhookDelivery,
  WebhookEndpoint,
  WebhookEndpointChange,
  WebhookEndpointInput,
  WebhookEndpointWithSecret,
} from '../schemas/webhook-endpoint.ts'
import { listQuery, strict } from './list-query.ts'

const { limit, cursor } = listQuery

/** The tenant is that of the token or of X-Tenant-Id; an operator without one has the issuer's in hand. */
const common = { tag: 'Webhook endpoints', permission: 'webhooks.manage', tenant: false } as const

export const webhookEndpointRoutes = {
  listEventTypes: route({
    ...common,
    method: 'GET',
    path: '/webhook-endpoints/events',
    summary: 'Every type of event with the JSON Schema of its data',
    status: 200,
    reply: EventTypes,
    refusals: [],
  }),
  listWebhookEndpoints: route({
    ...common,
    method: 'GET',
    path: '/webhook-endpoints',
    summary: 'The endpoints that are told of events',
    query: Type.Object({ limit, cursor }, strict),
    status: 200,
    reply: listOf(WebhookEndpoint),
    refusals: ['invalid_cursor'],
  }),
  createWebhookEndpoint: route({
    ...common,
    method: 'POST',
    path: '/webhook-endpoints',
    summary: 'Have events delivered to an address',
    description:
      'Signed as Standard Webhooks: headers `webhook-id` (the event), `webhook-timestamp`, `webhook-signature`. At least once: know repetitions by `webhook-id`. In order as a rule, never surely: a delivery that fails comes again later. Each is tried for 3 days. Told of what happens from now on; an operator without X-Tenant-Id makes one that is told of all tenants.',
    body: WebhookEndpointInput,
    unkept: true,
    status: 201,
    reply: WebhookEndpointWithSecret,
    refusals: [
      'webhook_url_refused',
      'unknown_event_type',
      'too_many_endpoints',
      'tenant_required',
    ],
  }),
  getWebhookEndpoint: route({
    ...common,
    method: 'GET',
    path: '/webhook-endpoints/:id',
    summary: 'One endpoint',
    status: 200,
    reply: WebhookEndpoint,
    refusals: ['not_found'],
  }),
  updateWebhookEndpoint: route({
    ...common,
    method: 'PATCH',
    path: '/webhook-endpoints/:id',
    summary: 'Change an endpoint, or switch it off and on',
    description: 'What happens while it is off is not delivered later.',
    body: WebhookEndpointChange,
    status: 200,
    reply: WebhookEndpoint,
    refusals: ['not_found', 'webhook_url_refused', 'unknown_event_type'],
  }),
  deleteWebhookEndpoint: route({
    ...common,
    method: 'DELETE',
    path: '/webhook-endpoints/:id',
    summary: 'Deliver there no more, and forget its secrets',
    status: 204,
    reply: null,
    refusals: ['not_found'],
  }),
  rotateWebhookSecret: route({
    ...common,
    method: 'POST',
    path: '/webhook-endpoints/:id/rotate-secret',
    summary: 'Give an endpoint a new secret',
    description: 'Until the overlap is over, deliveries carry a signature by each of the two.',
    body: SecretRotation,
    unkept: true,
    status: 200,
    reply: WebhookEndpointWithSecret,
    refusals: ['not_found'],
  }),
  listWebhookDeliveries: route({
    ...common,
    method: 'GET',
    path: '/webhook-endpoints/:id/deliveries',
    summary: 'What was delivered to an endpoint, newest first',
    query: Type.Object(
      {
        limit,
        cursor,
        status: Type.Optional(Type.Enum(['waiting', 'delivered', 'failed', 'canceled'])),
      },
      strict,
    ),
    status: 200,
    reply: listOf(WebhookDelivery),
    refusals: ['not_found', 'invalid_cursor'],
  }),
  resendWebhookDelivery: route({
    ...common,
    method: 'POST',
    path: '/webhook-endpoints/:id/deliveries/:deliveryId/resend',
    summary: 'Deliver an event once more, with all its tries',
    status: 200,
    reply: WebhookDelivery,
    refusals: ['not_found', 'webhook_endpoint_disabled'],
  }),
} as const
