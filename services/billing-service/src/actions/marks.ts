// How far a walk over everything has come, so that one that was stopped goes on from there.
import type { Deps } from '../deps.ts'

/** The note of a walk, or null when none is under way. */
export const readMark = async (deps: Deps, id: string): Promise<string | null> =>
  (await deps.store.system.find('marks', id))?.note ?? null

export async function writeMark(deps: Deps, id: string, note: string): Promise<void> {
  const fresh = { id, at: null, note, updatedAt: deps.clock.real(), version: 1 }
  await deps.store.system.transaction(async tx => {
    if ((await tx.insertMany('marks', [fresh], { onConflict: 'skip' })) === 1) return
    const { version } = await tx.lock('marks', id)
    await tx.replace('marks', { ...fresh, version })
  })
}

/** The walk is over: the next one begins at the beginning. */
export async function removeMark(deps: Deps, id: string): Promise<void> {
  await deps.store.system.transaction(async tx => {
    if ((await tx.find('marks', id)) !== null) await tx.remove('marks', id)
  })
}
