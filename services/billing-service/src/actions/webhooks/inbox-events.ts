// What operators see of the inbox, and asking for events again.
import { type InboxEvent, replayed } from '../../core/inbox.ts'
import { refuse } from '../../core/refusal.ts'
import type { Deps } from '../../deps.ts'
import type { Page, Where } from '../../ports/store.ts'
import { type ListInput, listSystem } from '../read-list.ts'

export interface InboxFilter {
  readonly where: Where<'inbox'>
  readonly input: ListInput
}

const replayedMax = 1_000

/** A page, newest first. Refuses `invalid_cursor`. */
export const listInbox = (deps: Deps, filter: InboxFilter): Promise<Page<InboxEvent>> =>
  listSystem(deps, 'inbox', 'receivedAt', filter)

/** One event, by its id here or at the processor. Refuses `not_found`. */
export async function getInboxEvent(deps: Deps, id: string): Promise<InboxEvent> {
  const ours = id.includes(':') ? id : `${deps.processor.name}:${id}`
  const event = await deps.store.system.find('inbox', ours)
  return event ?? refuse('not_found', { noun: 'event', nounZh: '事件' })
}

/** Puts an event back in line; the worker takes it at once. Refuses `not_found`. */
export async function replayEvent(deps: Deps, by: string, id: string): Promise<InboxEvent> {
  const event = await getInboxEvent(deps, id)
  const [again] = await replayAll(deps, by, [event])
  return again ?? event
}

/** Puts the events of a filter back in line, at most 1,000 of them. */
export async function replayEvents(
  deps: Deps,
  by: string,
  filter: Pick<InboxFilter, 'where'> & { readonly input: Pick<ListInput, 'from' | 'to'> },
): Promise<{ readonly replayed: number; readonly hasMore: boolean }> {
  const input = { ...filter.input, limit: replayedMax }
  const page = await listInbox(deps, { where: filter.where, input })
  const again = await replayAll(deps, by, page.rows)
  return { replayed: again.length, hasMore: page.nextCursor !== null }
}

async function replayAll(
  deps: Deps,
  by: string,
  events: readonly InboxEvent[],
): Promise<InboxEvent[]> {
  const now = deps.clock.real()
  const again = await deps.store.system.transaction(async tx => {
    const rows: InboxEvent[] = []
    for (const { id } of [...events].sort((a, b) => (a.id < b.id ? -1 : 1))) {
      rows.push(await tx.replace('inbox', replayed(await tx.lock('inbox', id), by, now)))
    }
    return rows
  })
  deps.log.info({ by, events: again.length }, 'events replayed')
  return again
}

/** How the inbox stands: for health checks and metrics. */
export async function inboxHealth(deps: Deps): Promise<{
  readonly waiting: number
  readonly failing: number
  readonly dead: number
  /** How long the oldest waiting event has waited. */
  readonly oldestMs: number
}> {
  const { system } = deps.store
  const [waiting, failing, dead, oldest] = await Promise.all([
    system.count('inbox', { where: { state: 'received' } }),
    system.count('inbox', { where: { state: 'failed' } }),
    system.count('inbox', { where: { state: 'dead' } }),
    system.list('inbox', {
      where: { state: 'received' },
      order: { field: 'receivedAt', direction: 'asc' },
      limit: 1,
    }),
  ])
  const [first] = oldest.rows
  const oldestMs = first === undefined ? 0 : Math.max(0, deps.clock.real() - first.receivedAt)
  return { waiting, failing, dead, oldestMs }
}
