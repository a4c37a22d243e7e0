// What the usage of a period costs: per metric, included units first, the rest by the plan's price model.
// The models themselves are rated in rating/.
import { compareDecimal, multiplyDecimal, subtractDecimal } from './decimal.ts'
import { type Currency, fromWire } from './money.ts'
import type { MetricCharge, Plan } from './plan.ts'
import { chargeUsage, type UsageCharge } from './rating/charge.ts'
import type { ChargedPart, UsagePrice } from './rating/price.ts'
import { refuse } from './refusal.ts'
import type { Why } from './why.ts'

/** Of which agreement: its currency and its subscribed units. Default: the overage currency, one unit. */
export interface UseTerms {
  readonly currency?: Currency
  readonly seats?: number
}

export interface MetricUse {
  readonly quantity: string
  readonly included: string | null
  /** Units above the included ones. */
  readonly overage: string
  readonly currency: Currency
  /** Of the price for what is above the included units; null: unlimited, or a hard cap. */
  readonly model: UsagePrice['model'] | null
  /** Price of one unit where every unit costs the same; else null. */
  readonly unitAmount: string | null
  readonly amountMinor: number
  /** By tier where there are tiers; exact amounts in major units. */
  readonly parts: readonly ChargedPart[]
  readonly why: Why | null
}

const forSeats = (
  units: string,
  perSeat: boolean | undefined,
  seats: number | undefined,
): string => (perSeat === true ? multiplyDecimal(units, String(seats ?? 1)) : units)

const termsOf = (plan: Plan, metric: string) => plan.metrics[metric] ?? refuseMetric(plan, metric)

/** Units included per period for an agreement; null is unlimited. Refuses `unknown_metric`. */
export function includedUnits(plan: Plan, metric: string, terms: UseTerms = {}): string | null {
  const { included, perSeat } = termsOf(plan, metric)
  return included === null ? null : forSeats(included, perSeat, terms.seats)
}

/** What units above the included ones cost in a currency; null: nothing is sold above them. */
export function chargeOf(plan: Plan, metric: string, currency: Currency): MetricCharge | null {
  const { included, overageUnitAmount, charges } = termsOf(plan, metric)
  if (included === null) return null
  const charge = charges?.find(each => each.currency === currency)
  if (charge !== undefined) return charge
  if (overageUnitAmount === null || currency !== plan.overageCurrency) return null
  return { currency, price: { model: 'standard', unitAmount: overageUnitAmount } }
}

/** Whether a metric of a plan stops at its quota instead of costing more. */
export const isHardCap = (plan: Plan, metric: string): boolean => {
  const terms = plan.metrics[metric]
  if (terms === undefined || terms.included === null) return false
  return terms.overageUnitAmount === null && (terms.charges ?? []).length === 0
}

/** Units that a period may use at most: a hard quota, or the cap on a priced metric; null: no bound. */
export function capOf(plan: Plan, metric: string, terms: UseTerms = {}): string | null {
  const { cap, perSeat } = termsOf(plan, metric)
  if (isHardCap(plan, metric)) return includedUnits(plan, metric, terms)
  return cap === undefined ? null : forSeats(cap, perSeat, terms.seats)
}

const flatUnitAmount = (price: UsagePrice): string | null =>
  price.model === 'standard' && price.per === undefined ? price.unitAmount : null

const overOf = (quantity: string, included: string | null): string =>
  included !== null && compareDecimal(quantity, included) > 0
    ? subtractDecimal(quantity, included)
    : '0'

/** More about a charge of a whole period, for the renewal that bills it. */
export interface ChargeTerms extends UseTerms {
  /** Charged for this period already; only the difference is charged now. */
  readonly billedMinor?: number
  /** Whether the period is over: a minimum spend is topped up then. */
  readonly isFinal?: boolean
}

/**
 * Charges the total of a metric in a period: included units off, the rest by the plan's model, minimum and
 * maximum spend, less what was billed. Null where nothing is sold above the included units.
 */
export function chargeMetric(
  plan: Plan,
  metric: string,
  quantity: string,
  terms: ChargeTerms = {},
): UsageCharge | null {
  const currency = terms.currency ?? plan.overageCurrency
  const included = includedUnits(plan, metric, terms)
  const charge = chargeOf(plan, metric, currency)
  if (charge === null) return null
  const { price, minimum, maximum } = charge
  const minor = (amount: string) => fromWire(amount, currency)
  return chargeUsage({
    price,
    currency,
    usage: { quantity },
    ...(included === null ? {} : { included }),
    ...(minimum === undefined ? {} : { minimumMinor: minor(minimum) }),
    ...(maximum === undefined ? {} : { maximumMinor: minor(maximum) }),
    billedMinor: terms.billedMinor ?? 0,
    isFinal: terms.isFinal ?? false,
  })
}

/** Usage, quota, overage and its price so far for one metric of a plan. Refuses `unknown_metric`. */
export function metricUse(
  plan: Plan,
  metric: string,
  quantity: string,
  terms: ChargeTerms = {},
): MetricUse {
  return useOf(plan, metric, quantity, terms, chargeMetric(plan, metric, quantity, terms))
}

/** The same for a charge that is known already: what `chargeMetric` answers for these terms. */
export function useOf(
  plan: Plan,
  metric: string,
  quantity: string,
  terms: ChargeTerms,
  charge: UsageCharge | null,
): MetricUse {
  const currency = terms.currency ?? plan.overageCurrency
  const included = includedUnits(plan, metric, terms)
  const price = chargeOf(plan, metric, currency)?.price ?? null
  const unitAmount = price === null ? null : flatUnitAmount(price)
  return {
    quantity,
    included,
    overage: overOf(quantity, included),
    currency,
    model: price?.model ?? null,
    unitAmount,
    amountMinor: charge?.amountMinor ?? 0,
    parts: charge?.parts ?? [],
    why:
      charge === null
        ? null
        : { ...charge.why, inputs: { metric, unitAmount, ...charge.why.inputs } },
  }
}

/** Usage that arrived for a period after it was billed. */
export interface LateUsage {
  /** Everything the period used by now. */
  readonly quantity: string
  /** The part of it that came late and is not billed yet; negative for corrections. */
  readonly late: string
}

export interface LateDifference {
  /** What the late part costs; negative when it made the period cheaper. */
  readonly amountMinor: number
  readonly currency: Currency
  readonly why: Why
}

/**
 * What a billed period costs more, or less, for usage that came late: the whole period is rated again and
 * what it was billed at comes off (choice 19), so tiers, packages and quotas go on where they stopped. Null
 * where nothing is sold above the included units.
 */
export function lateDifference(
  plan: Plan,
  metric: string,
  { quantity, late }: LateUsage,
  terms: UseTerms = {},
): LateDifference | null {
  const billed = subtractDecimal(quantity, late)
  const before = chargeMetric(plan, metric, billed, { ...terms, isFinal: true })
  if (before === null) return null
  const after = chargeMetric(plan, metric, quantity, {
    ...terms,
    isFinal: true,
    billedMinor: before.amountMinor,
  })!
  return {
    amountMinor: after.amountMinor,
    currency: terms.currency ?? plan.overageCurrency,
    why: { ...after.why, inputs: { metric, billedQuantity: billed, ...after.why.inputs } },
  }
}

/** Refuses `unknown_metric`, naming what the plan measures. */
export function refuseMetric(plan: Plan, metric: string): never {
  return refuse('unknown_metric', {
    plan: plan.code,
    metric,
    metrics: Object.keys(plan.metrics).join(', '),
  })
}
