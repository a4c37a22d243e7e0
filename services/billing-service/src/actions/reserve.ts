// Something only one request at a time may be doing for a tenant. It guards steps outside the database,
// such as attaching a card before a subscription is written; the rows themselves are guarded by their keys.
import type { Deps } from '../deps.ts'

/** A holder that has not finished by then has died with its process. */
const heldMs = 60_000

/** Runs the work while holding the name; null when somebody else holds it. */
export async function whileReserved<T>(
  deps: Deps,
  tenantId: string,
  name: string,
  work: () => Promise<T>,
): Promise<{ readonly result: T } | null> {
  const holder = deps.ids.next('request')
  if (!(await take(deps, tenantId, name, holder))) return null
  try {
    return { result: await work() }
  } finally {
    await release(deps, tenantId, name, holder)
  }
}

function take(deps: Deps, tenantId: string, name: string, holder: string): Promise<boolean> {
  const now = deps.clock.real()
  const fresh = { tenantId, id: name, holder, heldUntil: now + heldMs, version: 1 }
  return deps.store.transaction(tenantId, async tx => {
    if ((await tx.insertMany('reservations', [fresh], { onConflict: 'skip' })) === 1) return true
    const current = await tx.find('reservations', name)
    if (current === null || current.heldUntil > now) return false
    await tx.replace('reservations', { ...fresh, version: current.version })
    return true
  })
}

async function release(deps: Deps, tenantId: string, name: string, holder: string): Promise<void> {
  await deps.store.transaction(tenantId, async tx => {
    const current = await tx.find('reservations', name)
    if (current?.holder === holder) await tx.remove('reservations', name)
  })
}
