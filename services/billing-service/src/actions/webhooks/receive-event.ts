// A webhook arrives: verified by its raw bytes, stored once, answered. Nothing else happens in the request.
import type { InboxEvent } from '../../core/inbox.ts'
import type { Deps } from '../../deps.ts'
import type { ProcessorEvent } from '../../ports/processor.ts'
import { subjectOf } from './event-table.ts'

/** Stores the event; a repetition changes nothing. Refuses `invalid_signature`, `unavailable`. */
export async function receiveEvent(
  deps: Deps,
  rawBody: Buffer,
  signature: string | undefined,
): Promise<{ readonly stored: boolean }> {
  const event = deps.processor.readEvent(rawBody, signature, deps.clock.real())
  const stored = await storeEvents(deps, [event], 'webhook')
  return { stored: stored === 1 }
}

/** Puts events into the inbox, each once, however we learnt of it. Answers how many were new. */
export function storeEvents(
  deps: Deps,
  events: readonly ProcessorEvent[],
  source: InboxEvent['source'],
): Promise<number> {
  const now = deps.clock.real()
  const rows = events.map(
    (event): InboxEvent => ({
      id: `${deps.processor.name}:${event.eventId}`,
      processor: deps.processor.name,
      type: event.type,
      objectId: event.objectId,
      subject: subjectOf(event.type, event.objectId, event.payload),
      apiVersion: event.apiVersion,
      payload: event.payload,
      source,
      state: 'received',
      attempts: 0,
      reason: null,
      tenantId: null,
      occurredAt: event.createdAt,
      receivedAt: now,
      dueAt: now,
      processedAt: null,
      replays: 0,
      replayedBy: null,
      version: 1,
    }),
  )
  return deps.store.system.transaction(tx => tx.insertMany('inbox', rows, { onConflict: 'skip' }))
}
