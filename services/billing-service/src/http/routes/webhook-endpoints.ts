import {
  eventCatalogue,
  isEventFilter,
  WebhookMessage,
} from '@quittance/billing-contract/schemas/event-catalogue'
import { listDeliveries, resendDelivery } from '../../actions/webhook-endpoints/deliveries.ts'
import {
  createEndpoint,
  deleteEndpoint,
  getEndpoint,
  listEndpoints,
  rotateSecret,
  updateEndpoint,
} from '../../actions/webhook-endpoints/endpoint-verbs.ts'
import type { Caller } from '../../core/caller.ts'
import { refuse } from '../../core/refusal.ts'
import { type Bearer, ownerOf } from '../caller.ts'
import { listInput, pageToWire } from '../list-input.ts'
import { serve } from '../serve.ts'
import type { Server } from '../server.ts'
import { deliveryToWire, endpointToWire, endpointWithSecret } from '../wire/webhook-endpoint.ts'

const overlapDefaultHours = 24

export function webhookEndpointRoutes(server: Server): void {
  const { deps } = server
  const owner = (bearer: Bearer): Caller => ownerOf(server, bearer)
  serve(server, 'listEventTypes', async () => eventTypes)
  serve(server, 'listWebhookEndpoints', async ({ bearer, query }) =>
    pageToWire(await listEndpoints(deps, owner(bearer).tenantId, listInput(query)), endpointToWire),
  )
  serve(server, 'getWebhookEndpoint', async ({ bearer, params }) =>
    endpointToWire(await getEndpoint(deps, owner(bearer).tenantId, params.id)),
  )
  serve(server, 'createWebhookEndpoint', async ({ bearer, body }) => {
    const { events, ...rest } = body
    assertFilters(events)
    return endpointWithSecret(
      await createEndpoint(deps, owner(bearer), { ...rest, eventTypes: events }),
    )
  })
  serve(server, 'updateWebhookEndpoint', async ({ bearer, params, body }) => {
    const { events, status, ...rest } = body
    assertFilters(events)
    const input = {
      ...rest,
      ...(events !== undefined && { eventTypes: events }),
      ...(status !== undefined && { state: status }),
    }
    return endpointToWire(await updateEndpoint(deps, owner(bearer), params.id, input))
  })
  serve(server, 'deleteWebhookEndpoint', async ({ bearer, params }) => {
    await deleteEndpoint(deps, owner(bearer), params.id)
    return undefined
  })
  serve(server, 'rotateWebhookSecret', async ({ bearer, params, body }) => {
    const hours = body.overlapHours ?? overlapDefaultHours
    return endpointWithSecret(await rotateSecret(deps, owner(bearer), params.id, hours))
  })
  serve(server, 'listWebhookDeliveries', async ({ bearer, params, query }) => {
    const filter = { state: query.status, input: listInput(query) }
    const page = await listDeliveries(deps, owner(bearer).tenantId, params.id, filter)
    return pageToWire(page, deliveryToWire)
  })
  serve(server, 'resendWebhookDelivery', async ({ bearer, params }) => {
    const { tenantId } = owner(bearer)
    return deliveryToWire(await resendDelivery(deps, tenantId, params.id, params.deliveryId))
  })
}

function assertFilters(events: readonly string[] | undefined): void {
  const unknown = events?.find(filter => !isEventFilter(filter))
  if (unknown !== undefined) refuse('unknown_event_type', { type: unknown })
}

const eventTypes = {
  data: Object.entries(eventCatalogue).map(([type, { says, data }]) => ({
    type,
    description: says,
    schema: { ...data },
  })),
  message: { ...WebhookMessage },
}
