// The catalogue.

import { route } from '../route.ts'
import { Plan, PlanPush, PlanPushed } from '../schemas/plan.ts'
import { listOf } from '../schemas/values.ts'

export const planRoutes = {
  listPlans: route({
    method: 'GET',
    path: '/plans',
    tag: 'Plans',
    summary: 'The plans on offer, cheapest first',
    permission: 'plans.read',
    tenant: false,
    status: 200,
    reply: listOf(Plan),
    refusals: [],
  }),
  getPlan: route({
    method: 'GET',
    path: '/plans/:code',
    tag: 'Plans',
    summary: 'One plan',
    permission: 'plans.read',
    tenant: false,
    status: 200,
    reply: Plan,
    refusals: ['not_found'],
  }),
  pushPlans: route({
    method: 'POST',
    path: '/plans',
    tag: 'Plans',
    summary: 'Compare plans with the catalogue and put them on offer',
    description:
      'A changed plan becomes a new version on offer; subscriptions keep the version they were sold under until they are moved (`plan: "<code>@<version>"`). The order of the list is the order of the offer.',
    permission: 'plans.manage',
    tenant: false,
    body: PlanPush,
    status: 200,
    reply: PlanPushed,
    refusals: ['invalid_amount', 'already_exists'],
  }),
} as const
