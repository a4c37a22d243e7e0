// The worker of the inbox. One object is worked on by one worker at a time: the lease is taken before the
// object is read and held until what it says is written, so that an old answer never overwrites a newer
// one. All events waiting for one object are settled by one reading that began after they had arrived.
import { afterTry, type InboxEvent, ignored, type Verdict } from '../../core/inbox.ts'
import type { Deps } from '../../deps.ts'
import { type Held, whileLeased } from '../lease.ts'
import { rowOf, whyIgnored } from './event-table.ts'

const claimedMs = 10 * 60_000
const batchMax = 100
/** Objects worked on at once. */
const abreastMax = 4
/** Events of one object settled by one reading; more are settled by the next. */
const coalescedMax = 500
/** An object that another worker has in hand is looked at again after this long. */
const busyMs = 1_000

export type InboxCounts = Readonly<Record<InboxEvent['state'] | 'busy' | 'read', number>>

/** Takes a batch of due events and applies them. `taken` says how many events there were. */
export async function applyInbox(deps: Deps): Promise<InboxCounts & { readonly taken: number }> {
  const now = deps.clock.real()
  const events = await deps.store.system.claim('inbox', {
    field: 'dueAt',
    now,
    leaseUntil: now + claimedMs,
    limit: batchMax,
  })
  const counts = { received: 0, applied: 0, ignored: 0, failed: 0, dead: 0, busy: 0, read: 0 }
  const groups = [...bySubject(events)]
  const worker = async () => {
    for (let next = groups.shift(); next !== undefined; next = groups.shift()) {
      const [subject, group] = next
      const result = await applySubject(deps, subject, group)
      for (const state of result.states) counts[state] += 1
      counts.read += result.read
    }
  }
  await Promise.all(Array.from({ length: abreastMax }, worker))
  return { taken: events.length, ...counts }
}

function bySubject(events: readonly InboxEvent[]): Map<string, InboxEvent[]> {
  const groups = new Map<string, InboxEvent[]>()
  for (const event of events) {
    const group = groups.get(event.subject) ?? []
    group.push(event)
    groups.set(event.subject, group)
  }
  return groups
}

interface Applied {
  readonly states: readonly (InboxEvent['state'] | 'busy')[]
  /** How often the processor was asked. */
  readonly read: number
}

async function applySubject(
  deps: Deps,
  subject: string,
  claimed: readonly InboxEvent[],
): Promise<Applied> {
  if (subject === '') {
    const settled = await settle(deps, claimed, ({ type }) => ignored(whyIgnored(type)))
    return { states: settled, read: 0 }
  }
  const done = await whileLeased(deps, `object:${subject}`, async held => {
    const pending = await pendingOf(deps, subject)
    if (pending.length === 0) return { states: [], read: 0 }
    const verdict = await tried(deps, subject, pending)
    return { states: await settle(deps, pending, () => verdict, held), read: 1 }
  })
  if (done !== null) return done.result
  await postpone(deps, claimed)
  return { states: claimed.map(() => 'busy' as const), read: 0 }
}

/** What waits for the object, whoever has claimed it: our reading comes after all of it. */
async function pendingOf(deps: Deps, subject: string): Promise<readonly InboxEvent[]> {
  const { rows } = await deps.store.system.list('inbox', {
    where: { subject, state: { in: ['received', 'failed'] } },
    order: { field: 'receivedAt', direction: 'asc' },
    limit: coalescedMax,
  })
  return rows
}

/** Reads the object and applies it. The trouble of an event is written down, never thrown. */
async function tried(
  deps: Deps,
  subject: string,
  pending: readonly InboxEvent[],
): Promise<Verdict> {
  const event = pending.at(-1)!
  const row = rowOf(event.type)
  if (row === null) return ignored(whyIgnored(event.type))
  const split = subject.indexOf(':')
  try {
    const object = await deps.processor.readObject(
      subject.slice(0, split),
      subject.slice(split + 1),
    )
    return await row.apply(deps, object, event)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    deps.log.warn({ eventId: event.id, type: event.type, subject, reason }, 'event not applied')
    return { state: 'failed', reason }
  }
}

/**
 * Writes down what became of events. One that changed meanwhile (an operator asked for it again) stays as it
 * is, and so do all when the lease was lost: they are tried again.
 */
async function settle(
  deps: Deps,
  events: readonly InboxEvent[],
  verdictOf: (event: InboxEvent) => Verdict,
  held?: Held,
): Promise<InboxEvent['state'][]> {
  const now = deps.clock.real()
  const settled = await deps.store.system.transaction(async tx => {
    if (held !== undefined && !(await held.stillOurs(tx))) return []
    const after: InboxEvent[] = []
    for (const { id, replays } of [...events].sort((a, b) => (a.id < b.id ? -1 : 1))) {
      const current = await tx.lock('inbox', id)
      if (current.dueAt === null || current.replays !== replays) continue
      after.push(await tx.replace('inbox', afterTry(current, verdictOf(current), now)))
    }
    return after
  })
  for (const { id, type, state, reason } of settled) {
    if (state === 'dead') deps.log.error({ eventId: id, type, reason }, 'event given up')
  }
  return settled.map(({ state }) => state)
}

async function postpone(deps: Deps, events: readonly InboxEvent[]): Promise<void> {
  const dueAt = deps.clock.real() + busyMs
  await deps.store.system.transaction(async tx => {
    for (const { id } of [...events].sort((a, b) => (a.id < b.id ? -1 : 1))) {
      const current = await tx.lock('inbox', id)
      if (current.dueAt !== null && current.dueAt > dueAt) {
        await tx.replace('inbox', { ...current, dueAt })
      }
    }
  })
}
