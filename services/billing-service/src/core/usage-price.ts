// What the usage of a running period costs so far: per metric, included units first, the rest at the
// overage price. Not tiers: those are rated in rating/.
import { compareDecimal, subtractDecimal } from './decimal.ts'
import { multiplyUnit, parseUnitAmount } from './money.ts'
import type { Plan } from './plan.ts'
import { refuse } from './refusal.ts'

export interface MetricUse {
  readonly quantity: string
  readonly included: string | null
  readonly overage: string
  /** Price of one unit above the included ones; null: unlimited, or a hard cap. */
  readonly unitAmount: string | null
  readonly amountMinor: number
}

/** Usage, quota, overage and its price for one metric of a plan. Quotas are per subscribed quantity. */
export function metricUse(plan: Plan, metric: string, quantity: string): MetricUse {
  const terms = plan.metrics[metric]
  if (terms === undefined) return refuseMetric(plan, metric)
  const { included, overageUnitAmount } = terms
  const over =
    included !== null && compareDecimal(quantity, included) > 0
      ? subtractDecimal(quantity, included)
      : '0'
  const priced = included === null ? null : overageUnitAmount
  return {
    quantity,
    included,
    overage: over,
    unitAmount: priced,
    amountMinor:
      priced === null
        ? 0
        : multiplyUnit(parseUnitAmount(priced), over, plan.overageCurrency, 'half_away'),
  }
}

/** Whether a metric of a plan stops at its quota instead of costing more. */
export const isHardCap = (plan: Plan, metric: string): boolean => {
  const terms = plan.metrics[metric]
  return terms !== undefined && terms.included !== null && terms.overageUnitAmount === null
}

/** Refuses `unknown_metric`, naming what the plan measures. */
export function refuseMetric(plan: Plan, metric: string): never {
  return refuse('unknown_metric', {
    plan: plan.code,
    metric,
    metrics: Object.keys(plan.metrics).join(', '),
  })
}
