// Endpoints that are told of events, and their deliveries.
import type { WebhookDelivery, WebhookEndpoint } from '../../core/webhook.ts'
import { declare, gone, stamps } from './declare.ts'

export const webhooksCollections = {
  webhookEndpoints: declare<WebhookEndpoint>({
    scope: 'tenant',
    table: 'webhook_endpoints',
    fields: {
      tenantId: 'text',
      id: 'text',
      url: 'text',
      description: 'text?',
      eventTypes: 'json',
      secrets: 'json',
      state: 'text',
      disabledReason: 'text?',
      enabledAt: 'instant',
      failingSince: 'instant?',
      ...stamps,
    },
    key: ['id'],
    indexes: [['createdAt', 'id']],
    systemIndexes: [['state', 'createdAt', 'tenantId', 'id']],
    personal: { url: () => 'https://erased.invalid/', description: gone },
  }),
  webhookDeliveries: declare<WebhookDelivery>({
    scope: 'tenant',
    table: 'webhook_deliveries',
    fields: {
      tenantId: 'text',
      id: 'text',
      endpointId: 'text',
      eventId: 'text',
      eventTenantId: 'text',
      eventType: 'text',
      state: 'text',
      attempts: 'integer',
      responseStatus: 'integer?',
      responseBody: 'text?',
      note: 'text?',
      durationMs: 'integer?',
      dueAt: 'instant?',
      deliveredAt: 'instant?',
      ...stamps,
    },
    key: ['id'],
    unique: [['endpointId', 'eventId']],
    indexes: [
      ['endpointId', 'createdAt', 'id'],
      ['endpointId', 'state', 'createdAt', 'id'],
    ],
    systemIndexes: [['dueAt', 'tenantId', 'id']],
    references: { endpointId: 'webhookEndpoints' },
    personal: { responseBody: gone, note: gone },
  }),
} as const
