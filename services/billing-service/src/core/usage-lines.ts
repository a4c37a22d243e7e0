// What an ended period still costs, as lines: usage above the included units by any price model, and the
// top-up to the minimum spend. Totals come from the roll-up; nothing here reads or rounds twice.
import type { Arrears, Invoice, InvoiceLine } from './invoice.ts'
import { type Currency, mulDiv, sumMinor, toDecimalString } from './money.ts'
import { minimumTopUpMinor, type Plan, type PlanPrice } from './plan.ts'
import { blankLine, type LineIds } from './pricing.ts'
import type { Period } from './time.ts'
import { chargeMetric, chargeOf, type LateDifference, type UseTerms, useOf } from './usage-price.ts'

/** How many units of each metric were used in a period. */
export type Quantities = Readonly<Record<string, string>>

/** The agreement whose usage is billed: its currency and its subscribed units in the period. */
export type BilledTerms = Required<UseTerms>

/** Whether any usage of a period may cost something under a plan. */
export const usedPriced = (plan: Plan, quantities: Quantities, currency: Currency): boolean =>
  Object.keys(quantities).some(
    metric => plan.metrics[metric] !== undefined && chargeOf(plan, metric, currency) !== null,
  )

/** Usage above what is included, billed when its period has ended; metrics that cost nothing have no line. */
export function usageLines(
  newId: LineIds,
  plan: Plan,
  quantities: Quantities,
  period: Period,
  terms: BilledTerms,
): InvoiceLine[] {
  const final = { ...terms, isFinal: true }
  return Object.keys(plan.metrics).flatMap(metric => {
    const quantity = quantities[metric] ?? '0'
    const charge = chargeMetric(plan, metric, quantity, final)
    if (charge === null || charge.amountMinor === 0) return []
    const { unitAmount, overage, why } = useOf(plan, metric, quantity, final, charge)
    const byUnit = unitAmount !== null && charge.cappedOffMinor === 0 && charge.topUpMinor === 0
    const parts = charge.parts.map(part => `${part.quantity} = ${part.amount}`).join('; ')
    return blankLine(newId(), {
      kind: 'usage',
      description: `Usage above the included: ${metric}`,
      descriptionZh: `超出套餐的用量：${metric}`,
      quantity: byUnit ? overage : '1',
      unitAmount: byUnit ? unitAmount : toDecimalString(charge.amountMinor, terms.currency),
      amountMinor: charge.amountMinor,
      periodStart: period.start,
      periodEnd: period.end,
      planCode: plan.code,
      metric,
      why: why && { ...why, inputs: { ...why.inputs, parts } },
    })
  })
}

/**
 * The line of usage that came after its period was billed: the difference that the whole period costs now.
 * Negative for corrections. None where nothing changes (choice 19).
 */
export function lateLines(
  newId: LineIds,
  plan: Plan,
  { metric, lateQuantity }: { readonly metric: string; readonly lateQuantity: string },
  difference: LateDifference | null,
  period: Period,
): InvoiceLine[] {
  if (difference === null || difference.amountMinor === 0) return []
  const { amountMinor, currency, why } = difference
  const line = blankLine(newId(), {
    kind: 'usage',
    description: `Late usage: ${metric}`,
    descriptionZh: `补计用量：${metric}`,
    quantity: '1',
    unitAmount: toDecimalString(amountMinor, currency),
    amountMinor,
    periodStart: period.start,
    periodEnd: period.end,
    planCode: plan.code,
    metric,
    why: { rule: 'usage.late', inputs: { ...why.inputs, lateQuantity, model: why.rule } },
  })
  return [line]
}

const minimumRules = ['minimum_spend', 'minimum_spend.late']

/** What was charged for the time of a period under a plan, on invoices that were not withdrawn. */
export interface ChargedForPeriod {
  readonly chargedMinor: number
  /** Since when the plan was in force in it. */
  readonly since: number
}

