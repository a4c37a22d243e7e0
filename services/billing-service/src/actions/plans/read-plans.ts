// The catalogue, read.
import type { Plan } from '../../core/plan.ts'
import { refuse } from '../../core/refusal.ts'
import type { Deps } from '../../deps.ts'
import type { Reads } from '../../ports/store.ts'

/** The plans on offer, in the order of the catalogue. */
export const listPlans = (deps: Deps): Promise<readonly Plan[]> => offeredPlans(deps.store.system)

async function offeredPlans(reads: Pick<Reads<'plans'>, 'list'>): Promise<readonly Plan[]> {
  const page = await reads.list('plans', {
    where: { onOffer: true },
    order: { field: 'rank', direction: 'asc' },
    limit: 1000,
  })
  return page.rows
}

const offered = (plans: readonly Plan[], code: string): Plan | undefined =>
  plans.find(plan => plan.code === code)

/** The version of a plan that is on offer. Refuses `not_found`. */
export async function getPlan(deps: Deps, code: string): Promise<Plan> {
  const plan = offered(await listPlans(deps), code)
  return plan ?? refuse('not_found', { noun: 'plan', nounZh: '套餐' })
}

/**
 * The plan that somebody wants to buy, by its code or by code and version (`starter@2`). Inside a
 * transaction it is read by that one's handle. Refuses `unknown_plan`, also for a version that is no longer
 * on offer.
 */
export async function planToSell(
  reads: Pick<Reads<'plans'>, 'list'>,
  wanted: string,
): Promise<Plan> {
  const plan = (await offeredPlans(reads)).find(p => p.code === wanted || p.id === wanted)
  return plan ?? refuse('unknown_plan', { plan: wanted })
}
