// Faults that tests ask for: what goes wrong, how often, and on which requests. It only chooses;
// dispatch.ts and events.ts act on the choice.

export const requestFaults = [
  'latency',
  'rate_limit',
  'lock_timeout',
  'server_error',
  'timeout_after',
  'reset_before',
  'reset_after',
] as const

export const webhookFaults = [
  'webhook_duplicate',
  'webhook_twin',
  'webhook_reorder',
  'webhook_same_second',
  'webhook_delay',
  'webhook_loss',
] as const

const balanceFaults = ['late_balance'] as const

export const faultKinds = [...requestFaults, ...webhookFaults, ...balanceFaults] as const
export type FaultKind = (typeof faultKinds)[number]

export type Fault = {
  id: string
  kind: FaultKind
  /** How many more times it strikes; null without end. */
  remaining: number | null
  /** Chance of striking each time it could, 0 to 1. */
  probability: number
  /** Only requests of this method and path prefix, or events of this type prefix. */
  method: string | null
  match: string | null
  /** `latency`, `webhook_delay` and `webhook_reorder`: how long. */
  delayMs: number
  /** `lock_timeout`: 429 as Stripe documents it, or 409. */
  status: 409 | 429
  /** `server_error`: was the request carried out all the same? */
  performs: boolean
}

/** The faults in force, and the seeded chance by which they strike. */
export type FaultBook = {
  add(fault: Omit<Fault, 'id'>): Fault
  list(): Fault[]
  remove(id: string): void
  clear(): void
  reseed(seed: number): void
  /** How often each kind has struck since the start, also of faults that are gone. */
  struck(): Readonly<Record<string, number>>
  /** The first fault among `kinds` that strikes now; it is counted. */
  strike(kinds: readonly FaultKind[], what: { method?: string; name: string }): Fault | undefined
}

/** A small reproducible generator (mulberry32): the same seed gives the same faults. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

export function newFaultBook(): FaultBook {
  let random = randomFrom(1)
  let faults: Fault[] = []
  let count = 0
  const struck: Record<string, number> = {}
  const matches = (fault: Fault, what: { method?: string; name: string }) =>
    (fault.method === null || fault.method === what.method) &&
    (fault.match === null || what.name.startsWith(fault.match))
  return {
    add(fault) {
      count += 1
      const added = { id: `fault_${count}`, ...fault }
      faults.push(added)
      return added
    },
    list: () => [...faults],
    remove(id) {
      faults = faults.filter(fault => fault.id !== id)
    },
    clear() {
      faults = []
    },
    reseed(seed) {
      random = randomFrom(seed)
    },
    struck: () => ({ ...struck }),
    strike(kinds, what) {
      for (const fault of faults) {
        if (!kinds.includes(fault.kind) || !matches(fault, what)) continue
        if (fault.probability < 1 && random() >= fault.probability) continue
        if (fault.remaining !== null) fault.remaining -= 1
        struck[fault.kind] = (struck[fault.kind] ?? 0) + 1
        faults = faults.filter(known => known.remaining === null || known.remaining > 0)
        return fault
      }
      return undefined
    },
  }
}

/** A fault that strikes once, as metadata asks for it. */
export function singleFault(kind: FaultKind): Fault {
  return {
    id: 'fault_by_metadata',
    kind,
    remaining: 1,
    probability: 1,
    method: null,
    match: null,
    delayMs: 1000,
    status: 429,
    performs: false,
  }
}
