// A webhook arrives: verified by its raw bytes, stored once, answered. Nothing else happens in the request.
import type { InboxEvent } from '../../core/inbox.ts'
import type { Deps } from '../../deps.ts'
import type { ProcessorEvent } from '../../ports/processor.ts'
import { gathered } from '../gathered.ts'
import { subjectOf } from './event-table.ts'

type Keep = (event: ProcessorEvent) => Promise<void>

/** Stores the event; a repetition changes nothing. Refuses `invalid_signature`, `unavailable`. */
export async function receiveEvent(
  deps: Deps,
  rawBody: Buffer,
  signature: string | undefined,
  keep: Keep = async event => void (await storeEvents(deps, [event], 'webhook')),
): Promise<void> {
  await keep(deps.processor.readEvent(rawBody, signature, deps.clock.real()))
}

/** Stores events that come at the same moment by one statement; each resolves when it is stored. */
export const sharedKeeping = (deps: Deps): Keep =>
  gathered<ProcessorEvent, void>(async events => {
    const all = await settled(storeEvents(deps, events, 'webhook'))
    if (all.status === 'fulfilled' || events.length === 1) return events.map(() => all)
    // One that cannot be stored does not hold back the others.
    return Promise.all(events.map(event => settled(storeEvents(deps, [event], 'webhook'))))
  })

const settled = async (work: Promise<unknown>): Promise<PromiseSettledResult<void>> => {
  const [outcome] = await Promise.allSettled([work.then(() => undefined)])
  return outcome
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
