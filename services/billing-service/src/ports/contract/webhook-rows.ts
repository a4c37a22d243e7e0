// Endpoints and deliveries for the store's contract.
import type { DomainEvent } from '../../core/records.ts'
import { type WebhookDelivery, type WebhookEndpoint, waitingDelivery } from '../../core/webhook.ts'
import { newYear, serial } from './rows.ts'

export const webhookEndpointRow = (tenantId: string): WebhookEndpoint => ({
  tenantId,
  id: `we_${serial()}`,
  url: 'https://hooks.example.org/',
  description: null,
  eventTypes: ['*'],
  secrets: [{ value: 'whsec_AAAA', until: null }],
  state: 'enabled',
  disabledReason: null,
  enabledAt: newYear,
  failingSince: null,
  createdAt: newYear,
  updatedAt: newYear,
  version: 1,
})

export const webhookDeliveryRow = (
  endpoint: WebhookEndpoint,
  event: DomainEvent,
): WebhookDelivery => waitingDelivery(endpoint, event, `wd_${serial()}`, newYear)
