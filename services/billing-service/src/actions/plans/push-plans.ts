// Pushing the catalogue: a changed plan becomes a new version on offer; subscriptions keep theirs.
import type { Caller } from '../../core/caller.ts'
import type { Plan } from '../../core/plan.ts'
import { decidePush, type PlanChange, type PlanDefinition } from '../../core/plan-catalogue.ts'
import type { Deps } from '../../deps.ts'
import type { Reads } from '../../ports/store.ts'
import { type Change, record } from '../record.ts'

export interface PushPlans {
  readonly plans: readonly PlanDefinition[]
  /** Only says what would change. */
  readonly dryRun: boolean
  readonly retireMissing: boolean
}

async function knownPlans(reads: Pick<Reads<'plans'>, 'stream'>): Promise<Plan[]> {
  const plans: Plan[] = []
  const all = reads.stream('plans', { order: { field: 'rank', direction: 'asc' } })
  for await (const plan of all) plans.push(plan)
  return plans
}

/**
 * Compares plans with the catalogue and, unless it is a dry run, puts them on offer. Who pushed a version and
 * when stands in the version itself. Refuses `invalid_request`, `invalid_amount`, and `already_exists` when
 * somebody else pushed the same plan at that moment.
 */
export async function pushPlans(
  deps: Deps,
  caller: Caller,
  input: PushPlans,
): Promise<readonly PlanChange[]> {
  const at = deps.clock.real()
  const options = { at, by: caller.subject, retireMissing: input.retireMissing }
  if (input.dryRun)
    return decidePush(await knownPlans(deps.store.system), input.plans, options).changes
  return deps.store.system.transaction(async tx => {
    const push = decidePush(await knownPlans(tx), input.plans, options)
    if (push.replacements.length > 0) await tx.replaceMany('plans', push.replacements)
    if (push.inserts.length > 0) await tx.insertMany('plans', push.inserts)
    await record(deps, tx, caller, at, push.changes.flatMap(told))
    return push.changes
  })
}

/** What a plan's terms became, for the issuer's audit log; nothing where they stayed as they were. */
function told({ code, change, version, fields }: PlanChange): Change[] {
  if (change === 'unchanged' || change === 'not_listed') return []
  const changed = Object.fromEntries(fields.map(({ path, from, to }) => [path, { from, to }]))
  return [{ type: `plan.${change}`, objectId: code, data: { planCode: code, version }, changed }]
}
