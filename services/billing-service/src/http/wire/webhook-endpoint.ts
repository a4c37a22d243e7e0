import type {
  WebhookDeliveryWire,
  WebhookEndpointWire,
} from '@quittance/billing-contract/schemas/webhook-endpoint'
import { toIso } from '../../core/time.ts'
import { issuerTenant, type WebhookDelivery, type WebhookEndpoint } from '../../core/webhook.ts'
import { time } from './money.ts'

export const endpointToWire = (endpoint: WebhookEndpoint): WebhookEndpointWire => ({
  id: endpoint.id,
  tenantId: endpoint.tenantId === issuerTenant ? null : endpoint.tenantId,
  url: endpoint.url,
  description: endpoint.description,
  events: [...endpoint.eventTypes],
  status: endpoint.state === 'enabled' ? 'enabled' : 'disabled',
  disabledReason: endpoint.disabledReason,
  failingSince: time(endpoint.failingSince),
  previousSecretUntil: time(endpoint.secrets.find(({ until }) => until !== null)?.until ?? null),
  createdAt: toIso(endpoint.createdAt),
  updatedAt: toIso(endpoint.updatedAt),
})

/** Only for the answer to the verb that made the secret. */
export const endpointWithSecret = (endpoint: WebhookEndpoint) => ({
  ...endpointToWire(endpoint),
  secret: endpoint.secrets[0]!.value,
})

export const deliveryToWire = (delivery: WebhookDelivery): WebhookDeliveryWire => ({
  id: delivery.id,
  endpointId: delivery.endpointId,
  eventId: delivery.eventId,
  eventType: delivery.eventType,
  status: delivery.state,
  attempts: delivery.attempts,
  responseStatus: delivery.responseStatus,
  responseBody: delivery.responseBody,
  note: delivery.note,
  durationMs: delivery.durationMs,
  nextAttempt: time(delivery.dueAt),
  deliveredAt: time(delivery.deliveredAt),
  createdAt: toIso(delivery.createdAt),
})
