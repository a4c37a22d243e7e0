// Empties or removes what was kept long enough, a bounded piece at a time. Walks by time note how far they are, so
// that the rows of years are looked at once; what is removed is gone and needs no note.
import { expiredStates } from '../../core/file-export.ts'
import { cutoffOf, nextStretch, type Stretch } from '../../core/retention.ts'
import type { Deps } from '../../deps.ts'
import type { RowOf } from '../../ports/collections.ts'
import type { SystemTransaction } from '../../ports/store.ts'
import { removeParts } from '../exports/export-parts.ts'
import { readMark, writeMark } from '../marks.ts'

/** Rows of each kind in one piece of work. */
const chunkMax = 200

/** Rows by kind; `taken` also counts those that were looked at and needed nothing. */
export interface RetentionCounts {
  readonly taken: number
  readonly mails: number
  readonly payloads: number
  readonly answers: number
  readonly exports: number
}

/** One piece of work of each kind. */
export async function applyRetention(deps: Deps): Promise<RetentionCounts> {
  const now = deps.clock.real()
  const { mailDays, webhookDays, exportDays } = deps.retention
  const mails = await walk(deps, 'mails', 'createdAt', cutoffOf(mailDays, now), emptyMail)
  const payloads = await walk(deps, 'inbox', 'receivedAt', cutoffOf(webhookDays, now), emptyPayload)
  const answers = await removeAnswers(deps, now)
  const exports = await removeExports(deps, cutoffOf(exportDays, now))
  return {
    taken: mails.seen + payloads.seen + answers + exports,
    mails: mails.done,
    payloads: payloads.done,
    answers,
    exports,
  }
}

type Walked = 'mails' | 'inbox'

/** Goes on through the rows of a collection that came of age; answers how many it saw and how many it changed. */
async function walk<C extends Walked>(
  deps: Deps,
  collection: C,
  field: keyof RowOf<C> & string,
  cutoff: number | null,
  empty: (tx: SystemTransaction, row: RowOf<C>) => Promise<boolean>,
): Promise<{ readonly seen: number; readonly done: number }> {
  const mark = `retention:${collection}`
  const note = await readMark(deps, mark)
  const stretch = nextStretch(note === null ? null : (JSON.parse(note) as Stretch), cutoff)
  if (stretch === null) return { seen: 0, done: 0 }
  const { from, to, cursor } = stretch
  const { counts, nextCursor } = await deps.store.system.transaction(async tx => {
    const page = await tx.list(collection, {
      range: { field, from, to },
      order: { field, direction: 'asc' },
      limit: chunkMax,
      cursor,
    })
    let done = 0
    for (const row of page.rows) done += (await empty(tx, row)) ? 1 : 0
    return { counts: { seen: page.rows.length, done }, nextCursor: page.nextCursor }
  })
  await writeMark(deps, mark, JSON.stringify({ from, to, cursor: nextCursor } satisfies Stretch))
  return counts
}

/** A mail that still waits is left: it needs its words. */
async function emptyMail(tx: SystemTransaction, row: RowOf<'mails'>): Promise<boolean> {
  if (row.text === null && row.html === null) return false
  const mail = await tx.lock('mails', { tenantId: row.tenantId, id: row.id })
  if (mail.state === 'queued') return false
  await tx.replace('mails', { ...mail, text: null, html: null })
  return true
}

/** A webhook is a hint: whatever becomes of it, its object is read afresh. */
async function emptyPayload(tx: SystemTransaction, row: RowOf<'inbox'>): Promise<boolean> {
  if (row.payload === null) return false
  await tx.replace('inbox', { ...(await tx.lock('inbox', row.id)), payload: null })
  return true
}

async function removeAnswers(deps: Deps, now: number): Promise<number> {
  return deps.store.system.transaction(async tx => {
    const { rows } = await tx.list('idempotentAnswers', {
      range: { field: 'expiresAt', to: now },
      order: { field: 'expiresAt', direction: 'asc' },
      limit: chunkMax,
    })
    let removed = 0
    for (const { tenantId, id } of rows) {
      const held = await tx.lock('idempotentAnswers', { tenantId, id })
      // Claimed again meanwhile.
      if (held.expiresAt >= now) continue
      await tx.remove('idempotentAnswers', { tenantId, id })
      removed += 1
    }
    return removed
  })
}

/** Files are few: they are gone through from the beginning, up to what one piece of work removes. */
async function removeExports(deps: Deps, cutoff: number | null): Promise<number> {
  if (cutoff === null) return 0
  const old: RowOf<'exports'>[] = []
  for await (const row of deps.store.system.stream('exports', {})) {
    // What closed the books stays, whatever became of its file.
    if (!expiredStates.includes(row.state) || row.noun === 'close-pack') continue
    if (row.updatedAt < cutoff) old.push(row)
    if (old.length === chunkMax) break
  }
  for (const { tenantId, id } of old) {
    await removeParts(deps, { tenantId, id })
    await deps.store.system.transaction(tx => tx.remove('exports', { tenantId, id }))
  }
  return old.length
}
