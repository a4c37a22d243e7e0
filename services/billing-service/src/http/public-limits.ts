// How often one address may use links that need no sign-in: enough for a payer, too little to guess or to test
// cards. Counted in this process; the gateway counts every address besides.
import { refuse } from '../core/refusal.ts'
import type { Instant } from '../core/time.ts'

const windowMs = 60_000
/** Addresses remembered at once; beyond, the oldest are forgotten. */
const addressesMax = 10_000

export interface PublicLimits {
  /** Counts one use. Refuses `rate_limited` beyond `most` a minute. */
  count(kind: string, address: string, most: number, now: Instant): void
}

/** Counters of one server. */
export function makePublicLimits(): PublicLimits {
  const counters = new Map<string, { used: number; endsAt: Instant }>()
  return {
    count(kind, address, most, now) {
      const key = `${kind} ${address}`
      const known = counters.get(key)
      const counter =
        known === undefined || known.endsAt <= now ? { used: 0, endsAt: now + windowMs } : known
      counter.used += 1
      counters.delete(key)
      counters.set(key, counter)
      if (counters.size > addressesMax) counters.delete(counters.keys().next().value ?? '')
      if (counter.used > most) {
        refuse('rate_limited', { seconds: Math.ceil((counter.endsAt - now) / 1_000) })
      }
    },
  }
}
