// Events that a process had taken when it ended are taken again when the next one starts, not when their
// claim runs out.
import { Refusal } from '../../core/refusal.ts'
import type { Deps } from '../../deps.ts'

/** A claim lasts no longer than this. */
const horizonMs = 10 * 60_000
/** What is due within this is taken soon enough. */
const soonMs = 2_000
const batchMax = 500
/** More than the processes of the last minutes can have had in hand. */
const batchesMax = 40

/**
 * Makes taken events due now. Those of other running instances may be among them, which does no harm: the
 * lease of its object guards an event that somebody works on.
 */
export async function hastenEvents(deps: Pick<Deps, 'store' | 'clock'>): Promise<void> {
  const now = deps.clock.real()
  const { system } = deps.store
  for (let batch = 0; batch < batchesMax; batch += 1) {
    const { rows } = await system.list('inbox', {
      where: { state: 'received' },
      range: { field: 'dueAt', from: now + soonMs, to: now + horizonMs + soonMs },
      order: { field: 'dueAt', direction: 'asc' },
      limit: batchMax,
    })
    if (rows.length === 0) return
    try {
      await system.transaction(tx =>
        tx.replaceMany(
          'inbox',
          rows.map(row => ({ ...row, dueAt: now })),
        ),
      )
    } catch (error) {
      // Another instance has gone on with one of them: they are due in their own time.
      if (error instanceof Refusal && error.code === 'version_conflict') return
      throw error
    }
  }
}
