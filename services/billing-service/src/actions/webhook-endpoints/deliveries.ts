// The log of deliveries, and delivering once more.
import { refuse } from '../../core/refusal.ts'
import type { WebhookDelivery } from '../../core/webhook.ts'
import type { Deps } from '../../deps.ts'
import type { Page } from '../../ports/store.ts'
import { type ListInput, readList } from '../read-list.ts'
import { dueAgain } from './deliver.ts'
import { getEndpoint } from './endpoint-verbs.ts'

/** A page of an endpoint's deliveries, newest first. Refuses `not_found`, `invalid_cursor`. */
export async function listDeliveries(
  deps: Deps,
  tenantId: string,
  endpointId: string,
  filter: { readonly state: WebhookDelivery['state'] | undefined; readonly input: ListInput },
): Promise<Page<WebhookDelivery>> {
  const { id } = await getEndpoint(deps, tenantId, endpointId)
  const where = { endpointId: id, ...(filter.state === undefined ? {} : { state: filter.state }) }
  return readList(deps, tenantId, 'webhookDeliveries', where, filter.input)
}

/** Delivers an event once more. Refuses `not_found`, `webhook_endpoint_disabled`. */
export async function resendDelivery(
  deps: Deps,
  tenantId: string,
  endpointId: string,
  deliveryId: string,
): Promise<WebhookDelivery> {
  const endpoint = await getEndpoint(deps, tenantId, endpointId)
  if (endpoint.state !== 'enabled') refuse('webhook_endpoint_disabled')
  return deps.store.transaction(tenantId, async tx => {
    const delivery = await tx.lock('webhookDeliveries', deliveryId)
    if (delivery.endpointId !== endpointId) {
      refuse('not_found', { noun: 'webhook delivery', nounZh: 'webhook 投递' })
    }
    if (delivery.state === 'waiting') return delivery
    return tx.replace('webhookDeliveries', dueAgain(delivery, deps.clock.real()))
  })
}
