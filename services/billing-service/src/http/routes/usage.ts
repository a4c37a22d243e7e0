import { getUsage, listUsageEvents } from '../../actions/usage/read-usage.ts'
import {
  type BatchEvent,
  recordUsage,
  recordUsageBatch,
  sharedRecording,
} from '../../actions/usage/record-usage.ts'
import { parseQuantity } from '../../core/decimal.ts'
import { refuse } from '../../core/refusal.ts'
import { fromIso } from '../../core/time.ts'
import { callerFor } from '../caller.ts'
import { listInput, pageToWire } from '../list-input.ts'
import { serve } from '../serve.ts'
import type { Server } from '../server.ts'
import { usageEventToWire, usageToWire } from '../wire/subscription.ts'

const instant = (text: string | undefined, path: string): number | null =>
  text === undefined ? null : fromIso(text, path)

export function usageRoutes(server: Server): void {
  const { deps } = server
  const share = sharedRecording(deps)
  serve(server, 'recordUsage', async ({ caller, params, body }) => {
    const input = {
      subscriptionId: params.id,
      metric: body.metric,
      quantity: parseQuantity(body.quantity, '/quantity'),
      occurredAt: instant(body.timestamp, '/timestamp'),
      idempotencyKey: body.idempotencyKey ?? null,
      corrects: body.corrects ?? null,
    }
    const recorded = await recordUsage(deps, caller, input, share)
    return { ...recorded, total: Number(recorded.total) }
  })
  serve(server, 'getUsage', async ({ caller, params }) =>
    usageToWire(await getUsage(deps, caller, params.id)),
  )
  serve(server, 'listUsageEvents', async ({ caller, params, query }) => {
    const input = { ...listInput(query), metric: query.metric }
    return pageToWire(await listUsageEvents(deps, caller, params.id, input), usageEventToWire)
  })
  serve(server, 'recordUsageBatch', async ({ bearer, body }) => {
    const events = body.events.map((event, i): BatchEvent => {
      const tenantId = event.tenantId ?? bearer.tenantId ?? refuse('tenant_required')
      if (bearer.tenantId !== null && tenantId !== bearer.tenantId) {
        refuse('forbidden', { needed: 'service (platform-wide)' })
      }
      return {
        tenantId,
        subscriptionId: event.subscriptionId,
        metric: event.metric,
        quantity: parseQuantity(event.quantity, `/events/${i}/quantity`),
        occurredAt: instant(event.timestamp, `/events/${i}/timestamp`),
        idempotencyKey: event.idempotencyKey,
      }
    })
    const recorded = await recordUsageBatch(
      deps,
      tenantId => callerFor(server, bearer, tenantId),
      events,
    )
    return { ...recorded, rejected: [...recorded.rejected] }
  })
}
