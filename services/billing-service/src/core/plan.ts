// The catalogue: what is sold, at which price, with which quotas. Plans are data; a subscription keeps
// the version it was sold under until it is moved.
import type { Currency } from './money.ts'
import { refuse } from './refusal.ts'
import type { Cycle } from './time.ts'

export interface PlanPrice {
  readonly currency: Currency
  readonly billingCycle: Cycle
  readonly amountMinor: number
}

/** One metered component: how much is included per billing period and what each further unit costs. */
export interface PlanMetric {
  /** Units included per period as a decimal string; null is unlimited. */
  readonly included: string | null
  /** Price of one unit above the included ones, in major units with up to 12 decimals; null is a hard cap. */
  readonly overageUnitAmount: string | null
}

export interface Plan {
  /** `<code>@<version>`: the catalogue keeps every version that was ever sold. */
  readonly id: string
  readonly code: string
  readonly version: number
  /** Plans of one family exclude each other: a customer has at most one live subscription in it. */
  readonly family: string
  readonly name: string
  readonly prices: readonly PlanPrice[]
  readonly trialDays: number | null
  readonly metrics: Readonly<Record<string, PlanMetric>>
  /** The currency of the overage prices. */
  readonly overageCurrency: Currency
  readonly features: readonly string[]
  /** Only the newest version of a code is on offer. */
  readonly onOffer: boolean
  readonly rank: number
}

const monthlyAndYearly = (monthlyMinor: number, yearlyMinor: number): PlanPrice[] => [
  { currency: 'USD', billingCycle: 'monthly', amountMinor: monthlyMinor },
  { currency: 'USD', billingCycle: 'yearly', amountMinor: yearlyMinor },
]

const metered = (included: string | null, overageUnitAmount: string | null): PlanMetric => ({
  included,
  overageUnitAmount,
})

const standard = (
  rank: number,
  code: string,
  name: string,
  prices: PlanPrice[],
  metrics: Record<string, PlanMetric>,
  features: string[],
): Plan => ({
  id: `${code}@1`,
  code,
  version: 1,
  family: 'standard',
  name,
  prices,
  trialDays: null,
  metrics,
  overageCurrency: 'USD',
  features,
  onOffer: true,
  rank,
})

/**
 * The four plans of a new deployment: free 0, starter 29, professional 99, enterprise 299 USD a month;
 * a year costs ten months. `free` is a hard cap, `enterprise` unlimited.
 */
export const defaultPlans: readonly Plan[] = [
  standard(
    0,
    'free',
    'Free',
    monthlyAndYearly(0, 0),
    {
      messages: metered('1000', null),
      seats: metered('2', null),
      storage_gb: metered('1', null),
      api_calls: metered('10000', null),
    },
    ['community_support'],
  ),
  standard(
    1,
    'starter',
    'Starter',
    monthlyAndYearly(29_00, 290_00),
    {
      messages: metered('10000', '0.002'),
      seats: metered('5', '5'),
      storage_gb: metered('10', '0.25'),
      api_calls: metered('100000', '0.0002'),
    },
    ['community_support', 'email_support'],
  ),
  standard(
    2,
    'professional',
    'Professional',
    monthlyAndYearly(99_00, 990_00),
    {
      messages: metered('100000', '0.0015'),
      seats: metered('20', '4'),
      storage_gb: metered('100', '0.2'),
      api_calls: metered('1000000', '0.00015'),
    },
    ['email_support', 'priority_support', 'audit_log'],
  ),
  standard(
    3,
    'enterprise',
    'Enterprise',
    monthlyAndYearly(299_00, 2990_00),
    {
      messages: metered(null, null),
      seats: metered(null, null),
      storage_gb: metered(null, null),
      api_calls: metered(null, null),
    },
    ['priority_support', 'audit_log', 'single_sign_on', 'dedicated_manager'],
  ),
]

/** The price of a plan in a currency and cycle. Refuses `unknown_plan` when it is not sold that way. */
export function priceOf(plan: Plan, currency: Currency, billingCycle: Cycle): PlanPrice {
  const price = plan.prices.find(p => p.currency === currency && p.billingCycle === billingCycle)
  return price ?? refuse('unknown_plan', { plan: `${plan.code} (${billingCycle}, ${currency})` })
}

/** Whether a price of 0 is all there is: such a subscription needs neither trial nor payment method. */
export const isFree = (price: PlanPrice): boolean => price.amountMinor === 0

/**
 * Whether a move is an upgrade: the normalised yearly price rises (choice 4: higher normalised price).
 * Equal prices count as a downgrade, which moves no money now.
 */
export function isUpgrade(
  from: { price: PlanPrice; quantity: number },
  to: { price: PlanPrice; quantity: number },
): boolean {
  return yearlyMinor(to) > yearlyMinor(from)
}

const yearlyMinor = ({ price, quantity }: { price: PlanPrice; quantity: number }): number =>
  price.amountMinor * quantity * (price.billingCycle === 'monthly' ? 12 : 1)
