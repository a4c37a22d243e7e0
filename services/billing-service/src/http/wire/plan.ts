import type { PlanWire } from '@quittance/billing-contract/schemas'
import type { Plan } from '../../core/plan.ts'
import { amount } from './money.ts'

/** A plan as callers see it. `trialDaysDefault` is the deployment's, where the plan has none of its own. */
export function planToWire(plan: Plan, trialDaysDefault: number): PlanWire {
  const metrics = Object.entries(plan.metrics)
  const free = plan.prices.every(price => price.amountMinor === 0)
  return {
    code: plan.code,
    name: plan.name,
    version: plan.version,
    prices: plan.prices.map(price => ({
      currency: price.currency,
      billingCycle: price.billingCycle,
      amount: amount(price.amountMinor, price.currency),
    })),
    trialDays: free ? 0 : (plan.trialDays ?? trialDaysDefault),
    included: Object.fromEntries(
      metrics.map(([metric, { included }]) => [
        metric,
        included === null ? null : Number(included),
      ]),
    ),
    overage: Object.fromEntries(
      metrics.flatMap(([metric, { overageUnitAmount }]) =>
        overageUnitAmount === null ? [] : [[metric, Number(overageUnitAmount)]],
      ),
    ),
    features: [...plan.features],
  }
}
