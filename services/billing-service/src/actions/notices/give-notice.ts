// Telling something once: the notice's row is its key, and the event goes with it.
import { systemCaller } from '../../core/caller.ts'
import type { DueNotice } from '../../core/notices.ts'
import type { Instant } from '../../core/time.ts'
import type { Deps } from '../../deps.ts'
import { record } from '../record.ts'

/** Gives a notice unless it was given before. Answers whether it was new. */
export async function giveNotice(
  deps: Deps,
  tenantId: string,
  notice: Pick<DueNotice, 'id' | 'objectId' | 'data'> & { readonly type: string },
  at: Instant,
): Promise<boolean> {
  const caller = systemCaller(tenantId, 'notices', notice.id)
  const { id, type, objectId, data } = notice
  return deps.store.transaction(tenantId, async tx => {
    const row = { tenantId, id, objectId, createdAt: at }
    if ((await tx.insertMany('notices', [row], { onConflict: 'skip' })) === 0) return false
    await record(deps, tx, caller, at, [{ type, objectId, data }])
    return true
  })
}
