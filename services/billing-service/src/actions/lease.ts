// Something that only one process at a time may be doing, across all tenants: reading an object of the
// processor and settling it, or one walk over everything. Unlike a lock of the database it holds no
// connection while the processor is asked, and it ends by itself when its holder dies.
import type { Deps } from '../deps.ts'
import type { SystemTransaction } from '../ports/store.ts'

/** So long does the work of a holder that died wait; one that lives renews its hold in time. */
const heldMs = 60_000
const renewEveryMs = 15_000

export interface Held {
  /** Whether we hold it still; asked in the transaction that writes what was found out. */
  stillOurs(tx: SystemTransaction): Promise<boolean>
  /** Holds it for as long again; false when somebody else took it over meanwhile. */
  renew(): Promise<boolean>
}

/** Runs the work while holding the name; null when somebody else holds it. */
export async function whileLeased<T>(
  deps: Deps,
  name: string,
  work: (held: Held) => Promise<T>,
): Promise<{ readonly result: T } | null> {
  const holder = deps.ids.next('request')
  if (!(await take(deps, name, holder))) return null
  const stillOurs = async (tx: SystemTransaction) =>
    (await tx.find('leases', name))?.holder === holder
  // A renewal that fails is followed by the next; whoever lost the hold meanwhile writes nothing.
  const heartbeat = setInterval(() => {
    renew(deps, name, holder).catch(() => undefined)
  }, renewEveryMs)
  try {
    return { result: await work({ stillOurs, renew: () => renew(deps, name, holder) }) }
  } finally {
    clearInterval(heartbeat)
    await release(deps, name, holder)
  }
}

function take(deps: Deps, name: string, holder: string): Promise<boolean> {
  const now = deps.clock.real()
  const fresh = { id: name, holder, heldUntil: now + heldMs, version: 1 }
  return deps.store.system.transaction(async tx => {
    if ((await tx.insertMany('leases', [fresh], { onConflict: 'skip' })) === 1) return true
    const current = await tx.find('leases', name)
    if (current === null || current.heldUntil > now) return false
    await tx.replace('leases', { ...fresh, version: current.version })
    return true
  })
}

function renew(deps: Deps, name: string, holder: string): Promise<boolean> {
  const heldUntil = deps.clock.real() + heldMs
  return deps.store.system.transaction(async tx => {
    const current = await tx.find('leases', name)
    if (current?.holder !== holder) return false
    await tx.replace('leases', { ...current, heldUntil })
    return true
  })
}

async function release(deps: Deps, name: string, holder: string): Promise<void> {
  await deps.store.system.transaction(async tx => {
    const current = await tx.find('leases', name)
    if (current?.holder === holder) await tx.remove('leases', name)
  })
}
