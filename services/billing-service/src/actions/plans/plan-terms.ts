// The terms of plan versions, kept once read: a version never changes, only its place on the offer does.
import type { Plan } from '../../core/plan.ts'
import type { Deps } from '../../deps.ts'
import type { Reads } from '../../ports/store.ts'

const versionsMax = 1_000
const kept = new WeakMap<Deps['store'], Map<string, Plan>>()

function keptOf(deps: Pick<Deps, 'store'>): Map<string, Plan> {
  const known = kept.get(deps.store) ?? new Map<string, Plan>()
  if (known.size > versionsMax) known.clear()
  kept.set(deps.store, known)
  return known
}

/**
 * The plan versions by id, read only where they are not known: by the transaction's own handle inside one.
 * `onOffer` and `rank` may be out of date: ask the catalogue for those.
 */
export async function planTerms(
  deps: Pick<Deps, 'store'>,
  reads: Pick<Reads<'plans'>, 'getMany'>,
  ids: Iterable<string>,
): Promise<ReadonlyMap<string, Plan>> {
  const known = keptOf(deps)
  const wanted = [...new Set(ids)]
  const missing = wanted.filter(id => !known.has(id))
  const found = new Map(wanted.flatMap(id => (known.has(id) ? [[id, known.get(id)!]] : [])))
  if (missing.length === 0) return found
  for (const plan of await reads.getMany('plans', missing)) {
    known.set(plan.id, plan)
    found.set(plan.id, plan)
  }
  return found
}
