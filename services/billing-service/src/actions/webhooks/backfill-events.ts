// Finding webhooks that never arrived: the processor's own list of events is walked from a little before
// where the last walk ended, into the same inbox. The mark moves only when the end was reached.
import type { Instant } from '../../core/time.ts'
import type { Deps } from '../../deps.ts'
import type { ProcessorEvent } from '../../ports/processor.ts'
import { storeEvents } from './receive-event.ts'

const minuteMs = 60_000
/** Events become visible a little late, and their times are whole seconds. */
const overlapMs = 10 * minuteMs
const batchMax = 100
const markId = 'backfill-events'
/** The processor keeps events for 30 days. */
const keptMs = 30 * 24 * 60 * minuteMs

export interface Backfilled {
  /** Events that the processor listed. */
  readonly seen: number
  /** Those that had not arrived. */
  readonly found: number
}

/** Walks the list once, and stores what was missing. */
export async function backfillEvents(deps: Deps): Promise<Backfilled> {
  const from = await startOf(deps)
  let seen = 0
  let found = 0
  let newest: Instant | null = null
  let batch: ProcessorEvent[] = []
  const flush = async () => {
    if (batch.length > 0) found += await storeEvents(deps, batch, 'backfill')
    batch = []
  }
  for await (const event of deps.processor.listEvents(from)) {
    seen += 1
    newest = Math.max(newest ?? 0, event.createdAt)
    batch.push(event)
    if (batch.length === batchMax) await flush()
  }
  await flush()
  if (newest !== null) await moveMark(deps, newest)
  if (found > 0) deps.log.warn({ found, seen }, 'webhooks had not arrived and were found')
  return { seen, found }
}

async function startOf(deps: Deps): Promise<Instant> {
  const { system } = deps.store
  const [mark, deployment] = await Promise.all([
    system.find('marks', markId),
    system.find('deployment', 'deployment'),
  ])
  const since = mark?.at ?? deployment?.createdAt ?? deps.clock.real()
  if (deps.clock.real() - since > keptMs) {
    const last = new Date(since).toISOString()
    deps.log.warn({ last }, 'events older than 30 days are gone: run "quittance sync"')
  }
  return since - overlapMs
}

async function moveMark(deps: Deps, at: Instant): Promise<void> {
  const fresh = { id: markId, at, note: null, updatedAt: deps.clock.real(), version: 1 }
  await deps.store.system.transaction(async tx => {
    if ((await tx.insertMany('marks', [fresh], { onConflict: 'skip' })) === 1) return
    const current = await tx.lock('marks', markId)
    if ((current.at ?? 0) < at) await tx.replace('marks', { ...fresh, version: current.version })
  })
}
