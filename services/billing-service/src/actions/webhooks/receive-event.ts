// A webhook arrives: verified by its raw bytes, stored once, answered. Nothing else happens in the request.
import type { Deps } from '../../deps.ts'

/** Stores the event; a repetition changes nothing. Refuses `invalid_signature`, `unavailable`. */
export async function receiveEvent(
  deps: Deps,
  rawBody: Buffer,
  signature: string | undefined,
): Promise<{ readonly stored: boolean }> {
  const now = deps.clock.real()
  const event = deps.processor.readEvent(rawBody, signature, now)
  const written = await deps.store.system.transaction(tx =>
    tx.insertMany(
      'inbox',
      [
        {
          id: `${deps.processor.name}:${event.eventId}`,
          processor: deps.processor.name,
          type: event.type,
          objectId: event.objectId,
          apiVersion: event.apiVersion,
          payload: event.payload,
          state: 'received',
          attempts: 0,
          lastError: null,
          receivedAt: now,
          dueAt: now,
          processedAt: null,
          version: 1,
        },
      ],
      { onConflict: 'skip' },
    ),
  )
  return { stored: written === 1 }
}