/** The recurring part of a period's spend: full periods and prorations, less what was credited of them. */
export function chargedForPeriod(
  invoices: readonly Invoice[],
  plan: Plan,
  period: Period,
): ChargedForPeriod {
  const advance = ['recurring', 'proration_charge', 'proration_credit']
  const lines = invoices
    .filter(invoice => invoice.status !== 'void')
    .flatMap(invoice => invoice.lines)
    .filter(line => advance.includes(line.kind) && line.planCode === plan.code)
    .filter(line => line.periodStart! < period.end && line.periodEnd! > period.start)
  const starts = lines.filter(line => line.amountMinor > 0).map(line => line.periodStart!)
  return {
    chargedMinor: sumMinor(lines.map(line => line.amountMinor - (line.creditedNetMinor ?? 0))),
    since: Math.max(period.start, starts.length === 0 ? period.start : Math.min(...starts)),
  }
}

/**
 * The top-up to the minimum spend of a period: recurring price and usage together come to it at least,
 * before discounts and tax. For a part of a period it is the part of the minimum, by seconds.
 */
export function minimumLines(
  newId: LineIds,
  plan: Plan,
  price: PlanPrice,
  arrears: Arrears,
  spend: ChargedForPeriod & { readonly usageMinor: number },
): InvoiceLine[] {
  if (!price.minimumMinor) return []
  const part = arrears.end - spend.since
  const whole = (arrears.wholeEnd ?? arrears.end) - arrears.start
  const minimumMinor = mulDiv(price.minimumMinor, part, whole, 'half_away')
  const chargedMinor = spend.chargedMinor + spend.usageMinor
  const amountMinor = minimumTopUpMinor({ ...price, minimumMinor }, chargedMinor)
  if (amountMinor === 0) return []
  const inputs = { fullMinor: price.minimumMinor, part, whole, minimumMinor, chargedMinor }
  return [minimumLine(newId, plan, price.currency, arrears, amountMinor, inputs)]
}

const minimumLine = (
  newId: LineIds,
  plan: Plan,
  currency: Currency,
  period: Period,
  amountMinor: number,
  inputs: Readonly<Record<string, number>>,
): InvoiceLine =>
  blankLine(newId(), {
    kind: 'usage',
    description: `Minimum spend: ${plan.name}`,
    descriptionZh: `最低消费补足：${plan.name}`,
    quantity: '1',
    unitAmount: toDecimalString(amountMinor, currency),
    amountMinor,
    periodStart: period.start,
    periodEnd: period.end,
    planCode: plan.code,
    why: { rule: 'minimum_spend', inputs: { ...inputs, formula: 'minimumMinor - chargedMinor' } },
  })

/**
 * Late usage of a period with a minimum spend: what the top-up is now instead of what it was when the period
 * was billed. More usage fills the minimum first, so the top-up comes back; less usage raises it again.
 */
export function minimumOffset(
  newId: LineIds,
  plan: Plan,
  currency: Currency,
  period: Period,
  spend: { readonly invoices: readonly Invoice[]; readonly topUpMinor: number },
): InvoiceLine[] {
  const toppedUpMinor = topUpOf(
    spend.invoices
      .filter(invoice => invoice.status !== 'void')
      .flatMap(invoice => invoice.lines)
      .filter(line => line.periodStart === period.start),
  )
  const { topUpMinor } = spend
  if (topUpMinor === toppedUpMinor) return []
  const inputs = { toppedUpMinor, topUpMinor }
  const line = minimumLine(newId, plan, currency, period, topUpMinor - toppedUpMinor, inputs)
  return [{ ...line, why: { rule: 'minimum_spend.late', inputs } }]
}

/** What lines charge to reach a minimum spend. */
export const topUpOf = (lines: readonly InvoiceLine[]): number =>
  sumMinor(
    lines.filter(({ why }) => minimumRules.includes(why?.rule ?? '')).map(l => l.amountMinor),
  )
