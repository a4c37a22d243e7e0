// Records events and queues their deliveries, in the same unit of work as the change itself.

import { type FaultKind, webhookFaults } from './faults.ts'
import { erase, newest, newId, save, type Work } from './state.ts'
import type { EventObject, EventRow, EventType } from './tables.ts'

export const apiVersion = '2026-10-28.endive'

const deliveryFaults: readonly FaultKind[] = webhookFaults.filter(
  kind => kind !== 'webhook_same_second',
)

/** Stripe lists events for 30 days. */
const keptForSeconds = 30 * 86_400
const pruneEvery = 256

function endpointsFor(work: Work, type: EventType): string[] {
  const wanting: string[] = []
  for (const endpoint of newest(work, 'webhook_endpoint')) {
    const wants = endpoint.enabled_events.some(name => name === '*' || name === type)
    if (endpoint.status === 'enabled' && wants) wanting.push(endpoint.id)
  }
  return wanting
}

function previousOf(before: EventObject | undefined, after: EventObject): Record<string, unknown> {
  const old = new Map(Object.entries(before ?? {}))
  const changed = Object.entries(after).filter(
    ([name, value]) => old.has(name) && JSON.stringify(old.get(name)) !== JSON.stringify(value),
  )
  return Object.fromEntries(changed.map(([name]) => [name, old.get(name)]))
}

/** Queues an event for every endpoint that wants it, after a wait in real milliseconds. */
function enqueue(work: Work, event: EventRow, delayMs = 0): void {
  for (const endpoint of endpointsFor(work, event.type)) {
    save(work, 'delivery', {
      id: newId('del'),
      event: event.id,
      endpoint,
      attempts: 0,
      nextAt: delayMs === 0 ? 0 : Date.now() + delayMs,
    })
  }
}

function enqueueWithFaults(work: Work, event: EventRow): void {
  const fault = work.environment.faults.strike(deliveryFaults, { name: event.type })
  switch (fault?.kind) {
    case 'webhook_loss':
      return
    case 'webhook_duplicate':
      enqueue(work, event)
      enqueue(work, event, fault.delayMs)
      return
    case 'webhook_twin': {
      const twin = save(work, 'event', { ...event, id: newId('evt') })
      enqueue(work, event)
      enqueue(work, twin)
      return
    }
    case 'webhook_delay':
    case 'webhook_reorder':
      enqueue(work, event, fault.delayMs)
      return
    default:
      enqueue(work, event)
  }
}

/** Two changes of one second are ordinary with Stripe; this fault makes them certain. */
function createdAt(work: Work, type: EventType): number {
  const fault = work.environment.faults.strike(['webhook_same_second'], { name: type })
  const [latest] = fault ? newest(work, 'event') : []
  return latest?.created ?? work.at
}

/**
 * Records that something happened to an object and queues it for the endpoints that want it.
 * `before` is the object as it was; an `*.updated` event then names the fields that changed.
 */
export function emit(
  work: Work,
  type: EventType,
  object: EventObject,
  before?: EventObject,
): EventRow {
  const event: EventRow = {
    id: newId('evt'),
    object: 'event',
    api_version: apiVersion,
    created: createdAt(work, type),
    data: before ? { object, previous_attributes: previousOf(before, object) } : { object },
    livemode: false,
    pending_webhooks: endpointsFor(work, type).length,
    request: { id: work.origin.requestId, idempotency_key: work.origin.idempotencyKey },
    type,
  }
  save(work, 'event', event)
  enqueueWithFaults(work, event)
  if (work.store.tables.event.rows.size % pruneEvery === 0) prune(work)
  return event
}

function prune(work: Work): void {
  for (const [id, event] of work.store.tables.event.rows) {
    if (event.created >= work.at - keptForSeconds) break
    erase(work, 'event', id)
  }
}
