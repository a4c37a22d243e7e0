// A plan as it is typed, and the whole offer with it in its place: the order of the list is the order of the offer.
import type { PlanDefinition, PlanRow } from '../data/wire.ts'

export interface PriceForm {
  readonly currency: string
  readonly billingCycle: 'monthly' | 'yearly'
  readonly amount: string
}

/** Units in a period, empty for unlimited; the price of one more, empty where there is none. */
export interface QuotaForm {
  readonly metric: string
  readonly included: string
  readonly overage: string
}

export interface PlanForm {
  readonly code: string
  readonly name: string
  /** Empty: the issuer's default. */
  readonly trialDays: string
  readonly prices: readonly PriceForm[]
  readonly quotas: readonly QuotaForm[]
}

const text = (value: number | null | undefined): string =>
  value === null || value === undefined ? '' : String(value)

export const planFormOf = (plan: PlanRow): PlanForm => ({
  code: plan.code,
  name: plan.name,
  trialDays: text(plan.ownTrialDays),
  prices: plan.prices.map(({ currency, billingCycle, amount }) => ({
    currency,
    billingCycle,
    amount: String(amount),
  })),
  quotas: Object.entries(plan.included).map(([metric, units]) => ({
    metric,
    included: text(units),
    overage: text(plan.overage[metric]),
  })),
})

/** A new plan asks for a monthly price and for what the plans on offer measure. */
export const newPlanForm = (offer: readonly PlanRow[]): PlanForm => ({
  code: '',
  name: '',
  trialDays: '',
  prices: [
    { currency: offer[0]?.prices[0]?.currency ?? 'USD', billingCycle: 'monthly', amount: '' },
  ],
  quotas: [...new Set(offer.flatMap(plan => Object.keys(plan.included)))].map(metric => ({
    metric,
    included: '0',
    overage: '',
  })),
})

const isAmount = (typed: string): boolean => /^\d{1,12}(\.\d{1,3})?$/.test(typed)
const isUnits = (typed: string): boolean => /^\d{1,15}(\.\d{1,12})?$/.test(typed)

/** Whether every field is as the API takes it; the rest the server checks. */
export const isPlanTyped = (form: PlanForm): boolean =>
  /^[a-z0-9][a-z0-9_-]{0,62}$/.test(form.code) &&
  form.name.trim() !== '' &&
  /^\d{0,3}$/.test(form.trialDays) &&
  form.prices.every(price => isAmount(price.amount) && /^[A-Z]{3}$/.test(price.currency)) &&
  form.quotas.every(
    ({ included, overage }) =>
      (included === '' || isUnits(included)) && (overage === '' || isUnits(overage)),
  )

/** What is pushed for a plan that stays as it is: all that it says of itself. */
function asWritten({ version: _, trialDays: __, ownTrialDays, ...plan }: PlanRow): PlanDefinition {
  return { ...plan, trialDays: ownTrialDays }
}

function changed(form: PlanForm, plan: PlanRow | null): PlanDefinition {
  const before = plan === null ? {} : asWritten(plan)
  const priceBefore = ({ currency, billingCycle }: PriceForm) =>
    plan?.prices.find(price => price.currency === currency && price.billingCycle === billingCycle)
  return {
    ...before,
    code: form.code,
    name: form.name.trim(),
    trialDays: form.trialDays === '' ? null : Number(form.trialDays),
    prices: form.prices.map(price => ({ ...priceBefore(price), ...price })),
    included: Object.fromEntries(
      form.quotas.map(({ metric, included }) => [metric, included === '' ? null : included]),
    ),
    overage: Object.fromEntries(
      form.quotas.flatMap(({ metric, overage }) => (overage === '' ? [] : [[metric, overage]])),
    ),
  }
}

/** The offer with the plan in its place, a new one at the end. */
export function offerWith(
  offer: readonly PlanRow[],
  plan: PlanRow | null,
  form: PlanForm,
): PlanDefinition[] {
  const others = offer.map(each =>
    each.code === plan?.code ? changed(form, each) : asWritten(each),
  )
  return plan === null ? [...others, changed(form, null)] : others
}
