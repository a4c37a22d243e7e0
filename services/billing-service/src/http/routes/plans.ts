import { pushPlans } from '../../actions/plans/push-plans.ts'
import { getPlan, listPlans } from '../../actions/plans/read-plans.ts'
import { issuerCaller } from '../caller.ts'
import { serve } from '../serve.ts'
import type { Server } from '../server.ts'
import { planFromWire, planToWire } from '../wire/plan.ts'

export function planRoutes(server: Server): void {
  const { deps } = server
  const { trialDays } = deps.settings
  serve(server, 'listPlans', async () => {
    const plans = await listPlans(deps)
    return {
      data: plans.map(plan => planToWire(plan, trialDays)),
      hasMore: false,
      nextCursor: null,
    }
  })
  serve(server, 'getPlan', async ({ params }) =>
    planToWire(await getPlan(deps, params.code), trialDays),
  )
  serve(server, 'pushPlans', async ({ bearer, body }) => {
    const { plans, dryRun = false, retireMissing = false } = body
    const definitions = plans.map(planFromWire)
    const input = { plans: definitions, dryRun, retireMissing }
    const changes = await pushPlans(deps, issuerCaller(server, bearer), input)
    return {
      applied: !dryRun,
      changes: changes.map(change => ({ ...change, fields: [...change.fields] })),
    }
  })
}
