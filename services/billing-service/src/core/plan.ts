// The catalogue: what is sold, at which price, with which quotas. Plans are data; a subscription keeps
// the version it was sold under until it is moved. Checks and changes of the catalogue: plan-catalogue.ts.
import type { TaxBehavior } from './invoice.ts'
import type { Currency } from './money.ts'
import type { UsagePrice } from './rating/price.ts'
import { refuse } from './refusal.ts'
import type { Cycle, Instant } from './time.ts'

export interface PlanPrice {
  readonly currency: Currency
  readonly billingCycle: Cycle
  /** Of one subscribed unit (seat) for one period. */
  readonly amountMinor: number
  /** Due once, with the first charge of a subscription. */
  readonly setupMinor?: number
  /** Recurring price and usage of a period together come to this at least, before discounts and tax. */
  readonly minimumMinor?: number
  /** The price at Stripe that stands for this one where Stripe Billing runs the subscription. */
  readonly stripePriceId?: string
  /** Whether the prices of the plan in this currency and cycle contain their tax; left out, they do not. */
  readonly taxBehavior?: TaxBehavior
}

/** What usage above the included units costs in one currency, by any price model. */
export interface MetricCharge {
  readonly currency: Currency
  readonly price: UsagePrice
  /** Spend on this metric per period at least, and at most, in major units. */
  readonly minimum?: string
  readonly maximum?: string
}

/** One metered component: how much is included per billing period and what further units cost. */
export interface PlanMetric {
  /** Units included per period as a decimal string; null is unlimited. */
  readonly included: string | null
  /**
   * Price of one unit above the included ones in the plan's overage currency, in major units with up to 12
   * decimals. Null without `charges` is a hard cap.
   */
  readonly overageUnitAmount: string | null
  /** The included units, and the cap, are for each subscribed unit. */
  readonly perSeat?: boolean
  /** Units per period at most, whatever is paid for them. */
  readonly cap?: string
  /** Further prices: another model, or another currency. */
  readonly charges?: readonly MetricCharge[]
}

/** How many units may be subscribed at a time; `maximum` null is open. */
export interface SeatTerms {
  readonly minimum: number
  readonly maximum: number | null
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
  /** Null: the tenant's setting. */
  readonly trialDays: number | null
  readonly metrics: Readonly<Record<string, PlanMetric>>
  /** The currency of the overage prices. */
  readonly overageCurrency: Currency
  readonly features: readonly string[]
  /** Fixed bounds that are not measured, such as projects; null is unlimited. */
  readonly limits: Readonly<Record<string, number | null>>
  /** Null: any number of units. */
  readonly seats: SeatTerms | null
  /** An add-on is a plan of a family of its own, sold beside a live subscription to one of these plans. */
  readonly addOnTo: readonly string[]
  /** Only one version of a code is on offer, or none. */
  readonly onOffer: boolean
  readonly rank: number
  /** When it was pushed, and by whom; null: it came with the product. */
  readonly createdAt: Instant | null
  readonly createdBy: string | null
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
  limits: {},
  seats: null,
  addOnTo: [],
  onOffer: true,
  rank,
  createdAt: null,
  createdBy: null,
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

/** Whether nothing is due in advance: such a subscription needs neither trial nor payment method. */
export const isFree = (price: PlanPrice): boolean =>
  price.amountMinor === 0 && (price.setupMinor ?? 0) === 0

/** Refuses `invalid_request` for more or fewer units than the plan is sold in. */
export function assertSeats(plan: Plan, quantity: number): void {
  const { minimum, maximum } = plan.seats ?? { minimum: 1, maximum: null }
  if (quantity >= minimum && (maximum === null || quantity <= maximum)) return
  const range = maximum === null ? `at least ${minimum}` : `${minimum} to ${maximum}`
  refuse('invalid_request', {}, [
    { path: '/quantity', message: `${plan.code} is sold in ${range} units` },
  ])
}

/** What the minimum spend of a period adds to what was charged for it: recurring price and usage. */
export const minimumTopUpMinor = (price: PlanPrice, chargedMinor: number): number =>
  Math.max(0, (price.minimumMinor ?? 0) - chargedMinor)

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
