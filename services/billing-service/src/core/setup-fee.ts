// The setup fee as a line: due once, with the first charge of a subscription.
import type { InvoiceLine } from './invoice.ts'
import { toDecimalString } from './money.ts'
import type { Plan, PlanPrice } from './plan.ts'
import { behaviorOf, type LineIds, manualLine } from './pricing.ts'

/** The line of the setup fee; none without a fee. */
export function setupLines(newId: LineIds, plan: Plan, price: PlanPrice): InvoiceLine[] {
  if (!price.setupMinor) return []
  const item = {
    description: `Setup: ${plan.name}`,
    quantity: '1',
    unitAmount: toDecimalString(price.setupMinor, price.currency),
    taxRatePpm: null,
    ...behaviorOf(price),
  }
  const line = manualLine(newId(), item, price.currency, '/setupFee')
  return [{ ...line, descriptionZh: `开通费：${plan.name}`, planCode: plan.code }]
}
