// When silence of the processor means that a request never began.
import type { Deps } from '../../deps.ts'
import type { Clock } from '../../ports/clock.ts'

/** A request may still be on its way for this long. */
const onItsWayMs = 3 * 60_000
/** Requests without a trace that are remembered; the oldest are forgotten first, and then wait once more. */
const rememberedMax = 10_000

/** Since when, by its steady clock, this process has looked for each request in vain. */
const missing = new WeakMap<Clock, Map<string, number>>()

/**
 * Whether a request that the processor knows nothing of never began: it is old enough, and has been looked for in
 * vain long enough, by a clock that nobody can set. A machine's clock that jumps ahead would else call off a charge
 * that is on its way, and money would move twice. Forgotten with the process: then it is looked for once more.
 */
export function neverBegan(
  { clock }: Pick<Deps, 'clock'>,
  { tenantId, id }: { readonly tenantId: string; readonly id: string },
  askedAt: number,
): boolean {
  const known = missing.get(clock) ?? new Map<string, number>()
  missing.set(clock, known)
  const name = `${tenantId} ${id}`
  const since = known.get(name) ?? clock.steady()
  known.set(name, since)
  for (const oldest of known.keys()) {
    if (known.size <= rememberedMax) break
    known.delete(oldest)
  }
  const never = clock.real() - askedAt >= onItsWayMs && clock.steady() - since >= onItsWayMs
  if (never) known.delete(name)
  return never
}
