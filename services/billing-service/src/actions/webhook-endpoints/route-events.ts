// From the outbox of events to deliveries: each enabled endpoint that wants an event gets one row for it.
// It walks the events in the order they were recorded; a transaction that commits late shows rows behind the
// walk, so every pass reaches back a little, and a sweep far enough for any transaction that may still run.
import type { DomainEvent } from '../../core/records.ts'
import type { Instant } from '../../core/time.ts'
import { isToldOf, type WebhookEndpoint, waitingDelivery } from '../../core/webhook.ts'
import type { Deps } from '../../deps.ts'
import { whileLeased } from '../lease.ts'
import { readMark, writeMark } from '../marks.ts'

const mark = 'route-events'
const pageMax = 500
/** Reaches back over what usual transactions take to commit. */
export const passBackMs = 5_000
/** Longer than a transaction can last: the database ends its statements and its idleness after 30 s. */
export const sweepBackMs = 30 * 60_000

/** Makes the deliveries of new events. Answers how many; 0 while another instance is at it. */
export async function routeEvents(deps: Deps, backMs: number): Promise<number> {
  const held = await whileLeased(deps, mark, () => walk(deps, backMs))
  return held?.result ?? 0
}

async function walk(deps: Deps, backMs: number): Promise<number> {
  const endpoints = await enabledEndpoints(deps)
  if (endpoints.length === 0) return 0
  const note = await readMark(deps, mark)
  const reached = note === null ? 0 : Number(note)
  const oldest = Math.min(...endpoints.map(({ enabledAt }) => enabledAt))
  const from = Math.max(reached - backMs, oldest)
  let written = 0
  let last = reached
  let cursor: string | null = null
  do {
    const page: { rows: readonly DomainEvent[]; nextCursor: string | null } =
      await deps.store.system.list('events', {
        range: { field: 'recordedAt', from },
        order: { field: 'recordedAt', direction: 'asc' },
        limit: pageMax,
        cursor,
      })
    written += await writeDeliveries(deps, endpoints, page.rows)
    last = Math.max(last, page.rows.at(-1)?.recordedAt ?? 0)
    cursor = page.nextCursor
  } while (cursor !== null)
  if (last !== reached) await writeMark(deps, mark, String(last))
  return written
}

async function enabledEndpoints(deps: Deps): Promise<WebhookEndpoint[]> {
  const endpoints: WebhookEndpoint[] = []
  const enabled = deps.store.system.stream('webhookEndpoints', {
    where: { state: 'enabled' },
    order: { field: 'createdAt', direction: 'asc' },
  })
  for await (const endpoint of enabled) endpoints.push(endpoint)
  return endpoints
}

async function writeDeliveries(
  deps: Deps,
  endpoints: readonly WebhookEndpoint[],
  events: readonly DomainEvent[],
): Promise<number> {
  const now: Instant = deps.clock.real()
  const rows = events.flatMap(event =>
    endpoints
      .filter(endpoint => isToldOf(endpoint, event))
      .map(endpoint => waitingDelivery(endpoint, event, deps.ids.next('webhookDelivery'), now)),
  )
  if (rows.length === 0) return 0
  return deps.store.system.transaction(tx =>
    tx.insertMany('webhookDeliveries', rows, { onConflict: 'skip' }),
  )
}
