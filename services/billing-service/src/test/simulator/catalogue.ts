// What the simulated deployment sells: the default plans in four currencies of 0, 2 and 3 decimals, with
// metered components of several models, seats and a setup fee.
import type { Plan, PlanMetric, PlanPrice } from '../../core/plan.ts'

/** What one dollar comes to, in minor units of each currency. */
const minorPerDollar = { USD: 100, EUR: 90, JPY: 150, KWD: 310 } as const

export type SimulatedCurrency = keyof typeof minorPerDollar
export const currencies = Object.keys(minorPerDollar) as SimulatedCurrency[]

/** An amount of dollars in each currency that is sold in. */
export const inEachCurrency = (dollars: number): Record<SimulatedCurrency, number> =>
  Object.fromEntries(
    currencies.map(currency => [currency, dollars * minorPerDollar[currency]]),
  ) as Record<SimulatedCurrency, number>

const cycles = [
  ['monthly', 1],
  ['yearly', 10],
] as const

function pricesOf(dollars: number, setupDollars: number): PlanPrice[] {
  return currencies.flatMap(currency =>
    cycles.map(([billingCycle, months]) => ({
      currency,
      billingCycle,
      amountMinor: dollars * months * minorPerDollar[currency],
      ...(setupDollars > 0 ? { setupMinor: setupDollars * minorPerDollar[currency] } : {}),
    })),
  )
}

const unitAmounts = { USD: '0.02', EUR: '0.018', JPY: '3', KWD: '0.0062' } as const

const perUnit = (included: string): PlanMetric => ({
  included,
  overageUnitAmount: null,
  charges: currencies.map(currency => ({
    currency,
    price: { model: 'standard', unitAmount: unitAmounts[currency] },
  })),
})

const hardCap = (included: string): PlanMetric => ({ included, overageUnitAmount: null })

interface Sold {
  readonly code: string
  readonly dollars: number
  readonly setupDollars?: number
  readonly messages: PlanMetric
}

const sold: readonly Sold[] = [
  { code: 'free', dollars: 0, messages: hardCap('100') },
  { code: 'starter', dollars: 29, messages: perUnit('1000') },
  { code: 'professional', dollars: 99, setupDollars: 20, messages: perUnit('5000') },
  { code: 'enterprise', dollars: 299, messages: { included: null, overageUnitAmount: null } },
]

export const simulatedPlans: readonly Plan[] = sold.map((plan, rank) => ({
  id: `${plan.code}@1`,
  code: plan.code,
  version: 1,
  family: 'standard',
  name: plan.code,
  prices: pricesOf(plan.dollars, plan.setupDollars ?? 0),
  trialDays: null,
  metrics: { messages: plan.messages },
  overageCurrency: 'USD',
  features: [],
  limits: {},
  seats: null,
  addOnTo: [],
  onOffer: true,
  rank,
  createdAt: null,
  createdBy: null,
}))
