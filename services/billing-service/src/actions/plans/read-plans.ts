// The catalogue, read.
import type { Plan } from '../../core/plan.ts'
import { refuse } from '../../core/refusal.ts'
import type { Deps } from '../../deps.ts'

/** The plans on offer, cheapest first. */
export async function listPlans(deps: Deps): Promise<readonly Plan[]> {
  const page = await deps.store.system.list('plans', {
    order: { field: 'rank', direction: 'asc' },
    limit: 1000,
  })
  return page.rows.filter(plan => plan.onOffer)
}

/** The version of a plan that is on offer. Refuses `not_found`. */
export async function getPlan(deps: Deps, code: string): Promise<Plan> {
  const plan = (await listPlans(deps)).find(p => p.code === code)
  return plan ?? refuse('not_found', { noun: 'plan', nounZh: '套餐' })
}

/** The plan that somebody wants to buy. Refuses `unknown_plan`. */
export async function planToSell(deps: Deps, code: string): Promise<Plan> {
  const plan = (await listPlans(deps)).find(p => p.code === code)
  return plan ?? refuse('unknown_plan', { plan: code })
}
